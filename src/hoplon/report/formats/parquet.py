"""Parquet: the events of one replication of a raid, with names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.raid.event_log import log_bytes

if TYPE_CHECKING:
    from hoplon.analysis.raid.playback import Playback
    from hoplon.analysis.raid.setup import RaidSetup


def playback(setup: RaidSetup, played: Playback) -> bytes:
    """Return the events of one replication as a Parquet file."""
    return log_bytes(setup, played.seed, played.replication)[0]
