"""Options that the commands on raids share: what is lost, and how good links are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hoplon.cli.values import number
from hoplon.errors import UsageError

if TYPE_CHECKING:
    import argparse


def add_losses(command: argparse.ArgumentParser) -> None:
    """Add --lose and --link-availability to a command."""
    command.add_argument(
        "--lose", metavar="ELEMENT[/link]@T", action="append", default=[],
        help="lose an element, or its link alone, T seconds after the first launch, or with @T1..T2 at a moment drawn "
        "between; -T3 repairs it then; may be repeated",
    )  # fmt: skip
    command.add_argument(
        "--link-availability", metavar="[ELEMENT=]P", action="append", default=[],
        help="chance that a message gets through the network, or the link of one element; a lost one is sent again "
        "after 1 s; default: 1; may be repeated",
    )  # fmt: skip


def add_command_and_control(command: argparse.ArgumentParser) -> None:
    """Add --fallback-s and --wrong-association to a command."""
    command.add_argument(
        "--fallback-s", type=number(0, 86_400, "s"), metavar="S",
        help="silence of its node after which a battery fights by its own radars; default: it waits for orders",
    )  # fmt: skip
    command.add_argument(
        "--wrong-association", type=number(0, 1, ""), metavar="P", default=0.0,
        help="chance that a node takes a radar's track of a known threat for another object; default: 0",
    )  # fmt: skip


def network_of(arguments: argparse.Namespace) -> tuple[dict[str, Any], dict[str, float]]:
    """Return what the options say as conditions of a raid, and of the links of single elements.

    Raises
    ------
    UsageError
        If an availability is no number, or is given twice.
    """
    whole: dict[str, Any] = {"fallback": arguments.fallback_s, "wrong_association": arguments.wrong_association}
    single: dict[str, float] = {}
    for text in arguments.link_availability:
        element, _, digits = text.rpartition("=")
        try:
            chance = float(digits)
        except ValueError:
            raise UsageError(f"--link-availability {text}: P or ELEMENT=P was expected, P a number") from None
        found, key = (single, element.strip()) if element else (whole, "link_availability")
        if key in found:
            raise UsageError(f"--link-availability {text}: given twice")
        found[key] = chance
    return whole, single
