"""One or two inputs of a scenario swept: what an architecture defends, or any question of the study, at each value."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import Answer, Row, provenance_of
from hoplon.errors import InputError
from hoplon.extras import extra, require
from hoplon.files import json_text, writable_folder, write_text
from hoplon.progress import Progress, silent
from hoplon.scenario.given.file import content_of
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, names_in
from hoplon.scenario.model import known_name
from hoplon.scenario.written import plain_value
from hoplon.version import VERSION

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hoplon.presentation.picture import Picture
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

COVERAGE: Final = "coverage"
"""Name of the table of what architectures defend."""
MOST_RUNS: Final = 10_000
_MOST_BYTES: Final = 64 << 20  # of one kept run
_Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, repr=False)
class Sweep(Answer):
    """Answers over the values of one or two inputs.

    Attributes
    ----------
    scenario, scenario_sha256 : str
        Of the scenario whose inputs were swept.
    inputs : dict
        The values of each input, by its path in the file.
    asked : str
        What was asked at each value, in words.
    tables : dict
        Rows by the name of their table, each with the inputs' values first. Architectures have one, ``coverage``:
        ``architecture``, ``population_share``, ``area_share`` (and with more levels ``_low`` and ``_high``),
        ``threatened_population``, ``defended_population``. A question has its own.
    """

    scenario: str
    scenario_sha256: str
    inputs: dict[str, tuple[Any, ...]]
    asked: str
    tables: dict[str, tuple[Row, ...]]

    def line(self) -> str:
        """Return what was swept, in one line."""
        swept = " x ".join(f"{path} at {len(values)} values" for path, values in self.inputs.items())
        return f"{self.scenario}: {self.asked} over {swept}"

    def rows(self, table: str | None = None) -> Sequence[Row]:
        """Return the rows of a table, of the first by default.

        Raises
        ------
        UnknownNameError
            If there is no such table.
        """
        name = next(iter(self.tables)) if table is None else known_name("table of this sweep", table, self.tables)
        return [dict(row) for row in self.tables[name]]

    def as_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a table, the first by default, as one of pandas."""
        with extra("frames", "as_frame"):
            import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows(table)])

    def as_dataset(self, table: str | None = None) -> xr.Dataset:
        """Return a table, the first by default, as labelled arrays over the inputs and its columns of texts.

        Raises
        ------
        InputError
            If several rows stand at one place of these, or the table has none.
        """
        frame = self.as_frame(table)
        if frame.empty:
            raise InputError("as_dataset: the table has no rows")
        texts = [key for key in frame.columns if any(isinstance(value, str) for value in frame[key])]
        axes = [*self.inputs, *(key for key in texts if key not in self.inputs)]
        if frame.duplicated(axes).any():
            raise InputError("as_dataset: the table has several rows at one value; as_frame() has them all")
        require("netcdf", "as_dataset")
        return frame.set_index(axes).to_xarray()

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest of the scenario before its inputs are swept."""
        return provenance_of(self.scenario, self.scenario_sha256)

    def as_json(self) -> dict[str, Any]:
        """Return provenance, the inputs with their values, and the rows of every table."""
        return {
            "version": VERSION,
            "scenario": self.scenario,
            "scenario_sha256": self.scenario_sha256,
            "seed": None,
            "asked": self.asked,
            "inputs": {path: list(values) for path, values in self.inputs.items()},
            "tables": {name: [dict(row) for row in rows] for name, rows in self.tables.items()},
        }

    def plot(
        self, column: str | None = None, *, table: str | None = None, by: str | None = None, ax: Any = None
    ) -> Picture | Any:
        """Draw a column over the inputs: lines over one input, a table in colour over two.

        Parameters
        ----------
        column : str, optional
            Of numbers; the first that is no input by default.
        table : str, optional
        by : str, optional
            Column of which each value has a line, or a panel; the first of texts by default.
        ax : matplotlib Axes, optional
            Drawn into, and returned; by default a picture of its own is.

        Raises
        ------
        UnknownNameError, InputError
            If there is no such table or column, or it holds no number; if ``ax`` is given where panels are needed.
        """
        from hoplon.presentation.charts.sweeps import Swept, draw_sweep, sweep_picture
        from hoplon.presentation.picture import source_line

        rows = self.rows(table)
        columns = [key for key in rows[0] if key not in self.inputs] if rows else []
        numbers = [key for key in columns if any(_is_number(row[key]) for row in rows)]
        texts = [key for key in columns if any(isinstance(row[key], str) for row in rows)]
        if not numbers:
            raise InputError("plot: the table has no column of numbers")
        drawn = numbers[0] if column is None else known_name("column of numbers", column, numbers)
        split = known_name("column", by, columns) if by is not None else next(iter(texts), None)
        lines: dict[str, dict[tuple[Any, ...], float | None]] = {}
        for row in rows:
            line = lines.setdefault("" if split is None else str(row[split]), {})
            place = tuple(row[path] for path in self.inputs)
            if place in line:
                raise InputError(
                    f"plot: {drawn} has several rows at one value; by= names the column to tell them apart"
                )
            line[place] = float(row[drawn]) if _is_number(row[drawn]) else None
        swept = Swept(
            self.inputs,
            drawn,
            lines,
            f"{self.scenario}: {self.asked}",
            source_line(self.scenario, self.scenario_sha256),
        )
        return sweep_picture(swept) if ax is None else draw_sweep(ax, swept)


def sweep(
    scenario: GivenScenario,
    architectures: str | Sequence[str],
    inputs: Mapping[str, Sequence[Any]],
    *,
    question: str | None = None,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    levels: Sequence[Level] | Level = "base",
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Answer for every combination of the values of one or two inputs.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architectures : str or sequence of str
        Whose coverage is judged; not looked at with a question, which has its own: give ``()``.
    inputs : mapping of str to sequence
        One or two, by path in the file as :meth:`hoplon.scenario.model.Scenario.set` takes it, each with its values:
        ``{"doctrine.decision_s": [0, 60, 120]}``.
    question : str, optional
        A question of the study, by name or number, asked in place of coverage; its tables are stacked.
    threats, areas, points, levels : optional
        As of :func:`hoplon.api.coverage`; of coverage alone.
    folder : path, optional
        Finished runs are kept there, a file each; the same sweep, or one with more values, goes on from them.
    progress : callable, optional

    Raises
    ------
    InputError
        If no input or more than two, no value, or more than 10,000 combinations are given; if threats, areas or levels
        go with a question.
    UnknownNameError, ScenarioError
        If a path or a value is none; nothing is computed then.
    """
    loaded, told = loaded_scenario(scenario), progress or silent
    given = inputs if isinstance(inputs, Mapping) else {}
    axes = {
        path: [plain_value(value, path) for value in values]
        for path, values in given.items()
        if isinstance(values, Iterable) and not isinstance(values, str)
    }
    if len(axes) != len(given) or not 1 <= len(axes) <= 2 or not all(axes.values()):
        raise InputError("sweep: one or two inputs were expected, each with a list of values: {path: [value, ...]}")
    if question is not None and (threats is not None or areas is not None or levels != "base"):
        raise InputError("sweep: threats, areas and levels are of coverage alone; a question has its own")
    combinations = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    if len(combinations) > MOST_RUNS:
        raise InputError(f"sweep: {MOST_RUNS:,} combinations at most were expected, got {len(combinations):,}")
    judged = (
        _coverage_of(loaded, architectures, threats, areas, points, levels)
        if question is None
        else _question_of(question, points)
    )
    changed = [loaded.set(point) for point in combinations]
    kept = None if folder is None else writable_folder(Path(folder))
    stacked: dict[str, list[Row]] = {}
    for place, (point, one) in enumerate(zip(combinations, changed, strict=True)):
        told(place, len(combinations), ", ".join(f"{path} = {value}" for path, value in point.items()))
        for name, rows in _kept(kept, one, judged).items():
            stacked.setdefault(name, []).extend({**point, **row} for row in rows)
    told(len(combinations), len(combinations), "swept")
    held = {path: tuple(values) for path, values in axes.items()}
    return Sweep(loaded.name, loaded.sha256, held, judged.asked, {name: tuple(rows) for name, rows in stacked.items()})


