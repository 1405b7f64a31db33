"""The reference of the scenario file and of campaigns' plans against the loaders: what the page says is what "
"they do."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import hoplon
from hoplon.campaigns.plan import read_plan
from hoplon.errors import ScenarioError, UnknownNameError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.values import Cited

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scenario-format.md").read_text(encoding="utf-8")
CAMPAIGNS = (ROOT / "docs" / "campaigns.md").read_text(encoding="utf-8")

EVERYTHING = yaml.safe_load((ROOT / "tests/data/small.yaml").read_text(encoding="utf-8")) | {
    "nations": {"DEU": {"from": 1955}, "NOR": None, "ROU": {"from": 2004}},
    "headline": {"nations": ["DEU"]},
    "milestones": [{"date": 2009.7, "lane": "decision", "text": "Decided"}],
    "statements": [
        {"name": "one", "year": 2009, "text": "Said", "architecture": "whole", "defended": [{"nation": "ROU"}]}
    ],
    "candidates": {"more": {"like": ["shield"], "at": [45, 25]}},
    "robustness": {"leave_out": ["doctrine.decision_s"]},
    "adapt": {
        "surprises": {"sooner": {"threats": {"medium": {"shift_years": -3, "launch_areas": ["east"]}}}},
        "moves": {"shift": {"without": ["eye"], "lead_days": 5}},
    },
}
EVERYTHING["radars"]["forward"]["discrimination"] = {"range_km": 500, "reference_rcs_m2": 0.01, "separation": 2}
EVERYTHING["satellites"]["warning"]["tracking"] = {"acquisition_s": 10, "update_s": 5, "position_sigma_m": 500}
EVERYTHING["interceptors"]["exo"]["seeker"] = {"range_km": 300, "field_of_view_mrad": 20, "separation": 1}

PLACES: dict[str, tuple[str | int, ...]] = {
    "membership": ("nations", "DEU"),
    "launch_areas": ("launch_areas", "east"),
    "threats": ("threats", "medium"),
    "radars": ("radars", "forward"),
    "radars search": ("radars", "forward", "search"),
    "radars discrimination": ("radars", "forward", "discrimination"),
    "satellites": ("satellites", "warning"),
    "satellites tracking": ("satellites", "warning", "tracking"),
    "interceptors": ("interceptors", "exo"),
    "interceptors seeker": ("interceptors", "exo", "seeker"),
    "elements": ("elements", "shield"),
    "network": ("network",),
    "doctrine": ("doctrine",),
    "architectures": ("architectures", "whole"),
    "headline": ("headline",),
    "milestones": ("milestones", 0),
    "statements": ("statements", 0),
    "statements defended": ("statements", 0, "defended", 0),
    "raids": ("raids", "four"),
    "raids threats": ("raids", "four", "threats", 0),
    "strategic": ("strategic", 0),
    "candidates": ("candidates", "more"),
    "robustness": ("robustness",),
    "adapt": ("adapt",),
    "adapt surprises": ("adapt", "surprises", "sooner"),
    "adapt threats": ("adapt", "surprises", "sooner", "threats", "medium"),
    "adapt moves": ("adapt", "moves", "shift"),
    "costs": ("costs",),
    "questions": ("questions", "Q3"),
    "sources": ("sources", "report"),
}
NO_TABLE_OF_RECORDS = {"top", "described"}


class Row(NamedTuple):
    """A row of the reference: its table and its cells."""

    table: str
    key: str
    value: str
    without: str
    meaning: str


def rows_of(page: str) -> Iterator[Row]:
    """Yield the rows of the generated tables of a page."""
    for block in re.finditer(r"<!-- begin (\w+) -->\n(.*?)<!-- end -->", page, flags=re.DOTALL):
        table = block[1]
        for line in block[2].splitlines():
            if named := re.match(r"Keys of `(\w+)`", line):
                table = f"{block[1]} {named[1]}"
            if line.startswith("| `"):
                key, value, without, meaning = (cell.strip() for cell in line.strip("|").split("|"))
                yield Row(table, key.strip("`"), value, without, meaning)


ROWS = list(rows_of(PAGE))
RECORD_ROWS = [row for row in ROWS if row.table not in NO_TABLE_OF_RECORDS]
LIMITS = re.compile(r"(plain )?(whole )?number, (above )?(\S+?),? (?:to|at most) (\S+)")
NUMBERS = [(row, found) for row in RECORD_ROWS if (found := LIMITS.match(row.value))]


def named(rows: list[Row]) -> list[str]:
    return [f"{row.table}.{row.key}" for row in rows]


def with_key(table: str, key: str, value: Any) -> dict[str, Any]:
    """Return the whole scenario with a key of a record set; ``...`` takes it away."""
    scenario = copy.deepcopy(EVERYTHING)
    record = reduce(lambda at, step: at[step], PLACES[table], scenario)
    if value is ...:
        record.pop(key, None)
    else:
        record[key] = value
    return scenario


def loaded(scenario: dict[str, Any], folder: Path) -> Any:
    path = folder / "scenario.yaml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False), encoding="utf-8")
    return load_scenario(path)


def refusal(scenario: dict[str, Any], folder: Path) -> str:
    """Return why a scenario is refused, "" if it is not."""
    try:
        loaded(scenario, folder)
    except ScenarioError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("tool", ["format_reference.py", "command_reference.py"])
def test_the_generated_tables_are_up_to_date(tool: str) -> None:
    command = [sys.executable, str(ROOT / "tools" / tool), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_whole_scenario_of_these_tests_is_one(tmp_path: Path) -> None:
    assert refusal(EVERYTHING, tmp_path) == ""


def test_every_table_of_the_page_is_tried_against_the_loader() -> None:
    assert {row.table for row in RECORD_ROWS} == set(PLACES)
    assert len(RECORD_ROWS) > 150


def test_every_key_has_a_meaning() -> None:
    every = [*ROWS, *rows_of(CAMPAIGNS)]
    assert [f"{row.table}.{row.key}" for row in every if len(row.meaning) < 8] == []


@pytest.mark.parametrize("row", RECORD_ROWS, ids=named(RECORD_ROWS))
def test_a_key_is_missed_where_the_page_says_that_it_is_required_and_nowhere_else(row: Row, tmp_path: Path) -> None:
    told = refusal(with_key(row.table, row.key, ...), tmp_path)
    assert (f"`{row.key}` is missing" in told) == ("required" in row.without)


@pytest.mark.parametrize(("row", "found"), NUMBERS, ids=named([row for row, _ in NUMBERS]))
def test_a_number_is_refused_just_outside_the_limits_that_the_page_names(
    row: Row, found: re.Match[str], tmp_path: Path
) -> None:
    low, high = (float(found[place].replace(",", "")) for place in (4, 5))
    step = 1 if found[2] else 1e-6 * max(1.0, abs(low))
    last = f"{row.key}: must be"
    assert last in refusal(with_key(row.table, row.key, low if found[3] else low - step), tmp_path)
    assert last in refusal(with_key(row.table, row.key, high + (1 if found[2] else 1e-3 * abs(high))), tmp_path)
    assert last not in refusal(with_key(row.table, row.key, high), tmp_path)
    assert last not in refusal(with_key(row.table, row.key, low + 1e-9 if found[3] else low), tmp_path)


def plain(value: Any) -> Any:
    if isinstance(value, Cited):
        return float(value)
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def attribute_at(scenario: Any, steps: tuple[str | int, ...]) -> Any:
    """Return what the loader made of a key."""
    for step in steps:
        by_key = isinstance(step, int) or hasattr(scenario, "keys")
        scenario = scenario[step] if by_key else getattr(scenario, f"{step}_" if step == "from" else step)
    return plain(scenario)


LITERAL = [row for row in RECORD_ROWS if re.fullmatch(r"[\d.]+|`(true|false|\w+|\[[\d., -]*\])`", row.without)]


@pytest.mark.parametrize("row", LITERAL, ids=named(LITERAL))
def test_the_default_that_the_page_names_is_the_one_that_the_loader_takes(row: Row, tmp_path: Path) -> None:
    written = yaml.safe_load(row.without.strip("`"))
    steps = (*PLACES[row.table], row.key)
    without = attribute_at(loaded(with_key(row.table, row.key, ...), tmp_path), steps)
    explicit = attribute_at(loaded(with_key(row.table, row.key, written), tmp_path), steps)
    if without is None or without == {}:  # read as such where it is used; the page names what that is
        assert row.table in {"radars", "elements", "costs", "adapt moves"}, row
    else:
        assert explicit == without


def described(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property of a JSON Schema with its path."""
    for form in schema.get("anyOf", [schema]):
        for key, below in form.get("properties", {}).items():
            yield f"{path}.{key}", below
            yield from described(below, f"{path}.{key}")
        for inner in ("items", "additionalProperties"):
            if isinstance(form.get(inner), dict):
                yield from described(form[inner], path)


