"""Argument lists that are nearly right: every command with options of its own parser, values that fit, and junk."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

from hoplon import api
from hoplon.cli.commands import COMMANDS
from hoplon.cli.parser import Parser

from .mutations import TEXTS
from .scenario_inputs import command
from .watch import MOST_SECONDS

LONG: Final = frozenset(
    (
        *("study", "ask", "campaign", "federate", "validate", "doctor", "robust", "optimise", "adapt", "attribute"),
        *("survive", "compare", "raid", "play", "denied", "coverage"),
    )
)
"""Commands whose work may take more than two seconds: they are interrupted, and have to end at once."""
LONG_SECONDS: Final = 10.0  # [s] of processor time on every core, that of the interrupt and of what is under way then
_INTERRUPTED_AFTER: Final = 0.4  # [s] of processor time
_ANSWERED: Final = (0, 1, 2, 130)
_ANSWERS_WITH_ONE: Final = ("check", "engage", "validate", "doctor")  # where the answer itself is a refusal

_NUMBERS: Final = ("0", "1", "2", "3", "10", "30.5", "-1", "44", "0.5", "300", "1e3", "-0", "1e-9", "2012", "1e300")
_JUNK: Final = (
    *(text for text in TEXTS if len(text) < 400 and "\0" not in text and "/etc" not in text),
    *("nan", "inf", "-inf", "1e999", "-1e999", "1_000", "0x10", "9" * 30, "9" * 5000, "-", "--", "---", "-o", "--json"),
    *("--jso", "-h", "--help", "--version", "=", "--x=y", "a=b", "@", "@x", "x@", "x@-1", "x@nan", "x@1..0", "@@", ","),
    *("1,2", "1,2,3", "91,0", "0,181", "nan,0", "44.43;26.1", "44,26", "-33.9,18.4", "90,180", "-90,-180", "1e999,0"),
    *("2012=", "=5", "2012=5", "99999=1", "0/0", "1/0", "1/2", "2/1", "-1/2", "a/b", "1/2/3", "tcp://x", "tcp://:1"),
    *("no.csv", "no/no.csv", ".", "folder", "folder/", "/dev/null", "s.yaml", "bad.yaml", "points.csv", "x.parquet"),
    *("toy", "toi", "nato-europe-2", "фаст", "Fast", "FAST", "fast ", " fast", "mrbm,irbm", "Q1", "Q99", "coverage"),
)
_VALUES: Final = MappingProxyType(
    {
        "architecture": ("slow", "fast", "fast-organic", "fast-remote"), "threat": ("mrbm", "irbm"),
        "area": ("northwest", "centre"), "raid": ("four",), "battery": ("deveselu", "deveselu-fast"),
        "aim": ("44.43,26.10", "52,21", "-33.9,18.4", "38.08,46.29"), "launch": ("38.08,46.29", "35,50"),
        "points": ("points.csv", "nations.csv", "bad.csv", "empty.csv"), "executor": ("serial",),
        "plan": ("plan.yaml", "bad-plan.yaml", "s.yaml"), "workers": ("1", "2"), "shard": ("1/2", "2/2", "3/2"),
        "question": ("threat", "Q1", "Q2"), "year": ("1990", "2012", "2020"), "price_year": ("2009", "2012"),
        "seed": ("0", "1", "-1", "99999999999999999999"), "replications": ("1", "2", "0", "-1"),
        "samples": ("1", "2", "16"), "orders": ("2", "4"), "folder": ("kept", "folder"), "log": ("x.parquet", "x.txt"),
        "output": ("out", "out.html", "x.geojson", "out.csv", "folder"), "points_out": ("out.csv", "folder"),
        "samples_out": ("out.csv",), "lose": ("kurecik@60", "hub@1..5-9", "deveselu-radar/link@3"),
        "c2": ("organic", "hub", "mesh", "hub_hot"), "doctrine": ("single", "salvo-2", "share", "shoot-look-shoot"),
        "wait_s": ("0.01",), "patience_s": ("1",), "remote": ("kurecik",), "join": ("tcp://127.0.0.1:1",),
        "element": ("kurecik",), "token_file": ("token",), "bind": ("tcp://127.0.0.1:*",), "shell": ("bash",),
        "what": ("threats", "questions"), "case": ("BAL-01", "COV-01"), "subset": ("1", "2"),
        "budgets": ("100", "1e9", "-1"), "phases": ("2012=100",), "compared": ("toy", "fast", "slow", "folder"),
        "trajectory": ("north",), "surprise": ("sooner",), "level": ("low",), "replication": ("0", "1"),
        "until_width": ("0.5", "1e-9"), "time_limit_s": ("0.5",), "scenario": ("toy",),
    }
)  # fmt: skip
_ENDLESS: Final = ("serve",)  # until Ctrl-C
_NEVER: Final = ("--scheduler", "--warm")  # wait for a network, and minutes for the compiler
_FILES: Final = MappingProxyType(
    {
        "points.csv": "lat,lon,population\n44.4,26.1,1000\n52.2,21,2000\n",
        "nations.csv": "name,lat,lon,population,nation\na,44.4,26.1,1000,ROU\nb,52.2,21,2000,POL\n",
        "bad.csv": "lat,lon\n126.1,44.43\nx,y\n", "empty.csv": "", "s.yaml": "hoplon: 1\nname: s\nextends: toy\n",
        "bad.yaml": "hoplon: 1\nname: [\n", "bad-plan.yaml": "hoplon_campaign: 1\nraids: [five]\n",
        "plan.yaml": "hoplon_campaign: 1\narchitectures: [fast]\nraids: [four]\nreplications: 2\nseed: 1\n",
    }
)  # fmt: skip


class ArgumentLists:
    """Nearly right argument lists by their number: the same number and seed give the same words."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._options = {name: [*_options(name)] for name in COMMANDS if name not in _ENDLESS}

    def __getitem__(self, number: int) -> list[str]:
        """Return an argument list."""
        random = Random(f"{self._seed} arguments {number}")
        name = random.choice(list(self._options))
        words = [name]
        for option in self._options[name]:
            wanted = 0.97 if _needed(option) else 0.15
            while random.random() < wanted:
                words += self._written(option, random)
                wanted *= 0.3
        if random.random() < 0.35:
            self._spoil(words, random)
        if random.random() < 0.3:
            words.append("--json")
        if random.random() < 0.05:
            words[1:] = random.sample(words[1:], len(words[1:]))
        return [*words, *self._small(name, words)]

    def _written(self, option: argparse.Action, random: Random) -> list[str]:
        """Return an option with a value, or an argument."""
        value = [] if option.nargs == 0 else [self._value(option, random)]
        if option.nargs == "+":
            value = [self._value(option, random) for _ in range(random.choice((1, 2, 3, 3, 4)))]
        if not option.option_strings:
            return value
        name = random.choice(option.option_strings)
        return [f"{name}={value[0]}"] if value and random.random() < 0.2 else [name, *value]

    def _value(self, option: argparse.Action, random: Random) -> str:
        if random.random() < 0.06:
            return random.choice(_JUNK)
        words = getattr(option.type, "words", None) or option.choices or _VALUES.get(option.dest)
        return str(random.choice([*(words or _NUMBERS)]))

    def _spoil(self, words: list[str], random: Random) -> None:
        """Take a word out, put one in, or change one."""
        at = random.randrange(len(words))
        way = random.randrange(5)
        if way == 0:
            del words[at]
        elif way == 1:
            words.insert(at, random.choice(_JUNK))
        elif way == 2:
            words[at] = random.choice(_JUNK)
        elif way == 3:
            words.insert(at, words[random.randrange(len(words))])
        else:
            words[at] = words[at][: random.randrange(len(words[at]) + 1)]

    def _small(self, name: str, words: list[str]) -> list[str]:
        """Return nothing, or what keeps processes and networks out of what would begin them."""
        serial = any(option.dest == "executor" for option in self._options[name])
        return ["--executor", "serial"] if serial and "--" not in words else []


