"""Outside numbers that are data, ``published.yaml``: real flights, public statements, published costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hoplon.validation.case import KnownDifference, absolute


@cache
def published() -> Mapping[str, Any]:
    """Return what the file holds."""
    text = files("hoplon.validation").joinpath("published.yaml").read_text(encoding="utf-8")
    told: Mapping[str, Any] = yaml.safe_load(text)
    return told


def known_difference(given: Mapping[str, Any]) -> KnownDifference | None:
    """Return the known difference of a row of the file; None where it has none."""
    if "known" not in given:
        return None
    known = given["known"]
    return KnownDifference(known["got"], absolute(known["within"], known["reason"]), known["explanation"])
