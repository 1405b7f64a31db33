"""Which architectures belong together, which are compared, and what they are called, as the scenario says."""

from pathlib import Path

import pytest

from hoplon.analysis.architectures import (
    baseline,
    begun,
    built_variant,
    column_title,
    compared_architectures,
    contribution_variants,
    counterpart,
    families,
    family_title,
    figure_title,
    given_up,
    integrated_architectures,
    judged_architectures,
    other_readings,
    partner_variants,
    sentence_title,
    short_title,
    side_by_side,
    successive_architectures,
    unarmed_architectures,
)
from hoplon.analysis.coverage import headline_classes_title, headline_nations, headline_threats, headline_title
from hoplon.questions.requests import of_every_architecture
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
PHASES = ("phase-1", "phase-2", "phase-3", "phase-4")
PLANS = ("programme-of-record", *PHASES)
PARTNERS = tuple(f"{name}-partners" for name in PLANS)
ALLIED = tuple(f"{name}-allied" for name in PHASES)
CBO = ("cbo-1", "cbo-2", "cbo-3", "cbo-4")
AS_BUILT = ("phase-2-as-built", "phase-3-as-built")
GUIDES = tuple(f"{name}-early-warning-guides" for name in PLANS)
LOFTS = tuple(f"{name}-lofts" for name in PLANS)
REINFORCED = ("phase-2-reinforced", "phase-3-reinforced")
TITLES = {  # name: short title, title at the head of a column, year
    "programme-of-record": ("Programme of record", "Programme of record", 2013),
    "phase-1": ("Phase 1", "Phase 1", 2011),
    "phase-2": ("Phase 2", "Phase 2", 2015),
    "phase-3": ("Phase 3", "Phase 3", 2018),
    "phase-4": ("Phase 4", "Phase 4", 2020),
    "phase-3-without-ptss": ("Phase 3 without the tracking satellites", "Phase 3 without PTSS", 2018),
    "phase-2-as-built": ("Phase 2 as built", "Phase 2 as built", 2016),
    "phase-3-as-built": ("Phase 3 as built", "Phase 3 as built", 2024),
    "cbo-1": ("CBO option 1 (our placing)", "CBO option 1 (our placing)", 2015),
    "cbo-2": ("CBO option 2 (our placing)", "CBO option 2 (our placing)", 2015),
    "cbo-3": ("CBO option 3 (our placing)", "CBO option 3 (our placing)", 2015),
    "cbo-4": ("CBO option 4 (our placing)", "CBO option 4 (our placing)", 2015),
    "programme-of-record-partners": (
        "Programme of record with the partner radars",
        "Programme of record + partners",
        2013,
    ),
    "phase-1-partners": ("Phase 1 with the partner radars", "Phase 1 + partners", 2011),
    "phase-2-partners": ("Phase 2 with the partner radars", "Phase 2 + partners", 2015),
    "phase-3-partners": ("Phase 3 with the partner radars", "Phase 3 + partners", 2018),
    "phase-4-partners": ("Phase 4 with the partner radars", "Phase 4 + partners", 2020),
    "phase-1-allied": ("Phase 1 with the Allied contributions", "Phase 1 + Allied", 2011),
    "phase-2-allied": ("Phase 2 with the Allied contributions", "Phase 2 + Allied", 2015),
    "phase-3-allied": ("Phase 3 with the Allied contributions", "Phase 3 + Allied", 2018),
    "phase-4-allied": ("Phase 4 with the Allied contributions", "Phase 4 + Allied", 2020),
    "programme-of-record-early-warning-guides": (
        "Programme of record with early-warning radars that guide",
        "Programme of record, guided",
        2013,
    ),
    "phase-1-early-warning-guides": ("Phase 1 with early-warning radars that guide", "Phase 1, guided", 2011),
    "phase-2-early-warning-guides": ("Phase 2 with early-warning radars that guide", "Phase 2, guided", 2015),
    "phase-3-early-warning-guides": ("Phase 3 with early-warning radars that guide", "Phase 3, guided", 2018),
    "phase-4-early-warning-guides": ("Phase 4 with early-warning radars that guide", "Phase 4, guided", 2020),
    "programme-of-record-lofts": (
        "Programme of record against depressed and lofted flights too",
        "Programme of record, lofts",
        2013,
    ),
    "phase-1-lofts": ("Phase 1 against depressed and lofted flights too", "Phase 1, lofts", 2011),
    "phase-2-lofts": ("Phase 2 against depressed and lofted flights too", "Phase 2, lofts", 2015),
    "phase-3-lofts": ("Phase 3 against depressed and lofted flights too", "Phase 3, lofts", 2018),
    "phase-4-lofts": ("Phase 4 against depressed and lofted flights too", "Phase 4, lofts", 2020),
    "phase-2-reinforced": (
        "Phase 2 with the United States' Patriots in Turkey",
        "Phase 2 + US Patriot",
        2015,
    ),
    "phase-3-reinforced": ("Phase 3 with the United States' THAAD in Romania", "Phase 3 + US THAAD", 2019),
    "national": ("Allied systems side by side", "National", 2011),
    "mix-base": ("Warning and command alone", "Base of a mix", 2018),
}


