"""What a worker does: the replications of a chunk, and its file. It needs no scenario: the raid comes laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import drawn
from hoplon.backbone.raid_model import RaidModel
from hoplon.backbone.replications import rows_of
from hoplon.campaigns.provenance import sources_digest
from hoplon.campaigns.store import Chunk, write_chunk
from hoplon.errors import InputError


def make_ready() -> None:
    """Load what the first chunk would wait for: what Numba needs to call any kernel."""
    drawn(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class LaidCell:
    """A cell laid out, with all that its chunks need.

    Attributes
    ----------
    folder : Path
        Of the campaign.
    campaign : str
        The campaign's name.
    sources : str
        What the digest of hoplon's sources must be.
    seed : int
    model : RaidModel
    threats : int
        Missiles of the raid.
    """

    folder: Path
    campaign: str
    sources: str
    seed: int
    model: RaidModel
    threats: int

    def rows(self, first: int, count: int) -> NDArray[np.int64]:
        """Run replications and return their measures: a pure function of the cell and the numbers."""
        if sources_digest() != self.sources:
            raise InputError("a worker has other sources of hoplon than the driver: install the same version on both")
        return rows_of(self.model, self.seed, first, count)

    def keep(self, number: int, first: int, parts: Sequence[NDArray[np.int64]]) -> None:
        """Write the file of a chunk, whose rows come in parts."""
        chunk = Chunk(number, first, self.threats, self.model.magazine, np.concatenate(parts))
        write_chunk(self.folder, self.campaign, chunk)
