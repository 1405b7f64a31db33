"""Every command has a function of the library; what it returns is what the command prints, rows, and a small table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hoplon
from hoplon import api
from hoplon.analysis.records import Answer, html_of
from hoplon.cli import main
from hoplon.cli.commands import COMMANDS
from hoplon.errors import InputError, UnknownNameError, UsageError

BUCHAREST = (44.43, 26.10)
AIM = ["--aim", "44.43,26.10"]
FAST = ["toy", "--architecture", "fast"]
FLIGHT = [*FAST, "--from", "northwest", *AIM, "--threat", "mrbm"]
NUMBERS = {"burnout_speed_km_s": 3.0, "burn_time_s": 60.0, "ground_range_km": 300.0, "altitude_km": 100.0}
OPTIONS = [f"--{key.replace('_', '-')}={value}" for key, value in NUMBERS.items()]
MADE = ("version", "scenario", "scenario_sha256", "seed")
RAID = [*FAST, "--raid", "four"]

SAME: dict[str, tuple[Callable[[], Answer], list[str]]] = {
    "trajectory": (
        lambda: api.trajectory((38.08, 46.29), BUCHAREST, scenario="toy", threat="mrbm"),
        ["--launch", "38.08,46.29", *AIM, "--scenario", "toy", "--threat", "mrbm"],
    ),
    "flyout": (lambda: api.flyout(**NUMBERS), OPTIONS),
    "engage": (lambda: api.engage("toy", "fast", "northwest", BUCHAREST, "mrbm"), FLIGHT),
    "track": (lambda: api.track("toy", "fast", "northwest", BUCHAREST, "mrbm"), FLIGHT),
    "kill-chain": (lambda: api.kill_chain("toy", "fast", "northwest", BUCHAREST, "mrbm"), FLIGHT),
    "denied": (lambda: api.denied("toy", "fast", BUCHAREST, "mrbm"), [*FAST, *AIM, "--threat", "mrbm"]),
    "footprint": (
        lambda: api.footprint("toy", "fast", "deveselu-fast", "mrbm", "northwest"),
        [*FAST, "--battery", "deveselu-fast", "--threat", "mrbm", "--from", "northwest"],
    ),
    "threat": (lambda: api.threat("toy"), ["toy"]),
    "raid": (
        lambda: api.raid("toy", "fast", "four", replications=50, seed=3, link_availability=0.9),
        [*RAID, "--replications", "50", "--seed", "3", "--link-availability", "0.9"],
    ),
    "check": (lambda: api.check("toy"), ["toy"]),
    "list": (lambda: api.contents("toy"), ["toy"]),
}


@pytest.mark.parametrize("command", SAME)
def test_a_command_prints_what_the_function_returns(capsys: pytest.CaptureFixture[str], command: str) -> None:
    call, options = SAME[command]
    found = call()
    assert main([command, *options, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {**printed, **json.loads(json.dumps(found.as_json()))} == printed  # type: ignore[attr-defined]
    assert {key: printed[key] for key in MADE if key in printed} == {
        key: value for key, value in found.provenance().items() if key in MADE
    }
    frame = found.as_frame()
    assert len(frame) == len(found.rows())
    assert repr(found).startswith(f"<{type(found).__name__} ")
    assert "\n" not in repr(found)
    shown = found._repr_html_()
    assert shown.startswith("<p><strong>")
    assert shown.count("<tr>") <= 21
    said = json.dumps([found.as_json(), *map(dict, found.rows())])
    _empty(found.as_json())
    _empty(found.rows())
    assert json.dumps([found.as_json(), *map(dict, found.rows())]) == said


def _empty(given: Any) -> None:
    """Take out all that a list or a dict holds, however deep."""
    for value in given.values() if isinstance(given, dict) else given if isinstance(given, (list, tuple)) else ():
        _empty(value)
    if isinstance(given, (dict, list)):
        given.clear()


def test_every_command_has_a_function() -> None:
    named = {"list": "contents"}
    # completion completes the words of the command line itself, and serve is for a browser
    for command in set(COMMANDS) - {"completion", "serve"}:
        function = getattr(api, named.get(command, command.replace("-", "_")))
        assert function.__doc__, command


def test_a_table_of_a_notebook_is_escaped_and_short() -> None:
    shown = html_of("<b>", [{"<i>": "<script>", "n": None}] * 30)
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "&lt;script&gt;" in shown
    assert "and 10 rows more" in shown


def test_a_raid_is_played_back_with_or_without_a_file(tmp_path: Path) -> None:
    alone = hoplon.play("toy", "fast", "four", seed=2)
    assert alone.path is None
    assert len(alone.rows()) == alone.as_json()["threats"] == 4
    for ending in api.playback_formats():
        file = tmp_path / f"p{ending}"
        assert hoplon.play("toy", "fast", "four", file, seed=2).played == alone.played
        assert file.stat().st_size > 0
    with pytest.raises(InputError, match=r"a file ending in \.html, \.czml, \.kml, \.parquet, \.gpkg, .* was expected"):
        hoplon.play("toy", "fast", "four", tmp_path / "p.txt")


@pytest.mark.parametrize("name", ["geojson", "czml", "kml", "geoparquet", "netcdf", "geopackage"])
def test_places_are_handed_over_in_every_format(tmp_path: Path, name: str) -> None:
    file = tmp_path / "places"
    found = hoplon.export("toy", name, file, architecture="fast")
    assert file.read_bytes() == hoplon.export("toy", name, architecture="fast").content == found.content
    assert len(found.rows()) == len(found.features) > 2


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "an unknown format": (lambda: api.export("toy", "geojsn"), UnknownNameError, "did you mean 'geojson'"),
    "an unknown condition": (
        lambda: api.raid("toy", "fast", "four", link_availabilty=0.9),
        UnknownNameError,
        "unknown condition 'link_availabilty'; did you mean 'link_availability'",
    ),
    "an unknown raid": (lambda: api.raid("toy", "fast", "fuor"), UnknownNameError, "did you mean 'four'"),
    "an unknown kind": (lambda: api.contents("toy", "raid"), UnknownNameError, "did you mean 'raids'"),
    "a class twice": (
        lambda: api.trajectory((1, 2), (3, 4), scenario="toy", threat="mrbm", burn_time_s=60),
        InputError,
        "either a threat, or burn_time_s",
    ),
    "half a class": (lambda: api.trajectory((1, 2), (3, 4), burn_time_s=60), InputError, "was expected"),
    "keys for nobody": (
        lambda: api.federate("toy", "fast", "four", keys="k"),
        InputError,
        "remote and keys go together",
    ),
    "a scheduler without Dask": (
        lambda: api.campaign("toy", "plan.yaml", "out", executor="serial", scheduler="tcp://h:1"),
        UsageError,
        "it does not go with the executor serial",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_answer_is_refused(case: str) -> None:
    call, kind, message = REFUSED[case]
    with pytest.raises(kind, match=message):
        call()
