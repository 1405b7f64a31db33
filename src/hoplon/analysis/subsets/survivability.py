"""What an architecture still defends after a blow: losses of every number of its players (question 6).

The worst, mean and best over every set of so many players lost, an attacker who knows with what probability each blow
finds its mark, what is out of order by itself, and the losses that uncover a nation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.placed.sites import player_place
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row
from hoplon.analysis.subsets.sampled import SETS, LossAmounts
from hoplon.analysis.subsets.tables import bits_of, coalition_sizes, zeta
from hoplon.campaigns.execution import Execution
from hoplon.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.subsets.players import Players
    from hoplon.analysis.subsets.values import CoalitionValues

SAME: Final = 1e-9  # values that differ by no more are equal
MOST_EXACT: Final = 20  # players of whom every loss is judged
_FEW_LOSSES: Final = 3
_NORMAL_95: Final = 1.96
_QUANTILES: Final = (0.05, 0.5, 0.95)
VALUE_TITLES: Final = {"population": "population_share", "area": "area_share", "worst_nation": "worst_nation"}


@dataclass(frozen=True)
class ExtremeLoss:
    """The worst or best loss of so many players.

    Parameters
    ----------
    value : float
        After it.
    lost : tuple of str
        The first of those with this value.
    ties : int
        How many there are.
    """

    value: float
    lost: tuple[str, ...]
    ties: int


@dataclass(frozen=True)
class LossRow:
    """What is left after losses of one number of players.

    Parameters
    ----------
    losses : int
    subsets : int
        Sets of so many players.
    mean : float
        Over them: random losses.
    interval : tuple of float or None
        95 % interval of a mean over sampled sets.
    worst, best : ExtremeLoss or None
        None where sets were sampled.
    located : tuple of (float, tuple of str) or None
        Least expected value over the sets aimed at, and the first such set, where each blow succeeds with the
        probability that its mark is found and destroyed.
    """

    losses: int
    subsets: int
    mean: float
    interval: tuple[float, float] | None = None
    worst: ExtremeLoss | None = None
    best: ExtremeLoss | None = None
    located: tuple[float, tuple[str, ...]] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        mean: Any = self.mean
        if self.interval is not None:
            mean = {"mean": self.mean, "low": self.interval[0], "high": self.interval[1]}
        worst, best, located = self.worst, self.best, self.located
        return {
            "losses": self.losses,
            "subsets": self.subsets,
            "worst": None if worst is None else {"value": worst.value, "lost": list(worst.lost), "ties": worst.ties},
            "mean": mean,
            "best": None if best is None else {"value": best.value, "lost": list(best.lost)},
            "located": None if located is None else {"value": located[0], "aimed": list(located[1])},
        }


@dataclass(frozen=True)
class Available:
    """What stands when each player is away with one less its availability, independently.

    Parameters
    ----------
    value : float
        Expected.
    p05, p50, p95 : float or None
        Least value whose cumulative probability reaches 5, 50 and 95 %; None where more than 20 players may be away.
    """

    value: float
    p05: float | None
    p50: float | None
    p95: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {"value": self.value, "p05": self.p05, "p50": self.p50, "p95": self.p95}


@dataclass(frozen=True, repr=False)
class Survival(Answer):
    """What an architecture still defends after losses.

    Parameters
    ----------
    architecture : str
    value : {"population", "area", "worst_nation"}
        What the values are.
    players : Players
    exact : bool
        Whether every set of every number of players was judged.
    coalitions : int
        Whose values enter.
    whole, none : float or None
        Value of all players and of none; None where nothing is threatened.
    by_losses : tuple of LossRow
    single : mapping of str to float
        Value after the loss of each player alone.
    available : Available or None
    cut_sets : mapping
        By nation with its share, the minimal losses of at most three players that bring its share below a threshold.
    uncovered_share : float
        The threshold.
    subset : mapping or None
        Of the weighted subset of places, where one was judged: ``points``, ``of``, ``error``.
    notes : tuple of str
    made : mapping
        Version, scenario, digest and seed, for files.
    """

    architecture: str
    value: str
    players: Players
    exact: bool
    coalitions: int
    whole: float | None
    none: float | None
    by_losses: tuple[LossRow, ...] = ()
    single: Mapping[str, float] = field(default_factory=dict)
    available: Available | None = None
    cut_sets: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    uncovered_share: float = 0.5
    subset: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    made: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def line(self) -> str:
        """Return what was asked and what came of it, in one line."""
        if self.whole is None:
            return f"{self.architecture}: nothing is threatened"
        told = f"{self.architecture}: {100 * self.whole:.1f} % with all {len(self.players)} players"
        one = next((row for row in self.by_losses if row.losses == 1 and row.worst is not None), None)
        if one is None or one.worst is None:
            return told
        return f"{told}; {100 * one.worst.value:.1f} % after the worst loss of one ({one.worst.lost[0]})"

    def rows(self) -> list[Row]:
        """Return a row a number of losses."""
        return [
            {
                "losses": row.losses,
                "subsets": row.subsets,
                "worst_share": None if row.worst is None else row.worst.value,
                "lost": None if row.worst is None else ", ".join(row.worst.lost),
                "ties": None if row.worst is None else row.worst.ties,
                "mean_share": row.mean,
                "best_share": None if row.best is None else row.best.value,
                "located_share": None if row.located is None else row.located[0],
                "aimed": None if row.located is None else ", ".join(row.located[1]),
            }
            for row in self.by_losses
        ]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario, digest and seed."""
        return {**super().provenance(), **self.made}

    def placed_rows(self) -> list[PlacedRow]:
        """Return where each player stands, and what is left, and lost, after its loss alone."""
        rows: list[PlacedRow] = []
        for player in self.players.players:
            left = self.single.get(player.name)
            row = {
                "name": player.name,
                "elements": ", ".join(player.elements),
                "owner": player.owner,
                "basing": player.basing,
                "availability": player.availability,
                "location_probability": player.location_probability,
                "value_left_share": left,
                "loss_share": None if left is None or self.whole is None else self.whole - left,
            }
            rows.append((player_place(player.places_deg), row))
        return rows

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the players."""
        kinds = {"value_left_share": float, "loss_share": float}
        return (FeatureLayer("players", self.line(), self.placed_rows(), kinds),)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        whole = self.whole
        answer: dict[str, Any] = {
            "architecture": self.architecture,
            "value": VALUE_TITLES[self.value],
            "players": [player.as_json() for player in self.players.players],
            "left_out": [{"name": name, "reason": reason} for name, reason in self.players.left_out.items()],
            "exact": self.exact,
            "coalitions": self.coalitions,
            "value_whole": whole,
            "value_none": self.none,
            "by_losses": [row.as_json() for row in self.by_losses],
            "single": [
                {"name": name, "value": left, "loss": None if whole is None else whole - left}
                for name, left in self.single.items()
            ],
            "available": None if self.available is None else self.available.as_json(),
            "cut_sets": {code: [list(names) for names in sets] for code, sets in self.cut_sets.items()},
        }
        if self.subset is not None:
            answer["subset"] = dict(self.subset)
        if self.notes:
            answer["notes"] = list(self.notes)
        return answer


def survival(
    values: CoalitionValues,
    players: Players,
    *,
    most_losses: int | None = None,
    uncovered_share: float = 0.5,
    seed: int = 1,
    execution: Execution | None = None,
) -> Survival:
    """Return what an architecture still defends after losses of its players.

    Parameters
    ----------
    values : CoalitionValues
        Of its players.
    players : Players
    most_losses : int, optional
        Of so many players at most; of all, or of three where there are more than 20, by default.
    uncovered_share : float
        A nation with a smaller share is uncovered.
    seed : int
        Of sampled losses.
    execution : Execution, optional
        Goes through the losses of more than 20 players; this process by default, with nothing kept.
    """
    count, names, everyone = len(players), players.names, values.by.roster.everyone
    known: dict[str, Any] = {
        "architecture": values.by.roster.whole.name,
        "value": values.by.scope.value,
        "players": players,
    }
    exact = count <= MOST_EXACT
    most = min(count, most_losses if most_losses is not None else count if exact else _FEW_LOSSES)
    judged = most if exact else min(most, _FEW_LOSSES)
    coalitions = sum(math.comb(count, lost) for lost in range(judged + 1))
    if values.nothing_threatened:
        return Survival(**known, exact=exact, coalitions=coalitions, whole=None, none=None)
    if exact:
        rows = _exact_rows(values, names, most, players)
    else:
        asked = LossAmounts(values, judged, most, seed)
        left = asked.by_losses((execution or Execution()).chunks(asked))
        rows = _rows_of_few(values, names, [values.valued(amounts) for amounts in left[: judged + 1]], players)
        rows += [_sampled_row(values, names, lost, left[lost]) for lost in range(judged + 1, most + 1)]
    return Survival(
        **known,
        exact=exact,
        coalitions=coalitions,
        whole=values.value(everyone),
        none=values.value(0),
        by_losses=tuple(rows),
        single={name: values.value(everyone & ~(1 << place)) for place, name in enumerate(names)},
        available=_available(values, players),
        cut_sets=_cut_sets(values, names, uncovered_share),
        uncovered_share=uncovered_share,
    )


def _exact_rows(values: CoalitionValues, names: Sequence[str], most: int, players: Players) -> list[LossRow]:
    """Return a row a number of losses from the value of every coalition."""
    left = values.table()[::-1]  # place L: what is left after losing L
    expected = left.copy()
    for place, player in enumerate(players.players):
        halves, hit = expected.reshape(-1, 2, 1 << place), player.location_probability
        halves[:, 1] = hit * halves[:, 1] + (1.0 - hit) * halves[:, 0]
    sizes = coalition_sizes(len(names))
    rows = []
    for lost in range(most + 1):
        sets = np.flatnonzero(sizes == lost)
        rows.append(_row(values, names, lost, sets, left[sets], expected[sets]))
    return rows


def _rows_of_few(
    values: CoalitionValues, names: Sequence[str], left_by_losses: Sequence[NDArray[np.float64]], players: Players
) -> list[LossRow]:
    """Return a row a number of losses, of few losses of many players, from the values that they leave."""
    known = {0: values.value(values.by.roster.everyone)}
    hits = [player.location_probability for player in players.players]
    rows = []
    for lost, left in enumerate(left_by_losses):
        chosen = list(combinations(range(len(names)), lost))
        sets = np.array([sum(1 << player for player in each) for each in chosen], dtype=np.int64)
        known.update(zip(sets.tolist(), left.tolist(), strict=True))
        expected = np.array([_expected(each, hits, known) for each in chosen])
        rows.append(_row(values, names, lost, sets, left, expected))
    return rows


def _expected(aimed: Sequence[int], hits: Sequence[float], left: Mapping[int, float]) -> float:
    """Return the expected value after blows at some players, each of which succeeds with a probability."""
    total = 0.0
    for count in range(len(aimed) + 1):
        for lost in combinations(aimed, count):
            chance = math.prod(hits[player] if player in lost else 1.0 - hits[player] for player in aimed)
            total += chance * left[sum(1 << player for player in lost)]
    return total


def _row(
    values: CoalitionValues,
    names: Sequence[str],
    lost: int,
    sets: NDArray[np.int64],
    left: NDArray[np.float64],
    expected: NDArray[np.float64],
) -> LossRow:
    worst, fewest = _first(sets, left, float(left.min()), len(names))
    best, most = _first(sets, left, float(left.max()), len(names))
    aimed, _ = _first(sets, expected, float(expected.min()), len(names))
    everyone = values.by.roster.everyone
    return LossRow(
        losses=lost,
        subsets=len(sets),
        mean=float(left.mean()),
        worst=ExtremeLoss(values.value(everyone & ~worst), _named(worst, names), fewest),
        best=ExtremeLoss(values.value(everyone & ~best), _named(best, names), most),
        located=(float(expected[sets == aimed][0]), _named(aimed, names)),
    )


def _first(sets: NDArray[np.int64], values: NDArray[np.float64], extreme: float, count: int) -> tuple[int, int]:
    """Return the first set, in lexicographic order of its players, with a value, and how many have it."""
    tied = sets[np.abs(values - extreme) <= SAME]
    ranks = np.zeros(len(tied), dtype=np.int64)
    for player in range(count):  # of sets as large, the one with the earlier first player that differs
        ranks = ranks << 1 | (tied >> player & 1)
    return int(tied[np.argmax(ranks)]), len(tied)


def _named(coalition: int, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[player] for player in bits_of(coalition))


def _sampled_row(values: CoalitionValues, names: Sequence[str], lost: int, amounts: NDArray[np.float64]) -> LossRow:
    """Return the mean after so many random losses, from the weights that sampled sets leave."""
    left = values.valued(amounts)
    mean, half = float(left.mean()), _NORMAL_95 * float(left.std(ddof=1)) / math.sqrt(SETS)
    return LossRow(lost, math.comb(len(names), lost), mean, (mean - half, mean + half))


def _available(values: CoalitionValues, players: Players) -> Available:
    """Return the distribution of the value where each player may be away."""
    chances = [player.availability for player in players.players]
    away = [place for place, chance in enumerate(chances) if chance < 1.0]
    if len(away) > MOST_EXACT:
        return Available(_expected_value(values, chances), None, None, None)
    always = sum(1 << place for place in range(len(chances)) if place not in away)
    coalitions = np.full(1 << len(away), always, dtype=np.int64)
    probability = np.ones(1 << len(away))
    places = np.arange(len(coalitions), dtype=np.int64)
    for rank, place in enumerate(away):
        here = (places >> rank & 1) == 1
        coalitions[here] |= 1 << place
        probability *= np.where(here, chances[place], 1.0 - chances[place])
    found = _values_of(values, coalitions, away, always)
    order = np.argsort(found, kind="stable")
    running = np.cumsum(probability[order])
    reached = np.minimum(np.searchsorted(running, np.array(_QUANTILES) - SAME), len(order) - 1)
    ends = found[order][reached].tolist()
    return Available(float(probability @ found), *ends)


def _values_of(
    values: CoalitionValues, coalitions: NDArray[np.int64], away: Sequence[int], always: int
) -> NDArray[np.float64]:
    """Return the values of the coalitions of some players with others that are always there."""
    if values.by.scope.value == "worst_nation":
        return values.values(coalitions)
    masks, dividends = values.dividends
    places = np.zeros(len(masks), dtype=np.int64)
    for rank, place in enumerate(away):
        places |= (masks >> place & 1) << rank
    summed = np.zeros(len(coalitions))
    np.add.at(summed, places, dividends.sum(axis=1))
    return np.clip(zeta(summed) / float(values.threatened.sum()), 0.0, 1.0)


def _expected_value(values: CoalitionValues, chances: Sequence[float]) -> float:
    """Return the expected value where each player is there with a probability, by linearity over dividends.

    Raises
    ------
    InputError
        For the least share of the nations, which is not linear.
    """
    if values.by.scope.value == "worst_nation":
        raise InputError(
            f"more than {MOST_EXACT} players may be away: the expected share of the worst nation needs fewer players "
            "(--players site or owner)"
        )
    masks, dividends = values.dividends
    product = np.ones(len(masks))
    for place, chance in enumerate(chances):
        product *= np.where(masks >> place & 1, chance, 1.0)
    return float(product @ dividends.sum(axis=1) / values.threatened.sum())


def _cut_sets(
    values: CoalitionValues, names: Sequence[str], threshold: float
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return by nation the minimal losses of at most three players that bring its share below a threshold."""
    everyone, threatened = values.by.roster.everyone, values.threatened
    counted = [int(place) for place in np.flatnonzero(threatened > 0.0)]
    whole = values.amounts(everyone)
    covered = [place for place in counted if whole[place] / threatened[place] >= threshold - SAME]
    found: dict[int, list[tuple[int, ...]]] = {place: [] for place in covered}
    for lost in range(1, min(_FEW_LOSSES, len(names)) + 1):
        chosen = list(combinations(range(len(names)), lost))
        sets = np.array([sum(1 << player for player in each) for each in chosen], dtype=np.int64)
        shares = values.amounts_of(everyone & ~sets)[:, covered] / threatened[covered]
        for column, place in enumerate(covered):
            smaller = [set(each) for each in found[place]]
            for row in np.flatnonzero(shares[:, column] < threshold - SAME):
                if not any(cut <= set(chosen[row]) for cut in smaller):
                    found[place].append(chosen[row])
    nations = values.by.scope.nations
    return {nations[place]: tuple(tuple(names[each] for each in cut) for cut in cuts) for place, cuts in found.items()}
