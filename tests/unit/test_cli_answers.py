"""Commands hand their options to the library and print its answer; a stand-in plays the library here."""

import csv
import json
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hoplon.analysis.coverage_answer import CoverageAnswer
from hoplon.analysis.threat.assessment import ThreatAssessment, ThreatReach
from hoplon.analysis.trajectory import Trajectory
from hoplon.cli import main
from hoplon.errors import HoplonError
from hoplon.scenario.points_file import read_points

SMALL = str(Path(__file__).parents[1] / "data" / "small.yaml")
VIEW = {
    "population_share": 0.75,
    "area_share": None,
    "nations": {
        "ROU": {
            "population_share": 0.75,
            "threatened_population": 2e7,
            "defended_population": 1.5e7,
            "area_share": float("nan"),
        }
    },
    "worst_nation": "ROU",
    "gini": 0.0,
}
REACH = ThreatReach(2009.0, 2009.0, 2009.0, 700.0, None, "east", "Bucharest", 1.0, 2.0)
POLYGON = {
    "type": "Feature",
    "geometry": {"type": "MultiPolygon", "coordinates": [[[[20.0, 40.0], [21.0, 40.0], [21.0, 41.0], [20.0, 40.0]]]]},
    "properties": {"reason": None, "architecture": "whole", "battery": "shield", "threat": "medium", "from": "east"},
}


class Record:
    """An answer of the library."""

    given = None
    note = ""  # of an engagement
    notes = ()  # of a threat assessment, of a study

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def as_json(self, explain: bool = False) -> dict[str, Any]:
        return {**self.content, "causes": [{"threat": "medium", "cause": "too_low"}]} if explain else self.content


class Covered(CoverageAnswer):
    """A coverage of two points."""

    def as_json(self, explain: bool = False) -> dict[str, Any]:
        views = {"headline": dict.fromkeys(("low", "base", "high"), VIEW), "by_threat": {"medium": VIEW}}
        causes = {"causes": [{"threat": "medium", "cause": "too_low"}]} if explain else {}
        return {"architecture": "whole", **views, **causes}

    def points_table(self) -> list[dict[str, Any]]:
        rows = [{"lat": 44.43, "lon": 26.1}, {"lat": 50.0, "lon": 10.0}]
        return [
            {**row, "threatened": True, "defended": place == 0, "shots_min": place} for place, row in enumerate(rows)
        ]


