"""What one verification case is: a quantity, its expected value with source, and a tolerance with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerance:
    """How far a computed value may lie from the expected one, and why that far."""

    value: float
    relative: bool
    reason: str

    def width(self, expected: float) -> float:
        return self.value * abs(expected) if self.relative else self.value

    def __str__(self) -> str:
        return f"{self.value:.3g} {'rel' if self.relative else 'abs'}: {self.reason}"


def rounded(digits: int) -> Tolerance:
    """Return the tolerance of a value printed with so many decimals."""
    return Tolerance(0.5 * 10.0**-digits * 1.0001, False, "last printed digit")


def relative(value: float, reason: str) -> Tolerance:
    return Tolerance(value, True, reason)


def absolute(value: float, reason: str) -> Tolerance:
    return Tolerance(value, False, reason)


@dataclass(frozen=True)
class Case:
    """One row of a verification table.

    ``expected`` comes from ``source``, never from hoplon; ``compute`` asks hoplon.
    """

    id: str
    quantity: str
    unit: str
    compute: Callable[[], float]
    expected: float
    tolerance: Tolerance
    source: str

    def __str__(self) -> str:
        return f"{self.id} {self.quantity}"

    def check(self) -> None:
        computed = self.compute()
        width = self.tolerance.width(self.expected)
        assert abs(computed - self.expected) <= width, (
            f"{self}: got {computed:.9g} {self.unit}, expected {self.expected:.9g} within {width:.3g} "
            f"({self.tolerance.reason}); source: {self.source}"
        )


def as_markdown(cases: Iterable[Case]) -> str:
    """Return the table that the manual prints."""
    head = "| id | quantity | expected | unit | tolerance and its reason | source |\n|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {case.id} | {case.quantity} | {case.expected:.9g} | {case.unit} | {case.tolerance} | {case.source} |\n"
        for case in cases
    )
