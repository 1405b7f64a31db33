"""The table of a campaign's cells: Parquet and CSV, written as the cells come."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.backbone.statistics import Estimate
from hoplon.campaigns.driver import CellResult
from hoplon.campaigns.plan import Plan
from hoplon.campaigns.store import column_of, refusal, whole_file

if TYPE_CHECKING:
    import pyarrow as pa

NAMES: Final = ("results.parquet", "results.csv")
_ROWS_KEPT: Final = 10_000  # in memory
_ENDS: Final = ("mean", "low", "high")


@dataclass(frozen=True)
class RaidFlown:
    """How many missiles of a raid fly against an architecture, of how many, and which groups do not, and why."""

    threats: int
    threats_of_raid: int
    groups_left_out: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return {**vars(self), "groups_left_out": list(self.groups_left_out)}

    def columns(self) -> dict[str, Any]:
        """Return what a row of the table says beside the number of threats."""
        return {"threats_of_raid": self.threats_of_raid, "groups_left_out": "; ".join(self.groups_left_out)}


def estimates_of(result: CellResult) -> dict[str, Estimate]:
    """Return every measure of a cell; no numbers where no missile of the raid can fly."""
    if result.tally.threats:
        return result.tally.estimates(result.magazine)
    nothing = Estimate(None, None, None)
    return dict.fromkeys(_measure_names(), nothing)


def _measure_names() -> list[str]:
    from hoplon.backbone.statistics import ReplicationTally

    return list(ReplicationTally(1).estimates(1))


def row_of(result: CellResult) -> dict[str, Any]:
    """Return a cell as one row: what it is, how often it ran, each measure with the ends of its interval."""
    row = {
        **result.cell.as_json(),
        "replications": result.tally.replications,
        "threats": result.tally.threats,
        "magazine": result.magazine,
    }
    for name, estimate in estimates_of(result).items():
        row.update({f"{name}_{end}": getattr(estimate, end) for end in _ENDS})
    return row


def columns_of(plan: Plan) -> dict[str, type]:
    """Return the columns of the table with their types."""
    return {
        "cell": int,
        **dict.fromkeys(("architecture", "raid", "doctrine", "c2", "level", "losses"), str),
        **dict.fromkeys(plan.parameter_names, float),
        **dict.fromkeys(("replications", "threats", "threats_of_raid"), int),
        "groups_left_out": str,
        "magazine": int,
        **{f"{name}_{end}": float for name in _measure_names() for end in _ENDS},
    }


def _column(kind: type, values: list[Any]) -> pa.Array:
    """Return the values of a column of the table; None where there is none."""
    import pyarrow as pa

    if kind is not str:
        missing = np.array([value is None for value in values])
        return column_of(np.array([0 if value is None else value for value in values], dtype=kind), missing)
    words = [str(value).encode() for value in values]
    ends = np.cumsum([0, *map(len, words)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(words)))


def write_results(folder: Path, plan: Plan, rows: Iterable[dict[str, Any]]) -> list[Path]:
    """Write the rows of a campaign's cells as they come; return the files.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = columns_of(plan)
    types = {int: pa.int64(), float: pa.float64(), str: pa.string()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    files = [folder / name for name in NAMES]
    rest = iter(rows)
    try:
        with whole_file(files[0]) as stream, whole_file(files[1]) as lines:
            text = io.TextIOWrapper(lines, encoding="utf-8", newline="", write_through=True)
            written = csv.DictWriter(text, list(columns), lineterminator="\n")
            written.writeheader()
            with pq.ParquetWriter(stream, schema, compression="zstd") as table:
                while some := list(itertools.islice(rest, _ROWS_KEPT)):
                    filled = [_column(kind, [row[name] for row in some]) for name, kind in columns.items()]
                    table.write_table(pa.Table.from_arrays(filled, schema=schema))
                    written.writerows(some)
            text.detach()
    except OSError as error:
        raise refusal(folder, error) from None
    return files
