"""Question 5 on the page."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef

if TYPE_CHECKING:
    from hoplon.questions.mix.answer import MixFound
    from hoplon.questions.study import Study

_COLUMNS = (
    *("budget_musd", "chosen", "cost_musd", "full_share", "after_loss_share", "land_share", "sea_share"),
    *("mix_dominates", "must", "alternatives"),
)


def section(study: Study, answer: MixFound) -> Section:
    """Return the section of the page."""
    told = answer.told
    budgets = [word for item in told.budgets for word in ("--budget-musd", f"{item.budget_musd:g}")]
    command = ["hoplon", "optimise", study.scenario.name, "--architecture", told.architecture]
    others = [[*command, *budgets, "--objective", objective] for objective in told.beside]
    searched = "Every point was searched. "
    if told.subset is not None:
        searched = (
            f"Searched on a weighted subset of {told.subset['points']:,} of {told.subset['of']:,} points, and judged "
            f"again on all of them; the greatest difference is {100.0 * (answer.error or 0.0):.2f} percentage points. "
        )
    proof = (
        "each is proven the best" if all(item.exact for item in told.budgets) else "not every one is proven the best"
    )
    stages = ", ".join(sorted({note for note in told.notes if note.startswith("candidate ")}))
    return Section(
        (
            FindingList(),
            FigureRef("mix"),
            TableRef("mix", columns=_COLUMNS),
        ),
        (
            TableRef("mix_alternatives", folded=True, optional=True),
            *((TableRef("mix_beside", folded=True),) if answer.beside else ()),
            *((TableRef("mix_objectives", folded=True),) if told.beside else ()),
            TableRef("mix_candidates", folded=True),
            Prose(
                f"Of {len(told.candidates)} candidates any set may be added to {told.architecture}, which stands "
                "anyway; its doctrine and year hold. A set costs what its elements cost, bought at once and run, "
                f"discounted, each element once; development is not in it. {searched}Of sets as good the cheapest is "
                f"taken, then the first; {proof}. Land alone: no battery based at sea; sea alone: none on land; radars "
                "without batteries may be in both. Numbers of interceptors and raids are not in the value. What the "
                "worst loss of a site leaves is counted on the weighted subset alone."
                f"{' ' + stages + '.' if stages else ''}",
                note=True,
            ),
            Commands((shlex.join([*command, *budgets]), *map(shlex.join, others))),
        ),
    )
