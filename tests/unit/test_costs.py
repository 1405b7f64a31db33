"""Costs against a second computation from the text of the file: standing cost, roll-out, intervals, refusals."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import hoplon
import scenario_samples as samples
from hoplon.analysis.costs import worth as worth_of
from hoplon.analysis.costs.answer import CostAnswer, cost_answer
from hoplon.analysis.costs.roll_out import roll_out, stages_of
from hoplon.analysis.costs.standing import annuity, development_of, price_factor
from hoplon.cli import main
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

# Three plans, each after the last, with ships, bounds wide enough for a logarithm, elements that come and go.
TEXT = """hoplon: 1
name: mine
extends: small.yaml
nations: {DEU: {}, NOR: {}, ROU: {from: 2014}}
threats: {medium: {max_range_km: 2600}}
elements:
  eye: {acquisition_musd: {value: 200, low: 150, high: 270}, annual_musd: 20, basing: land}
  watch: {annual_musd: {value: 3, low: 1, high: 5}}
  shield: {acquisition_musd: {value: 300, high: 700}, basing: land}
  ship-radar:
    radar: forward
    at: [36, 20]
    basing: sea
    acquisition_musd: {value: 1470, low: 50, high: 1600}
    annual_musd: {value: 60, low: 20, high: 90}
    ships_per_station: {value: 3, low: 1.3, high: 5}
  ship: {battery: exo, count: 8, at: [36, 20], basing: sea, acquisition_musd: {value: 80, low: 70}}
  ship-two: {battery: exo, count: 8, at: [36, 21], basing: sea, acquisition_musd: {value: 90, low: 10, high: 95}}
  late: {battery: exo, count: 8, at: [46, 21], from: 2020, acquisition_musd: 1000, annual_musd: 1000}
  centre: {node: hub, at: [50, 8], owner: DEU, annual_musd: {value: 50, low: 25, high: 100}}
  free: {node: alternate, at: [50, 9], owner: DEU}
architectures:
  whole: null
  later: null
  alone: null
  first: {year: 2011, elements: [eye, watch, ship, ship-radar, centre, free], c2: hub}
  second:
    extends: first
    year: 2014
    without: [ship, watch]
    elements: [shield, ship-two]
    doctrine: {mode: engage_on_remote, decision_s: 15}
  same-year: {extends: second, elements: [ship]}
  third: {extends: second, year: 2018, without: [ship-two], elements: [ship, late]}
  older: {extends: third, year: 2012, elements: [eye]}
  bare: {elements: [free], c2: hub}
questions: {Q3: null}
costs:
  base_year: 2009
  discount_rate: {value: 0.03, low: 0.0, high: 0.07}
  years: 10
  deflator: {2009: {value: 1.02}, 2013: 1.0914, 2021: 1.275}
  development_musd: {first: {value: 400, low: 200, high: 900}, third: 50}
"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("costs")
    (folder / samples.SMALL.name).write_bytes(samples.SMALL.read_bytes())
    (folder / "s.yaml").write_text(TEXT, encoding="utf-8")
    return load_scenario(folder / "s.yaml")


# A second computation, from the text alone

RAW: dict[str, Any] = yaml.safe_load(TEXT)
TYPES = {"eye": "forward", "watch": "warning", "shield": "exo"}
HELD = {  # by hand: what stands in each plan in its year (watch until 2015, late from 2020)
    "first": ["watch", "ship", "ship-radar", "centre", "free"],  # eye comes in 2012
    "second": ["eye", "ship-radar", "centre", "free", "shield", "ship-two"],
    "same-year": ["eye", "ship-radar", "centre", "free", "shield", "ship-two", "ship"],
    "third": ["eye", "ship-radar", "centre", "free", "shield", "ship"],
}
DEVELOPED = {"first": "first", "second": "first", "same-year": "first", "third": "third"}
BEFORE = {
    "first": [(2011, "first")],
    "second": [(2011, "first"), (2014, "second")],
    "same-year": [(2014, "same-year")],
    "third": [(2011, "first"), (2014, "second"), (2018, "third")],
}


