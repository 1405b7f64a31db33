"""The pure kill chain: perfect sensing, a given kill probability, shots, looks and magazines; nothing else.

The form that closed formulas describe, run over replications by one compiled loop: millions a second. In each look
every threat known to fly gets a shot, layer by layer, until each has its shots of the look or the magazine is empty;
what survives is seen at once and without error. Uncoordinated fire sends each shot of the magazine at a threat chosen
at random, seen or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import CERTAIN, chance, drawn, threshold_of
from hoplon.compiled import kernel
from hoplon.errors import InputError

MOST_THREATS: Final = 1024
_32 = np.uint64(32)
_COMMON_RAID, _COMMON_THREAT = 1 << 40, 1 << 41


@dataclass(frozen=True)
class RaidKillChain:
    """A raid without sensing.

    Attributes
    ----------
    threats : int
    kill : float
        Single-shot kill probability.
    shots_per_look, looks : int
        A salvo and how often it may be fired.
    magazine : int or None
        Interceptors in all; None for no limit.
    track : float
        Probability that a warhead (or, ``track_per_raid``, the raid) is tracked at all: the common factor.
    track_per_raid : bool
    coordinated : bool
        False: each of ``magazine`` shots at a threat chosen at random.
    """

    threats: int
    kill: float
    shots_per_look: int = 1
    looks: int = 1
    magazine: int | None = None
    track: float = 1.0
    track_per_raid: bool = False
    coordinated: bool = True


@dataclass(frozen=True)
class ChainTotals:
    """Whole-number sums over replications: leakers, shots, their squares, and how often each number leaked."""

    replications: int
    leakers: int
    leakers_squared: int
    shots: int
    shots_squared: int
    leaker_counts: NDArray[np.int64]


def run_chain(chain: RaidKillChain, replications: int, seed: int, first: int = 0) -> ChainTotals:
    """Run replications ``first``, ``first + 1``, ... of a kill chain.

    Raises
    ------
    InputError
        If a number is out of its range.
    """
    if not 1 <= chain.threats <= MOST_THREATS:
        raise InputError(f"threats must be from 1 to {MOST_THREATS}, got {chain.threats}")
    if not (0.0 <= chain.kill <= 1.0 and 0.0 <= chain.track <= 1.0):
        raise InputError(f"probabilities must lie in [0, 1], got kill {chain.kill}, track {chain.track}")
    if chain.shots_per_look < 1 or chain.looks < 0 or replications < 1 or (chain.magazine or 0) < 0:
        raise InputError("at least 1 shot a look and 1 replication, and 0 or more looks and interceptors were expected")
    if not chain.coordinated and chain.magazine is None:
        raise InputError("uncoordinated fire needs a magazine: how many shots are fired")
    magazine = chain.threats * chain.shots_per_look * chain.looks if chain.magazine is None else chain.magazine
    counts = np.zeros(chain.threats + 1, dtype=np.int64)
    sums = _run(
        seed,
        first,
        replications,
        chain.threats,
        threshold_of(chain.kill),
        chain.shots_per_look,
        chain.looks,
        magazine,
        threshold_of(chain.track),
        chain.track_per_raid,
        chain.coordinated,
        counts,
    )
    leakers, leakers_squared, shots, shots_squared = sums
    return ChainTotals(replications, leakers, leakers_squared, shots, shots_squared, counts)


@kernel
def _run(
    seed: int,
    first: int,
    replications: int,
    threats: int,
    kill: int,
    shots_per_look: int,
    looks: int,
    magazine: int,
    track: int,
    track_per_raid: bool,
    coordinated: bool,
    counts: NDArray[np.int64],
) -> tuple[int, int, int, int]:
    leakers_sum, leakers_squared, shots_sum, shots_squared = 0, 0, 0, 0
    alive, fired = np.empty(threats, dtype=np.int64), np.empty(threats, dtype=np.int64)
    certain = CERTAIN
    for replication in range(first, first + replications):
        draw_key = drawn(seed, replication, 0, 0, 0)
        raid_lost = track_per_raid and not _below(draw_key, _COMMON_RAID, 0, track)
        for threat in range(threats):
            alive[threat], fired[threat] = 1, 0
            if not track_per_raid and track < certain and not _below(draw_key, _COMMON_THREAT, threat, track):
                alive[threat] = 2  # flies on whatever is fired
        left, flying = magazine, threats
        if coordinated:
            for _ in range(looks):
                left, flying = _look(draw_key, kill, shots_per_look, left, flying, raid_lost, alive, fired)
        else:
            for shot in range(magazine):
                key = drawn(draw_key, threats, shot, 0, 0)
                threat = int(np.int64(((key >> _32) * np.uint64(threats)) >> _32))
                if _below(draw_key, threat, shot, kill) and alive[threat] == 1 and not raid_lost:
                    alive[threat] = 0
                    flying -= 1
            left = 0
        shots = magazine - left
        leakers_sum += flying
        leakers_squared += flying * flying
        shots_sum += shots
        shots_squared += shots * shots
        counts[flying] += 1
    return leakers_sum, leakers_squared, shots_sum, shots_squared


@kernel
def _look(
    draw_key: Any,
    kill: int,
    shots_per_look: int,
    left: int,
    flying: int,
    raid_lost: bool,
    alive: NDArray[np.int64],
    fired: NDArray[np.int64],
) -> tuple[int, int]:
    """Fire one look's shots at all that fly; return what is left in the magazine and how many still fly."""
    threats = alive.shape[0]
    if shots_per_look == 1:
        for threat in range(threats):
            if alive[threat] > 0 and left > 0:
                left -= 1
                if _below(draw_key, threat, fired[threat], kill) and alive[threat] == 1 and not raid_lost:
                    alive[threat] = 0
                    flying -= 1
                fired[threat] += 1
        return left, flying
    for _ in range(shots_per_look):
        for threat in range(threats):
            if alive[threat] > 0 and left > 0:
                left -= 1
                if _below(draw_key, threat, fired[threat], kill) and alive[threat] == 1 and not raid_lost:
                    alive[threat] = -1  # seen only at the end of the look
                fired[threat] += 1
            elif alive[threat] == -1 and left > 0:
                left -= 1
    for threat in range(threats):
        if alive[threat] == -1:
            alive[threat] = 0
            flying -= 1
    return left, flying


@kernel
def _below(draw_key: Any, threat: int, shot: int, threshold: int) -> bool:
    """Draw the ``shot``-th shot at a threat."""
    return chance(drawn(draw_key, threat, shot, 0, 0), threshold)
