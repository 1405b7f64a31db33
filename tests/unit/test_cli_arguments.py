"""Arguments: places, limits, nearest words, and what ends with which exit status."""

import json

import pytest

from hoplon.cli import main
from hoplon.cli.commands import COMMANDS
from hoplon.cli.parser import joined
from hoplon.version import VERSION


def flyout(**changes: str) -> list[str]:
    """Return a fly-out command with some of its values changed."""
    values = {"burnout_speed_km_s": "3", "burn_time_s": "60", "ground_range_km": "300", "altitude_km": "100", **changes}
    return ["flyout", *(f"--{key.replace('_', '-')}={value}" for key, value in values.items())]


def test_without_arguments_it_says_what_it_is_and_what_to_type_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"hoplon {VERSION}: ")
    assert "hoplon study nato-europe" in shown


def test_help_and_version_end_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "COMMAND" in shown
    assert all(f"  {name} " in shown and command.summary in shown for name, command in COMMANDS.items())
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hoplon {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["engag", "toy"], "unknown command 'engag'; did you mean 'engage'?"),
        (["engage", "toy", "--archtecture", "a"], "unknown option --archtecture; did you mean '--architecture'?"),
        (
            ["threat", "toy", "--yaer", "2010"],
            "unknown option --yaer; did you mean '--year'?",
        ),
        (["threat", "toy", "--year", "soon"], "a year was expected, got 'soon'"),
        (["threat", "toy", "--year", "20100"], "a year from 1900 to 2200 was expected, got 20100"),
        (["trajectory", "--launch", "1;2", "--aim", "1,2"], "LAT,LON in degrees north and east was expected"),
        (["trajectory", "--launch", "1,2,3", "--aim", "1,2"], "LAT,LON in degrees north and east was expected"),
        (["trajectory", "--launch", "1,2", "--aim", "3,4"], "--threat T (of --scenario S), or all of --burn-time-s"),
        (
            ["trajectory", "--launch", "1,2", "--aim", "3,4", "--threat", "mrbm", "--burn-time-s", "60"],
            "either --threat, or --burn-time-s",
        ),
        (
            flyout(burnout_speed_km_s="3000"),
            "must be from 0.1 to 11 km/s, got 3000; in m/s? Then 3",
        ),
        (
            flyout(burnout_speed_km_s="nan"),
            "must be from 0.1 to 11 km/s, got nan",
        ),
        (["trajectory", "--launch", "4_4,26", "--aim", "1,2"], "LAT,LON in degrees north and east was expected"),
        (["trajectory", "--launch", "\u0664\u0664,26", "--aim", "1,2"], "LAT,LON in degrees north and east was"),
        (flyout(burn_time_s="6_0"), "a number in s was expected, got '6_0'"),
        (["study", "toy", "-o", ""], "argument -o/--output: a name was expected, got nothing"),
        (["campaign", "toy", "--plan", "p.yaml", "-o", ""], "argument -o/--output: a name was expected, got nothing"),
        (["--json", "check", "toy"], "--json stands after the command: hoplon check ... --json"),
        (["threat", "toy", "2010"], "unrecognized arguments: 2010"),
        (["--jsn", "check", "toy"], "a command was expected, got --jsn"),
        (
            ["kill-chain", "toy", "--level", "bas"],
            "one of low, base, high was expected, got 'bas'; did you mean 'base'?",
        ),
        (["campaign", "toy", "--workers", "0"], "a whole number from 1 to 4096 was expected, got 0"),
        (["list", "toy", "threat"], "did you mean 'threats'?"),
        (["export", "toy", "--format", "geojsn"], "did you mean 'geojson'?"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_what_is_near(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err


@pytest.mark.parametrize(
    ("aim", "message"),
    [
        (
            "105,40",
            "--aim: latitude must be from -90 to 90 degrees, got 105; latitude and longitude swapped? Then 40,105",
        ),
        ("-105,40", "--aim: latitude must be from -90 to 90 degrees, got -105; latitude and longitude swapped?"),
        ("40,-181", "--aim: longitude must be from -180 to 180 degrees, got -181"),
        ("nan,40", "--aim: finite degrees were expected, got nan,40"),
        ("40,inf", "--aim: finite degrees were expected, got 40,inf"),
    ],
)
def test_a_place_off_the_earth_is_refused_with_one(capsys: pytest.CaptureFixture[str], aim: str, message: str) -> None:
    assert main(["trajectory", "--launch", "38,46", "--aim", aim, "--threat", "mrbm"]) == 1
    assert message in capsys.readouterr().err


def test_an_option_may_be_followed_by_a_place_south_of_the_equator() -> None:
    assert joined(["x", "--aim", "-33.9,18.4", "--loft-deg", "-.5", "--json", "-o", "f"]) == [
        "x",
        "--aim=-33.9,18.4",
        "--loft-deg=-.5",
        "--json",
        "-o",
        "f",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_json_and_has_its_own_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_the_schema_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == VERSION
