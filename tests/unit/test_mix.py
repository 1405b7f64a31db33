"""The best mix of candidates is what coverage says of files written by hand with each set of them."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from hoplon import api
from hoplon.analysis.coverage import aim_points, coverage, headline_threats
from hoplon.analysis.mix.answer import MixAnswer
from hoplon.analysis.mix.asked import MixAsked, _checked, optimise
from hoplon.analysis.mix.choices import choices_of
from hoplon.analysis.store import Store
from hoplon.campaigns.execution import WorkAsked
from hoplon.cli import main
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Element, MixCandidate, Place, Scenario

STORE = Store()
BASE = "mix-base"
PLACES = {"incirlik": (37.0, 35.43), "aegean": (36.3, 25.0), "biscay": (45.0, -4.0)}
LAND = ("deveselu-radar", "deveselu-iia")
SEA = ("ship-east-radar", "ship-east-iia")
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "deveselu": LAND,
    "deveselu-forward": ("kurecik", *LAND),  # shares two elements with the first
    "incirlik": ("incirlik-radar", "incirlik-battery"),
    "kurecik": ("kurecik",),
    "brdy": ("brdy",),
    "aegean": ("aegean-radar", "aegean-battery"),
    "biscay": ("biscay-radar", "biscay-battery"),
}
"""Elements of each candidate in the files written by hand, copies under names of their own."""


@functools.cache
def scenario() -> Scenario:
    """Return the bundled study with seven candidates, two of which share elements, one with a stated cost."""
    bundled = load_scenario("nato-europe")
    candidates = {
        "deveselu": MixCandidate(elements=LAND),
        "deveselu-forward": MixCandidate(elements=("kurecik", *LAND)),
        "incirlik": MixCandidate(like=LAND, at=Place(*PLACES["incirlik"]), requires=("kurecik",)),
        "kurecik": MixCandidate(elements=("kurecik",)),
        "brdy": MixCandidate(elements=("brdy",), cost_musd=Cited(900.0)),
        "aegean": MixCandidate(like=SEA, at=Place(*PLACES["aegean"]), excludes=("biscay",)),
        "biscay": MixCandidate(like=SEA, at=Place(*PLACES["biscay"])),
    }
    return replace(bundled, candidates=MappingProxyType(candidates))


@functools.cache
def written_by_hand() -> Scenario:
    """Return the scenario with the copies written out as elements."""
    made: dict[str, Element] = dict(scenario().elements)
    for name, like in (("incirlik", LAND), ("aegean", SEA), ("biscay", SEA)):
        radar, battery = (scenario().elements[one] for one in like)
        at = Place(*PLACES[name])
        made[f"{name}-radar"] = replace(radar, at=at)
        made[f"{name}-battery"] = replace(battery, at=at, radars=(f"{name}-radar",))
    return replace(scenario(), elements=MappingProxyType(made))


@functools.cache
def points() -> AimPoints:
    every = aim_points(scenario())
    people, land = np.flatnonzero(every.population > 0), np.flatnonzero(every.area_km2 > 0)
    some = [kind[np.unique(np.linspace(0, len(kind) - 1, 40).round().astype(int))] for kind in (people, land)]
    return every.subset(np.unique(np.concatenate(some)))


@functools.cache
def shots_met(elements: frozenset[str], required: int) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each point is threatened and defended, by coverage of the file with those elements added."""
    by_hand = written_by_hand()
    kept = (*by_hand.architectures[BASE].elements, *sorted(elements))
    written = replace(by_hand.architectures[BASE], elements=kept)
    if required > 1:
        written = replace(written, doctrine={**written.doctrine, "shots_required": Cited(float(required))})
    asked = replace(by_hand, architectures=MappingProxyType({**by_hand.architectures, BASE: written}))
    found = coverage(STORE, asked, BASE, points(), threats=headline_threats(asked), enough=required)
    threatened = found.threatened.any(axis=1)
    return threatened, threatened & (found.defended | ~found.threatened).all(axis=1)