@pytest.fixture(scope="module")
def nato() -> Scenario:
    return load_scenario("nato-europe")


def extended(folder: Path, text: str) -> Scenario:
    """Load a file that extends the small scenario, with its own architectures alone."""
    file = folder / "s.yaml"
    (folder / SMALL.name).write_bytes(SMALL.read_bytes())
    head = f"hoplon: 1\nname: mine\nextends: {SMALL.name}\nquestions: {{Q3: }}\n"
    file.write_text(f"{head}architectures:\n  whole:\n  later:\n  alone:\n{text}", encoding="utf-8")
    return load_scenario(file)


# The bundled study


def test_an_architecture_without_a_battery_is_not_judged_beside_the_others(nato: Scenario) -> None:
    batteries = {name for name, item in nato.elements.items() if item.battery is not None}
    without = tuple(name for name in nato.architectures if not batteries & set(nato.architecture(name).elements))
    assert unarmed_architectures(nato) == without == ("mix-base",)
    assert [name for name in nato.architectures if name not in judged_architectures(nato)] == ["mix-base"]
    assert {item.architecture for item in of_every_architecture(nato)} == {*nato.architectures} - {"mix-base"}
    assert "Base of the best mix" not in families(nato, judged_architectures(nato))


@pytest.mark.parametrize(("family", "left_out"), [("", ()), ("family: Plans, ", ("bare",))])
def test_an_architecture_without_a_battery_that_is_compared_is_judged(
    family: str, left_out: tuple[str, ...], tmp_path: Path
) -> None:
    armed = f"  armed: {{{family}title: With, year: 2013, elements: [watch, eye, shield, hub], c2: hub}}\n"
    bare = "  bare: {title: Without, year: 2013, elements: [watch, eye, hub], c2: hub}\n"
    made = extended(tmp_path, armed + bare)
    assert unarmed_architectures(made) == left_out
    assert judged_architectures(made) == tuple(name for name in ("armed", "bare") if name not in left_out)


def test_the_families_of_the_bundled_study(nato: Scenario) -> None:
    assert list(families(nato).items()) == [
        ("Programme of record and phases", PLANS),
        ("Without tracking satellites", ("phase-3-without-ptss",)),
        ("As built", AS_BUILT),
        ("Options after CBO 2009, our placing", CBO),
        ("With the partner radars", PARTNERS),
        ("With the Allied contributions", ALLIED),
        ("Early-warning radars guide", GUIDES),
        ("Depressed and lofted flights too", LOFTS),
        ("United States reinforcements", REINFORCED),
        ("Side by side, not networked", ("national",)),
        ("Base of the best mix", ("mix-base",)),
    ]
    assert {name: family_title(nato, name) for name in nato.architectures} == {
        name: title for title, names in families(nato).items() for name in names
    }


def test_what_the_bundled_study_compares(nato: Scenario) -> None:
    assert compared_architectures(nato) == PLANS
    assert baseline(nato) == "programme-of-record"
    assert successive_architectures(nato) == PHASES
    assert integrated_architectures(nato) == PHASES
    assert partner_variants(nato) == PARTNERS
    assert contribution_variants(nato) == ALLIED
    assert side_by_side(nato) == ("national",)


