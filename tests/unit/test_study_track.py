"""The command track and its record: never is an answer, losing a radar takes its looks away, bad input is refused."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from hoplon.analysis.track import TrackAnswer, track
from hoplon.cli.parser import parse
from hoplon.cli.track import FUSIONS, answer_track
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario
from hoplon.sensing import quality

AIM = (44.43, 26.10)


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return load_scenario("toy")


def asked(toy: Scenario, architecture: str = "fast-remote", **options: object) -> TrackAnswer:
    return track(toy, architecture, "northwest", AIM, "mrbm", **options)  # type: ignore[arg-type]


def options_of(*arguments: str) -> argparse.Namespace:
    return parse(["track", *arguments])


def test_each_radar_and_the_net_are_answered_for(toy: Scenario) -> None:
    answer = asked(toy)
    assert answer.reachable
    assert not answer.never_seen
    forward = answer.radars["kurecik"]
    assert forward.first_look_s is not None
    assert forward.firm_s is not None
    assert forward.firm_s >= 100.0 + 20.0  # burnout and firm_track_s of the file
    net = answer.net
    assert net is not None
    assert net.firm_s == pytest.approx(forward.firm_s + 2.0)  # network latency of the file
    assert net.samples[-1].looks > forward.samples[-1].looks
    sigmas = [sample.position_sigma_m for sample in net.samples if sample.position_sigma_m is not None]
    assert sigmas[-1] < sigmas[0]
    axes = [sample.impact_ellipse.semi_major_km for sample in net.samples if sample.impact_ellipse is not None]
    assert all(later <= earlier * (1.0 + 1e-9) for earlier, later in pairwise(axes))


def test_one_look_fixes_no_arc(toy: Scenario) -> None:
    samples = [sample for sample in asked(toy, step_s=1.0).radars["kurecik"].samples if sample.looks == 1]
    assert samples
    assert samples[0].position_sigma_m is None
    assert samples[0].impact_ellipse is None


def test_a_lost_radar_looks_no_more(toy: Scenario) -> None:
    whole, cut = asked(toy), asked(toy, lose={"kurecik": 180.0})
    assert cut.radars["kurecik"].track_s[0][1] == 180.0
    assert cut.radars["kurecik"].lost_s == 180.0
    assert cut.radars["kurecik"].samples[-1].looks < whole.radars["kurecik"].samples[-1].looks
    gone = asked(toy, lose={"kurecik": 0.0, "deveselu-radar": 0.0})
    assert gone.never_seen
    assert gone.net is not None
    assert gone.net.first_look_s is None
    assert gone.net.samples == ()
    assert all(candidate.pip_sigma_m is None for candidates in gone.batteries.values() for candidate in candidates)


def test_a_feed_cut_in_flight_is_no_worse_than_none(toy: Scenario) -> None:
    without = asked(toy, lose={"kurecik": 0.0}).net
    assert without is not None
    for time in range(60, 320, 20):
        cut = asked(toy, lose={"kurecik": float(time)}).net
        assert cut is not None
        known = {sample.time_s: sample.position_sigma_m for sample in cut.samples}
        for sample in without.samples:
            if sample.position_sigma_m is not None:
                got = known[sample.time_s]
                assert got is not None
                assert got <= sample.position_sigma_m * (1.0 + 1e-6)


def test_without_a_network_there_is_no_net(toy: Scenario) -> None:
    answer = asked(toy, "fast-organic")
    assert not answer.networked
    assert answer.net is None


def test_an_aim_out_of_reach_is_an_answer(toy: Scenario) -> None:
    answer = track(toy, "fast", "northwest", (60.0, -30.0), "mrbm")
    assert not answer.reachable
    assert answer.reason
    assert json.dumps(answer.as_json())


def test_bad_input_is_refused(toy: Scenario) -> None:
    with pytest.raises(InputError, match="step_s"):
        asked(toy, step_s=0.0)
    with pytest.raises(InputError, match="cannot be lost"):
        asked(toy, lose={"kurecik": math.nan})
    with pytest.raises(UnknownNameError, match="kurecik"):
        asked(toy, lose={"kureci": 100.0})
    with pytest.raises(UnknownNameError, match="central"):
        asked(toy, fusion="centrall")
    blunt = replace(toy.radars["forward-x"], range_sigma_m=Cited(0.0))
    with pytest.raises(InputError, match=r"radars\.forward-x: range_sigma_m"):
        asked(replace(toy, radars={**toy.radars, "forward-x": blunt}))


@pytest.mark.parametrize(
    "matrix", [np.full((6, 6), np.nan), -np.eye(6), np.triu(np.ones((6, 6)))], ids=["nan", "negative", "lopsided"]
)
def test_a_matrix_that_is_no_information_is_refused(matrix: np.ndarray) -> None:
    with pytest.raises(InputError, match="information"):
        quality.inverse_of(matrix)


def test_the_command_offers_every_fusion() -> None:
    assert tuple(quality.FUSIONS) == FUSIONS


def test_the_command_prints_json_and_tables(capsys: pytest.CaptureFixture[str]) -> None:
    given = ("toy", "--architecture", "fast-remote", "--from", "northwest", "--aim", "44.43,26.10", "--threat", "mrbm")
    assert answer_track(options_of(*given, "--lose", "kurecik@200", "--json")) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["from"] == "northwest"
    assert answer["radars"]["kurecik"]["lost_s"] == 200.0
    assert answer["net"]["samples"][-1]["impact_ellipse"]["semi_major_km"] > 0.0
    assert answer["batteries"]["deveselu-fast"][0]["pip_sigma_m"] > 0.0
    assert answer_track(options_of(*given)) == 0
    assert "impact ellipse" in capsys.readouterr().out
    assert answer_track(options_of(*given, "--lose", "kurecik@0", "--lose", "deveselu-radar@0")) == 0
    assert "no sensor ever sees it" in capsys.readouterr().out


@pytest.mark.parametrize("loss", ["kurecik", "kurecik@", "kurecik@soon", "@100", "kurecik@-5"])
def test_a_loss_without_a_time_is_wrong_usage(loss: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("toy", "--architecture", "fast", "--from", "northwest", "--aim", "44.43,26.10", "--threat", "mrbm")
    with pytest.raises(SystemExit):
        options_of(*given, "--lose", loss)
    assert "SENSOR@SECONDS" in capsys.readouterr().err
