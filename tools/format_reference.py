"""Write the reference tables of docs/scenario-format.md and docs/campaigns.md from the declarations of the formats.

The loader reads by the same declarations (:class:`hoplon.scenario.fields.Key`): kind of value, unit, limits, meaning,
and what holds without the key. ``python tools/format_reference.py`` rewrites the tables in place; with ``--check`` it
changes nothing and exits with 1 if one is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from hoplon.campaigns import plan
from hoplon.scenario.containers import ListOf, MappingOf, RecordOf
from hoplon.scenario.decisions.format import ByName, ByYear
from hoplon.scenario.fields import DESCRIBED, Address, Choice, Field, Flag, Key, Name, Nation, Text
from hoplon.scenario.file_format import EXTENDS, MEMBERSHIP, REQUIRED, TOP, Nations
from hoplon.scenario.quantities import Interval, Number, Position
from hoplon.scenario.shot_doctrines import DoctrineName

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = "| key | value | without it | meaning |\n|---|---|---|---|"


def value_of(kind: Field) -> str:
    """Return what a value of a kind is, in words: a number has its limits and its unit."""
    if isinstance(kind, Key):
        return value_of(kind.kind)
    if isinstance(kind, Number):
        return _number(kind)
    if isinstance(kind, Choice):
        return "one of " + ", ".join(f"`{word}`" for word in kind.words)
    if isinstance(kind, Name):
        return f"name of `{kind.section}`"
    if isinstance(kind, ListOf):
        least = f"{kind.least} or more: " if kind.least else ""
        return f"list of {least}{_several(value_of(kind.kind))}"
    if isinstance(kind, MappingOf):
        if isinstance(kind.kind, RecordOf):
            return "records by name, below"
        by = "name" if kind.keys is None else ", ".join(f"`{key}`" for key in kind.keys)
        return f"mapping by {by}: {value_of(kind.kind)}"
    if isinstance(kind, ByName):
        return f"mapping by names of `{kind.section}`: {value_of(kind.kind)}"
    if isinstance(kind, ByYear):
        return f"mapping by year: {value_of(kind.kind)}"
    if isinstance(kind, Interval):
        return f"`[lowest, highest]`, each a {value_of(kind.number)}"
    for of, words in _WORDS.items():
        if isinstance(kind, of):
            return words
    raise TypeError(f"no words for {kind!r}")


def _number(kind: Number) -> str:
    """Return what a number is: a plain one takes no bounds and no source."""
    if kind.lowest == kind.highest:
        return f"`{kind.lowest:g}`"
    name = f"{'plain ' if kind.plain else ''}{'whole ' if kind.whole else ''}number"
    unit = f" {kind.unit}" if kind.unit else ""
    low, high = (f"{int(limit):,}" if limit >= 10_000 else f"{limit:g}" for limit in (kind.lowest, kind.highest))
    return f"{name}, {f'above {low}, at most {high}' if kind.open_below else f'{low} to {high}'}{unit}"


def _several(words: str) -> str:
    return {"text": "texts", "record, below": "records, below"}.get(words, words.replace("name of", "names of"))


_WORDS: Mapping[type, str] = {
    RecordOf: "record, below",
    Position: "place: `[latitude, longitude]` or `[latitude, longitude, altitude_m]`",
    Nation: "ISO 3166-1 alpha-3 code",
    Nations: "list of codes, or records by code, below",
    Flag: "`true` or `false`",
    Address: "web address",
    DoctrineName: "name of a shot doctrine",
    Text: "text",
    plan._FormName: "form of command and control",
    plan._Loss: "`ELEMENT@T` or `ELEMENT@T-REPAIRED`",
    plan._ByParameter: "mapping by parameter, below",
}


def row(name: str, key: Key, default: Any, required: bool, linked: bool = False) -> str:
    """Return the row of one key; of a file's own keys the word "below" leads to their section."""
    without = "**required**" if required else key.otherwise or _shown(default)
    value = value_of(key)
    if linked:
        value = value.replace("below", f"[below](#{name})")
    cells = (f"`{name}`", value, without, key.meaning)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _shown(default: Any) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, list):
        return f"`[{', '.join('[]' if item is None else f'{item}' for item in default)}]`"
    return f"`{default}`" if isinstance(default, str) else f"{default}"


def record_rows(record: RecordOf) -> str:
    """Return the table of a record's own keys; what any record may say of itself stands in a table of its own."""
    own = {**record.keys, **(record.described if record.described is not DESCRIBED else {})}
    rows = [row(name, key, record.default_of(name), name in record.required) for name, key in own.items()]
    return "\n".join((HEAD, *rows))


def nested(record: RecordOf) -> Iterator[tuple[str, RecordOf]]:
    """Yield the records that a record holds, with the names of the keys that hold each."""
    found: dict[int, tuple[list[str], RecordOf]] = {}
    for name, key in record.keys.items():
        inner = _record_in(key)
        if inner is not None and is_dataclass(inner.record):  # overrides have the keys of what they stand in place of
            found.setdefault(id(inner), ([], inner))[0].append(name)
    for names, inner in found.values():
        yield " and ".join(f"`{name}`" for name in names), inner


def _record_in(kind: Any) -> RecordOf | None:
    """Return the record that a kind of value holds, if it holds one."""
    while not isinstance(kind, RecordOf):
        kind = getattr(kind, "kind", None)
        if kind is None:
            return None
    return kind


def section(record: RecordOf) -> str:
    """Return the tables of a record and of the records in it."""
    parts = [record_rows(record)]
    for names, inner in nested(record):
        parts.append(f"Keys of {names}:\n\n{section(inner)}")
    return "\n\n".join(parts)


def scenario_blocks() -> dict[str, str]:
    """Return the blocks of the page of the scenario file, by name."""
    top = [row(name, key, None, name in REQUIRED, linked=True) for name, key in {**TOP, "extends": EXTENDS}.items()]
    origin = [row(name, key, None, False) for name, key in DESCRIBED.items()]
    blocks = {
        "top": "\n".join((HEAD, *top)),
        "described": "\n".join((HEAD, *origin)),
        "membership": record_rows(MEMBERSHIP),
    }
    for name, key in TOP.items():
        record = _record_in(key)
        if record is not None:
            blocks[name] = section(record)
    return blocks


def plan_blocks() -> dict[str, str]:
    """Return the block of the page of campaigns."""
    defaults = plan.defaults()
    rows = [row(name, key, defaults.get(name), name in plan.REQUIRED) for name, key in plan.TOP.items()]
    return {"plan": "\n".join((HEAD, *rows))}


PAGES = {"scenario-format.md": scenario_blocks, "campaigns.md": plan_blocks}


def filled(name: str, page: str, blocks: Mapping[str, str]) -> str:
    """Return a page with its blocks written anew."""
    for key, table in blocks.items():
        start, end = f"<!-- begin {key} -->", "<!-- end -->"
        page, found = re.subn(
            f"{start}.*?{end}", lambda _, new=f"{start}\n{table}\n{end}": new, page, count=1, flags=re.DOTALL
        )
        if not found:
            raise SystemExit(f"docs/{name}: the marks `{start}` and `{end}` are missing")
    return page


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a table is out of date")
    check = parser.parse_args().check
    stale = []
    for name, blocks in PAGES.items():
        path = DOCS / name
        old = path.read_text(encoding="utf-8")
        new = filled(name, old, blocks())
        if new != old:
            stale.append(name)
            if not check:
                path.write_text(new, encoding="utf-8")
    print(f"out of date: {', '.join(stale)}" if stale else "every table is up to date")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
