"""What a campaign is: the inputs and the code that decide its digits, kept beside its chunks."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.backbone.measures import MEASURES
from hoplon.campaigns.store import sweep, temporary_of
from hoplon.errors import InputError, OutputError
from hoplon.scenario.conditions import ASSUMPTIONS
from hoplon.scenario.given.file import content_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.campaigns.plan import Plan

FILE: Final = "campaign.json"
_FORMAT: Final = 1
_LONGEST: Final = 1 << 26  # bytes that are read of it
_WITHOUT_DIGITS: Final = frozenset(
    {"cli", "web", "api.py", "report", "validation", "questions", "presentation", "campaigns"}
)
_DECLARATIONS: Final = frozenset(  # keys of files with their meanings and limits, and what raids assume
    Path("scenario", name)
    for name in ("conditions.py", "file_format.py", "reporting_format.py", "schema.py", "decisions/format.py")
)
_FORMATS: Final = Path("scenario", "format")
_CATALOGUE: Final = Path("scenario", "catalogue")
_PACKAGE: Final = Path(__file__).parents[1]
_WORDS: Final = {
    "format": "format of the folder",
    "version": "version of hoplon",
    "sources": "digest of hoplon's sources",
    "scenario": "scenario",
    "scenario_sha256": "SHA-256 of the scenario",
    "measures": "measures",
    "question": "question",
}
_PARTS: Final = {"plan": "{} of the plan", "asked": "{} of the question"}


@cache
def sources_digest(package: Path = _PACKAGE) -> str:
    """Return the BLAKE2b digest of the sources that decide a digit: kernels, scenario, analysis; sentences do not.

    So do the people, places, outlines and nations that are bundled; bundled scenarios have digests of their own.

    The declarations of what raids assume are mostly sentences: of these, names and values count alone. Those of the
    keys of files say what is accepted and what it means; what was read is in the scenario's own digest.
    """
    digest = hashlib.blake2b(digest_size=16)
    for source in sorted(package.rglob("*.py")):
        inside = source.relative_to(package)
        declares = inside in _DECLARATIONS or inside.is_relative_to(_FORMATS)
        if inside.parts[0] not in _WITHOUT_DIGITS and not declares:
            digest.update(inside.as_posix().encode() + b"\0")
            digest.update(source.read_bytes())
    for data in sorted((package / _CATALOGUE).iterdir()):
        if data.suffix != ".yaml" and data.is_file():
            digest.update(data.name.encode() + b"\0" + hashlib.blake2b(data.read_bytes()).digest())
    digest.update(repr([(one.name, one.default, one.parameter) for one in ASSUMPTIONS.values()]).encode())
    return digest.hexdigest()


def identity_of(plan: Plan, scenario: str, scenario_sha256: str) -> dict[str, Any]:
    """Return all that decides the digits of a campaign, as plain data."""
    return {
        "format": _FORMAT,
        "version": VERSION,
        "sources": sources_digest(),
        "scenario": scenario,
        "scenario_sha256": scenario_sha256,
        "measures": list(MEASURES),
        "plan": plan.as_json(),
    }


def question_identity(question: str, scenario: str, scenario_sha256: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that decides the answer to a question that is worked at in chunks, as plain data."""
    return {
        "format": _FORMAT,
        "version": VERSION,
        "sources": sources_digest(),
        "scenario": scenario,
        "scenario_sha256": scenario_sha256,
        "question": question,
        "asked": dict(asked),
    }


def name_of(identity: Mapping[str, Any]) -> str:
    """Return the campaign's name in its chunks: the BLAKE2b digest of its identity."""
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def claim(folder: Path, identity: Mapping[str, Any]) -> None:
    """Make a folder this campaign's, or this question's, or see that it is.

    Raises
    ------
    InputError
        If the folder holds another campaign; the message names each difference.
    OutputError
        If it cannot be written.
    """
    file = folder / FILE
    temporary = temporary_of(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            sweep(folder)
            if any(not entry.name.startswith(".") for entry in folder.iterdir()):
                raise OutputError(f"{folder}: is not empty and holds no campaign; an empty or new folder was expected")
            try:
                temporary.write_text(json.dumps(identity, indent=1) + "\n", encoding="utf-8")
                _place(temporary, file)
            finally:
                temporary.unlink(missing_ok=True)
        text = content_of(file, _LONGEST)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror or error}") from None
    try:
        kept = json.loads(text)
        if not isinstance(kept, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise InputError(
            f"{file}: is damaged, so that nothing says what the chunks are; take another folder, or put the file back"
        ) from None
    differences = _differences(kept, identity)
    if differences:
        raise InputError(
            f"{folder}: holds another {'question' if 'question' in kept else 'campaign'}, which cannot go on with "
            "these inputs:\n"
            + "\n".join(f"  {line}" for line in differences)
            + "\nTake another folder, or the inputs it was begun with."
        )


def _place(temporary: Path, file: Path) -> None:
    """Give a whole file its name, unless another process was first."""
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    except OSError:  # no hard links here
        os.replace(temporary, file)


def _differences(kept: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    lines = []
    for key in sorted({*kept, *now} - {*_PARTS}):
        if kept.get(key) != now.get(key):
            lines.append(f"{_WORDS.get(key, key)}: {_short(kept.get(key))} there, {_short(now.get(key))} now")
    for part, words in _PARTS.items():
        there, here = (found if isinstance(found := one.get(part), dict) else {} for one in (kept, now))
        for key in sorted({*there, *here}):
            if there.get(key) != here.get(key):
                lines.append(f"{words.format(key)}: {_short(there.get(key))} there, {_short(here.get(key))} now")
    return lines


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