def share(elements: frozenset[str], value: str, required: int = 1) -> float:
    threatened, defended = shots_met(elements, required)
    weight = points().area_km2 if value == "area" else points().population
    nation = points().nation
    if value != "worst_nation":
        return float(weight[defended].sum() / weight[threatened].sum())
    codes = [code for code in set(nation.tolist()) if weight[threatened & (nation == code)].sum() > 0]
    return min(float(weight[defended & (nation == c)].sum() / weight[threatened & (nation == c)].sum()) for c in codes)


def elements_of(chosen: tuple[str, ...]) -> frozenset[str]:
    return frozenset(itertools.chain.from_iterable(ELEMENTS[name] for name in chosen))


def cost_of(chosen: tuple[str, ...]) -> float:
    """Return the discounted standing cost: each element once, 900 million for the radar with a stated cost."""
    written = written_by_hand()
    costs = written.costs
    assert costs is not None
    rate, years = float(costs.discount_rate), int(float(costs.years))
    worth = sum(1.0 / (1.0 + rate) ** year for year in range(1, years + 1))
    paid = elements_of(tuple(name for name in chosen if name != "brdy"))
    total = 900.0 if "brdy" in chosen else 0.0
    for name in paid:
        item = written.elements[name]
        ships = 1.0 if item.ships_per_station is None else float(item.ships_per_station)
        total += ships * (float(item.acquisition_musd or 0.0) + worth * float(item.annual_musd or 0.0))
    return total


SITES = {"deveselu": LAND, "kurecik": ("kurecik",), "brdy": ("brdy",)} | {
    name: ELEMENTS[name] for name in ("incirlik", "aegean", "biscay")
}


def after_losses(chosen: tuple[str, ...], losses: int) -> float:
    standing = elements_of(chosen)
    sites = [set(mine) for mine in SITES.values() if set(mine) & standing]
    return min(
        share(standing - set().union(*lost), "population")
        for lost in itertools.combinations(sites, min(losses, len(sites)))
    )


def every_set(budget: float, most: int = 7, names: tuple[str, ...] = tuple(ELEMENTS)) -> list[tuple[str, ...]]:
    return [
        chosen
        for count in range(min(most, len(names)) + 1)
        for chosen in itertools.combinations(names, count)
        if not ("incirlik" in chosen and "kurecik" not in chosen)
        and not ("aegean" in chosen and "biscay" in chosen)
        and cost_of(chosen) <= budget + 1e-6
    ]