def number(given: Any, end: str = "value") -> float:
    return float(given if not isinstance(given, dict) else given.get(end, given["value"]))


def moved(given: Any, u: float) -> float:
    """Return a number at u: low, value and high at 0, 1/2 and 1."""
    low, value, high = (number(given, end) for end in ("low", "value", "high"))
    a, b, part = (low, value, 2 * u) if u <= 0.5 else (value, high, 2 * u - 1)
    if low > 0 and high >= 4 * low:
        return float(a ** (1 - part) * b**part)
    return a + (b - a) * part


def columns(name: str, count: int, seed: int) -> list[float]:
    digests = [hashlib.sha256(f"{seed}/{name}/{i}".encode()).digest() for i in range(count)]
    return [(sorted(digests).index(one) + 0.5) / count for one in digests]


def group(key: str, name: str) -> str:
    element = RAW["elements"][name]
    kind = next(
        (element[form] for form in ("radar", "battery", "satellite", "node") if form in element), TYPES.get(name)
    )
    return f"{key}.{kind}.{element.get('basing', 'none')}"


def quantile(values: list[float], share: float) -> float:
    ordered, place = sorted(values), share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def parts(plan: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, RAW["elements"][name]) for name in HELD[plan]]


def standing(plan: str, end: str, over: float) -> float:
    """Return acquisition and so many years of operation of a plan, with development, at a bound."""
    total = number(RAW["costs"]["development_musd"][DEVELOPED[plan]], end)
    for _, element in parts(plan):
        ships = number(element.get("ships_per_station", 1), end)
        total += ships * (
            number(element.get("acquisition_musd", 0), end) + over * number(element.get("annual_musd", 0), end)
        )
    return total


def worth(rate: float, years: int) -> float:
    """Return the present worth of 1 a year by the closed form of a geometric series."""
    return (1 - (1 + rate) ** -years) / rate if rate else float(years)


@pytest.mark.parametrize("plan", list(HELD))
def test_the_standing_cost_is_that_of_a_second_computation(mine: Scenario, plan: str) -> None:
    cost = cost_answer(mine, [plan]).costs[plan]
    assert cost.undiscounted.base == pytest.approx(standing(plan, "value", 10), rel=1e-12)
    assert cost.total.base == pytest.approx(standing(plan, "value", worth(0.03, 10)), rel=1e-12)
    assert cost.bounds == pytest.approx([standing(plan, end, worth(0.03, 10)) for end in ("low", "high")], rel=1e-12)
    assert cost.development_musd == number(RAW["costs"]["development_musd"][DEVELOPED[plan]])
    costed = [name for name in HELD[plan] if name != "free"]
    assert sorted(item.name for item in cost.elements) == sorted(costed)
    assert cost.uncosted == ("free",)
    assert cost_answer(mine, [plan]).samples == 1000  # as the manual says
    assert sum(cost.discounted) + cost.development_musd == pytest.approx(cost.total.base, rel=1e-12)


@pytest.mark.parametrize("plan", list(HELD))
def test_the_cost_by_year_is_that_of_a_second_computation(mine: Scenario, plan: str) -> None:
    found = cost_answer(mine, [plan]).costs[plan].by_year
    stages = BEFORE[plan]
    start = stages[0][0]
    assert [item.year for item in found] == list(range(start, start + 10))
    for item in found:
        bought = run = 0.0
        for place, (year, stage) in enumerate(stages):
            before = HELD[stages[place - 1][1]] if place else []
            until = stages[place + 1][0] if place + 1 < len(stages) else math.inf
            for name, element in parts(stage):
                ships = number(element.get("ships_per_station", 1))
                if item.year == year and name not in before:
                    bought += ships * number(element.get("acquisition_musd", 0))
                if year <= item.year < until:
                    run += ships * number(element.get("annual_musd", 0))
        assert item.acquisition_musd == pytest.approx(bought, rel=1e-12)
        assert item.annual_musd == pytest.approx(run, rel=1e-12)
        assert item.discounted_musd == pytest.approx((bought + run) / 1.03 ** (item.year - start), rel=1e-12)


