"""What each player contributes to each place, and the file that says so."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.shares import shapley_values
from hoplon.analysis.subsets.tables import moebius
from hoplon.errors import InputError
from hoplon.files import no_formula

if TYPE_CHECKING:
    from hoplon.analysis.subsets.players import Players
    from hoplon.analysis.subsets.tables import SimpleGame
    from hoplon.analysis.subsets.values import CoalitionValues
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.points_file import PointsFile

SAME: Final = 1e-9  # Shapley values that differ by no more are equal
_COLUMNS: Final = ("name", "nation", "lat", "lon", "population")


@dataclass(frozen=True)
class PlaceShares:
    """What each player contributes to each place.

    Parameters
    ----------
    names : tuple of str
        Of the players.
    shapley : ndarray, shape (kinds, players)
        Shapley values of whether a kind of place is defended.
    kind : ndarray, shape (n,)
        Of each place; -1 where nothing reaches it.
    """

    names: tuple[str, ...]
    shapley: NDArray[np.float64]
    kind: NDArray[np.intp]

    def of(self, place: int) -> NDArray[np.float64]:
        """Return the Shapley values at a place, shape (players,)."""
        kind = int(self.kind[place])
        return np.zeros(len(self.names)) if kind < 0 else np.asarray(self.shapley[kind])

    def pivot(self, place: int) -> str | None:
        """Return the player with the largest Shapley value at a place, the first of several; None if all are zero."""
        shares = self.of(place)
        if not len(shares) or not np.abs(shares).max() > SAME:
            return None
        return self.names[int(np.flatnonzero(shares >= shares.max() - SAME)[0])]


def place_shares(values: CoalitionValues, players: Players) -> PlaceShares:
    """Return what each player contributes to whether each place is defended."""
    shapley = np.array([_shapley_of(game, len(players)) for game in values.by.kinds])
    return PlaceShares(players.names, shapley.reshape(len(values.by.kinds), len(players)), values.by.kind)


def _shapley_of(game: SimpleGame, count: int) -> NDArray[np.float64]:
    own = moebius(game.table.astype(np.float64))
    found = np.zeros(count)
    found[list(game.players)] = shapley_values(np.arange(len(own), dtype=np.int64), own, len(game.players))
    return found


@dataclass(frozen=True)
class PlaceTable:
    """Places with what the players contribute to each.

    Parameters
    ----------
    points : AimPoints
    shares : PlaceShares
    given : PointsFile or None
        The file that they were read from.
    """

    points: AimPoints
    shares: PlaceShares
    given: PointsFile | None = None

    def added(self) -> list[str]:
        """Return the columns that the file of the places has beside those that were given."""
        return ["pivot", *(f"share.{name}" for name in self.shares.names)]

    def csv_text(self) -> str:
        """Return the rows as given, with the pivotal player of each place and every player's Shapley value there.

        Raises
        ------
        InputError
            If the file that was given has a column under the name of one of the answer's.
        """
        own = list(self.given.header) if self.given is not None else list(_COLUMNS)
        taken = next((name for name in self.added() if name in own), None)
        if taken is not None:
            raise InputError(f"the file of points has a column {taken!r}, which is one of the answer's: rename it")
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*map(no_formula, own), *self.added()])
        points = self.points
        for place in range(len(points)):
            cells = (
                list(self.given.written(place))
                if self.given is not None
                else [
                    no_formula(str(points.name[place])),
                    str(points.nation[place]),
                    repr(float(points.latitude_deg[place])),
                    repr(float(points.longitude_deg[place])),
                    repr(float(points.population[place])),
                ]
            )
            shares = [repr(float(share)) for share in self.shares.of(place)]
            writer.writerow([*cells, self.shares.pivot(place) or "", *shares])
        return stream.getvalue()
