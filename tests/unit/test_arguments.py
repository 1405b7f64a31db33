"""What the public functions are given as a number is one, or refused by the argument's name before any work."""

from __future__ import annotations

import inspect
import math
import pickle
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon import api
from hoplon.arguments import with_checked_numbers
from hoplon.errors import InputError, UnknownNameError


def asked(
    scenario: str, seed: int = 1, *, year: int | None = None, range_km: float = 1.0, **more: Any
) -> tuple[Any, ...]:
    return scenario, seed, year, range_km, more


@pytest.fixture
def guarded() -> Any:
    module = ModuleType("module")
    module.asked = asked
    return with_checked_numbers(module, "asked", "module")


def test_whole_numbers_and_numbers_of_any_kind_are_taken(guarded: Any) -> None:
    found = guarded("toy", 1e3, year=np.int16(2011), range_km=Fraction(1, 2), seat=True)
    assert found == ("toy", 1000, 2011, 0.5, {"seat": True})
    assert list(map(type, found[1:4])) == [int, int, float]
    assert guarded("toy", year=None) == ("toy", 1, None, 1.0, {})
    assert guarded("toy", range_km=math.inf)[3] == math.inf


@pytest.mark.parametrize("value", [True, np.True_, "5", b"5", 1.5, math.nan, math.inf, None, [], 1j])
def test_what_is_no_whole_number_is_refused(guarded: Any, value: Any) -> None:
    with pytest.raises(InputError, match=r"^seed: a whole number was expected, got "):
        guarded("toy", value)


@pytest.mark.parametrize("value", [False, "0.5", math.nan, None, (), 10**400])
def test_what_is_no_number_is_refused(guarded: Any, value: Any) -> None:
    with pytest.raises(InputError, match=r"^range_km: a (finite )?number was expected, got "):
        guarded("toy", range_km=value)


def test_the_public_functions_are_those_of_the_library_with_their_numbers_checked() -> None:
    with pytest.raises(InputError, match=r"^seed: a whole number was expected, got 1\.5"):
        hoplon.raid("toy", "fast", "four", seed=1.5)
    with pytest.raises(TypeError, match="missing 2 required positional arguments: 'scenario' and 'architecture'"):
        hoplon.coverage()
    with pytest.raises(UnknownNameError, match="unknown level 'best'"):
        hoplon.kill_chain("toy", "fast", "northwest", (44.4, 26.1), "mrbm", level="best")
    assert pickle.loads(pickle.dumps(hoplon.raid)) is hoplon.raid
    assert inspect.signature(hoplon.raid) == inspect.signature(api.raid)


ASKED: dict[str, tuple[Any, ...]] = {
    "adapt": ("toy", "fast"),
    "attribute": ("toy", "fast"),
    "compare": ("toy", "fast", "slow"),
    "coverage": ("toy", "fast"),
    "optimise": ("nato-europe", "phase-1", 1),
    "robust": ("toy", ("fast", "slow")),
    "survive": ("toy", "fast"),
    "sweep": ("toy", "fast", {"doctrine.decision_s": [1]}),
    "threat": ("toy",),
}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"threats": ()}, "^threats: one or more were expected, got none"),
        ({"areas": []}, "^launch areas: one or more were expected, got none"),
        ({"points": [(44.4, 26.1)]}, "^points: AimPoints or the path of a CSV file was expected, got list"),
    ],
)
def test_no_names_and_points_of_no_kind_are_no_question(name: str, given: dict[str, Any], said: str) -> None:
    """Else an empty list of classes would be every class, or none, and a list of points those of the scenario."""
    with pytest.raises(InputError, match=said):
        getattr(hoplon, name)(*ASKED[name], **given)


def test_a_flag_is_no_place() -> None:
    with pytest.raises(InputError, match=r"aim: finite degrees were expected, got \(True, False\)"):
        hoplon.engage("toy", "fast", "northwest", (True, False), "mrbm")