@pytest.mark.parametrize(("plan", "seed", "count"), [("first", 1, 100), ("second", 7, 64), ("third", 1, 101)])
def test_the_interval_is_that_of_a_second_computation(mine: Scenario, plan: str, seed: int, count: int) -> None:
    cost = cost_answer(mine, [plan], samples=count, seed=seed).costs[plan]
    names = {key for name, element in parts(plan) for key in ("acquisition_musd", "annual_musd") if key in element}
    wanted = {group(key, name) for name, element in parts(plan) for key in names if key in element}
    assert set(cost.groups) == wanted | {"ships_per_station", "discount_rate", "development_musd"}
    at = {name: columns(name, count, seed) for name in cost.groups}
    undiscounted, discounted = [], []
    for i in range(count):
        over = worth(moved(RAW["costs"]["discount_rate"], at["discount_rate"][i]), 10)
        developed = moved(RAW["costs"]["development_musd"][DEVELOPED[plan]], at["development_musd"][i])
        sums = [developed, developed]
        for name, element in parts(plan):
            if name == "free":
                continue
            ships = moved(element.get("ships_per_station", 1), at["ships_per_station"][i])
            bought, run = (
                moved(element[key], at[group(key, name)][i]) if key in element else 0.0
                for key in ("acquisition_musd", "annual_musd")
            )
            sums = [total + ships * (bought + years * run) for total, years in zip(sums, (10, over), strict=True)]
        undiscounted.append(sums[0])
        discounted.append(sums[1])
    for spread, values in ((cost.undiscounted, undiscounted), (cost.total, discounted)):
        found = (spread.low, spread.median, spread.high, spread.mean)
        expected = [*(quantile(values, share) for share in (0.05, 0.5, 0.95)), sum(values) / count]
        assert found == pytest.approx(expected, rel=1e-9)


def test_rows_and_a_line_tell_the_sums_of_the_elements(mine: Scenario) -> None:
    found = cost_answer(mine, ["first", "third"], samples=20, price_year=2021)
    factor = 1.275 / 1.02
    for plan, row in zip(("first", "third"), found.rows(), strict=True):
        ships = {name: number(element.get("ships_per_station", 1)) for name, element in parts(plan)}
        bought = sum(ships[name] * number(element.get("acquisition_musd", 0)) for name, element in parts(plan))
        run = sum(ships[name] * number(element.get("annual_musd", 0)) for name, element in parts(plan))
        cost = found.costs[plan]
        assert row["architecture"] == plan
        assert (row["acquisition_musd"], row["annual_musd"]) == pytest.approx(
            (factor * bought, factor * run), rel=1e-12
        )
        assert row["discounted_musd"] == cost.total.base
        assert (row["discounted_low_musd"], row["discounted_high_musd"]) == (cost.total.low, cost.total.high)
        assert row["per_defended_person_usd"] is row["per_avoided_leaker_musd"] is None
    first, third = (f"{found.costs[plan].total.base:,.0f}" for plan in ("first", "third"))
    told = f"first {first}, third {third} million USD discounted, 10 years at 3 % a year, prices of 2021"
    assert found.line() == f"mine: {told}"
    against = found.against({"first": 2e6, "third": 0.0}, {"third": 4.0})
    person = against.costs["first"].per_defended_person
    assert person is not None
    assert person.median == pytest.approx(found.costs["first"].total.median / 2.0, rel=1e-12)
    assert (against.costs["first"].per_avoided_leaker_musd, against.costs["third"].per_defended_person) == (None, None)
    assert against.costs["third"].per_avoided_leaker_musd == pytest.approx(found.costs["third"].total.base / 4.0)
    assert against.with_note("said").notes == (*found.notes, "said")
    assert against.as_json()["architectures"]["first"]["per_defended_person_usd"].keys() == {
        "base", "low", "median", "high",
    }  # fmt: skip


