"""The section of the page on coverage."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from hoplon.analysis.architectures import compared_architectures, sentence_title, unarmed_architectures
from hoplon.analysis.bounds import disputed_inputs
from hoplon.presentation.tables import plain
from hoplon.presentation.wording import bounds, listed, percent, points
from hoplon.questions.coverage.answer import CoverageResult
from hoplon.questions.coverage.tables import TOTAL, shares_by_nation_table
from hoplon.questions.question import (
    Block,
    Cell,
    Commands,
    FigureRef,
    FindingList,
    Grid,
    Heading,
    Prose,
    Section,
    TableRef,
)
from hoplon.questions.study import Study

_HEADLINE = (
    "architecture",
    "class_set",
    *(f"population_share{end}" for end in ("", "_low", "_high")),
    *(f"band_{end}" for end in ("low", "median", "high")),
    *(f"{support}_{shots}_shot{'s' if shots > 1 else ''}" for support in ("held", "predicted") for shots in (1, 2)),
)
_EVERY = (
    "architecture",
    "level",
    "population_share",
    "area_share",
    "population_share_classes_in_year",
    "population_share_all_classes",
    "worst_nation",
    "worst_nation_population_share",
    "nations_without",
    "gini",
)


def section(study: Study, answer: CoverageResult) -> Section:
    """Return findings, the headline, a map of the architecture that defends most, shares by nation; folded the rest."""
    compared = compared_architectures(study.scenario)
    most = max(compared, key=lambda name: (study.people(name) or (0.0, 0.0, 0.0))[1], default=None)
    blocks: tuple[Block, ...] = (
        FindingList("architectures_defending_every_nation"),
        *(() if most is None else (FigureRef(f"coverage-{most}"),)),
        Heading("The headline by classes, corner, band and reading of the doctrine"),
        TableRef("headline_readings", columns=_HEADLINE),
        Prose(
            "Corners move the disputed inputs together to their worse and better bounds "
            f"({listed([item.title for item in disputed_inputs(study.scenario).values()])}). The band holds the middle "
            f"80 % of the samples when every input with bounds is sampled{_sampled(study)}. Held: a radar that holds "
            "the target in track at intercept supports it; predicted: an accurate enough prediction by the network "
            "does. Two shots: every flight must meet two shots of one battery.",
            note=True,
        ),
        Heading("Nation by nation"),
        nations_grid(study),
        Prose(
            "Base values, below them the worst and the best corner; a dash where the nation is no member in the "
            "architecture's year. Whole table: `tables/coverage_by_nation.csv`.",
            note=True,
        ),
    )
    more: tuple[Block, ...] = (
        *(FigureRef(f"coverage-{name}") for name in compared if name != most),
        FigureRef("certainty", "What depends on the disputed inputs"),
        FigureRef("cause-bars", "Why places are undefended"),
        FigureRef("causes"),
        TableRef("capitals", folded=True, summary="Capitals: state and cause under each architecture"),
        Heading("Footprints of single batteries, and launch areas denied"),
        *(FigureRef(f"footprints-{found.architecture}") for found in answer.footprints),
        FigureRef("denied"),
        TableRef("areas", optional=True),
        Heading("Class by class"),
        FigureRef("classes"),
        FigureRef("class-heat"),
        FigureRef("north-america", "North America"),
        FigureRef("other-nations", "Other nations"),
        FigureRef("bars", "Every architecture"),
        FigureRef("nation-heat"),
        FigureRef("others"),
        TableRef(
            "coverage_headline",
            folded=True,
            summary="Headline of every architecture at every level",
            columns=_EVERY,
        ),
        *_left_out(study),
        Commands(tuple(_commands(study, answer))),
    )
    return Section(blocks, more)


def _left_out(study: Study) -> Iterator[Block]:
    """Yield which architectures are in none of these tables and figures, where there are such."""
    unarmed = [f"“{sentence_title(study.scenario, name)}” (`{name}`)" for name in unarmed_architectures(study.scenario)]
    if unarmed:
        yield Prose(f"Without a battery, and so in none of these tables and figures: {listed(unarmed)}.", note=True)


def _sampled(study: Study) -> str:
    """Return how many samples the bands are of, and how far their places may be off."""
    entries = (study.band(name, key) for name in study.sampled_architectures for key in ("headline", "in_year"))
    bands = [band for band in entries if band is not None]
    if not bands:
        return ""
    most = max(abs(band.subset_error) for band in bands)
    return f" ({bands[0].samples:,} samples, on places whose share at base is at most {points(most)} off)"


def nations_grid(study: Study) -> Grid:
    """Return the shares by nation and architecture: base values, with low and high as a second line."""
    table = shares_by_nation_table(study)
    rows: list[tuple[Cell, ...]] = []
    totals: set[int] = set()
    for row in table.rows:
        cells = [Cell(row[1], head=True)]
        for place in range(2, len(row), 3):
            base, low, high = row[place : place + 3]
            cells.append(
                Cell(
                    "–" if base is None else percent(base),
                    "" if base is None else bounds((low, base, high)),
                    "number",
                    {
                        "value": plain(base, "share"),
                        "low": plain(low, "share"),
                        "high": plain(high, "share"),
                    },
                )
            )
        if row[0] == TOTAL:
            totals.add(len(rows))
        rows.append(tuple(cells))
    heads = (Cell("Nation"), *(Cell(column.title, style="number") for column in table.columns[2::3]))
    label = "Share of people defended by nation and architecture"
    return Grid(table.name, label, table.title, heads, tuple(rows), frozenset(totals))


def _commands(study: Study, answer: CoverageResult) -> Iterator[str]:
    """Yield the commands of coverages with causes, of footprints, and of launch areas denied."""
    name = study.scenario.name
    for architecture in compared_architectures(study.scenario):
        yield shlex.join(("hoplon", "coverage", name, "--architecture", architecture, "--explain"))
    for found in answer.footprints:
        for battery in found.areas:
            flight = ("--threat", found.threat, "--from", found.launch_area)
            shooter = ("--architecture", found.architecture, "--battery", battery)
            yield shlex.join(("hoplon", "footprint", name, *shooter, *flight))
    if answer.denied is not None:
        latitude, longitude = answer.denied.aim_deg
        for architecture in answer.denied.areas:
            aim = ("--aim", f"{latitude:.5f},{longitude:.5f}", "--threat", answer.denied.threat)
            yield shlex.join(("hoplon", "denied", name, "--architecture", architecture, *aim))