@dataclass(frozen=True)
class _Judged:
    """What is asked of each scenario: in words, as all that decides the digits beside the scenario, and how."""

    asked: str
    content: list[Any]
    of: Callable[[Scenario], _Tables]


def _coverage_of(
    scenario: Scenario,
    architectures: str | Sequence[str],
    threats: Sequence[str] | str | None,
    areas: Sequence[str] | str | None,
    points: AimPoints | str | Path | None,
    levels: Sequence[Level] | Level,
) -> _Judged:
    from hoplon.analysis.coverage_answer import coverage_answer
    from hoplon.analysis.store import Store

    names = names_in(scenario, "architecture", architectures) or ()
    if not names:
        raise InputError("sweep: an architecture, or a question, was expected")
    classes, places = names_in(scenario, "threat", threats), names_in(scenario, "launch area", areas)
    judged_at = tuple(dict.fromkeys((levels,) if isinstance(levels, str) else levels))
    store, given = Store(), _points(points)

    def row(changed: Scenario, name: str) -> Row:
        found = coverage_answer(
            store, changed, name, threats=classes, areas=places, points=given, levels=judged_at, what_if=False
        )
        shares: dict[str, Any] = {"architecture": name}
        for level in judged_at:
            summary, end = found.summary(level=level), "" if level == "base" else f"_{level}"
            shares[f"population_share{end}"] = summary.population_share
            shares[f"area_share{end}"] = summary.area_share
            shares[f"threatened_population{end}"] = summary.threatened_population
            shares[f"defended_population{end}"] = summary.defended_population
        return shares

    def tables(changed: Scenario) -> _Tables:
        return {COVERAGE: [row(changed, name) for name in names]}

    content = [COVERAGE, names, classes, places, judged_at, None if given is None else given.digest()]
    return _Judged(f"coverage of {', '.join(names)}", content, tables)


