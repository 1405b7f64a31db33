"""The events of one replication of a raid as a Parquet file, with names."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.raid.setup import event_log
from hoplon.backbone.messages import KIND_NAMES
from hoplon.extras import extra
from hoplon.files import write_bytes

if TYPE_CHECKING:
    from hoplon.analysis.raid.setup import RaidSetup

LOG_COLUMN_NAMES: Final = (
    "time_us",
    "destination",
    "source",
    "sequence",
    "kind",
    "threat",
    "first",
    "second",
    "outcome",
)


def log_bytes(setup: RaidSetup, seed: int, replication: int = 0) -> tuple[bytes, int]:
    """Return the events of one replication as a Parquet file, with names, and how many they are.

    Raises
    ------
    OutputError
        If pyarrow is not installed.
    """
    with extra("parquet", "a log in Parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    log, names = event_log(setup, seed, replication), np.array(setup.names, dtype=object)
    columns = {name: log[:, index] for index, name in enumerate(LOG_COLUMN_NAMES)}
    columns["destination_name"], columns["source_name"] = names[log[:, 1]], names[log[:, 2]]
    columns["kind_name"] = np.array(KIND_NAMES, dtype=object)[log[:, 4]]
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue(), len(log)


def write_log(setup: RaidSetup, seed: int, path: Path, replication: int = 0) -> int:
    """Write the events of one replication to a Parquet file, with names; return how many they are.

    Raises
    ------
    OutputError
        If pyarrow is not installed, or the file cannot be written.
    """
    content, events = log_bytes(setup, seed, replication)
    write_bytes(path, content)
    return events
