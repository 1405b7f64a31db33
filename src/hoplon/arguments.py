"""The numbers that the public functions are given, held to their kind before anything is computed from them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import wraps
from numbers import Integral, Real
from types import ModuleType
from typing import Any, Final

from hoplon.errors import InputError

_WHOLE: Final = {"int": False, "int | None": True}
_NUMBERS: Final = {"float": False, "float | None": True}


def with_checked_numbers(module: ModuleType, name: str, shown: str) -> Callable[..., Any]:
    """Return a function of a module that refuses what is no number where its signature has one.

    Parameters
    ----------
    module : module
    name : str
        Of the function, which is looked up at each call.
    shown : str
        The module by which it is known.

    Returns
    -------
    callable
        Raises InputError for flags, texts, NaN and parts of a number, naming the argument.
    """
    declared = getattr(module, name)
    signature = inspect.signature(declared)
    kinds = {
        key: str(parameter.annotation)
        for key, parameter in signature.parameters.items()
        if str(parameter.annotation) in {*_WHOLE, *_NUMBERS}
    }

    @wraps(declared)
    def called(*arguments: Any, **named: Any) -> Any:
        function = getattr(module, name)
        try:
            bound = signature.bind(*arguments, **named)
        except TypeError:  # which the function itself says better
            return function(*arguments, **named)
        for key, value in bound.arguments.items():
            if key in kinds:
                bound.arguments[key] = _number(key, value, kinds[key])
        return function(*bound.args, **bound.kwargs)

    called.__module__ = shown  # where it is found again as it is unpickled
    return called


def _number(key: str, value: Any, kind: str) -> Any:
    if value is None and (_WHOLE | _NUMBERS)[kind]:
        return None
    wanted = "a whole number" if kind in _WHOLE else "a number"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{key}: {wanted} was expected, got {value!r:.60}")
    if isinstance(value, Integral) and kind in _WHOLE:
        return int(value)
    try:
        number = float(value)
    except OverflowError:
        raise InputError(f"{key}: a finite number was expected, got one beyond 1e308") from None
    if math.isnan(number) or (kind in _WHOLE and not number.is_integer()):
        raise InputError(f"{key}: {wanted} was expected, got {number:g}")
    return int(number) if kind in _WHOLE else number
