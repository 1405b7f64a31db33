"""What a worker does: the replications of a chunk, and its file. It needs no scenario: the raid comes laid out."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from hoplon.backbone.arena import Arena
from hoplon.backbone.luck import drawn
from hoplon.backbone.replications import rows_of
from hoplon.campaign.provenance import sources_digest
from hoplon.campaign.store import Chunk, write_chunk
from hoplon.errors import InputError


def make_ready() -> None:
    """Load what the first chunk would wait for: what writes files, and what Numba needs to call any kernel."""
    import_module("pyarrow.parquet")
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
    arena : Arena
    threats : int
        Missiles of the raid.
    """

    folder: Path
    campaign: str
    sources: str
    seed: int
    arena: Arena
    threats: int

    def do(self, number: int, first: int, count: int) -> None:
        """Run the replications of a chunk and write its file: a pure function of the cell and the numbers."""
        if sources_digest() != self.sources:
            raise InputError("a worker has other sources of hoplon than the driver: install the same version on both")
        rows = rows_of(self.arena, self.seed, first, count)
        write_chunk(self.folder, self.campaign, Chunk(number, first, self.threats, self.arena.magazine, rows))