def _question_of(question: str, points: AimPoints | str | Path | None) -> _Judged:
    from hoplon.questions.asked import ask
    from hoplon.questions.question import question as known_question

    chosen, given = known_question(question), _points(points)

    def tables(changed: Scenario) -> _Tables:
        found = {table.name: table.as_json() for table in ask(changed, chosen.name, points=given).tables}
        keys = {name: [column["key"] for column in table["columns"]] for name, table in found.items()}
        return {
            name: [dict(zip(keys[name], row, strict=True)) for row in table["rows"]] for name, table in found.items()
        }

    return _Judged(
        f"{chosen.number} {chosen.title}".strip(),
        ["question", chosen.name, None if given is None else given.digest()],
        tables,
    )


def _kept(folder: Path | None, scenario: Scenario, judged: _Judged) -> _Tables:
    """Return the tables of one scenario: those of the file kept for them, or computed and kept.

    The file's name is the digest of all that decides its digits, and it carries the digest of its name and its content:
    what is not exactly right, or was kept under another name, is computed again.
    """
    if folder is None:
        return judged.of(scenario)
    from hoplon.campaigns.provenance import sources_digest

    content = json_text({"of": [VERSION, sources_digest(), scenario.sha256, judged.content]})
    path = folder / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.json"
    if path.exists():
        try:
            kept = json.loads(content_of(path, _MOST_BYTES))
            if kept["digest"] == _digest_of_tables(path.stem, kept["tables"]):
                return kept["tables"]  # type: ignore[no-any-return]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
    found = {name: [dict(row) for row in rows] for name, rows in judged.of(scenario).items()}
    tables: _Tables = json.loads(json_text({"tables": found}))["tables"]
    write_text(path, json_text({"digest": _digest_of_tables(path.stem, tables), "tables": tables}), within=folder)
    return tables


def _digest_of_tables(name: str, tables: Any) -> str:
    return hashlib.sha256(json_text({"name": name, "tables": tables}).encode()).hexdigest()


def _points(points: AimPoints | str | Path | None) -> AimPoints | None:
    from hoplon.scenario.points_file import given_points

    return given_points(points)[1]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
