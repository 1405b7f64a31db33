"""Raids whose result is known: their exact values by enumeration, and the pure kill chain that must meet them.

The tests and ``tools/closed_form_table.py`` run the same raids by the whole event simulation under ideal
conditions too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from hoplon.backbone.killchain import RaidKillChain, run_chain
from hoplon.validation.case import Case, absolute, of_model

DEVIATE = 3.2905267314919255  # normal quantile of 0.9995: a 99.9 % interval
QUANTITIES = ("leakers", "shots", "no leaker")
REPLICATIONS: Final = 100_000  # of a raid in the record of validation


@dataclass(frozen=True)
class ClosedForm:
    """A raid without sensing; ``events`` False where the event simulation fires in another order than layers."""

    name: str
    threats: int
    kill: float
    salvo: int
    looks: int
    magazine: int
    coordinated: bool = True
    events: bool = True

    def exact(self) -> tuple[float, float, float]:
        """Return expected leakers, expected shots and the chance of no leaker."""
        if self.coordinated:
            return rounds(self.threats, self.magazine, self.looks, self.salvo, self.kill)
        hit = self.kill / self.threats  # of one threat, by one shot
        clear = math.fsum(
            (-1) ** spared * math.comb(self.threats, spared) * (1 - spared * hit) ** self.magazine
            for spared in range(self.threats + 1)
        )
        return self.threats * (1 - hit) ** self.magazine, float(self.magazine), clear


RAIDS = (
    ClosedForm("EFF-06: four warheads, two shots each", 4, 0.8, 2, 1, 100),
    ClosedForm("EFF-06: four warheads, three shots each", 4, 0.8, 3, 1, 100),
    ClosedForm("EFF-13: shoot-look-shoot, two looks", 1, 0.7, 1, 2, 100),
    ClosedForm("EFF-13: shoot-look-shoot, four looks", 1, 0.7, 1, 4, 100),
    ClosedForm("EFF-14: two, look, two", 1, 0.7, 2, 2, 100),
    ClosedForm("three looks, a magazine of eight for six", 6, 0.7, 1, 3, 8),
    ClosedForm("four looks, a magazine of seven for five", 5, 0.55, 1, 4, 7),
    ClosedForm("two looks, fewer interceptors than threats", 3, 0.6, 1, 2, 2),
    ClosedForm("three looks, no want of interceptors", 7, 0.35, 1, 3, 100),
    ClosedForm("an empty magazine", 3, 0.7, 1, 1, 0),
    ClosedForm("EFF-17: ten shots at six, coordinated", 6, 0.7, 2, 1, 10, events=False),
    ClosedForm("EFF-17: ten shots at six, uncoordinated", 6, 0.7, 1, 1, 10, coordinated=False, events=False),
)


def binomial(number: int, probability: float) -> list[float]:
    """Return the chances of 0 to ``number`` successes."""
    return [math.comb(number, k) * probability**k * (1 - probability) ** (number - k) for k in range(number + 1)]


@cache
def rounds(alive: int, left: int, looks: int, salvo: int, kill: float) -> tuple[float, float, float]:
    """Return expected leakers, expected shots and the chance of no leaker, by enumerating what each look leaves."""
    if alive == 0 or looks == 0 or left == 0:
        return float(alive), 0.0, float(alive == 0)
    shots = min(alive * salvo, left)
    each, more = divmod(shots, alive)  # some get one shot more than the others
    first, second = binomial(more, 1 - (1 - kill) ** (each + 1)), binomial(alive - more, 1 - (1 - kill) ** each)
    leakers, fired, clear = 0.0, float(shots), 0.0
    for one, chance in enumerate(first):
        for other, likely in enumerate(second):
            further = rounds(alive - one - other, left - shots, looks - 1, salvo, kill)
            leakers += chance * likely * further[0]
            fired += chance * likely * further[1]
            clear += chance * likely * further[2]
    return leakers, fired, clear


@dataclass(frozen=True)
class Counted:
    """Mean and half-width of the 99.9 % interval of each quantity."""

    means: tuple[float, ...]
    halves: tuple[float, ...]

    def agrees(self, exact: tuple[float, ...]) -> tuple[bool, ...]:
        """Tell of each quantity whether the exact value lies in the interval."""
        return tuple(
            abs(mean - value) <= max(half, 1e-9)
            for mean, half, value in zip(self.means, self.halves, exact, strict=True)
        )


def counted(replications: int, sums: tuple[int, ...], squares: tuple[int, ...]) -> Counted:
    """Return means and intervals from whole-number sums."""
    means = tuple(total / replications for total in sums)
    spread = (max(0.0, square / replications - mean * mean) for square, mean in zip(squares, means, strict=True))
    return Counted(means, tuple(DEVIATE * math.sqrt(variance / replications) for variance in spread))


def by_chain(case: ClosedForm, replications: int, seed: int = 7) -> Counted:
    """Run a case by the pure kill chain."""
    chain = RaidKillChain(case.threats, case.kill, case.salvo, case.looks, case.magazine, coordinated=case.coordinated)
    found = run_chain(chain, replications, seed)
    clear = int(found.leaker_counts[0])
    return counted(
        replications, (found.leakers, found.shots, clear), (found.leakers_squared, found.shots_squared, clear)
    )


def _clear(raid: ClosedForm) -> float:
    """Return the share of replications of the kill chain without a leaker."""
    return by_chain(raid, REPLICATIONS).means[2]


def _cases(number: int, raid: ClosedForm) -> Case:
    exact = raid.exact()[2]
    half = max(DEVIATE * math.sqrt(exact * (1.0 - exact) / REPLICATIONS), 1e-9)
    return Case(
        f"RAID-{number:02d}",
        f"chance of no leaker; {raid.name}",
        "1",
        partial(_clear, raid),
        exact,
        absolute(half, f"99.9 % interval of {REPLICATIONS:,} replications"),
        "enumeration of what each look leaves, binomial; of uncoordinated fire by inclusion and exclusion",
    )


CASES = of_model("raids by simulation", "closed form", (_cases(k, raid) for k, raid in enumerate(RAIDS, 1)))
