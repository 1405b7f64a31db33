"""The answer about a coverage: what its rows, sums, tables and files say of a coverage written out by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon.analysis.coverage import CAUSES, Coverage, settle
from hoplon.analysis.coverage_answer import CoverageAnswer, counted, coverage_answer, several
from hoplon.analysis.margins.places import PointMargins
from hoplon.analysis.records import FeatureLayer
from hoplon.analysis.store import Store
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Cited, Level, Scenario
from hoplon.scenario.points_file import PointsFile
from hoplon.scenario.reporting import Headline

# Against mrbm and irbm, by place; each class is flown from northwest, mrbm from the centre too.
THREATENED = [[True, True], [True, True], [False, True], [True, False], [False, False]]
DEFENDED = {
    "low": [[False, False], [False, False], [False, True], [False, False], [False, False]],
    "base": [[True, False], [False, False], [False, True], [True, False], [False, False]],
    "high": [[True, True], [False, True], [False, True], [True, False], [False, False]],
}
SHOTS = [[3, 0], [0, 0], [-1, 2], [5, -1], [-1, -1]]
HARDEST = [[1, 0], [1, 0], [-1, 0], [1, -1], [-1, -1]]
CAUSE = [["", "too_low"], ["never_seen", "too_high"], ["", ""], ["", ""], ["", ""]]
SECONDS = [[30.0, -5.0], [-np.inf, -7.0], [np.nan, 60.0], [90.0, np.nan], [np.nan, np.nan]]
KILOMETRES = [[10.0, -20.0], [-np.inf, -40.0], [np.nan, 50.0], [70.0, np.nan], [np.nan, np.nan]]
PEOPLE, LAND = [100.0, 200.0, 400.0, 800.0, 1600.0], [1.0, 2.0, 4.0, 8.0, 16.0]
NATIONS = ["ROU", "ROU", "DEU", "DEU", "ITA"]
PLACES = [[44.0, 26.0], [45.0, 25.0], [50.0, 10.0], [51.0, 9.0], [42.0, 12.0]]


def points() -> AimPoints:
    at = np.array(PLACES)
    names = np.array(["one", "two", "three", "four", "five"])
    people, land = np.array(PEOPLE), np.array(LAND)
    return AimPoints(names, np.array(NATIONS), at[:, 0].copy(), at[:, 1].copy(), people, land, np.full(5, "place"))


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return hoplon.load("toy")


def written(level: Level, year: int | None = None) -> Coverage:
    return Coverage(
        *("toy", "0", "fast", "4.5 km/s interceptors", year, level),
        points=points(),
        areas=("northwest", "centre"),
        threats=("mrbm", "irbm"),
        batteries=("deveselu-fast",),
        threatened=np.array(THREATENED),
        defended=np.array(DEFENDED[level]),
        shots_min=np.array(SHOTS, dtype=np.int16),
        hardest=np.array(HARDEST, dtype=np.int16),
        cause=np.array([[CAUSES.index(name) for name in row] for row in CAUSE], dtype=np.int8),
    )


def cut(whole: Coverage, count: int) -> Coverage:
    """Return the coverage of the first points alone."""
    arrays = {
        name: getattr(whole, name)[:count] for name in ("threatened", "defended", "shots_min", "hardest", "cause")
    }
    return replace(whole, points=whole.points.subset(np.arange(count)), **arrays)


def margins() -> PointMargins:
    none = np.full((5, 2), -1, dtype=np.int16)
    of = (("northwest", "centre"), ("mrbm", "irbm"), ("deveselu-fast",))
    return PointMargins(points(), *of, np.array(SECONDS), np.array(KILOMETRES), none, none)


def answer(
    scenario: Scenario,
    levels: Sequence[Level] = ("low", "base", "high"),
    threats: tuple[str, ...] = ("mrbm", "irbm"),
    **more: Any,
) -> CoverageAnswer:
    return CoverageAnswer(scenario, {level: written(level) for level in levels}, threats, ("ROU", "DEU"), **more)


def given(header: tuple[str, ...]) -> PointsFile:
    rows = tuple(tuple(f"{column}-{place}" for column in header) for place in range(5))
    return PointsFile(header, rows, points(), "given.csv", 1)


def test_the_base_level_answers_and_another_one_where_it_was_not_judged(toy: Scenario) -> None:
    assert answer(toy).base.level == "base"
    assert answer(toy, ("high", "base")).base.level == "base"
    assert answer(toy, ("high",)).base.level == "high"
    assert answer(toy, ("high",)).at("high").level == "high"
    with pytest.raises(UnknownNameError, match="level of this coverage"):
        answer(toy, ("high",)).at("base")
    assert answer(toy).whole


def test_points_are_counted_where_a_file_without_a_population_gave_them(toy: Scenario) -> None:
    assert answer(toy).counted == "people"
    assert answer(toy, given=given(("lat", "lon", "population"))).counted == "people"
    assert answer(toy, given=given(("lat", "lon"))).counted == "points"


def test_the_line_tells_the_share_at_the_base_level(toy: Scenario) -> None:
    """Of 1,500 people against both classes, 1,200 are defended; at the low level 400, at the high one 1,300."""
    assert answer(toy, ("low", "base")).line() == (
        "fast of toy: 80.0 % of threatened people defended; 5 points, 2 classes, levels low, base"
    )
    assert answer(toy, ("high",)).line().startswith("fast of toy: 86.7 % of threatened people defended; ")
    unpeopled = answer(toy, given=given(("lat", "lon")))
    assert ": 80.0 % of threatened points defended; " in unpeopled.line()
    nobody = replace(answer(toy), nations=("ITA",))
    assert ": nobody threatened; " in nobody.line()
    assert ": no point threatened; " in replace(nobody, given=given(("lat", "lon"))).line()


def test_sums_are_against_the_classes_that_count_together_or_those_asked_for(toy: Scenario) -> None:
    found = answer(toy, threats=("irbm",))
    for threats, defended, threatened in ((None, 400.0, 700.0), ("mrbm", 900.0, 1100.0), (["irbm"], 400.0, 700.0)):
        told = found.summary(threats)
        assert (told.defended_population, told.threatened_population) == (defended, threatened)
    assert found.summary(level="high").defended_population == 700.0
    assert several("mrbm") == ("mrbm",)
    assert several(["mrbm", "irbm"]) == ["mrbm", "irbm"]


def test_a_row_a_nation_has_the_shares_of_each_level(toy: Scenario) -> None:
    expected = {
        "ROU": {"low": (0.0, 0.0), "base": (0.0, 0.0), "high": (1 / 3, 1 / 3)},
        "DEU": {"low": (1 / 3, 1 / 3), "base": (1.0, 1.0), "high": (1.0, 1.0)},
    }
    found = answer(toy)
    rows, frame = found.rows(), found.as_frame()
    assert [row["nation"] for row in rows] == list(frame.index) == ["ROU", "DEU"]
    for row in rows:
        for level, shares in expected[row["nation"]].items():
            told = (row[f"population_share_{level}"], row[f"area_share_{level}"])
            assert told == pytest.approx(shares, abs=1e-12)
            named = frame.loc[row["nation"], [f"population_share_{level}", f"area_share_{level}"]]
            assert list(named) == pytest.approx(shares, abs=1e-12)


def test_arrays_have_the_points_of_every_level(toy: Scenario) -> None:
    found = answer(toy).as_dataset()
    assert found.level.values.tolist() == ["low", "base", "high"]
    for name in ("threatened", "defended", "shots_min"):
        for level in ("low", "base", "high"):
            np.testing.assert_array_equal(found[name].sel(level=level), getattr(written(level), name))
    assert found.nation.values.tolist() == NATIONS
    assert found.population.values.tolist() == PEOPLE


def test_what_is_not_asked_for_is_in_no_key_of_the_json(toy: Scenario) -> None:
    plain, noted = answer(toy), answer(toy, notes=("a note",), margins=margins())
    keys = ["architecture", "year", "headline_threats", "headline", "in_year", "all_threats", "by_threat"]
    assert list(plain.as_json()) == keys
    assert list(noted.as_json()) == [*keys, "notes"]
    assert list(plain.as_json(explain=True)) == [*keys, "causes"]
    told = noted.as_json(explain=True)
    assert list(told) == [*keys, "notes", "causes", "margins"]
    assert told["notes"] == ["a note"]
    # Romania's two places have at worst -5 s (against irbm), and no earlier release that would help; Germany's 60, 90.
    assert told["margins"]["ROU"]["nearest_margin_s"] == -5.0
    assert told["margins"]["ROU"]["nearest_margin_place"] == "one"
    assert told["margins"]["ROU"]["least_margin_s"] is None
    assert told["margins"]["DEU"]["least_margin_s"] == 60.0


def test_classes_of_the_year_are_those_of_the_counted_ones_that_exist_by_then(toy: Scenario) -> None:
    later = replace(toy.threats["irbm"], from_=Cited(2030.0))
    dated = replace(toy, threats={**toy.threats, "irbm": later})
    found = CoverageAnswer(dated, {"base": written("base", 2020)}, ("mrbm", "irbm"), ("ROU", "DEU"))
    told = found.as_json()
    assert (told["year"], told["headline_threats"]) == (2020, ["mrbm", "irbm"])
    assert told["in_year"]["threats"] == ["mrbm"]
    assert told["in_year"]["base"]["defended_population"] == 900.0
    assert told["headline"]["base"]["defended_population"] == 1200.0
    assert told["by_threat"]["irbm"]["base"]["threatened_population"] == 700.0
    other = replace(found, threats=("irbm",)).as_json()
    assert other["in_year"]["threats"] == []
    assert other["in_year"]["base"]["threatened_population"] == 0.0
    assert other["all_threats"]["base"]["threatened_population"] == 1500.0


def test_a_row_a_point_is_that_of_its_hardest_class_of_those_that_count(toy: Scenario) -> None:
    columns = ("threatened", "defended", "shots_min", "hardest_area", "hardest_threat")
    both = [
        (True, False, 0, "northwest", "irbm"),
        (True, False, 0, "centre", "mrbm"),  # of two alike the first
        (True, True, 2, "northwest", "irbm"),
        (True, True, 5, "centre", "mrbm"),
        (False, False, None, None, None),
    ]
    near = [
        (True, True, 3, "centre", "mrbm"),
        (True, False, 0, "centre", "mrbm"),
        (False, False, None, None, None),
        (True, True, 5, "centre", "mrbm"),
        (False, False, None, None, None),
    ]
    for threats, expected in ((("mrbm", "irbm"), both), (("mrbm",), near)):
        table = answer(toy, threats=threats).points_table()
        assert [tuple(row[name] for name in columns) for row in table] == expected
        assert [[row["lat"], row["lon"]] for row in table] == PLACES
        assert [row["population"] for row in table] == PEOPLE
        assert "margin_s" not in table[0]
    told = answer(toy, margins=margins()).points_table()
    assert [row["margin_s"] for row in told] == [-5.0, None, 60.0, 90.0, None]
    assert [row["margin_km"] for row in told] == [-20.0, None, 50.0, 70.0, None]


def test_a_placed_row_has_the_cause_that_leads_and_the_columns_of_each_class(toy: Scenario) -> None:
    plain, explained = answer(toy), answer(toy, margins=margins())
    assert not plain.explained
    assert explained.explained
    assert all("cause" not in row for _, row in plain.placed_rows())
    rows = explained.placed_rows()
    assert [(at.y, at.x) for at, _ in rows] == [tuple(place) for place in PLACES]
    assert [row["cause"] for _, row in rows] == ["too_low", "never_seen", None, None, None]
    near = replace(explained, threats=("mrbm", "of another scenario")).placed_rows()
    assert [row["cause"] for _, row in near] == [None, "never_seen", None, None, None]
    assert [row["defended_irbm"] for _, row in rows] == [False, False, True, None, None]
    assert [row["defended_high"] for _, row in rows] == [True, False, True, True, False]
    assert [row["name"] for _, row in rows] == ["one", "two", "three", "four", "five"]


@pytest.mark.parametrize(("levels", "defended"), [(("low", "base"), 1200.0), (("high",), 1200.0), (("low",), 400.0)])
def test_the_layer_of_nations_counts_people_at_the_base_level(
    toy: Scenario, levels: tuple[Level, ...], defended: float
) -> None:
    layers: dict[str, FeatureLayer] = {layer.name: layer for layer in answer(toy, levels).layers()}
    by_nation = {row["nation"]: row["defended_population"] for _, row in layers["nations"].rows}
    assert by_nation["DEU"] == defended
    assert len(layers["points"].rows) == 5


def test_causes_are_of_what_is_threatened_and_open_with_margins_where_there_are(toy: Scenario) -> None:
    told = answer(toy).causes()
    assert [(row["name"], row["threat"], row["from"], row["cause"]) for row in told] == [
        ("one", "irbm", "northwest", "too_low"),
        ("two", "mrbm", "centre", "never_seen"),
        ("two", "irbm", "northwest", "too_high"),
    ]
    assert all("margin_s" not in row for row in told)
    with_margins = answer(toy, margins=margins()).causes()
    assert [(row["margin_s"], row["margin_km"]) for row in with_margins] == [(-5.0, -20.0), (None, None), (-7.0, -40.0)]


def test_the_rows_of_a_given_file_keep_their_cells_and_have_the_columns_they_lack(toy: Scenario) -> None:
    plain = list(csv.reader(io.StringIO(answer(toy).points_csv())))
    added = ["threatened", "defended", "shots_min", "hardest_area", "hardest_threat"]
    assert plain[0] == ["name", "nation", "lat", "lon", "population", *added]
    assert plain[1] == ["one", "ROU", "44.0", "26.0", "100.0", "true", "false", "0", "northwest", "irbm"]
    assert plain[5][5:] == ["false", "false", "", "", ""]
    header = ("lon", "lat", "nation", "more")
    kept = list(csv.reader(io.StringIO(answer(toy, given=given(header)).points_csv())))
    assert kept[0] == [*header, *added]
    assert kept[4] == ["lon-3", "lat-3", "nation-3", "more-3", "true", "true", "5", "centre", "mrbm"]
    with pytest.raises(InputError, match="the answer is written in columns of these names"):
        answer(toy, given=given(("lat", "lon", "defended"))).points_csv()
    first = replace(answer(toy), levels={"base": cut(written("base"), 1)})
    assert list(csv.reader(io.StringIO(first.points_csv()))) == plain[:2]
    none = replace(answer(toy), levels={"base": cut(written("base"), 0)})
    assert none.points_csv() == "\n"


def test_the_headline_counts_its_own_classes_where_none_are_named(toy: Scenario) -> None:
    """A headline none of whose classes was judged counts those that were."""
    judged = written("base")
    assert counted(toy, judged, None) == (("mrbm", "irbm"), tuple(toy.nations))
    headed = replace(toy, headline=Headline(classes=("irbm",), nations=("TUR", "ROU")))
    assert counted(headed, judged, None) == (("irbm",), ("TUR", "ROU"))
    assert counted(headed, judged, ["mrbm"])[0] == ("mrbm", "irbm")
    assert counted(headed, judged, [])[0] == ("irbm",)
    short = replace(judged, threats=("mrbm",))
    assert counted(headed, short, None)[0] == ("mrbm",)


@pytest.fixture(scope="module")
def moldova(toy: Scenario) -> Scenario:
    """75 places, one of them open to each class at the base level."""
    return replace(toy, nations={"MDA": toy.nations["ROU"]})


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


def asked(store: Store, scenario: Scenario, **more: Any) -> CoverageAnswer:
    options: dict[str, Any] = {"what_if": False, "levels": "base"} | more
    return coverage_answer(store, scenario, "fast", **options)


def test_what_is_not_asked_for_is_not_worked_out(store: Store, moldova: Scenario) -> None:
    plain = asked(store, moldova)
    assert (plain.margins, plain.explained, plain.whole) == (None, False, True)
    assert not plain.base.cause.any()
    assert plain.base.shots_min.max() == 1
    cluj = replace(points().subset(np.arange(1)), latitude_deg=np.array([46.77]), longitude_deg=np.array([23.59]))
    for more, most in (({}, 1), ({"what_if": True}, 1), ({"count": True}, 2)):
        assert asked(store, moldova, points=cluj, **more).base.shots_min.max() == most
    assert plain.nations == ("MDA",)


def test_levels_are_judged_in_one_pass_unless_batteries_are_asked_one_by_one(
    moldova: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[Any] = []

    def noting(store: Store, questions: Any, *rest: Any) -> None:
        passes.append(questions)
        settle(store, questions, *rest)

    monkeypatch.setattr("hoplon.analysis.coverage_answer.settle", noting)
    for more in ({"count": True}, {"what_if": True}):
        asked(Store(), moldova, levels=("low", "high"), **more)
        assert passes == []
    asked(Store(), moldova, levels=("low", "high"))
    (questions,) = passes
    assert [question[1:4] for question in questions] == [("fast", "low", 1), ("fast", "high", 1)]


@pytest.mark.parametrize("levels", [("low", "base"), ("base",), ("low",)])
def test_causes_and_margins_are_those_of_the_base_level(
    store: Store, moldova: Scenario, levels: tuple[Level, ...]
) -> None:
    found = asked(store, moldova, levels=levels, explain=True)
    for level, judged in found.levels.items():
        undefended = judged.threatened & ~judged.defended
        assert undefended.any()
        np.testing.assert_array_equal(judged.cause > 0, undefended if level == "base" else np.zeros_like(undefended))
    assert found.explained == ("base" in levels)


def test_reach_margins_are_found_at_the_large_places_of_a_nation_and_at_every_given_one(
    store: Store, moldova: Scenario
) -> None:
    whole = asked(store, moldova, explain=True)
    far = [row for row in whole.points_table() if row["defended"] and row["margin_km"] is not None]
    assert 0 < len(far) < sum(row["defended"] for row in whole.points_table())
    assert {row["name"] for row in far} >= {"Chisinau"}
    base = whole.base.points
    given = asked(store, moldova, points=base, explain=True)
    assert (whole.whole, given.whole) == (True, False)
    assert all(row["margin_km"] is not None for row in given.points_table() if row["defended"])


def test_levels_are_in_their_order_and_classes_in_the_scenario_s(store: Store, moldova: Scenario) -> None:
    assert list(asked(store, moldova, levels=("high", "low", "high")).levels) == ["low", "high"]
    assert list(asked(store, moldova, levels="high").levels) == ["high"]
    with pytest.raises(InputError, match="levels: one or more of low, base, high were expected"):
        asked(store, moldova, levels=())
    with pytest.raises(UnknownNameError, match="unknown level 'bass'; did you mean 'base'"):
        asked(store, moldova, levels="bass")
    assert asked(store, moldova).base.threats == ("mrbm", "irbm")
    assert asked(store, moldova, threats="irbm").base.threats == ("irbm",)
    assert asked(store, moldova, threats=["irbm", "mrbm"]).base.threats == ("mrbm", "irbm")
    assert asked(store, moldova).base.areas == ("northwest", "centre")
    assert asked(store, moldova, areas="centre").base.areas == ("centre",)
    later = replace(moldova.threats["irbm"], from_=Cited(2030.0))
    dated = replace(moldova, threats={**moldova.threats, "irbm": later})
    for year, threats in ((2020, ("mrbm",)), (2030, ("mrbm", "irbm")), (None, ("mrbm", "irbm"))):
        assert asked(store, dated, year=year).base.threats == threats
    assert asked(store, dated, year=2030, threats=["irbm"]).base.threats == ("irbm",)


def test_notes_say_whose_people_are_counted_and_which_nations_are_not_the_scenario_s(
    store: Store, moldova: Scenario
) -> None:
    (people,) = asked(store, moldova).notes
    assert people.startswith("people of Moldova are scaled to the total of the nation")
    base = asked(store, moldova).base.points.subset(np.arange(3))
    others = "points in nations that are not the scenario's are judged as the others: "
    for nations, expected in (
        (["MDA", "MDA", "MDA"], ()),
        (["MDA", "", ""], ()),
        (["", "", ""], ()),
        (["MDA", "UKR", "ROU"], (f"{others}ROU, UKR",)),
        (["", "UKR", "UKR"], (f"{others}UKR, and no point is in one that is",)),
    ):
        found = asked(store, moldova, points=replace(base, nation=np.array(nations)))
        assert found.notes == expected
        assert found.nations == tuple(dict.fromkeys(nations))
        assert found.given is None


def test_where_nothing_reaches_anybody_a_note_says_so(store: Store, moldova: Scenario) -> None:
    reykjavik = replace(points().subset(np.arange(1)), latitude_deg=np.array([64.1]), longitude_deg=np.array([-21.9]))
    said = "nobody is threatened: none of the classes asked about reaches any place from the launch areas asked about"
    for nation in ("MDA", ""):
        here = replace(reykjavik, nation=np.array([nation]))
        assert asked(store, moldova, points=here).notes == (said,)
    far = replace(moldova.threats["irbm"], max_range_km=Cited(1600.0))
    nobody = replace(moldova, threats={"irbm": replace(far, min_range_km=Cited(1590.0))})
    found = asked(store, nobody, areas="centre")
    assert found.notes[-1] == said
    assert found.notes[0].startswith("people of Moldova")


def test_points_are_taken_from_a_file_by_its_name_or_path_and_nothing_else(
    store: Store, moldova: Scenario, tmp_path: Path
) -> None:
    file = tmp_path / "p.csv"
    file.write_text("lat,lon,nation,defended\n47.0,28.8,MDA,perhaps\n")
    for points_of in (file, str(file)):
        found = asked(store, moldova, points=points_of)
        assert found.given is not None
        assert found.given.rows == (("47.0", "28.8", "MDA", "perhaps"),)
        assert found.base.points.latitude_deg.tolist() == [47.0]
        assert not found.whole
        with pytest.raises(InputError, match="the answer is written in columns of these names"):
            asked(store, moldova, points=points_of, for_points_csv=True)
    file.write_text("lat,lon\n47.0,28.8\n")
    assert asked(store, moldova, points=file, for_points_csv=True).base.defended.all()
    assert len(asked(store, moldova, for_points_csv=True).base.points) == 75
    for wrong in (3, ["p.csv"], {"lat": 47.0}):
        with pytest.raises(InputError, match=f"the path of a CSV file was expected, got {type(wrong).__name__}"):
            asked(store, moldova, points=wrong)
