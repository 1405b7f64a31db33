"""One question of a study asked alone: only what it needs is computed; its answer as data, files and pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.analysis.records import Answer, Row, provenance_of
from hoplon.errors import InputError
from hoplon.extras import extra
from hoplon.files import json_text, kept_in, writable_folder, write_text
from hoplon.notebook import html_of
from hoplon.presentation.tables import Table, unit_of_number, write_tables
from hoplon.progress import Progress, silent
from hoplon.questions.question import Commands, FigureSpec, Finding, Question, every_question, question
from hoplon.questions.study import Study
from hoplon.scenario.model import known_name
from hoplon.version import VERSION

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.presentation.picture import Picture
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario


@dataclass(frozen=True, repr=False)
class QuestionAnswer(Answer):
    """The answer to one question.

    Attributes
    ----------
    name, number, title : str
        Of the question.
    findings : tuple of Finding
    tables : tuple of Table
    commands : tuple of str
        Command lines that answer parts of it by themselves.
    version, scenario, scenario_sha256 : str
    seed : int or None
        Of the draws; None for an answer without any.
    notes : tuple of str
        What was found damaged among the coverages kept, and computed again.
    """

    name: str
    number: str
    title: str
    findings: tuple[Finding, ...]
    tables: tuple[Table, ...]
    commands: tuple[str, ...]
    version: str
    scenario: str
    scenario_sha256: str
    seed: int | None
    _specs: Callable[[], Sequence[FigureSpec]] = field(repr=False, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return provenance, title, findings with their numbers and units, tables, names of figures, commands."""
        return {
            "version": self.version,
            "scenario": self.scenario,
            "scenario_sha256": self.scenario_sha256,
            "seed": self.seed,
            "question": self.name,
            "number": self.number,
            "title": self.title,
            "findings": [
                {
                    "sentence": item.sentence,
                    "subject": item.subject,
                    "lead": item.lead,
                    "numbers": {
                        key: {"value": value, "unit": unit_of_number(key)} for key, value in item.numbers.items()
                    },
                }
                for item in self.findings
            ],
            "tables": [table.as_json() for table in self.tables],
            "figures": [{"name": spec.name, "folder": spec.folder} for spec in self._specs()],
            "commands": list(self.commands),
        }

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario, digest and seed."""
        return provenance_of(self.scenario, self.scenario_sha256, self.seed)

    def line(self) -> str:
        """Return the question, and how much the answer holds, in one line."""
        heading = f"{self.number}. {self.title}" if self.number else self.title
        return f"{self.scenario}: {heading}: {len(self.findings)} findings, {len(self.tables)} tables"

    def rows(self) -> list[Row]:
        """Return the findings."""
        return [{"finding": item.sentence} for item in self.findings]

    def _repr_html_(self) -> str:
        """Show the findings and the names of the tables in a notebook."""
        tables = [{"table": table.name, "title": table.title, "rows": len(table.rows)} for table in self.tables]
        return html_of(self.line(), self.rows()) + html_of("as_frame(table)", tables)

    def table(self, name: str) -> Table:
        """Return a table by its name.

        Raises
        ------
        UnknownNameError
        """
        tables = {table.name: table for table in self.tables}
        return tables[known_name(f"table of {self.name}", name, tables)]

    def as_frame(self, table: str | None = None) -> Any:
        """Return a table as one of pandas; without a name all of them, by their names.

        Raises
        ------
        UnknownNameError
            If there is no such table.
        """
        return self.table(table).frame() if table is not None else self.frames()

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return every table as one of pandas, by its name."""
        return {table.name: table.frame() for table in self.tables}

    def as_dataset(self) -> xr.DataTree:
        """Return the tables as labelled arrays: a group for each table, with ``units`` and ``long_name``."""
        with extra("netcdf", "as_dataset"):
            import xarray as xr

        made = {"version": self.version, "scenario": self.scenario, "scenario_sha256": self.scenario_sha256}
        told = {"question": self.name, "title": self.title, **made, "seed": "none" if self.seed is None else self.seed}
        tree = xr.DataTree(xr.Dataset(attrs=told), name=self.name)
        for table in self.tables:
            tree[table.name] = xr.DataTree(_dataset(table))
        return tree

    def figures(self) -> tuple[Picture, ...]:
        """Draw the figures and maps."""
        return tuple(spec.draw() for spec in self._specs())

    def write(self, folder: str | Path, progress: Progress = silent) -> dict[str, list[str]]:
        """Write ``answer.json``, ``tables/``, ``figures/`` and ``maps/`` to a folder; return the paths by kind.

        Raises
        ------
        OutputError
            If something cannot be written; every file is written whole or not at all, ``answer.json`` last.
        """
        from hoplon.presentation.picture import write_picture

        folder = writable_folder(Path(folder))
        specs = self._specs()
        written: dict[str, list[Path]] = {"tables": write_tables(self.tables, folder / "tables", within=folder)}
        for place, spec in enumerate(specs):
            progress(place, len(specs), f"drawn: {spec.name}")
            written.setdefault(spec.folder, []).extend(write_picture(spec.draw(), folder / spec.folder, within=folder))
        if specs:
            progress(len(specs), len(specs), "drawn")
        answer = write_text(folder / "answer.json", json_text(self.as_json()), within=folder)
        return {"answer": [str(answer)], **{kind: [str(path) for path in paths] for kind, paths in written.items()}}