def test_what_the_variants_of_the_bundled_study_vary(nato: Scenario) -> None:
    varied = {name: stem for name in nato.architectures if (stem := counterpart(nato, name)) is not None}
    assert varied == {
        "phase-2-as-built": "phase-2",
        "phase-3-as-built": "phase-3",
        "phase-3-without-ptss": "phase-3",
        **dict(zip(GUIDES, PLANS, strict=True)),
        **dict(zip(LOFTS, PLANS, strict=True)),
        **dict(zip(REINFORCED, ("phase-2", "phase-3"), strict=True)),
        **dict(zip(PARTNERS, PLANS, strict=True)),
        **dict(zip(ALLIED, PHASES, strict=True)),
    }


def test_variants_of_the_same_sites_are_other_readings_and_those_with_more_or_fewer_are_not(nato: Scenario) -> None:
    phases = ("programme-of-record", "phase-1", "phase-2", "phase-3", "phase-4")
    expected = {f"{name}-{reading}" for name in phases for reading in ("lofts", "early-warning-guides")}
    assert other_readings(nato) == expected
    assert nato.architecture("phase-3-without-ptss").year == nato.architecture("phase-3").year  # an element fewer


def test_what_was_begun_and_given_up_in_the_bundled_study(nato: Scenario) -> None:
    assert given_up(nato) == {"programme-of-record": 2009.71, "phase-4": 2013.2}
    assert begun(nato) == {"programme-of-record": 2007.1, **dict.fromkeys(PHASES, 2009.71)}
    built = {name: built_variant(nato, name) for name in nato.architectures}
    assert {name: variant for name, variant in built.items() if variant is not None} == {
        "phase-2": "phase-2-as-built",
        "phase-3": "phase-3-as-built",
    }


def test_the_titles_of_the_bundled_study(nato: Scenario) -> None:
    assert list(TITLES) == list(nato.architectures)
    for name, (short, column, year) in TITLES.items():
        assert short_title(nato, name) == short
        assert column_title(nato, name) == column
        assert sentence_title(nato, name) == f"{short} ({year})"
        assert figure_title(nato, name) == f"{column}, {year}"


def test_the_headline_of_the_bundled_study(nato: Scenario) -> None:
    assert headline_title(nato) == "NATO Europe"
    assert headline_classes_title(nato) == "classes of 2,000 km and more"
    assert headline_threats(nato) == ("mrbm-2000", "irbm-3500", "irbm-5500", "icbm-8000", "icbm-10000")
    assert [len(headline_nations(nato, year)) for year in (2011, 2016, 2018, 2020, 2024)] == [26, 26, 27, 28, 30]
    assert {"USA", "CAN"}.isdisjoint(headline_nations(nato, None))


def test_the_public_record_of_the_bundled_study(nato: Scenario) -> None:
    lanes = [item.lane for item in nato.milestones]
    assert [lanes.count(lane) for lane in ("decision", "command", "fielded")] == [4, 5, 5]
    assert all(item.source for item in nato.milestones)
    assert all(item.source for item in nato.statements)
    assert [item.name for item in nato.statements] == [
        "2007-outside",
        "2007-inside",
        "2009-phase-1",
        "2009-phase-2",
        "2009-phase-3",
        "2009-better",
        "2009-phase-4",
    ]


def test_every_raid_of_the_bundled_study_is_judged_on_the_last_phase_built(nato: Scenario) -> None:
    assert {raid.judged_on for raid in nato.raids.values()} == {"phase-3"}


# A scenario that says little


def test_the_small_bundled_scenario_compares_everything() -> None:
    toy = load_scenario("toy")
    names = ("slow", "fast", "fast-organic", "fast-remote")
    assert families(toy) == {"Architectures": names}
    assert compared_architectures(toy) == integrated_architectures(toy) == names
    assert baseline(toy) is None
    assert (
        successive_architectures(toy) == partner_variants(toy) == contribution_variants(toy) == side_by_side(toy) == ()
    )
    assert given_up(toy) == begun(toy) == {}
    assert [column_title(toy, name) for name in names] == [
        "3.0 km/s interceptors",
        "4.5 km/s interceptors",
        "fast-organic",
        "fast-remote",
    ]


