"""Question 13 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.sampling.band import MARKS
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study

_COLUMNS = ("architecture", "base", "value_p05", "value_p95", "share_best", "regret_mean", "regret_p95")
_PAIR_COLUMNS = ("a", "b", "a_better", "b_better", "decided")


def _apart(row: Mapping[str, Any]) -> bool:
    return bool(row["contained"] == "no")


def _counts(row: Mapping[str, Any]) -> bool:
    return bool(row["counts"] == "yes")


def section(study: Study, answer: RobustnessAnswer) -> Section:
    """Return the section of the page."""
    line = [
        "hoplon",
        "robust",
        study.scenario.name,
        "--samples",
        str(len(answer.samples.values)),
        "--subset",
        str(MARKS),
    ]
    return Section(
        (
            Prose(
                "Every input with bounds is drawn at once, each within its own (a Latin hypercube; inputs with one "
                "cause move together), and the same samples judge every architecture."
            ),
            FindingList(),
            FigureRef("robustness"),
            TableRef("robustness", columns=_COLUMNS),
        ),
        (
            FigureRef("robustness_map"),
            TableRef(
                "robustness_pairs",
                columns=_PAIR_COLUMNS,
                keep=_apart,
                kept="pairs of which neither contains the other",
            ),
            TableRef("robustness_switches", folded=True, optional=True),
            TableRef("robustness_indices", folded=True, keep=_counts, kept="inputs above the noise floor"),
            Prose(
                "An index is the share of the variance of a number that one input explains alone. A choice counts as "
                "decided where the better one is so in at least 95 % of what the inputs may be, with 95 % confidence; "
                "the bounds and their shape (evenly spread on either side of the value) are judgements themselves. "
                "Where one architecture fields all that another fields, their order alone is no finding.",
                note=True,
            ),
            Commands((shlex.join(line),)),
        ),
    )
