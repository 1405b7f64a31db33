"""The table of a campaign's cells: Parquet and CSV, written as the cells come."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from hoplon.backbone.statistics import Estimate
from hoplon.campaign.driver import CellResult
from hoplon.campaign.plan import Plan
from hoplon.campaign.store import refusal, write_whole

NAMES: Final = ("results.parquet", "results.csv")
_ENDS: Final = ("mean", "low", "high")


def estimates_of(result: CellResult) -> dict[str, Estimate]:
    """Return every measure of a cell; no numbers where no missile of the raid can fly."""
    if result.tally.threats:
        return result.tally.estimates(result.magazine)
    nothing = Estimate(None, None, None)
    return dict.fromkeys(_measure_names(), nothing)


def _measure_names() -> list[str]:
    from hoplon.backbone.statistics import Tally

    return list(Tally(1).estimates(1))


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
        **dict.fromkeys(("architecture", "raid", "doctrine", "c2", "losses"), str),
        **dict.fromkeys(plan.parameter_names, float),
        **dict.fromkeys(("replications", "threats", "magazine"), int),
        **{f"{name}_{end}": float for name in _measure_names() for end in _ENDS},
    }


def write_results(folder: Path, plan: Plan, rows: Iterable[dict[str, Any]]) -> list[Path]:
    """Write the rows of a campaign's cells; return the files.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = columns_of(plan)
    types = {int: pa.int64(), float: pa.float64(), str: pa.string()}
    text = io.StringIO()
    written = csv.DictWriter(text, list(columns), lineterminator="\n")
    written.writeheader()
    values: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        written.writerow(row)
        for name, column in values.items():
            column.append(row[name])
    table = pa.table({name: pa.array(values[name], type=types[kind]) for name, kind in columns.items()})
    stream = pa.BufferOutputStream()
    pq.write_table(table, stream, compression="zstd")
    contents = (stream.getvalue().to_pybytes(), text.getvalue().encode())
    for name, content in zip(NAMES, contents, strict=True):
        try:
            write_whole(folder / name, folder / f".{name}.{os.getpid()}.tmp", content)
        except OSError as error:
            raise refusal(folder / name, error) from None
    return [folder / name for name in NAMES]
