"""The commands stability, adapt and threat --pace: keys, refusals, tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hoplon.cli import main
from unit.test_adaptivity import loaded, written

SMALL = str(Path(__file__).parents[1] / "data" / "small.yaml")
PROVENANCE = {"version", "scenario", "scenario_sha256", "seed"}


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(list(words))
    except SystemExit as end:
        status = int(end.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    status, out, _ = run(capsys, *words, "--json")
    assert status == 0
    answer: dict[str, Any] = json.loads(out)
    return answer


@pytest.fixture
def plan(tmp_path: Path) -> str:
    loaded(written(), tmp_path)
    return str(tmp_path / "waiting.yaml")


def test_stability_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "stability", SMALL, "--architecture", "whole", "--speed-km-s", "4", "--speed-km-s", "3")
    assert set(answer) == PROVENANCE | {
        *("architecture", "trajectories", "stated", "speeds", "first_speed_km_s", "engaged", "binding", "explanations")
    }
    assert [set(item) for item in answer["trajectories"]] == [{"name", "flight_time_s", "threat"}]
    assert [row["burnout_speed_km_s"] for row in answer["speeds"]] == [3.0, 4.0]
    assert all(set(row) == {"burnout_speed_km_s", "judged", "kinematic"} for row in answer["speeds"])
    assert all(
        set(row[view]) == {"share", "trajectories"} for row in answer["speeds"] for view in ("judged", "kinematic")
    )
    assert all(set(share) == {"share", "low", "high", "trajectories"} for share in answer["stated"].values())
    assert set(answer["first_speed_km_s"]) == {"judged", "kinematic"}
    both = answered(
        capsys, "stability", SMALL, "--architecture", "whole", "--architecture", "alone", "--speed-km-s", "4"
    )
    assert set(both["architectures"]) == {"whole", "alone"}
    assert both["architectures"]["whole"]["speeds"] == answer["speeds"][1:]


def test_stability_refuses_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "stability", "toy", "--architecture", "shield")[0] == 1
    assert "no strategic trajectories" in run(capsys, "stability", "toy")[2]
    assert "questions.Q12 names none" in run(capsys, "stability", SMALL)[2]
    status, out, err = run(capsys, "stability", SMALL, "--architecture", "whole", "--trajectory", "nort")
    assert (status, out) == (1, "")
    assert "did you mean 'north'" in err
    assert run(capsys, "stability", SMALL, "--architecture", "whole", "--speed-km-s", "fast")[0] == 2


def test_stability_says_both_views_to_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "stability", SMALL, "--architecture", "whole", "--speed-km-s", "4")
    assert status == 0
    assert "engaged, judged" in out
    assert "least burnout speed with any engaged" in out


def test_adapt_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str], plan: str) -> None:
    answer = answered(
        capsys, "adapt", plan, "--wait-years", "2", "--pace", "fast", "--surprise", "sooner", "--moves", "1"
    )
    keys = {"plan", "horizon", "value", "subset", "waiting", "response", "planned", "as_deployed"}
    assert set(answer) == PROVENANCE | keys
    assert answer["plan"] == [{"architecture": "one", "year": 2011}, {"architecture": "two", "year": 2015}]
    assert [(row["pace"], row["surprise"], row["wait_years"]) for row in answer["waiting"]] == [
        ("fast", None, 2),
        ("fast", "sooner", 2),
    ]
    assert set(answer["waiting"][0]) == {
        *("pace", "surprise", "wait_years", "exposure_million_person_years", "regret_million_person_years"),
        *("saving_musd", "usd_per_person_year"),
    }
    assert {len(row["moves"]) for row in answer["response"]} <= {0, 1}
    assert set(answer["response"][0]) == {"surprise", "pace", "days", "value", "moves", "cost_musd"}
    assert set(answer["as_deployed"]) == {"sooner"}


def test_adapt_refuses_a_plan_whose_years_fall(capsys: pytest.CaptureFixture[str], plan: str) -> None:
    status, out, err = run(capsys, "adapt", plan, "--architecture", "two", "--architecture", "one")
    assert (status, out) == (1, "")
    assert "architectures.one: year 2011 does not come after 2015 of two" in err
    assert run(capsys, "adapt", plan, "--wait-years", "1.5")[0] == 2
    assert run(capsys, "adapt", plan, "--wait-years", "-1")[0] == 2


def test_threat_says_one_pace_where_one_is_asked_for(capsys: pytest.CaptureFixture[str], plan: str) -> None:
    assert set(answered(capsys, "threat", plan)["paces"]) == {"slow", "base", "fast"}
    answer = answered(capsys, "threat", plan, "--pace", "fast", "--threat", "long")
    assert set(answer["paces"]) == {"fast"}
    years = answer["paces"]["fast"]["years"]
    assert [row["year"] for row in years if row["classes"] == ["long"]] == list(range(2012, 2018))
    assert (years[0]["year"], years[0]["classes"]) == (2011, [])
    status, _, err = run(capsys, "threat", plan, "--pace", "fats")
    assert status == 2
    assert "did you mean 'fast'" in err
