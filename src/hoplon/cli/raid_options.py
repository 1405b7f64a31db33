"""Options that the commands on raids share: what is lost, and what a raid assumes (declared in scenario.conditions)."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from hoplon import api
from hoplon.cli.values import decimal, one_of
from hoplon.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hoplon.api import Assumption


def flown_of(found: Mapping[str, Any]) -> str:
    """Return the missiles that fly, of how many of the raid where some do not."""
    threats, of_raid = found["threats"], found["threats_of_raid"]
    return f"{threats} missiles" if threats == of_raid else f"{threats} of {of_raid} missiles of the raid"


def add_losses(command: argparse.ArgumentParser) -> None:
    """Add --lose to a command."""
    command.add_argument(
        "--lose", metavar="ELEMENT[/link]@T", action="append", default=[],
        help="lose an element, or its link alone, T seconds after the first launch, or with @T1..T2 at a moment drawn "
        "between; -T3 repairs it then; may be repeated",
    )  # fmt: skip


def add_level(command: argparse.ArgumentParser) -> None:
    """Add --level and --no-bounds."""
    command.add_argument(
        "--level", type=one_of(api.LEVELS), metavar="{low,base,high}", default="base",
        help="kill probability: every factor at the bound worse for the defence (low), as stated, or at the better one "
        "(high); default: base, with the range over both bounds",
    )  # fmt: skip
    command.add_argument("--no-bounds", action="store_true", help="at base, do not run the bounds of kill probability")


def add_command_and_control(command: argparse.ArgumentParser) -> None:
    """Add the options that set what a raid assumes, as their declarations have them."""
    group = command.add_argument_group("what the raid assumes")
    for option, assumed in api.assumptions().items():
        first, text = assumed[0], " and ".join(one.text for one in assumed)
        metavar = "S" if first.unit == "s" else "P"
        told = f"{text}; default: {first.usual}".replace("%", "%%")
        if first.is_switch:
            group.add_argument(option, action="store_true", help=text)
        elif first.by_element:
            told += f"; ELEMENT={metavar} is that of the link of one element; may be repeated"
            group.add_argument(option, metavar=f"[ELEMENT=]{metavar}", action="append", default=[], help=told)
        else:
            group.add_argument(option, type=_reader(first), metavar=metavar, help=told)


def _reader(assumption: Assumption) -> Callable[[str], float]:
    """Return the reader of an option that is a number within the limits of an assumption."""

    def read(text: str) -> float:
        try:
            value = decimal(text)
        except ValueError:
            unit = f" in {assumption.unit}" if assumption.unit else ""
            raise argparse.ArgumentTypeError(f"a number{unit} was expected, got {text[:60]!r}") from None
        if fault := assumption.fault(value, text[:60]):
            raise argparse.ArgumentTypeError(fault)
        return value

    return read


def network_of(arguments: argparse.Namespace) -> tuple[dict[str, Any], dict[str, float]]:
    """Return what the options say as fields of the conditions of a raid, and of the links of single elements.

    Raises
    ------
    UsageError
        If an availability is no number, or is given twice.
    """
    whole: dict[str, Any] = {}
    single: dict[str, float] = {}
    for option, assumed in api.assumptions().items():
        given = getattr(arguments, option.removeprefix("--").replace("-", "_"))
        if assumed[0].by_element:
            for text in given:
                _read_by_element(option, text, assumed[0].name, whole, single)
        elif given is not None and given is not False:
            whole |= {one.name: given for one in assumed}
    return whole, single


def _read_by_element(option: str, text: str, name: str, whole: dict[str, Any], single: dict[str, float]) -> None:
    """Read VALUE or ELEMENT=VALUE."""
    element, _, digits = text.rpartition("=")
    try:
        value = float(digits)
    except ValueError:
        raise UsageError(f"{option} {text}: P or ELEMENT=P was expected, P a number") from None
    found, key = (single, element.strip()) if element else (whole, name)
    if key in found:
        raise UsageError(f"{option} {text}: given twice")
    found[key] = value
