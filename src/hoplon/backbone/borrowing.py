"""Arrays that do not count who refers to them.

Numba counts the references to every array of every call with two locked instructions: with eight arrays a handler that
was more than half of the time of a replication. A borrowed array is the same memory without the count; whoever lends it
keeps it alive.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir  # type: ignore[import-untyped]
from numba.extending import intrinsic
from numpy.typing import NDArray


def _uncounted(typing_context: Any, array: Any) -> Any:
    """Type and generate the copy of an array's head with no owner."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        head = context.make_array(signature.args[0])(context, builder, value=arguments[0])
        head.meminfo = ir.Constant(head.meminfo.type, None)
        head.parent = ir.Constant(head.parent.type, None)
        return head._getvalue()

    return array(array), generate


def _as_it_is(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array as it is, where nothing is compiled."""
    return array


borrowed: Any = _as_it_is if numba.config.DISABLE_JIT else intrinsic(_uncounted)  # type: ignore[attr-defined]
"""Return the same array without a count of references."""
