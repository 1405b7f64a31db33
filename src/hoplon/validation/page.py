"""The page ``VALIDATION.md``, which is a page of the manual as well: the record of validation by model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hoplon.validation.case import KINDS
from hoplon.validation.models import Model, models
from hoplon.validation.outcome import EXPLAINED, FAILED, NOT_RUN, CaseOutcome, counts
from hoplon.version import VERSION

_DIGITS: Final = 8  # of what hoplon got: those that are the same on any processor
_KINDS: Final = {
    "literature": "a textbook, a standard, a public statement",
    "closed form": "an exact solution, or the same laws by a second build",
    "other code": "a program of other hands, asked live or with its version",
    "observed flight": "a real flight as it was announced or reported",
}


def without_case(outcomes: Sequence[CaseOutcome]) -> tuple[Model, ...]:
    """Return the models that no case of a record validates."""
    reached = {one.model for one in outcomes}
    return tuple(model for model in models() if model.name not in reached)


def page_of(outcomes: Sequence[CaseOutcome]) -> str:
    """Return the text of the page."""
    parts = [
        "# Record of validation",
        "`hoplon validate` computes every case of this page, and `hoplon validate -o VALIDATION.md` writes it; the "
        "checks fail when the page is not\nwhat hoplon computes. "
        f"This is that of hoplon {VERSION}. No expected value comes from hoplon. "
        "A tolerance is in the unit of the quantity, with its reason.",
        f"Of {len(outcomes):,} cases: {counts(outcomes)}.",
        _table(
            ("kind", "what it is", "cases"),
            [(kind, _KINDS[kind], f"{sum(one.kind == kind for one in outcomes):,}") for kind in KINDS],
            "||r",
        ),
    ]
    told = {
        EXPLAINED: ("Outside, explained", "A known difference does not fail; one that moves does."),
        FAILED: ("Failed", "These lie outside their tolerance, and nothing explains it."),
        NOT_RUN: ("Not run", "A library that is no part of the base install is not there."),
    }
    for outcome, (heading, words) in told.items():
        these = [one for one in outcomes if one.outcome == outcome]
        if these:
            lines = [
                f"- **{one.id}**, {one.quantity}: {_with_unit(_number(one.got), one.unit)}, "
                f"expected {one.expected} within {one.tolerance}. {_sentence(one.explanation)}"
                for one in these
            ]
            parts += [f"## {heading}", words, "\n".join(lines)]
    rest = [f"- **{one.name}** (`{one.code}`): {one.held_by}" for one in without_case(outcomes)]
    parts += [
        "## Models that no outside case reaches",
        "Nothing from outside was found to hold these against. What holds them instead: tests, an independent "
        "build of the whole\nmodel (oracle), properties.",
        "\n".join(rest),
    ]
    for model in models():
        these = [one for one in outcomes if one.model == model.name]
        if these:
            parts += [f"## {model.name[0].upper()}{model.name[1:]}", f"`{model.code}`", _cases(these)]
    return "\n\n".join(parts) + "\n"


def _cases(outcomes: Sequence[CaseOutcome]) -> str:
    """Return the cases of one model as a table, and under it each source and reason once, with the cases it is of."""
    heads = ("case", "quantity", "expected", "got", "within", "outcome")
    rows = [
        (
            one.id,
            one.quantity,
            _with_unit(one.expected, one.unit),
            _number(one.got) or "none",
            one.tolerance,
            one.outcome,
        )
        for one in outcomes
    ]
    told: dict[tuple[str, str, str, str], list[str]] = {}
    for one in outcomes:
        told.setdefault((one.source, one.url, one.kind, one.reason), []).append(one.id)
    notes = [
        f"- {', '.join(dict.fromkeys(ids))} ({kind}): {f'[{source}]({url})' if url else source}. Tolerance: {reason}."
        for (source, url, kind, reason), ids in told.items()
    ]
    return f"{_table(heads, rows, '||rrr')}\n\n" + "\n".join(notes)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: str = "") -> str:
    rule = "|".join("--:" if right[place : place + 1] == "r" else "---" for place in range(len(heads)))
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (heads, *rows)]
    return "\n".join(f"| {line} |" if place else f"| {line} |\n|{rule}|" for place, line in enumerate(lines))


def _with_unit(number: str, unit: str) -> str:
    return number if unit == "1" else f"{number} {unit}"


def _number(got: str) -> str:
    return f"{float(got):.{_DIGITS}g}" if got else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