ENGAGEMENT = {
    "architecture": "whole",
    "from": "east",
    "threat": "medium",
    "reachable": True,
    "reason": None,
    "flight_time_s": 700.2,
    "radars": {"eye": {"cue_s": 65.0, "track_s": [[70.0, 400.0]]}},
    "batteries": {
        "shield": {
            "commit_s": 130.0,
            "shots": 1,
            "intercepts": [{"launch_s": 140.0, "intercept_s": 390.0, "altitude_km": 200.0, "ground_range_km": 400.0}],
            "last_intercept_s": 450.0,
            "margin_s": 61.0,
            "margin_km": 250.0,
            "cause": None,
            "explanation": "first intercept at 390 s; a release up to 61 s later would still do",
        }
    },
    "defended": True,
}
FLOWN = Trajectory(True, None, 2500.0, 900.0, 4.0, 40.0, 600.0, 300.0, np.array([[0.0, 1.0, 2.0, 3.0]]))
AREA = Record({**POLYGON, "area_km2": 12345.6})
ANSWERS: dict[str, Any] = {
    "hoplon.analysis.trajectory.trajectory": FLOWN,
    "hoplon.analysis.trajectory.flyout": 123.4,
    "hoplon.analysis.engagement.engagement": Record(ENGAGEMENT),
    "hoplon.analysis.footprints.footprint.footprint": AREA,
    "hoplon.analysis.footprints.footprint.denied": AREA,
    "hoplon.analysis.threat.assessment.assess": ThreatAssessment("small", "0", 2010, {"ROU": {"medium": REACH}}),
    "hoplon.api.study": Record(
        {
            "paths": {"report": "study/report.html", "tables": ["study/tables/a.csv", "study/tables/b.csv"]},
            "headline": [{"architecture": "whole", "year": 2013, "population_share": 0.5}],
        }
    ),
}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Replace what computes by a stand-in and return the calls made of it."""
    made: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def coverage(*args: Any, **options: Any) -> Covered:
        made.append((args, options))
        return Covered(args[1], {}, (), (), None if options["points"] is None else read_points(options["points"]))

    for name, content in ANSWERS.items():

        def function(*args: Any, content: Any = content, **options: Any) -> Any:
            made.append((args, options))
            if "progress" in options:
                options["progress"](1, 2, "working")
            return content

        monkeypatch.setattr(name, function)
    monkeypatch.setattr("hoplon.analysis.coverage_answer.coverage_answer", coverage)
    return made


Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]
ENGAGE = ["engage", SMALL, "--architecture", "whole", "--from", "east", "--aim", "44.43,26.10", "--threat", "medium"]


def printed_json(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def test_engage_hands_over_names_and_prints_the_answer(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    shown = printed_json(capsys, [*ENGAGE, "--loft-deg", "-5", "--year", "2014"])
    (scenario, *names), options = calls[0]
    assert scenario.name == "small"
    assert names == ["whole", "east", (44.43, 26.10), "medium"]
    assert options == {"loft_deg": -5.0, "year": 2014, "drag": False, "apogee_km": None}
    assert shown["radars"] == {"eye": {"cue_s": 65.0, "track_s": [[70.0, 400.0]]}}
    assert (shown["scenario"], shown["seed"]) == ("small", None)


def test_engage_in_words(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    assert main(ENGAGE) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["medium from east to 44.43,26.1, against whole", "flight time 700 s", "DEFENDED"]
    cells = "shield 130 1 at 390 s, 200 km high, 400 km away 450 61 250"
    assert cells in [" ".join(line.split()) for line in lines]
    assert lines[-1] == "shield: first intercept at 390 s; a release up to 61 s later would still do"


@pytest.mark.parametrize(
    ("option", "wrong", "message"),
    [
        ("whole", "hole", "unknown architecture 'hole'; did you mean 'whole'?"),
        ("east", "eats", "unknown launch area 'eats'; did you mean 'east'?"),
        ("medium", "mediun", "unknown threat 'mediun'; did you mean 'medium'?"),
    ],
)
def test_an_unknown_name_ends_with_one_before_any_work(
    capsys: pytest.CaptureFixture[str], calls: Calls, option: str, wrong: str, message: str
) -> None:
    assert main([wrong if argument == option else argument for argument in ENGAGE]) == 1
    printed = capsys.readouterr()
    assert (printed.out, calls) == ("", [])
    assert message in printed.err


def test_a_trajectory_of_a_class_takes_its_numbers_and_its_reach(
    capsys: pytest.CaptureFixture[str], calls: Calls
) -> None:
    command = ["trajectory", "--launch", "35,50", "--aim", "-44.43,26.10", "--scenario", SMALL, "--threat", "medium"]
    shown = printed_json(capsys, command)
    assert calls[0][0] == ((35.0, 50.0), (-44.43, 26.10))
    assert calls[0][1] == {
        "burn_time_s": 100.0,
        "burnout_altitude_km": 90.0,
        "burnout_ground_range_km": 90.0,
        "loft_deg": 0.0,
        "apogee_km": None,
        "step_s": 10.0,
    }
    assert shown["reachable"] is False  # the stand-in says 2,500 km, the class reaches 2,000
    assert shown["reason"] == "2500 km is outside the reach of the class, 600 to 2000 km"


def test_a_trajectory_of_own_numbers_uses_no_scenario(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    numbers = ["--burn-time-s", "60", "--burnout-altitude-km", "40", "--burnout-ground-range-km", "30"]
    shown = printed_json(capsys, ["trajectory", "--launch", "35,50", "--aim", "44,26", *numbers])
    assert "scenario" not in shown
    assert calls[0][1]["burn_time_s"] == 60.0


def test_flyout_prints_the_time(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    numbers = ["--burnout-speed-km-s", "3", "--burn-time-s", "60", "--ground-range-km", "300", "--altitude-km", "100"]
    shown = printed_json(capsys, ["flyout", *numbers])
    assert shown["time_s"] == 123.4
    assert calls[0][1]["min_elevation_deg"] == 15.0
    assert calls[0][1]["min_burnout_speed_km_s"] == 1.0


def test_a_flight_is_given_by_its_loft_or_by_its_apogee(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    numbers = ["--burn-time-s", "60", "--burnout-altitude-km", "40", "--burnout-ground-range-km", "30"]
    flight = ["trajectory", "--launch", "35,50", "--aim", "44,26", *numbers]
    printed_json(capsys, [*flight, "--apogee-km", "900"])
    assert calls[0][1]["apogee_km"] == 900.0
    assert main([*flight, "--apogee-km", "900", "--loft-deg", "5"]) == 2
    assert "not allowed with" in capsys.readouterr().err


def test_coverage_writes_the_points_as_given_with_their_results(
    capsys: pytest.CaptureFixture[str], calls: Calls, tmp_path: Path
) -> None:
    points, results = tmp_path / "in.csv", tmp_path / "out.csv"
    points.write_text("name,lat,lon\nBucharest,44.430,26.10\nErfurt,50,10\n")
    command = ["coverage", SMALL, "--architecture", "whole", "--threat", "medium", "--from", "east", "--explain"]
    shown = printed_json(capsys, [*command, "--points", str(points), "--points-out", str(results)])
    (_, scenario, architecture), options = calls[0]
    assert (scenario.name, architecture) == ("small", "whole")
    assert (options["threats"], options["areas"], options["year"], options["explain"]) == (
        ("medium",),
        ("east",),
        None,
        True,
    )
    assert options["points"] == str(points)
    assert shown["causes"] == [{"threat": "medium", "cause": "too_low"}]
    assert shown["headline"]["base"]["nations"]["ROU"]["area_share"] is None  # not a number is no JSON
    with results.open() as stream:
        assert list(csv.reader(stream)) == [
            ["name", "lat", "lon", "threatened", "defended", "shots_min"],
            ["Bucharest", "44.430", "26.10", "true", "true", "0"],
            ["Erfurt", "50", "10", "true", "false", "1"],
        ]


def test_coverage_in_words(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    assert main(["coverage", SMALL, "--architecture", "whole"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["headline", "classes", "75.0", "%", "75.0", "%", "to", "75.0", "%", "-"]
    assert lines[-1].split() == ["ROU", "20.00", "15.00", "75.0", "%", "-"]
    assert calls[0][1]["points"] is None


def test_a_results_file_in_no_folder_is_refused_before_any_work(
    capsys: pytest.CaptureFixture[str], calls: Calls, tmp_path: Path
) -> None:
    out = tmp_path / "no" / "out.csv"
    assert main(["coverage", SMALL, "--architecture", "whole", "--points-out", str(out)]) == 1
    assert calls == []
    assert f"{out}: there is no folder" in capsys.readouterr().err


def test_a_footprint_wants_a_battery_of_the_architecture(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    command = ["footprint", SMALL, "--architecture", "whole", "--threat", "medium", "--from", "east", "--battery"]
    assert printed_json(capsys, [*command, "shield"])["area_km2"] == 12345.6
    assert main([*command, "shielt"]) == 1
    assert "unknown battery of whole 'shielt'; did you mean 'shield'?" in capsys.readouterr().err


def test_a_footprint_in_words(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    command = ["footprint", SMALL, "--architecture", "whole", "--threat", "medium", "--from", "east"]
    assert main([*command, "--battery", "shield"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "shield defends against medium from east: 12,346 km2",
        "--json prints the outline as GeoJSON.",
    ]


def test_denied_and_threat_print_their_answers(capsys: pytest.CaptureFixture[str], calls: Calls) -> None:
    denied = ["denied", SMALL, "--architecture", "whole", "--aim", "44.43,26.10", "--threat", "medium"]
    assert printed_json(capsys, denied)["area_km2"] == 12345.6
    assert main(["threat", SMALL, "--year", "2010"]) == 0
    assert calls[1][0][1] == 2010
    assert capsys.readouterr().out.splitlines()[1].split() == ["ROU", "medium", "2009", "700", "-"]


def test_a_threat_that_reaches_nobody_is_told_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "far.yaml"
    file.write_text("extends: toy\nhoplon: 1\nname: far\nnations: [NZL]\n")
    assert main(["threat", str(file)]) == 0
    assert capsys.readouterr().out == "far: 0 of 1 nations within reach\n"


def test_study_reports_progress_on_standard_error(
    capsys: pytest.CaptureFixture[str], calls: Calls, tmp_path: Path
) -> None:
    assert main(["study", SMALL, "-o", str(tmp_path / "study"), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["paths"]["report"] == "study/report.html"
    assert "1/2" in printed.err
    assert "working" in printed.err


def test_study_in_words(capsys: pytest.CaptureFixture[str], calls: Calls, tmp_path: Path) -> None:
    assert main(["study", SMALL, "-o", str(tmp_path / "study")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "architecture  year  population_share",
        "whole         2013            50.0 %",
        "",
        "report: study/report.html",
        "tables: 2 files in study/tables",
    ]


def test_an_interrupt_is_clean(
    capsys: pytest.CaptureFixture[str], calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hoplon.analysis.engagement.engagement", interrupted)
    assert main(ENGAGE) == 130
    assert capsys.readouterr().err == "hoplon: interrupted\n"


@pytest.mark.parametrize("interrupt", [signal.default_int_handler, signal.SIG_IGN])
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_what_ends_a_command_leaves_time_to_clean_up(
    name: str, code: int, interrupt: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number, cleaned = signal.Signals[name], []

    def ended(*args: Any, **options: Any) -> None:
        try:
            signal.raise_signal(number)
        finally:
            cleaned.append(name)
        raise HoplonError("it went on")

    monkeypatch.setattr("hoplon.analysis.engagement.engagement", ended)
    before = signal.signal(number, signal.SIG_DFL), signal.signal(signal.SIGINT, interrupt)
    try:
        assert main(ENGAGE) == code
        assert signal.getsignal(number) is signal.SIG_DFL
        signal.signal(number, signal.SIG_IGN)  # as under nohup
        assert main(ENGAGE) == 1
    finally:
        signal.signal(number, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert capsys.readouterr().err == f"hoplon: ended by {name}\nit went on\n"
    assert cleaned == [name, name]


def test_an_interrupt_as_a_compiled_kernel_returns_is_clean(
    capsys: pytest.CaptureFixture[str], calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(cause: BaseException) -> None:
        def call(*args: Any, **options: Any) -> None:
            raise SystemError("KernelDispatcher returned a result with an exception set") from cause

        monkeypatch.setattr("hoplon.analysis.engagement.engagement", call)

    ended(KeyboardInterrupt())
    assert main(ENGAGE) == 130
    assert capsys.readouterr().err == "hoplon: interrupted\n"
    within = SystemError("_numba_unpickle returned a result with an exception set")
    within.__cause__ = KeyboardInterrupt()
    ended(within)
    assert main(ENGAGE) == 130
    ended(ValueError())
    with pytest.raises(SystemError):
        main(ENGAGE)
