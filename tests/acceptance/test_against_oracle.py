"""The package against the oracle: an independent, brute-force build of the model page, on seeded random cases.

Tolerances are those of the model page (``oracle.edges``, ``oracle.campaign``). The first seeds run with the
quick tests, the rest with all; ``python -m oracle.campaign`` runs as many as one likes.
"""

import itertools
from pathlib import Path

import pytest

import oracle
from hoplon import api
from oracle import campaign, cases, edges

QUICK_ENGAGEMENTS, ENGAGEMENTS = 20, 180
QUICK_COVERAGES, COVERAGES = 6, 36
QUICK_FLIGHTS, FLIGHTS = 60, 360
QUICK_FLYOUTS, FLYOUTS = 60, 1060
BATCHES = 5
MOST_EDGES = 0.1  # share of cases that a hair may decide: more would hide an error


def batches(quick, last):
    """Return (first, last) seeds of the batches: one quick one, the others marked slow."""
    edges_of = [quick + (last - quick) * i // BATCHES for i in range(BATCHES + 1)]
    rest = [pytest.param(*pair, marks=pytest.mark.slow) for pair in itertools.pairwise(edges_of)]
    return [(0, quick), *rest]


def differences(kind, first, last, folder):
    """Return every difference of a batch as text, and the share of cases on an edge."""
    results = {seed: campaign.KINDS[kind](seed, folder) for seed in range(first, last)}
    edge = sum(bool(found[1]) for found in results.values()) / len(results)
    return [f"{kind} {seed}: {text}" for seed, found in results.items() for text in found[0]], edge


def most_edges(first, last):
    """Return the share of cases that may lie on an edge: a tenth, and one case of a batch of few."""
    return max(MOST_EDGES, 1.5 / (last - first))


@pytest.mark.parametrize(("first", "last"), batches(QUICK_FLIGHTS, FLIGHTS))
def test_flights_agree(first, last, tmp_path):
    assert differences("flight", first, last, tmp_path)[0] == []


@pytest.mark.parametrize(("first", "last"), batches(QUICK_FLYOUTS, FLYOUTS))
def test_fly_outs_agree(first, last, tmp_path):
    found, edge = differences("flyout", first, last, tmp_path)
    assert found == []
    assert edge < most_edges(first, last)


@pytest.mark.parametrize(("first", "last"), batches(QUICK_ENGAGEMENTS, ENGAGEMENTS))
def test_engagements_agree(first, last, tmp_path):
    found, edge = differences("engage", first, last, tmp_path)
    assert found == []
    assert edge < most_edges(first, last)


@pytest.mark.parametrize(("first", "last"), batches(QUICK_COVERAGES, COVERAGES))
def test_maps_agree_point_by_point(first, last, tmp_path):
    found, edge = differences("coverage", first, last, tmp_path)
    assert found == []
    assert edge < most_edges(first, last)


TOY = Path(api.__file__).parent / "scenario" / "catalogue" / "toy.yaml"
TOY_AIMS = [(44.43, 26.10), (41.01, 28.98), (52.23, 21.01), (41.90, 12.50), (37.98, 23.73), (52.52, 13.40)]


@pytest.mark.parametrize("architecture", ["slow", "fast", "fast-organic", "fast-remote"])
@pytest.mark.parametrize("threat", ["mrbm", "irbm"])
def test_the_toy_scenario_agrees(architecture, threat):
    scenario, bundled = oracle.load(TOY), api.load("toy")
    for area in scenario["launch_areas"]:
        for aim in TOY_AIMS:
            case = cases.EngageCase(0, "", architecture, area, aim, threat, 0.0)
            answer = api.engage(bundled, architecture, area, aim, threat).as_json()
            assert edges.differences(scenario, case, answer) == ([], []), (area, aim)