@pytest.mark.parametrize("of", ["scenario", "campaign"])
def test_the_schema_of_a_format_says_what_every_key_means(of: str) -> None:
    cited = (".value", ".low", ".high", ".source", ".kind", ".note")
    found = dict(described(hoplon.schema(of)))
    assert len(found) > (200 if of == "scenario" else 30)
    assert [path for path, form in found.items() if "description" not in form and not path.endswith(cited)] == [
        f".threats.rcs_m2.{band}" for band in ("X", "S", "C", "L", "UHF", "VHF") if of == "scenario"
    ]


def test_the_schema_gives_the_meanings_that_the_pages_give() -> None:
    for of, rows in (("scenario", RECORD_ROWS), ("campaign", [*rows_of(CAMPAIGNS)])):
        told = {(path.rpartition(".")[2], form.get("description", "")) for path, form in described(hoplon.schema(of))}
        missing = [row for row in rows if not any(key == row.key and row.meaning in text for key, text in told)]
        assert [row for row in missing if row.table != "membership"] == []  # by a pattern of codes, which is not walked


def test_the_schema_names_defaults() -> None:
    found = dict(described(hoplon.schema()))
    assert found[".interceptors.min_elevation_deg"]["default"] == 15
    assert found[".doctrine.support"]["default"] == "held"
    assert found[".threats.lofts_deg"]["default"] == [0]
    assert "default" not in found[".doctrine.decision_s"]
    assert dict(described(hoplon.schema("campaign")))[".chunk"]["default"] == 10_000


def test_a_format_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="campaign"):
        hoplon.schema("campain")


def test_the_plan_of_a_campaign_takes_the_defaults_that_the_page_names(tmp_path: Path) -> None:
    names = {"architectures": ("a",), "raids": ("r",), "elements": ()}
    least = {"hoplon_campaign": 1, "architectures": ["a"], "raids": ["r"], "replications": 5}
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(least), encoding="utf-8")
    plan = read_plan(path, names)
    rows = {row.key: row for row in rows_of(CAMPAIGNS)}
    assert {key for key, row in rows.items() if row.without == "**required**"} == set(least)
    tried = 0
    for key, row in rows.items():
        if re.fullmatch(r"\d+|`\[.*\]`", row.without):
            written = yaml.safe_load(row.without.strip("`"))
            assert plain(getattr(plan, key)) == written, key
            tried += 1
    assert tried == 6
