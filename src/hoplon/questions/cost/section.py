"""Question 11 on the page."""

from __future__ import annotations

import shlex

from hoplon.presentation.wording import capitalised
from hoplon.questions.cost.answer import CostsAnswer
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study

_COLUMNS = (
    "architecture",
    "acquisition_musd",
    "annual_musd",
    "development_musd",
    "discounted_musd",
    "discounted_low_musd",
    "discounted_high_musd",
    "defended_population",
    "per_defended_person_usd",
    "per_defended_person_low_usd",
    "per_defended_person_high_usd",
)


def section(study: Study, answer: CostsAnswer) -> Section:
    """Return the section of the page."""
    told = answer.told
    named = [word for name in answer.costs for word in ("--architecture", name)]
    lines = [shlex.join(["hoplon", "cost", study.scenario.name, *named])]
    if study.scenario.raids:
        first, raid = next(iter(answer.costs)), next(iter(study.scenario.raids))
        lines.append(shlex.join(["hoplon", "cost", study.scenario.name, "--architecture", first, "--raid", raid]))
    uncosted = dict.fromkeys(name for cost in answer.costs.values() for name in cost.uncosted)
    without = f" Without a cost, and counted as nothing: {', '.join(uncosted)}." if uncosted else ""
    note = study.scenario.costs.note if study.scenario.costs is not None else ""
    return Section(
        (
            Prose(
                "A standing cost: the elements of an architecture are bought at once and run for "
                f"{told.years} years; what an earlier one bought and this one replaced is in the cost by year alone."
            ),
            FindingList(),
            FigureRef("cost"),
            TableRef("cost", columns=_COLUMNS),
        ),
        (
            FigureRef("cost-years"),
            *((TableRef("cost_published", folded=True),) if answer.published else ()),
            TableRef("cost_elements", folded=True),
            TableRef("cost_years", folded=True),
            Prose(
                f"Intervals: {told.samples:,} samples (seed {told.seed}) of every cost within its bounds, of ships for "
                "one on station, discount rate and development. Numbers of one kind, type and basing share one price "
                "error, and move together; different ones move independently. People are those defended at base "
                f"values: what is uncertain about the defence is not in the interval of the cost per person.{without}"
                + (f" {capitalised(note)}." if note else ""),
                note=True,
            ),
            Commands(tuple(lines)),
        ),
    )
