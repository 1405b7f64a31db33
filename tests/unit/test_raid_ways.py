"""Groups of a raid that fly lofted, or to an apogee; the doctrine that a raid names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoplon.analysis.engagement import engagement
from hoplon.analysis.raid.setup import set_up
from hoplon.analysis.trajectory import trajectory
from hoplon.cli import main
from hoplon.errors import ScenarioError
from hoplon.flight.arc import IMPACT_TIME, apogee
from hoplon.scenario.load import load_scenario

WAYS = """extends: toy
hoplon: 1
name: ways
threats: {mrbm: {lofts_deg: [0, 12]}}
raids:
  ways:
    doctrine: DOCTRINE
    threats:
      - {threat: mrbm, from: northwest, aim: [44.43, 26.10], count: 2}
      - {threat: mrbm, from: northwest, aim: [44.43, 26.10], count: 1, loft_deg: 12}
      - {threat: mrbm, from: northwest, aim: [44.43, 26.10], count: 1, apogee_km: 900}
      - {threat: mrbm, from: northwest, aim: [44.43, 26.10], count: 1, loft_deg: 31}
"""


def ways(folder: Path, text: str = WAYS, doctrine: str = "share") -> Path:
    file = folder / "ways.yaml"
    file.write_text(text.replace("DOCTRINE", doctrine), encoding="utf-8")
    return file


def test_lofted_groups_and_groups_given_by_their_apogee_fly(tmp_path: Path) -> None:
    scenario = load_scenario(ways(tmp_path))
    setup = set_up(scenario, "fast-remote", "ways")
    assert [flight.loft_deg for flight in setup.flights.flown[:2]] == [0.0, 12.0]
    assert setup.flights.flown[2].apogee_km == 900.0
    assert "does not fly at a loft of 31 degrees" in setup.flights.refused[0]
    plain, lofted, high = setup.flights.elements
    aim = (44.43, 26.10)
    for row, way in ((lofted, {"loft_deg": 12.0}), (high, {"apogee_km": 900.0})):
        alone = engagement(scenario, "fast-remote", "northwest", aim, "mrbm", **way)  # type: ignore[arg-type]
        assert row[IMPACT_TIME] == pytest.approx(alone.flight_time_s, abs=1e-9)
        assert row[IMPACT_TIME] > plain[IMPACT_TIME] + 30.0
    kind, place = scenario.threats["mrbm"], scenario.launch_areas["northwest"].at
    told = trajectory(
        (place.latitude_deg, place.longitude_deg), aim, burn_time_s=float(kind.burn_time_s),
        burnout_altitude_km=float(kind.burnout_altitude_km),
        burnout_ground_range_km=float(kind.burnout_ground_range_km), loft_deg=12.0,
    )  # fmt: skip
    assert apogee(lofted) / 1000 == pytest.approx(told.apogee_km, abs=0.1)
    assert apogee(high) / 1000 == pytest.approx(900.0, abs=0.1)


def test_a_raid_of_lofted_missiles_runs_and_names_its_flights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["raid", str(ways(tmp_path)), "--architecture", "fast-remote", "--raid", "ways", "--replications", "20"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["threats"], found["threats_of_raid"]) == (4, 5)
    assert found["assumed"]["doctrine"]["share"] is True
    assert found["level"] == "base"
    assert "bounds" not in found  # no kill probability of this scenario has bounds


def test_a_group_has_one_way_of_flying(tmp_path: Path) -> None:
    file = ways(tmp_path, WAYS.replace("loft_deg: 12}", "loft_deg: 12, apogee_km: 700}"))
    with pytest.raises(ScenarioError, match=r"ways.yaml:10:.*either `loft_deg` or `apogee_km` was expected, got both"):
        load_scenario(file)


def test_a_doctrine_that_is_none_is_refused_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"ways.yaml:7:15: .*'shere' is no doctrine; did you mean 'share'"):
        load_scenario(ways(tmp_path, doctrine="shere"))


def test_the_raids_doctrine_gives_way_to_the_one_asked_for(tmp_path: Path) -> None:
    scenario = load_scenario(ways(tmp_path, doctrine="salvo-look-salvo"))
    own, asked = (set_up(scenario, "fast", "ways", doctrine=name).doctrine for name in (None, "shoot-look-shoot"))
    assert (own.salvo, own.look, own.share) == (2, True, False)
    assert (asked.salvo, asked.look, asked.share) == (1, True, False)
    assert set_up(scenario, "fast", "four").doctrine.salvo == 1


def test_the_command_gives_bounds_beside_the_interval(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["raid", "nato-europe", "--architecture", "phase-3", "--raid", "bundled", "--replications", "60"]
    answers = {}
    for more in ([], ["--level", "low"], ["--level", "high"], ["--no-bounds"]):
        assert main([*command, *more, "--json"]) == 0
        answers[" ".join(more)] = json.loads(capsys.readouterr().out)
    base, low, high, without = answers.values()
    assert [answer["level"] for answer in answers.values()] == ["base", "low", "high", "base"]
    assert base["bounds"]["leakage"] == {"low": high["leakage"]["mean"], "high": low["leakage"]["mean"]}
    assert base["leakage"] == without["leakage"]
    assert all("bounds" not in answer for answer in (low, high, without))
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "95 % interval of sampling" in printed
    assert "bounds of kill probability" in printed