def _options(name: str) -> Iterator[argparse.Action]:
    for option in Parser(name)._actions:
        if option.dest != "help" and not set(_NEVER) & set(option.option_strings):
            yield option


def _needed(option: argparse.Action) -> bool:
    return option.required or not option.option_strings


def seconds_of(words: list[str]) -> float:
    """Return how long an argument list may take [s] of processor time."""
    return LONG_SECONDS if words and words[0].replace("_", "-") in LONG else MOST_SECONDS


def judged(words: list[str], folder: Path) -> str:
    """Run a command line in an empty folder with a few files; return how it ended.

    Raises
    ------
    AssertionError
        If it ends by another status than those that are documented, or leaves what is half written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "folder").mkdir(parents=True)
    for name, text in _FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    before, here = {path.name for path in folder.iterdir()}, Path.cwd()
    os.chdir(folder)
    try:
        name = words[0] if words else ""
        with _interrupted(name.replace("_", "-") in LONG):
            status, out, told = command(*words)
    finally:
        os.chdir(here)
        api._store.cache_clear()
    assert status in _ANSWERED, f"status {status}: {told[-500:]}"
    assert status == 0 or name in ("check", "engage", "validate", "doctor") or not out, (
        f"status {status}, and {out[:300]}"
    )
    if status == 0 and "--json" in words and out and name in COMMANDS and not {"-h", "--help"} & set(words):
        json.loads(out, parse_constant=_refuse_constant)
    half = [path for path in folder.rglob(".*") if path.name != ".store" and ".store" not in path.parts]
    assert not half, f"left behind: {half}"
    new = {path.name for path in folder.iterdir()} - before
    assert status != 2 or not new, f"wrong usage, and {new} was written"
    return f"{name if name in COMMANDS else 'no command'}: {status}"


@contextmanager
def _interrupted(long: bool) -> Iterator[None]:
    """Interrupt what is long after a while, as Ctrl-C does."""
    if not long:
        yield
        return
    signal.signal(signal.SIGVTALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_VIRTUAL, _INTERRUPTED_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


def _refuse_constant(text: str) -> None:
    raise AssertionError(f"{text} in JSON")
