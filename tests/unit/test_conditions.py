"""What raids assume is declared once: every list of it is made of the declarations, and every value is checked."""

from __future__ import annotations

import argparse
import csv
import io
import math
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest

from hoplon.analysis.raid.campaign import conditions_of
from hoplon.analysis.raid.links import chances_of
from hoplon.analysis.raid.settings import RaidSettings
from hoplon.analysis.raid.sweeps import FALLBACK_S
from hoplon.campaigns.plan import PARAMETERS
from hoplon.cli.parser import Parser, parse
from hoplon.cli.raid_options import network_of
from hoplon.errors import InputError
from hoplon.report.inputs import assumed_table
from hoplon.scenario.conditions import ASSUMPTIONS, TOPICS, Assumption, Conditions, assumptions
from hoplon.scenario.fields import Flag
from hoplon.scenario.load import load_scenario
from hoplon.scenario.quantities import Number

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = ("raid", "play", "federate")
NUMBERS = [one for one in ASSUMPTIONS.values() if isinstance(one.kind, Number)]
NEEDED = {"raid": (), "play": ("-o", "a.html"), "federate": ()}


def given(command: str, *options: str) -> argparse.Namespace:
    needed = ("toy", "--architecture", "fast", "--raid", "four", *NEEDED[command])
    return parse([command, *needed, *options])


def test_every_field_of_the_conditions_is_declared_with_its_default() -> None:
    assert set(ASSUMPTIONS) == {field.name for field in fields(Conditions)}
    assert {name: one.default for name, one in ASSUMPTIONS.items()} == asdict(Conditions())
    assert [one.topic for one in ASSUMPTIONS.values()] == sorted(
        (one.topic for one in ASSUMPTIONS.values()), key=TOPICS.index
    )
    assert all(one.text and one.text[-1] != "." for one in ASSUMPTIONS.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_reaches_the_conditions_of_every_command_on_raids(command: str) -> None:
    plain, links = network_of(given(command))
    assert Conditions(**plain) == Conditions()
    assert links == {}
    for option, assumed in assumptions().items():
        if isinstance(assumed[0].kind, Flag):
            whole, expected = network_of(given(command, option))[0], True
        else:
            whole, expected = network_of(given(command, option, "0.75"))[0], 0.75
        made = Conditions(**whole)
        assert made == replace(Conditions(), **{one.name: expected for one in assumed})


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_an_option_says_what_the_declaration_says(command: str) -> None:
    actions = {action.option_strings[0]: action for action in Parser(command)._actions if action.option_strings}
    for option, assumed in assumptions().items():
        assert all(one.text in (actions[option].help or "") for one in assumed)
        assert assumed[0].usual in (actions[option].help or "") or isinstance(assumed[0].kind, Flag)


def test_every_parameter_of_a_campaign_sets_its_field_alone_within_its_limits() -> None:
    declared = {one.parameter: one for one in NUMBERS if one.parameter}
    assert set(PARAMETERS) == {"decision_s", *declared}
    for name, one in declared.items():
        assert PARAMETERS[name] is one.kind
        value = 3 if isinstance(one.kind, Number) and one.kind.whole else 0.77
        assert conditions_of({name: value}) == replace(Conditions(), **{one.name: value})
        unit = {"": "", "s": "_s", "1/s": "_per_second"}[one.unit]
        assert name.endswith(unit)


def test_every_number_is_in_the_report_with_the_declaration_s_words() -> None:
    text = assumed_table(load_scenario("toy")).csv_text()
    rows = {row["path"]: row for row in csv.DictReader(io.StringIO(text)) if row["path"].startswith("event_")}
    assert list(rows) == [f"event_simulation.{one.name}" for one in NUMBERS]
    for one in NUMBERS:
        row = rows[f"event_simulation.{one.name}"]
        assert row["note"] == one.note
        assert float(row["value"]) == one.value
        assert row["kind"] == "assumed"


def test_every_assumption_is_in_the_manual() -> None:
    backbone, campaigns, command_line = (
        (DOCS / f"{page}.md").read_text(encoding="utf-8") for page in ("backbone", "campaigns", "command-line")
    )
    for name, one in ASSUMPTIONS.items():
        assert f"| `{name}` | {one.text} | " in backbone
        assert not one.parameter or f"| `{one.parameter}` | {one.text} | " in campaigns
    for option in assumptions():
        assert f"| `{option}" in command_line


def test_question_14_takes_the_value_that_is_declared_for_it() -> None:
    assert ASSUMPTIONS["fallback"].value == FALLBACK_S
    assert ASSUMPTIONS["fallback"].note.endswith(", in question 14")
    assert ASSUMPTIONS["false_kill"].note.endswith("; swept in question 14")


def outside(one: Assumption) -> list[float]:
    assert isinstance(one.kind, Number)
    least = one.kind.lowest if one.kind.open_below else math.nextafter(one.kind.lowest, -math.inf)
    return [least, math.nextafter(one.kind.highest, math.inf), math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("one", NUMBERS, ids=lambda one: one.name)
def test_what_is_outside_the_limits_is_refused_by_name(one: Assumption) -> None:
    assert isinstance(one.kind, Number)
    for value in (one.kind.highest, one.default):
        assert getattr(replace(Conditions(), **{one.name: value}), one.name) == value
    for value in outside(one):
        with pytest.raises(InputError, match=f"^{one.name}: (must be|a finite number)"):
            replace(Conditions(), **{one.name: value})
    if one.none:
        assert getattr(replace(Conditions(), **{one.name: None}), one.name) is None
    else:
        with pytest.raises(InputError, match=f"{one.name}: a number from|{one.name}: a number more"):
            replace(Conditions(), **{one.name: None})


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"false_kill": 5}, "written in percent? Then 0.05"),
        ({"stale": 90_000}, "written in milliseconds? Then 90 s"),
        ({"hot_switch": -10}, "a sign too many?"),
        ({"spare_looks": 1.5}, "a whole number from 0 to 1000"),
        ({"false_alarm": 0}, "more than 0"),
        ({"reports_per_second": 0}, "from 0.001 to 1e+06 1/s"),
        ({"reports_per_second": 5e-324}, "from 0.001 to 1e+06 1/s"),
    ],
)
def test_a_refusal_names_the_likely_cause(values: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError) as refused:
        Conditions(**values)
    assert text in str(refused.value)


def test_the_option_refuses_in_the_same_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        given("raid", "--fallback-s", "90000")
    assert ended.value.code == 2
    assert "--fallback-s: must be from 0 to 86400 s, got 90000; written in milliseconds? Then 90 s" in (
        capsys.readouterr().err
    )


def test_settings_and_links_are_refused_outside_the_same_limits() -> None:
    with pytest.raises(InputError, match="time to decide: must be from 0 to 86400 s, got -1"):
        RaidSettings(decision_s=-1.0)
    with pytest.raises(InputError, match="a latency must be 0 s or more"):
        RaidSettings(latency_s=math.nan)
    with pytest.raises(
        InputError, match="link availability of kurecik: must be from 0 to 1, got 50; written in percent"
    ):
        chances_of({"kurecik": 50}, load_scenario("toy").architecture("fast"))
