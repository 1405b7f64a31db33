"""The command raid: its keys, its refusals, and what it says when there is nothing to shoot at or with."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from hoplon.analysis.raid.setup import compare, raid, set_up
from hoplon.cli import raid as command
from hoplon.cli.parser import parse
from hoplon.errors import HoplonError, InputError, ScenarioError, UnknownNameError, UsageError
from hoplon.scenario.load import load_scenario

TOY = Path(__file__).parents[2] / "src/hoplon/scenario/catalogue/toy.yaml"


def arguments_of(*argv: str) -> argparse.Namespace:
    return parse(["raid", *argv])


def asked(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, dict[str, Any]]:
    code = command.answer_raid(arguments_of(*argv, "--json"))
    return code, json.loads(capsys.readouterr().out)


def scenario_file(folder: Path, **changes: Any) -> str:
    data = yaml.safe_load(TOY.read_text(encoding="utf-8"))
    for path, value in changes.items():
        part = data
        *parents, last = path.split("__")
        for key in parents:
            part = part[key]
        part[last] = value
    file = folder / "changed.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return str(file)


BASE = ("--architecture", "fast", "--raid", "four", "--replications", "400", "--seed", "7")


def test_the_answer_has_the_contract_s_keys_with_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = asked(capsys, "toy", *BASE)
    assert code == 0
    assert found["replications"] == 400
    assert found["seed"] == 7
    for name in ("leakage", "p_no_leaker", "shots_per_threat", "shots_per_kill", "inventory_left"):
        estimate = found[name]
        assert estimate["low"] <= estimate["mean"] <= estimate["high"]
    assert found["inventory_left"]["mean"] == pytest.approx(24 - 4 * found["shots_per_threat"]["mean"])
    assert math.fsum(found["leaker_shares"]) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_answer_and_another_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    first, again = (asked(capsys, "toy", *BASE)[1] for _ in range(2))
    other = asked(capsys, "toy", *BASE[:-1], "8")[1]
    assert first == again
    assert first["leakage"] != other["leakage"]


def test_a_table_is_printed_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.answer_raid(arguments_of("toy", *BASE, "--lose", "kurecik@0")) == 0
    printed = capsys.readouterr().out
    assert "share of threats that leak" in printed
    assert "95 % interval of sampling" in printed


def test_a_lost_link_leaves_what_a_battery_s_own_radar_sees(capsys: pytest.CaptureFixture[str]) -> None:
    whole, torn, own = (
        asked(capsys, "toy", *BASE, "--c2", "mesh", *lost)[1]
        for lost in ((), ("--lose", "deveselu-fast/link@0"), ("--c2", "organic"))
    )
    # A mesh of one battery without its link is that battery on its own, without the alert.
    for name in ("leakage", "shots_per_threat", "inventory_left"):
        assert torn[name] == own[name]
    assert torn["leakage"] != whole["leakage"]


def test_tracks_not_recognised_have_two_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    base = ("nato-europe", "--architecture", "phase-3", "--raid", "spread", "--replications", "60")
    whole, wrong = (asked(capsys, *base, *more)[1] for more in ((), ("--wrong-association", "1")))
    assert whole["track_ambiguity"]["mean"] == 1.0
    assert wrong["assumed"]["conditions"]["wrong_association"] == 1.0
    assert wrong["track_ambiguity"]["low"] > 1.0
    # A second number is a second engagement of the same threat. Magazines that are far from empty afterwards spare the
    # interceptors: nearly twice as many are launched, and no more threats leak than without them.
    assert whole["shots_per_threat"]["high"] < wrong["shots_per_threat"]["low"]
    assert wrong["shots_per_threat"]["mean"] <= 2.0 * whole["shots_per_threat"]["mean"]
    assert wrong["inventory_left"]["low"] > 0.5 * whole["inventory_left"]["mean"]
    assert wrong["leakage"]["mean"] <= whole["leakage"]["mean"]


def test_tracks_not_recognised_cost_threats_where_magazines_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    base = ("nato-europe", "--architecture", "phase-3", "--raid", "saturating", "--replications", "60")
    whole, wrong = (asked(capsys, *base, *more)[1] for more in ((), ("--wrong-association", "1")))
    # The interceptors spent on second numbers are missing for the threats that come later.
    assert wrong["leakage"]["low"] > whole["leakage"]["high"]
    assert wrong["shots_per_threat"]["mean"] > whole["shots_per_threat"]["mean"]
    assert wrong["inventory_left"]["high"] < whole["inventory_left"]["low"]


def test_a_battery_that_falls_back_fights_without_its_hub(capsys: pytest.CaptureFixture[str]) -> None:
    # The hub is lost after it has cued the batteries' own radars, and before it has ordered anything.
    base = ("nato-europe", "--architecture", "phase-3", "--raid", "spread", "--replications", "60", "--c2", "hub")
    lost, fallback = ("--lose", "ramstein@180"), ("--fallback-s", "30")
    waits, fights, whole, waiting = (
        asked(capsys, *base, *more)[1] for more in (lost, (*lost, *fallback), (), fallback)
    )
    assert waits["shots_per_threat"]["mean"] == 0.0
    assert fights["leakage"]["high"] < 1.0
    assert waits["assumed"]["conditions"]["fallback"] is None
    assert fights["assumed"]["conditions"]["fallback"] == 30.0
    assert whole["leakage"] == waiting["leakage"]  # with nothing lost nobody falls back


def test_the_link_of_one_element_repeats_its_messages_alone(capsys: pytest.CaptureFixture[str]) -> None:
    whole = asked(capsys, "toy", *BASE)[1]
    slow = asked(capsys, "toy", *BASE, "--link-availability", "kurecik=0.2")[1]
    other = asked(capsys, "toy", *BASE, "--link-availability", "kurecik=1", "--link-availability", "1")[1]
    assert slow["assumed"]["link_availability_of"] == {"kurecik": 0.2}
    assert slow["track_latency_s"]["low"] > whole["track_latency_s"]["high"]
    assert other["leakage"] == whole["leakage"]
    assert whole["assumed"]["link_availability_of"] == {}


def test_a_salvo_kills_more_and_costs_more(capsys: pytest.CaptureFixture[str]) -> None:
    single = asked(capsys, "toy", *BASE, "--doctrine", "single")[1]
    salvo = asked(capsys, "toy", *BASE, "--doctrine", "salvo-3")[1]
    assert salvo["leakage"]["high"] < single["leakage"]["low"]
    assert salvo["shots_per_threat"]["mean"] == pytest.approx(3.0, abs=0.05)


def test_a_lost_radar_before_the_raid_leaves_the_battery_blind(capsys: pytest.CaptureFixture[str]) -> None:
    lost = asked(capsys, "toy", *BASE, "--lose", "kurecik@0", "--lose", "deveselu-radar@0")[1]
    assert lost["leakage"]["mean"] == 1.0
    assert lost["shots_per_kill"]["mean"] is None
    late = asked(capsys, "toy", *BASE, "--lose", "kurecik@5000")[1]
    assert late["leakage"] == asked(capsys, "toy", *BASE)[1]["leakage"]


def test_an_empty_magazine_is_refused_by_the_scenario_with_its_place(tmp_path: Path) -> None:
    file = scenario_file(tmp_path, **{"elements__deveselu-fast__count": 0})
    with pytest.raises(ScenarioError, match=r"changed.yaml:\d+:\d+: elements.deveselu-fast.count: .* from 1 "):
        command.answer_raid(arguments_of(file, *BASE))


def test_a_raid_out_of_reach_is_an_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    group = {"threat": "mrbm", "from": "northwest", "aim": [51.5, -0.1], "count": 4}
    code, found = asked(capsys, scenario_file(tmp_path, raids__four={"threats": [group]}), *BASE)
    assert code == 1
    assert found["reachable"] is False
    assert "beyond the greatest range of mrbm" in found["refused"][0]
    assert command.answer_raid(arguments_of(str(tmp_path / "changed.yaml"), *BASE)) == 1
    assert "nothing to simulate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "kind", "text"),
    [
        (("--lose", "kurecick@100"), UnknownNameError, "did you mean 'kurecik'"),
        (("--lose", "kurecick/link@100"), UnknownNameError, "did you mean 'kurecik'"),
        (("--link-availability", "kurecick=0.5"), UnknownNameError, "did you mean 'kurecik'"),
        (("--link-availability", "kurecik=1.5"), InputError, "link availability of kurecik: must be from 0 to 1"),
        (("--link-availability", "kurecik=half"), UsageError, "P or ELEMENT=P was expected"),
        (("--link-availability", "0.5", "--link-availability", "0.6"), UsageError, "given twice"),
        (("--lose", "kurecik@-5"), InputError, "before the first launch"),
        (("--lose", "kurecik"), InputError, "ELEMENT@SECONDS"),
        (("--lose", "kurecik@100-50"), InputError, "after the loss at 100 s"),
        (("--replications", "0"), InputError, "from 1 to 2,147,483,648"),
        (("--replications", "-3"), InputError, "from 1 to"),
        (("--replications", "10000000000"), InputError, "from 1 to"),
        (("--seed", "-1"), InputError, "seed from 0"),
        (("--doctrine", "salvoo"), UnknownNameError, "unknown doctrine"),
        (("--c2", "hubb"), UnknownNameError, "did you mean 'hub'"),
        (("--raid", "fourr"), UnknownNameError, "did you mean 'four'"),
        (("--decision-s", "nan"), InputError, "a finite number was expected"),
        (("--decision-s", "1e15"), InputError, "from 0 to 86400 s"),
        (("--until-width", "0"), InputError, "above 0"),
        (("--link-availability", "1.5"), InputError, "link_availability: must be from 0 to 1"),
        (("--link-availability", "nan"), InputError, "link_availability: a finite number"),
    ],
)
def test_bad_input_is_refused_with_remedy(option: tuple[str, ...], kind: type[HoplonError], text: str) -> None:
    with pytest.raises(kind, match=text):
        command.answer_raid(arguments_of("toy", *BASE, *option))


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (("--assessment-error", "1.5"), "must be from 0 to 1, got 1.5"),
        (("--assessment-error", "nan"), "a finite number was expected"),
        (("--wrong-association", "x"), "a number was expected"),
    ],
)
def test_an_option_outside_its_limits_is_wrong_usage(
    option: tuple[str, ...], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments_of("toy", *BASE, *option)
    assert ended.value.code == 2
    assert text in capsys.readouterr().err


def duel(folder: Path, magazine: int) -> str:
    """Write one warhead against one battery that reaches far and looks soon: its magazine alone is the limit."""
    reach = {"reference_range_km": 5000, "reference_rcs_m2": 0.01}
    radar = {
        "band": "X",
        "search": reach,
        "track": reach,
        "max_range_km": 6000,
        "elevation_deg": [0, 90],
        "update_s": 1,
    }
    radar |= {"range_sigma_m": 5, "angle_sigma_mrad": 0.1, "acquisition_s": 2, "cued_acquisition_s": 1}
    quick = {"burnout_speed_km_s": 6, "burn_time_s": 30, "intercept_altitude_km": [5, 1500], "max_flight_time_s": 900}
    quick |= {"min_elevation_deg": 0, "single_shot_kill_probability": 0.7}
    times = {"firm_track_s": 5, "decision_s": 5, "reaction_s": 1, "handover_s": 20, "kill_assessment_s": 2}
    changes: dict[str, Any] = {
        "radars__ship-s": radar,
        "interceptors__exo-45": quick,
        "elements__deveselu-fast__count": magazine,
        "doctrine": {"mode": "engage_on_remote", **times},
        "network__latency_s": 0.0,  # news of a kill that came after the assessment would be a survivor's
        "raids__four__threats": [{"threat": "mrbm", "from": "northwest", "aim": [44.43, 26.10], "count": 1}],
    }
    return scenario_file(folder, **changes)


def shoot_look_shoot(rounds: int, error: float) -> tuple[float, float]:
    """Return the chance that the warhead is left and the expected shots, by going through every outcome.

    A dead warhead taken for a survivor is shot at once more: nothing holds a track at that intercept, so none follows.
    """
    if not rounds:
        return 1.0, 0.0
    after, more = shoot_look_shoot(rounds - 1, error)
    left = 0.3 * ((1.0 - error) * after + error)
    return left, 1.0 + 0.3 * (1.0 - error) * more + (0.7 * error if rounds > 1 else 0.0)


@pytest.mark.parametrize(("rounds", "error"), [(1, 0.0), (2, 0.0), (3, 0.0), (2, 0.05), (3, 0.3)])
def test_shoot_look_shoot_is_exact_for_the_error_of_assessment_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, rounds: int, error: float
) -> None:
    options = ("--replications", "20000", "--seed", "11", "--perfect-sensing", "--assessment-error", str(error))
    found = asked(capsys, duel(tmp_path, rounds), *BASE[:4], *options)[1]
    left, shots = shoot_look_shoot(rounds, error)
    if error == 0.0:  # EFF-13
        assert left == pytest.approx(0.3**rounds)
        assert shots == pytest.approx((1.0 - 0.3**rounds) / 0.7)
    assert found["leakage"]["mean"] == pytest.approx(left, abs=3.3 * math.sqrt(left * (1.0 - left) / 20000))
    assert found["shots_per_threat"]["mean"] == pytest.approx(shots, abs=3.3 * rounds / 2.0 / math.sqrt(20000))


def test_messages_that_get_lost_come_late(capsys: pytest.CaptureFixture[str]) -> None:
    whole, torn = (asked(capsys, "toy", *BASE, "--link-availability", chance)[1] for chance in ("1", "0.02"))
    assert torn["assumed"]["conditions"]["link_availability"] == 0.02
    assert torn["track_latency_s"]["low"] > whole["track_latency_s"]["high"]
    assert torn["launch_slack_s"]["high"] < whole["launch_slack_s"]["low"]


def test_it_stops_when_the_interval_is_as_narrow_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    many = (*BASE[:4], "--replications", "200000", "--until-width", "0.02")
    found = asked(capsys, "toy", *many)[1]
    assert found["leakage"]["high"] - found["leakage"]["low"] <= 0.02
    assert found["replications"] < 200_000


def test_the_log_is_written_with_names(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    command.answer_raid(arguments_of("toy", *BASE, "--log", str(file)))
    capsys.readouterr()
    table = pq.read_table(file).to_pydict()
    assert table["time_us"] == sorted(table["time_us"])
    assert {"kurecik", "hub", "deveselu-fast"} <= set(table["destination_name"])
    assert "launch" in table["kind_name"]


def test_architectures_are_compared_with_common_random_numbers() -> None:
    scenario = load_scenario("toy")
    fast, remote = (set_up(scenario, name, "four") for name in ("fast", "fast-remote"))
    paired = compare(remote, fast, 2000, 3)["leakage"]
    apart = raid(fast, 2000, 3).estimates["leakage"]
    assert paired.mean is not None
    assert paired.width < 1.2 * apart.width
    same = compare(fast, fast, 200, 3)
    assert all(estimate.mean == 0.0 for estimate in same.values())


@pytest.mark.parametrize("c2", ["organic", "hub", "hub_hot", "hub_cold", "regional", "mesh"])
def test_every_information_architecture_answers_for_the_study(c2: str) -> None:
    setup = set_up(load_scenario("nato-europe"), "phase-3", "spread", c2=c2)
    answer = raid(setup, 200, 1)
    assert answer.threats == 8
    assert np.isfinite([answer.estimates["leakage"].low, answer.estimates["leakage"].high]).all()