def place_of(chosen: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(list(ELEMENTS).index(name) for name in chosen)


def best_of(worth: dict[tuple[str, ...], float]) -> tuple[str, ...]:
    best = max(worth.values())
    good = [chosen for chosen, value in worth.items() if value >= best - 1e-9]
    least = min(cost_of(chosen) for chosen in good)
    return min((chosen for chosen in good if cost_of(chosen) <= least + 1e-6), key=place_of)


@pytest.mark.parametrize(
    ("objective", "budget", "extra"),
    [
        ("population", 3500.0, {}),
        ("population", 12000.0, {}),
        ("area", 6000.0, {}),
        ("worst_nation", 30000.0, {}),
        ("population", 30000.0, {"most": 2}),
        ("worst_loss", 12000.0, {"losses": 1}),
        ("worst_loss", 30000.0, {"losses": 2}),
    ],
)
def test_the_best_mix_is_that_of_coverages_of_every_file(objective: str, budget: float, extra: dict[str, int]) -> None:
    found = api.optimise(scenario(), BASE, budget, objective=objective, near=0.1, points=points(), **extra)  # type: ignore[arg-type]

    def worth(chosen: tuple[str, ...]) -> float:
        if objective == "worst_loss":
            return after_losses(chosen, extra["losses"])
        return share(elements_of(chosen), objective)

    values = {chosen: worth(chosen) for chosen in every_set(budget, extra.get("most", 7))}
    best = best_of(values)
    mix = found.budgets[0]
    assert mix.chosen == best
    assert mix.value == pytest.approx(values[best], abs=1e-12)
    assert mix.value_full == pytest.approx(values[best], abs=1e-12)
    assert mix.cost_musd == pytest.approx(cost_of(best), rel=1e-9)
    assert mix.exact
    assert found.subset is None
    near = [chosen for chosen, value in values.items() if value >= 0.9 * values[best] - 1e-9]
    least = [chosen for chosen in near if not any(set(other) < set(chosen) for other in near)]
    assert mix.near.sets == tuple(sorted(least, key=lambda one: (round(cost_of(one), 6), place_of(one))))[:20]
    assert mix.near.total == len(least)
    assert set(mix.near.must) == set.intersection(*map(set, least))
    assert set(mix.near.never) == set(ELEMENTS) - set().union(*least)
    land = {one: value for one, value in values.items() if not {"aegean", "biscay"} & set(one)}
    sea = {one: value for one, value in values.items() if not {"deveselu", "deveselu-forward", "incirlik"} & set(one)}
    assert (mix.land.chosen, mix.sea.chosen) == (best_of(land), best_of(sea))
    ends = max(land.values()), max(sea.values())
    assert mix.mix_dominates == (values[best] > max(ends) + 1e-9)


def test_more_shots_required_are_judged_by_every_set() -> None:
    base = scenario().architectures[BASE]
    two = replace(base, doctrine={**base.doctrine, "shots_required": Cited(2.0)})
    asked = replace(scenario(), architectures=MappingProxyType({**scenario().architectures, BASE: two}))
    mix = api.optimise(asked, BASE, 30000.0, points=points()).budgets[0]
    values = {chosen: share(elements_of(chosen), "population", 2) for chosen in every_set(30000.0)}
    assert mix.chosen == best_of(values)
    assert mix.value == pytest.approx(max(values.values()), abs=1e-12)
    assert 0.0 < max(values.values()) < max(share(elements_of(one), "population") for one in values)


def test_a_budget_of_nothing_buys_nothing_and_one_without_end_everything_that_helps() -> None:
    found = api.optimise(scenario(), BASE, [0.0, 1e9], points=points())
    assert found.budgets[0].chosen == ()
    assert found.budgets[0].cost_musd == 0.0
    assert found.budgets[0].value == share(frozenset(), "population")
    assert found.budgets[1].value == pytest.approx(max(share(elements_of(one), "population") for one in every_set(1e9)))
    assert any("buys all 7 candidates" in note for note in found.notes)


def test_land_alone_is_searched_on_request() -> None:
    mix = api.optimise(scenario(), BASE, 30000.0, only="sea", points=points()).budgets[0]
    names = ("kurecik", "brdy", "aegean", "biscay")
    values = {chosen: share(elements_of(chosen), "population") for chosen in every_set(30000.0, names=names)}
    assert mix.chosen == best_of(values) == mix.sea.chosen
    assert not mix.mix_dominates


def test_a_mix_that_grows_keeps_what_it_chose_and_faces_the_classes_of_each_year() -> None:
    phases = [(2011, 3000.0), (2015, 5000.0), (2020, 12000.0)]
    found = api.optimise(scenario(), BASE, phases=phases, points=points()).phased
    assert found is not None

    def worth(chosen: tuple[str, ...], year: int) -> float:
        names = headline_threats(scenario())
        kept = [name for name in names if (born := scenario().threats[name].from_) is None or float(born) <= year]
        by_hand = written_by_hand()
        written = replace(
            by_hand.architectures[BASE],
            elements=(*by_hand.architectures[BASE].elements, *sorted(elements_of(chosen))),
        )
        asked = replace(by_hand, architectures=MappingProxyType({**by_hand.architectures, BASE: written}))
        judged = coverage(STORE, asked, BASE, points(), threats=kept, enough=1)
        threatened = judged.threatened.any(axis=1)
        defended = threatened & (judged.defended | ~judged.threatened).all(axis=1)
        return float(points().population[defended].sum() / points().population[threatened].sum())

    sets = [[(one, worth(one, year)) for one in every_set(budget)] for year, budget in phases]
    best = max(
        a[1] + b[1] + c[1]
        for c in sets[2]
        for b in sets[1]
        if set(b[0]) <= set(c[0])
        for a in sets[0]
        if set(a[0]) <= set(b[0])
    )
    assert found.value == pytest.approx(best / 3.0, abs=1e-12)
    assert found.exact
    for (year, budget), phase in zip(phases, found.phases, strict=True):
        assert phase.value == pytest.approx(worth(phase.chosen, year), abs=1e-12)
        assert phase.value_full == pytest.approx(phase.value, abs=1e-12)
        assert phase.cost_musd == pytest.approx(cost_of(phase.chosen), rel=1e-9)
        assert phase.cost_musd <= budget
    for earlier, later in itertools.pairwise(found.phases):
        assert set(earlier.chosen) <= set(later.chosen)


def test_nothing_threatened_has_no_value() -> None:
    far = replace(points(), latitude_deg=-points().latitude_deg)
    found = api.optimise(scenario(), BASE, 5000.0, points=far, threats=["mrbm-2000"])
    assert found.budgets[0].value is None
    assert found.budgets[0].value_full is None
    assert any("nothing in scope is threatened" in note for note in found.notes)


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf"), "much"])
def test_a_budget_below_nothing_or_no_number_is_refused(budget: float | str) -> None:
    with pytest.raises(InputError, match="budget_musd"):
        api.optimise(scenario(), BASE, budget, points=points())


@pytest.mark.parametrize(
    ("name", "edges", "beyond"),
    [
        ("losses", (0, 3), (-1,)),
        ("most", (0, 7, None), (-1,)),
        ("near", (0.0, 1.0), (-1e-9, 1.000001, float("nan"))),
        ("time_limit_s", (0.01,), (0.0, -1.0)),
        ("subset", (1, 1_000_000, None), (0, 1_000_001)),
        ("phases", (((2030, 0.0), (2031, 0.0)), ()), (((2030, 1.0), (2030, 2.0)), ((2031, 2.0), (2030, 2.0)))),
        ("phases", (((2030, 1.0), (2031, 2.0)),), (((2030, 2.0), (2031, 1.0)),)),
    ],
)
def test_what_is_asked_is_taken_up_to_the_edge_and_refused_by_name_beyond(name: str, edges: Any, beyond: Any) -> None:
    asked = MixAsked((0.0,))
    for value in edges:
        assert _checked(replace(asked, **{name: value})) == ("population", "population")
    for value in beyond:
        with pytest.raises(InputError, match=f"^{name}: "):
            _checked(replace(asked, **{name: value}))


def test_a_budget_or_phases_are_asked_for_and_one_set_of_points() -> None:
    with pytest.raises(InputError, match="one budget or more"):
        _checked(MixAsked())
    assert _checked(MixAsked(phases=((2030, 5.0),), value="area")) == ("area", "area")
    assert _checked(MixAsked((1.0,), objective="worst_loss", value="area")) == ("worst_loss", "area")
    with pytest.raises(InputError, match="one of the two"):
        _checked(MixAsked((1.0,), subset=5, all_points=True))
    assert _checked(MixAsked((1.0,), all_points=True)) == ("population", "population")


def test_a_candidate_with_a_radar_without_a_cost_is_refused_by_name() -> None:
    bare = replace(scenario().elements["kurecik"], acquisition_musd=None, annual_musd=None)
    asked = replace(scenario(), elements=MappingProxyType({**scenario().elements, "kurecik": bare}))
    with pytest.raises(InputError, match=r"candidates\.deveselu-forward: the radar 'kurecik' has no cost"):
        api.optimise(asked, BASE, 100.0, points=points())


def test_62_candidates_are_told_apart_and_no_more() -> None:
    """Each of them brings the same radar, which is paid once."""
    radar, base = scenario().candidates["kurecik"], scenario().architecture(BASE)
    asked = replace(scenario(), candidates=MappingProxyType({f"c{place}": radar for place in range(62)}))
    found, _ = choices_of(asked, base)
    assert found.names(found.everything) == tuple(f"c{place}" for place in range(62))
    assert found.cost_musd(found.everything) == found.cost_musd(1 << 61) == pytest.approx(cost_of(("kurecik",)))
    asked = replace(asked, candidates=MappingProxyType({**asked.candidates, "c62": radar}))
    with pytest.raises(InputError, match="63 were given, and 62 is the most"):
        choices_of(asked, base)


def test_candidates_are_told_with_what_they_add_where_they_are_based_and_what_they_cost_alone() -> None:
    """One without a cost of its own is charged what its elements cost, those that it shares by whoever brings them."""
    free = replace(scenario().elements["brdy"], acquisition_musd=Cited(0.0), annual_musd=None, basing=None)
    asked = replace(
        scenario(),
        elements=MappingProxyType({**scenario().elements, "brdy": free}),
        candidates=MappingProxyType(
            {
                **scenario().candidates,
                "gift": MixCandidate(elements=("brdy",)),
                "free": MixCandidate(elements=("brdy",), cost_musd=Cited(0.0)),
            }
        ),
    )
    found, _ = choices_of(asked, asked.architecture(BASE), most=3)
    terms = {item.name: item for item in found.candidates}
    assert {name: item.stated for name, item in terms.items()} == {
        **dict.fromkeys(ELEMENTS, False), "brdy": True, "gift": False, "free": True,
    }  # fmt: skip
    assert {name: sorted(item.batteries) for name, item in terms.items()} == {
        "deveselu": ["land"], "deveselu-forward": ["land"], "incirlik": ["land"], "kurecik": [], "brdy": [],
        "aegean": ["sea"], "biscay": ["sea"], "gift": [], "free": [],
    }  # fmt: skip
    assert [terms[name].basing for name in ("deveselu", "aegean", "gift")] == ["land", "sea", None]
    assert terms["deveselu-forward"].elements == ("kurecik", *LAND)
    assert set(terms["deveselu-forward"].added) == {"kurecik", *LAND}
    for name in ELEMENTS:
        assert terms[name].cost_musd == pytest.approx(cost_of((name,)), rel=1e-12)
        assert terms[name].as_json()["cost_musd"] == terms[name].cost_musd
    assert (terms["gift"].cost_musd, terms["free"].cost_musd) == (0.0, 0.0)
    assert all(charge > 0.0 for _, charge in found.charges)
    place = {name: at for at, name in enumerate(terms)}
    assert found.needs[place["incirlik"]] == 1 << place["kurecik"]
    assert found.rivals[place["aegean"]] == 1 << place["biscay"]
    assert found.rivals[place["biscay"]] == 1 << place["aegean"]
    assert (found.most, len(found)) == (3, 9)
    assert not found.is_allowed(0b1111)
    assert found.is_allowed(0b1011)
    assert not found.is_allowed(1 << place["incirlik"])
    assert not found.is_allowed(1 << place["aegean"] | 1 << place["biscay"])


def test_a_scenario_without_candidates_is_refused() -> None:
    asked = replace(scenario(), candidates=MappingProxyType({}))
    with pytest.raises(InputError, match="no `candidates`"):
        api.optimise(asked, BASE, 100.0, points=points())


def test_what_stands_anyway_is_not_paid_for_and_said() -> None:
    written = scenario().architectures[BASE]
    with_radar = replace(written, elements=(*written.elements, "kurecik"))
    asked = replace(scenario(), architectures=MappingProxyType({**scenario().architectures, BASE: with_radar}))
    found = api.optimise(asked, BASE, 5000.0, points=points())
    assert next(item.cost_musd for item in found.candidates if item.name == "kurecik") == 0.0
    assert any("kurecik stands in mix-base anyway" in note for note in found.notes)


def test_the_command_prints_the_keys_of_its_contract(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "points.csv"
    rows = [f"{lat},{lon},{int(people)}" for lat, lon, people in zip(*_columns(), strict=True)]
    file.write_text("lat,lon,population\n" + "\n".join(rows[::10]) + "\n")
    options = ["--budget-musd", "5000", "--budget-musd", "0", "--points", str(file), "--json"]
    assert main(["optimise", "nato-europe", "--architecture", BASE, *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"version", "scenario", "scenario_sha256", "seed", "candidates", "budgets", "subset"} <= answer.keys()
    assert answer["candidates"][0].keys() == {"name", "elements", "basing", "cost_musd"}
    for item in answer["budgets"]:
        assert item.keys() == {
            *("budget_musd", "value", "value_full", "bound", "gap", "exact", "chosen", "cost_musd"),
            *("near_optimal", "land_only", "sea_only", "mix_dominates", "after_worst_loss"),
        }
        assert {"must", "never", "alternatives", "alternatives_total"} <= item["near_optimal"].keys()
        assert item["land_only"].keys() == item["sea_only"].keys()
        assert item["land_only"].keys() == {"value", "cost_musd", "chosen", "after_worst_loss"}
    assert main(["optimise", "nato-europe", "--architecture", BASE, "--budget-musd=-1"]) == 1
    assert "budget_musd" in capsys.readouterr().err
    assert main(["optimise", "nato-europe", "--architecture", BASE]) == 2
    assert "--budget-musd" in capsys.readouterr().err


def test_what_a_loss_leaves_is_that_of_coverages_without_each_site() -> None:
    mix = api.optimise(scenario(), BASE, 12000.0, points=points()).budgets[0]
    assert mix.after_loss == pytest.approx(after_losses(mix.chosen, 1), abs=1e-12)
    assert mix.land.after_loss == pytest.approx(after_losses(mix.land.chosen, 1), abs=1e-12)
    assert mix.after_loss != mix.value


def _columns() -> tuple[Any, Any, Any]:
    return points().latitude_deg, points().longitude_deg, points().population


def _written(folder: Any) -> str:
    file = folder / "points.csv"
    rows = [f"{lat},{lon},{int(people)}" for lat, lon, people in zip(*_columns(), strict=True)]
    file.write_text("lat,lon,population\n" + "\n".join(rows[::4]) + "\n")
    return str(file)


def test_phases_and_losses_of_all_the_bundled_candidates_are_proven(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    points = _written(tmp_path)
    phases = ["--phase", "2011=3000", "--phase", "2015=8000", "--phase", "2018=12000"]
    command = ["optimise", "nato-europe", "--architecture", BASE, "--points", points]
    assert main([*command, *phases, "--json"]) == 0
    phased = json.loads(capsys.readouterr().out)["phased"]
    assert phased.keys() == {"value", "bound", "gap", "exact", "phases"}
    assert phased["exact"]
    assert phased["gap"] <= 1e-6
    values = [phase["value"] for phase in phased["phases"]]
    assert phased["value"] == pytest.approx(sum(values) / 3.0, abs=1e-12)
    for phase in phased["phases"]:
        assert phase["value"] == pytest.approx(phase["value_full"], abs=1e-12)  # learned, and from the judge of flights
        assert phase["cost_musd"] <= phase["budget_musd"]
    for earlier, later in itertools.pairwise(phased["phases"]):
        assert set(earlier["chosen"]) <= set(later["chosen"])
    assert main([*command, *phases]) == 0
    assert "the mean over the phases is proven the best" in capsys.readouterr().out
    lost = ["--objective", "worst_loss", "--budget-musd", "12000", "--json"]
    assert main([*command, *lost]) == 0
    (mix,) = json.loads(capsys.readouterr().out)["budgets"]
    assert mix["exact"]
    assert mix["near_optimal"]["alternatives_exact"]
    assert mix["value"] == pytest.approx(mix["value_full"], abs=1e-12)
    assert any(set(names) <= set(mix["chosen"]) for names in mix["near_optimal"]["alternatives"])


def test_objectives_beside_are_those_asked_for_alone() -> None:
    scenario = load_scenario("nato-europe")
    everywhere = aim_points(scenario)
    some = everywhere.subset(np.arange(0, len(everywhere), 61))
    asked = MixAsked(budgets_musd=(8000.0, 20000.0), points=some, subset=64, also=("worst_loss", "worst_nation"))
    told = optimise(STORE, scenario, BASE, asked, WorkAsked())
    assert isinstance(told, MixAnswer)
    for objective in ("worst_loss", "worst_nation"):
        alone = optimise(STORE, scenario, BASE, replace(asked, also=(), objective=objective), WorkAsked())
        assert isinstance(alone, MixAnswer)
        judged = objective == "worst_nation"  # what losses leave is not judged again where it stands beside
        wanted = alone.budgets if judged else tuple(replace(mix, value_full=None) for mix in alone.budgets)
        assert told.beside[objective] == wanted
    for basing in ("land", "sea"):
        all_of_it = replace(asked, budgets_musd=(1e9,), only=basing, objective="worst_nation", also=())
        everything = optimise(STORE, scenario, BASE, all_of_it, WorkAsked())
        assert isinstance(everything, MixAnswer)
        assert bool(told.out_of_reach[basing]) == (everything.budgets[0].value == 0.0)
