"""Question 15 on the page."""

from __future__ import annotations

import shlex

from hoplon.analysis.adaptivity.answer import MOVES
from hoplon.questions.adaptivity.answer import AdaptivityFound
from hoplon.questions.question import Block, Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study

_COLUMNS = (
    *("pace", "wait_years", "exposure_million_person_years", "regret_million_person_years"),
    *("saving_musd", "usd_per_person_year"),
)


def section(study: Study, found: AdaptivityFound) -> Section:
    """Return the section of the page."""
    blocks: list[Block] = [FindingList(), FigureRef("adaptivity-waiting")]
    names = [word for stage in found.answer.plan.stages for word in ("--architecture", stage.architecture)]
    more: list[Block] = [
        *((FigureRef("adaptivity-response"),) if found.answer.response else ()),
        Prose(
            "Exposure: people threatened by the classes that exist in a year and not defended by what is fielded then, "
            "summed over the years. Waiting puts off the whole plan; regret is the exposure beyond that of not "
            "waiting, saving the discounted cost of the roll-out in the same years, less that of the later one. A pace "
            "moves the first years of the classes to their bounds; a surprise moves them further, or launch areas. A "
            f"response is the best of every set of at most {MOVES} moves that are there in time, of equal ones the "
            "cheapest, for the last stage against the classes of its year. A share may rise with the threat, where "
            "those whom it newly reaches are defended.",
            note=True,
        ),
        TableRef(
            "adapt_waiting",
            folded=True,
            columns=_COLUMNS,
            keep=lambda row: not row["surprise"],
            kept="without any surprise",
        ),
    ]
    if found.answer.response:
        more.append(TableRef("adapt_response", folded=True))
    more.append(Commands((shlex.join(["hoplon", "adapt", study.scenario.name, *names]),)))
    return Section(tuple(blocks), tuple(more))
