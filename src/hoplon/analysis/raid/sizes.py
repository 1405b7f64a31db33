"""Raids of other sizes with the same mix: aims, classes and launch areas keep their shares at every size.

A raid of three missiles cannot hold a mix of four groups. The replications can: with N missiles, groups that end at
B_1 < B_2 < ... < B_k = N, and offset u, group g of a raid of n missiles has

    floor((n B_g + u) / N) - floor((n B_(g-1) + u) / N)

missiles: its exact share n (B_g - B_(g-1)) / N rounded down or up, the sum n. Over the offsets u = 0 ... N - 1, which
the replications run through evenly, its mean is the exact share (systematic sampling with unequal shares).

References
----------
.. [1] Madow, "On the theory of systematic sampling, II", Annals of Mathematical Statistics 20 (1949) 333.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from hoplon.errors import InputError
from hoplon.scenario.model import Cited

if TYPE_CHECKING:
    from hoplon.scenario.model import Raid


def compositions(counts: Sequence[int], size: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return the compositions of a raid of so many missiles, each with its weight.

    Parameters
    ----------
    counts : sequence of int
        Missiles of each group of the whole raid; a group of 0 keeps 0.
    size : int

    Returns
    -------
    tuple of (counts, weight)
        Weights add up to the missiles of the whole raid; the mean of the counts is exactly in proportion.

    Raises
    ------
    InputError
        If the raid has no missile, or the size is not above 0.
    """
    whole = sum(counts)
    if whole <= 0 or size <= 0:
        raise InputError(f"a raid of {whole} missiles brought to {size}: both must be 1 or more")
    ends = [0, *accumulate(counts)]
    weights: dict[tuple[int, ...], int] = {}
    for offset in range(whole):
        places = [(size * end + offset) // whole for end in ends]
        found = tuple(after - before for before, after in pairwise(places))
        weights[found] = weights.get(found, 0) + 1
    return tuple(weights.items())


def with_counts(raid: Raid, counts: Sequence[int]) -> Raid:
    """Return a raid with so many missiles in each group, over the time that the group lasts; a group may have none."""
    groups = []
    for group, number in zip(raid.threats, counts, strict=True):
        lasts = (float(group.count) - 1.0) * float(group.interval_s)
        groups.append(replace(group, count=Cited(float(number)), interval_s=Cited(lasts / max(number - 1, 1))))
    return replace(raid, threats=tuple(groups))