def _dataset(table: Table) -> xr.Dataset:
    import numpy as np
    import xarray as xr

    variables: dict[str, Any] = {}
    frame = table.frame()
    for column in table.columns:
        values = frame[column.key]
        told = {"long_name": column.title}
        if column.unit is None:
            texts = ["" if value is None else str(value) for value in values]
            variables[column.key] = ("row", np.array(texts, dtype=object), told)
        else:
            numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
            variables[column.key] = ("row", numbers, {**told, "units": column.unit})
    return xr.Dataset(variables, attrs={"title": table.title})


def ask(
    scenario: Scenario,
    name: str,
    *,
    folder: Path | None = None,
    points: AimPoints | None = None,
    progress: Progress = silent,
) -> QuestionAnswer:
    """Answer one question of a study, computing only what it needs.

    Parameters
    ----------
    scenario : Scenario
    name : str
        Of the question, or its number: ``discrimination``, ``Q8``.
    folder : Path, optional
        Finished coverages are kept in its ``.store``, as a study keeps them; those kept there are not computed again.
    points : AimPoints, optional
        Places and land cells; those of every nation of the scenario by default.
    progress : callable
        Told of each step of long work.

    Raises
    ------
    UnknownNameError
        If there is no such question.
    InputError
        If the scenario does not ask it.
    OutputError
        If the folder cannot be written.
    """
    chosen = question(name)
    if not asks(scenario, chosen):
        raise _not_asked(scenario, chosen)
    kept = None if folder is None else kept_in(writable_folder(folder))
    study = Study(scenario, points, folder=kept, progress=progress)
    study.compute(chosen.coverages(scenario))
    answer = chosen.answer(study)
    if answer is None:
        raise _not_asked(scenario, chosen)
    return answered(study, chosen, answer)


def answered(study: Study, chosen: Question, answer: Any) -> QuestionAnswer:
    """Return a question's answer with its sentences, tables, figures and commands.

    Parameters
    ----------
    study : Study
    chosen : Question
    answer : object
        What :meth:`hoplon.questions.question.Question.answer` returned; not None.
    """
    blocks = chosen.section(study, answer).every
    return QuestionAnswer(
        chosen.name,
        chosen.number,
        chosen.title,
        tuple(chosen.findings(study, answer)),
        tuple(chosen.tables(study, answer)),
        tuple(line for block in blocks if isinstance(block, Commands) for line in block.lines),
        VERSION,
        study.scenario.name,
        study.scenario.sha256,
        getattr(answer, "seed", None),
        partial(_specs_of, chosen, study, answer),
        study.notes,
    )


def _specs_of(chosen: Question, study: Study, answer: Any) -> Sequence[FigureSpec]:
    return chosen.figures(study, answer)


def _not_asked(scenario: Scenario, chosen: Question) -> InputError:
    others = [row["name"] for row in asked_questions(scenario) if row["name"] != chosen.name]
    asked = ", ".join(others) or "none"
    return InputError(f"{scenario.name} does not ask the question {chosen.name!r} ({chosen.title}); it asks: {asked}")


def asked_questions(scenario: Scenario) -> list[dict[str, Any]]:
    """Return name, number and title of each question that a scenario asks."""
    return [
        {"name": item.name, "number": item.number, "title": item.title}
        for item in every_question()
        if asks(scenario, item)
    ]


def asks(scenario: Scenario, chosen: Question) -> bool:
    """Tell whether a scenario asks a question: whether its answer would begin to compute something.

    Nothing is computed; whether a question that begins with the raids is asked depends on whether there are raids.
    """
    try:
        return chosen.answer(_Unstarted(scenario)) is not None
    except _ComputingError:
        return True


class _ComputingError(Exception):
    """An answer began to compute something."""


class _Untouched:
    """What stands for points and what was computed of them: whoever uses it begins to compute."""

    def __getattr__(self, name: str) -> Any:
        raise _ComputingError(name)


class _Unstarted(Study):
    """A study of which nothing but the scenario is there: whatever computes raises :class:`_ComputingError`."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.progress = silent
        for name in ("points", "store", "cover"):
            setattr(self, name, _Untouched())

    def __getattr__(self, name: str) -> Any:
        raise _ComputingError(name)

    @cached_property
    def raid_sweeps(self) -> RaidSweeps | None:
        """None for a scenario without raids."""
        if self.scenario.raids:
            raise _ComputingError
        return None