# Rules


def test_architectures_without_a_family_are_listed_last_and_are_not_compared(tmp_path: Path) -> None:
    made = extended(
        tmp_path, "  z: {elements: [eye, hub]}\n  a: {family: Plans, elements: [eye, hub]}\n  b: {extends: a}\n"
    )
    assert list(families(made).items()) == [("Plans", ("a",)), ("Other architectures", ("z", "b"))]
    assert compared_architectures(made) == ("a",)


def test_nothing_that_says_what_an_architecture_is_called_or_compared_with_is_inherited(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "  base: {family: Plans, elements: [eye, hub]}\n"
        "  a: {family: Plans, compare_with: base, title: A, short_title: S, column_title: C, elements: [eye, hub]}\n"
        "  b: {extends: a}\n",
    )
    written = made.architectures["b"]
    assert (written.family, written.compare_with, written.short_title, written.column_title) == (None,) * 4
    assert (short_title(made, "a"), column_title(made, "a"), column_title(made, "b")) == ("S", "C", "b")


def test_steps_follow_by_year_through_one_another_and_by_the_order_of_the_file(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "  late: {family: P, year: 2020, compare_with: early, elements: [eye, hub]}\n"
        "  undated: {family: P, compare_with: start, elements: [eye, hub]}\n"
        "  early: {family: P, year: 2015, compare_with: start, elements: [eye, hub]}\n"
        "  twin: {family: P, year: 2015, compare_with: start, elements: [eye, hub]}\n"
        "  start: {family: P, year: 2013, elements: [eye, hub]}\n"
        "  aside: {family: P, year: 2014, elements: [eye, hub]}\n",
    )
    assert baseline(made) == "start"
    assert successive_architectures(made) == ("early", "twin", "late", "undated")
    assert counterpart(made, "late") is None


def test_architectures_compared_in_a_circle_have_no_baseline(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "  a: {family: P, compare_with: b, elements: [eye, hub]}\n  b: {family: P, compare_with: a, extends: a}\n",
    )
    assert baseline(made) is None
    assert successive_architectures(made) == ()
    assert integrated_architectures(made) == ("a", "b")


def test_what_a_variant_adds_decides_what_it_answers(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "  base: {family: P, elements: [eye, shield, hub]}\n"
        "  feed: {family: V, compare_with: base, extends: base, elements: [feed]}\n"
        "  more: {family: V, compare_with: base, extends: base, elements: [second]}\n"
        "  both: {family: V, compare_with: base, extends: base, elements: [feed, second]}\n"
        "  less: {family: V, compare_with: base, extends: base, elements: [second], without: [eye]}\n"
        "  same: {family: V, compare_with: base, extends: base}\n"
        "  other: {family: V, extends: base, elements: [second]}\n"
        "  apart: {family: V, extends: base, doctrine: {mode: organic}}\n"
        "elements:\n"
        "  feed: {radar: forward, at: [40, 45], partner: true}\n"
        "  second: {battery: exo, count: 8, at: [41, 29]}\n",
    )
    assert partner_variants(made) == ("feed",)
    assert contribution_variants(made) == ("more",)
    assert side_by_side(made) == ("apart",)
    assert counterpart(made, "less") == "base"
    assert counterpart(made, "other") is None


def test_an_architecture_begins_and_ends_with_the_first_milestone_that_says_so(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "  a: {elements: [eye, hub]}\n"
        "milestones:\n"
        "  - {date: 2013, lane: decision, text: Over again, ends: [a]}\n"
        "  - {date: 2011.5, lane: decision, text: Over, ends: [a]}\n"
        "  - {date: 2009.2, lane: decision, text: Begun, begins: [a]}\n",
    )
    assert given_up(made) == {"a": 2011.5}
    assert begun(made) == {"a": 2009.2}
    assert built_variant(made, "a") is None
