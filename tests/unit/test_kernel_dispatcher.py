"""What a kernel is compiled as: once for Python, once for the kernels that call it, whatever number they write."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba.core.dispatcher import _FunctionCompiler  # type: ignore[attr-defined]
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.earth.geodesy import position_of_normal
from hoplon.kernel_dispatcher import KernelDispatcher


@kernel
def scaled(value: float, times: int = 3) -> float:
    return value * times


@kernel
def three_ways(value: float) -> float:
    return scaled(value, 1) + scaled(value, 2) + scaled(value)


def not_kept(function: Callable[..., Any]) -> Any:
    """Return a kernel that is compiled anew in every process."""
    return KernelDispatcher(function, three_ways.targetoptions, kept=False)  # type: ignore[attr-defined]


@not_kept
def put(values: NDArray[np.float64], place: int, value: float) -> int:
    values[place] = value
    return place + 1


@not_kept
def filled(values: NDArray[np.float64], count: int) -> int:
    place: int = put(values, put(values, put(values, 0, 1.5), 2.5), count)
    return place


@not_kept
def called_first(value: int) -> int:
    return value + 40


@not_kept
def caller(value: int) -> int:
    both: int = called_first(value) + called_first(2)
    return both


@kernel
def refusing(value: float) -> float:
    if value < 0.0:
        raise ValueError("below zero")
    return value


@kernel
def asking(value: float) -> float:
    return refusing(value)


def test_numbers_that_are_written_are_one_signature() -> None:
    values = np.zeros(3)
    assert filled(values, 7) == 3
    assert values.tolist() == [1.5, 2.5, 7.0]
    assert {str(signature[1]) for signature in put.signatures} == {"int64"}
    assert len(put.signatures) == 2  # a float and a whole number in the last place


def test_an_argument_left_out_has_its_default() -> None:
    assert three_ways(2.0) == 2.0 + 4.0 + 6.0
    assert scaled(2.0) == 6.0
    assert scaled(2.0, 5) == 10.0


def test_what_a_kernel_called_can_be_called_from_python_afterwards() -> None:
    assert caller(1) == 41 + 42
    assert len(called_first.signatures) == 1
    assert called_first(2) == 42
    assert called_first(-40) == 0
    assert caller(0) == 40 + 42


def test_an_error_in_what_a_kernel_calls_comes_through() -> None:
    assert asking(1.0) == 1.0
    with pytest.raises(ValueError, match="below zero"):
        asking(-1.0)


def test_a_kernel_travels_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(position_of_normal)) is position_of_normal


@not_kept
def called_then(value: float) -> float:
    return value + 0.25


@not_kept
def interrupted(value: float) -> float:
    doubled: float = called_then(value) * 2.0
    return doubled


def test_an_interrupt_in_the_middle_of_compiling_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_one, done = _FunctionCompiler._compile_cached, []

    def interrupting(self: Any, *arguments: object) -> object:
        if self.py_func is called_then.py_func:
            os.kill(os.getpid(), signal.SIGINT)
        result = compile_one(self, *arguments)
        done.append(self.py_func.__name__)
        return result

    monkeypatch.setattr(_FunctionCompiler, "_compile_cached", interrupting)
    with pytest.raises(KeyboardInterrupt):
        interrupted(1.0)
    assert done == ["called_then", "interrupted"]
    assert interrupted(1.0) == 2.5
