"""What one outside case is: a quantity of a model, its expected value with source, a tolerance with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["literature", "closed form", "other code", "observed flight"]
KINDS: Final[tuple[Kind, ...]] = ("literature", "closed form", "other code", "observed flight")


@dataclass(frozen=True)
class Tolerance:
    """How far a computed value may lie from the expected one, and why that far.

    Parameters
    ----------
    value : float
        In the unit of the quantity, or as a share of the expected value.
    relative : bool
        Whether it is such a share.
    reason : str
        Why that far.
    """

    value: float
    relative: bool
    reason: str

    def width(self, expected: float) -> float:
        """Return the tolerance in the unit of the quantity."""
        return self.value * abs(expected) if self.relative else self.value

    def holds(self, expected: float, got: float) -> bool:
        """Tell whether a computed value lies within the tolerance of the expected one."""
        return abs(got - expected) <= self.width(expected)


def rounded(digits: int) -> Tolerance:
    """Return the tolerance of a value printed with so many decimals."""
    return Tolerance(0.5 * 10.0**-digits * 1.0001, False, "last printed digit")


def relative(value: float, reason: str) -> Tolerance:
    """Return a tolerance that is a share of the expected value."""
    return Tolerance(value, True, reason)


def absolute(value: float, reason: str) -> Tolerance:
    """Return a tolerance in the unit of the quantity."""
    return Tolerance(value, False, reason)


@dataclass(frozen=True)
class KnownDifference:
    """A difference from the outside value that is understood.

    Parameters
    ----------
    got : float
        What hoplon computed when the difference was explained.
    tolerance : Tolerance
        How far what it computes now may lie from that; farther is a failure, for the explanation is of another number.
    explanation : str
        Why hoplon differs.
    """

    got: float
    tolerance: Tolerance
    explanation: str


@dataclass(frozen=True)
class Case:
    """One row of the record of validation.

    Parameters
    ----------
    id : str
        Several rows of one source share it.
    quantity, unit : str
    compute : callable
        Asks hoplon.
    expected : float
        From ``source``, never from hoplon.
    tolerance : Tolerance
    source : str
        Citation.
    url : str
        Where the source was read; empty for books and closed forms.
    model : str
        Which model it validates: a quantity of the table of equations, or a name of :data:`methods.OTHER_MODELS`.
    kind : str
        One of :data:`KINDS`.
    needs : tuple of str
        Modules beyond those of the base install that it imports; where one is missing it is not run, and that is said.
    known : KnownDifference, optional
        For a value that lies outside the tolerance for a reason.
    """

    id: str
    quantity: str
    unit: str
    compute: Callable[[], float]
    expected: float
    tolerance: Tolerance
    source: str
    url: str = ""
    model: str = ""
    kind: Kind = "closed form"
    needs: tuple[str, ...] = ()
    known: KnownDifference | None = None

    def __str__(self) -> str:
        """Return its number and quantity."""
        return f"{self.id} {self.quantity}"

    def check(self) -> None:
        """Compute it.

        Raises
        ------
        AssertionError
            If what hoplon computes lies outside the tolerance, and no known difference explains it.
        """
        computed = self.compute()
        if self.tolerance.holds(self.expected, computed):
            return
        if self.known is not None and self.known.tolerance.holds(self.known.got, computed):
            return
        raise AssertionError(
            f"{self}: got {computed:.9g} {self.unit}, expected {self.expected:.9g} within "
            f"{self.tolerance.width(self.expected):.3g} ({self.tolerance.reason}); source: {self.source}"
        )


def of_model(model: str, kind: Kind, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return cases as those of one model and one kind of source."""
    return tuple(replace(case, model=model, kind=kind) for case in cases)
