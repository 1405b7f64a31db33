"""The solver of linear and integer programs, HiGHS, made without a word on standard output."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any


def quiet_solver(options: Mapping[str, Any]) -> Any:
    """Return an empty program of HiGHS, for one thread, that prints nothing.

    Parameters
    ----------
    options : mapping
        By the name that HiGHS gives them: https://ergo-code.github.io/HiGHS/dev/options/definitions/.
    """
    import highspy

    with _standard_output_to_error():  # version 1.16 prints who it is before it can be told to be silent
        model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in {"output_flag": False, "threads": 1, **options}.items():
        model.setOptionValue(option, setting)
    return model


@contextlib.contextmanager
def _standard_output_to_error() -> Iterator[None]:
    """Let what is written to the descriptor of standard output go to that of standard error, for a moment."""
    try:
        kept = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # one of them is closed
        yield
        return
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