def test_a_hundred_thousand_samples_are_the_most(mine: Scenario) -> None:
    with pytest.raises(InputError, match="samples: from 1 to 100,000 were expected, got 100,001"):
        cost_answer(mine, ["bare"], samples=100_001)
    assert cost_answer(mine, ["bare"], samples=1).samples == 1
    with pytest.raises(InputError, match="architectures: one or more"):
        cost_answer(mine, [], samples=100_000)
    assert cost_answer(mine, ["bare"], samples=2).seed == 1


def test_missiles_that_do_not_leak_are_those_that_fly_less_the_share_that_leaks(
    mine: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def told(setup: Any, replications: int, seed: int, progress: Any) -> Any:
        asked.append((setup, replications, seed))
        leaks = {"a": 0.25, "b": None, "c": 0.5}[setup[0]]
        return SimpleNamespace(
            threats={"a": 8, "b": 8, "c": 0}[setup[0]], estimates={"leakage": SimpleNamespace(mean=leaks)}
        )

    monkeypatch.setattr(worth_of, "raid", told)
    monkeypatch.setattr(worth_of, "raid_setup", lambda scenario, name, raid: (name, raid))
    assert worth_of.leakers_avoided(mine, ["a", "b", "c"], "four", 7) == {"a": 6.0}
    assert asked[0] == (("a", "four"), 1000, 7)


def test_one_group_moves_as_one_and_the_intervals_of_an_architecture_are_the_same_beside_others(mine: Scenario) -> None:
    alone = cost_answer(mine, ["third"]).costs["third"]
    assert cost_answer(mine, ["first", "third"]).costs["third"] == alone
    assert cost_answer(mine, ["third"], seed=2).costs["third"].total.median != alone.total.median
    assert alone.groups.count("acquisition_musd.exo.sea") == 1  # `ship` and `ship-two` are of one group
    assert "acquisition_musd.exo.sea" in cost_answer(mine, ["second"]).costs["second"].groups


def test_every_figure_is_brought_to_the_prices_of_another_year(mine: Scenario) -> None:
    before, after = (cost_answer(mine, ["second"], price_year=year).costs["second"] for year in (None, 2021))
    ratio = 1.275 / 1.02
    assert after.undiscounted.times(1 / ratio).as_json() == pytest.approx(before.undiscounted.as_json(), rel=1e-12)
    assert after.total.low / before.total.low == pytest.approx(ratio, rel=1e-12)
    assert after.bounds == pytest.approx([ratio * end for end in before.bounds], rel=1e-12)
    assert after.development_musd == pytest.approx(400 * ratio, rel=1e-12)
    for a, b in zip(after.by_year, before.by_year, strict=True):
        assert (a.year, a.discounted_musd) == (b.year, pytest.approx(ratio * b.discounted_musd, rel=1e-12))
    for x, y in zip(after.elements, before.elements, strict=True):
        assert (x.ships, x.annual_musd) == (y.ships, pytest.approx(ratio * y.annual_musd, rel=1e-12))
    assert price_factor(mine.costs, 2009) == 1.0  # type: ignore[arg-type]


def test_an_annuity_is_the_present_worth_of_one_a_year() -> None:
    assert annuity(0.03, 20) == pytest.approx(14.8774748604555, rel=1e-12)  # tables of finance
    assert annuity(0.0, 20) == 20
    assert annuity(-0.05, 2) == pytest.approx(1 / 0.95 + 1 / 0.95**2, rel=1e-14)


def test_going_back_ends_where_years_do_not_fall_and_a_stage_beyond_the_years_costs_nothing(mine: Scenario) -> None:
    assert [(stage.year, stage.architecture) for stage in stages_of(mine, "older", 2009)] == [(2012, "older")]
    assert [(stage.year, stage.architecture) for stage in stages_of(mine, "bare", 2009)] == [(2009, "bare")]
    short = roll_out(stages_of(mine, "third", 2009), 3, 0.0)
    assert [item.year for item in short] == [2011, 2012, 2013]
    assert sum(item.acquisition_musd for item in short) == 80 + 3 * 1470  # nothing of 2014 and 2018
    later = roll_out(stages_of(mine, "third", 2009), 2, 0.1, first=2010)
    assert [(item.year, item.annual_musd) for item in later] == [(2010, 0.0), (2011, 3 + 3 * 60 + 50)]
    assert later[1].discounted_musd == pytest.approx((80 + 3 * 1470 + 3 + 180 + 50) / 1.1, rel=1e-12)


def test_development_is_that_of_the_nearest_and_zero_without_one(mine: Scenario) -> None:
    assert [development_of(mine, name) for name in ("second", "bare")] == [development_of(mine, "first"), None]
    bare = cost_answer(mine, ["bare"])
    assert bare.costs["bare"].total.as_json() == dict.fromkeys(("base", "low", "median", "high", "mean"), 0.0)
    assert bare.costs["bare"].groups == ("discount_rate",)
    assert bare.notes == (
        "bare: without a cost, counted as nothing: free",
        "bare: it has no year; its cost by year begins in 2009, the base year of the prices",
    )


def test_what_cannot_be_answered_is_refused(mine: Scenario) -> None:
    with pytest.raises(InputError, match=r"price year 2014: costs\.deflator has no 2014; it has 2009, 2013, 2021"):
        cost_answer(mine, ["first"], price_year=2014)
    with pytest.raises(InputError, match="architecture 'first' is named twice"):
        cost_answer(mine, ["first", "first"])
    with pytest.raises(InputError, match="samples: from 1 to 100,000 were expected, got 0"):
        cost_answer(mine, ["first"], samples=0)
    with pytest.raises(InputError, match="architectures: one or more were expected"):
        cost_answer(mine, [])
    with pytest.raises(InputError, match="toy: no `costs`, without which nothing can be summed; give base_year"):
        hoplon.cost("toy", "fast")
    with pytest.raises(UnknownNameError, match="unknown architecture 'frst'; did you mean 'first'"):
        hoplon.cost(mine, "frst")
    with pytest.raises(UnknownNameError, match="unknown raid 'fours'; did you mean 'four'"):
        hoplon.cost(mine, "first", raid="fours")


# What a cost is set against


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("points") / "points.csv"
    file.write_text(
        "lat,lon,name,population,nation\n44.43,26.10,Bucharest,1000000,ROU\n45.0,28.0,Galati,500000,ROU\n"
        "52.5,13.4,Berlin,3000000,DEU\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="module")
def judged(mine: Scenario, points: Path) -> CostAnswer:
    answer: CostAnswer = hoplon.cost(mine, ["first", "second"], points=points, samples=50, raid="four")
    return answer


def test_a_defended_person_costs_the_discounted_standing_cost_by_those_whom_coverage_counts(
    mine: Scenario, judged: CostAnswer, points: Path
) -> None:
    for name, cost in judged.costs.items():
        counted = hoplon.coverage(mine, name, points=points, threats=["medium"], levels="base").points_table()
        people = sum(row["population"] for row in counted if row["defended"])
        assert cost.defended == people
        person = cost.per_defended_person
        assert (person is None) == (people == 0)
        if person is not None:
            assert person.base == pytest.approx(cost.total.base * 1e6 / people, rel=1e-12)
            assert person.high == pytest.approx(cost.total.high * 1e6 / people, rel=1e-12)
    assert any(cost.defended for cost in judged.costs.values())


def test_of_several_architectures_the_nations_count_that_are_members_in_the_years_of_all(mine: Scenario) -> None:
    summary = hoplon.coverage(mine, "second", threats=["medium"], levels="base").summary()
    people = {code: nation.defended_population for code, nation in summary.nations.items()}
    assert people["ROU"] > 0
    assert hoplon.cost(mine, "second", samples=1).costs["second"].defended == sum(people.values())
    beside = hoplon.cost(mine, ["second", "first"], samples=1)  # ROU is a member from 2014, and `first` is of 2011
    assert beside.costs["second"].defended == people["DEU"] + people["NOR"]


def test_an_avoided_leaker_costs_by_the_missiles_that_the_raid_does_not_let_through(
    mine: Scenario, judged: CostAnswer
) -> None:
    for name, cost in judged.costs.items():
        told = hoplon.raid(mine, name, "four", replications=1000, seed=1, bounds=False).as_json()
        avoided = 4 * (1 - told["leakage"]["mean"])
        if avoided:
            assert cost.per_avoided_leaker_musd == pytest.approx(cost.total.base / avoided, rel=1e-12)
        else:
            assert cost.per_avoided_leaker_musd is None


def test_the_command_prints_the_keys_of_its_contract(
    mine: Scenario, points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / samples.SMALL.name).write_bytes(samples.SMALL.read_bytes())
    file = tmp_path / "s.yaml"
    file.write_text(TEXT, encoding="utf-8")
    common = ["cost", str(file), "--points", str(points), "--json", "--samples", "20", "--seed", "3"]
    assert main([*common, "--architecture", "second"]) == 0
    said = capsys.readouterr()
    one = json.loads(said.out)
    assert "without a cost, counted as nothing: free" in said.err
    assert (one["version"], one["scenario"], one["seed"]) == (hoplon.__version__, "mine", 3)
    assert (one["base_year"], one["price_year"], one["years"], one["discount_rate"]) == (2009, 2009, 10, 0.03)
    assert set(one["elements"][0]) == {"name", "ships", "acquisition_musd", "annual_musd", "discounted_musd"}
    ship = next(item for item in one["elements"] if item["name"] == "ship-radar")
    assert (ship["ships"], ship["acquisition_musd"], ship["annual_musd"]) == (3, 1470, 60)
    assert ship["discounted_musd"] == pytest.approx(3 * (1470 + 60 * worth(0.03, 10)), rel=1e-12)
    assert set(one["total"]) == {"undiscounted_musd", "discounted_musd", "bounds_musd"}
    assert one["total"]["bounds_musd"] == pytest.approx(
        {end: standing("second", end, worth(0.03, 10)) for end in ("low", "high")}, rel=1e-12
    )
    assert set(one["total"]["discounted_musd"]) == {"base", "low", "median", "high", "mean"}
    assert set(one["by_year"][0]) == {"year", "acquisition_musd", "annual_musd", "discounted_musd"}
    assert one["per_avoided_leaker_musd"] is None
    assert main([*common, "--architecture", "second", "--architecture", "first"]) == 0
    several = json.loads(capsys.readouterr().out)["architectures"]
    assert list(several) == ["second", "first"]
    assert several["second"]["total"] == one["total"]
    assert main(["cost", str(file), "--architecture", "second", "--points", str(points)]) == 0
    assert "USD a defended person" in capsys.readouterr().out


def test_the_bundled_study_costs_what_was_summed_by_hand() -> None:
    found = cost_answer(
        load_scenario("nato-europe"), ["programme-of-record", "cbo-2", "cbo-3", "cbo-4", "phase-3"]
    ).costs
    # acquisition + 20 years, ships three to a station, without development [million USD of 2009]
    por = 200 + 1200 + 2640 + 20 * (20 + 30 + 64 + 50)
    ships = 3 * 3 * (1470 + 20 * 60) + 3 * 373
    radars, command = 2 * (200 + 20 * 20), 20 * 50
    land = 2 * (500 + 20 * 60)
    phase = 200 + 20 * 20 + 2 * 3 * (1470 + 20 * 60) + 719 + 697 + 2 * 20 * 60 + 2 * 373 + 2 * 448 + command + 16300
    by_hand = {
        "programme-of-record": (por, 4000),
        "cbo-2": (ships + radars + command, 3100),
        "cbo-3": (land + 2 * 187 + radars + command, 4000),
        "cbo-4": (land + 2 * 400 + radars + command, 5000),
        "phase-3": (phase, 3100),
    }
    for name, (systems, development) in by_hand.items():
        assert found[name].undiscounted.base == pytest.approx(systems + development, rel=1e-12), name
        assert found[name].development_musd == development
