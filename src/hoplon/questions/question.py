"""A question of a study: its folder, and the records that its files exchange with page, command line and notebooks.

A question is one folder of :mod:`hoplon.questions` with files of fixed names:

``__init__.py``
    ``NUMBER`` (``Q7``; empty for a part without a number), ``TITLE`` and ``SHORT_TITLE``; it imports nothing.
``answer.py``
    ``answer(study)`` returns a frozen record, or None when the scenario does not ask the question; one that is drawn at
    random says its ``seed``;
    ``coverages(scenario)`` the coverages that question needs, so that they are computed together;
    ``beside(study)``, where it is there, work of one core that needs no coverage: a function and its arguments, or
    None. A study does it in a process of its own, and the answer takes ``study.beside(name)`` where that is not empty.
``findings.py``
    ``findings(study, answer)``: sentences with their numbers.
``tables.py``
    ``tables(study, answer)``.
``figures.py``
    ``figures(study, answer)``; the only one of these files that may import plotting.
``section.py``
    ``section(study, answer)``: blocks in the order of the page; the commands that answer parts of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from hoplon import questions
from hoplon.errors import UnknownNameError

if TYPE_CHECKING:
    from hoplon.presentation.picture import Picture
    from hoplon.presentation.tables import Table
    from hoplon.questions.requests import CoverageRequest
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class Finding:
    """A sentence and the numbers that it was made from.

    Parameters
    ----------
    question : str
        Number of the question, ``Q7``.
    sentence : str
        What was found.
    numbers : mapping
        Name to value; the unit is the end of the name (``warning_s``), a share or a count has none.
    subject : str
        Architecture that it is about; consecutive findings of one subject are shown together.
    lead : bool
        It stands in the summary.
    summary : str
        What the summary says in its place; the sentence when empty.
    listed : bool
        It stands in the list of findings of its section; False where a table of the section says the same.
    short : str
        What the section says in its place, in three lines; without it a longer sentence is cut at the end of a clause,
        and stands whole under *More findings*.
    rank : int
        The section shows findings of a lower rank first, and of one rank those that lead first, in their order.
    page_one : {"", "reason", "flip"}
        It stands on page one: among the reasons of the answer, or among what would change it.
    """

    question: str
    sentence: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    subject: str = ""
    lead: bool = False
    summary: str = ""
    listed: bool = True
    short: str = ""
    rank: int = 0
    page_one: Literal["", "reason", "flip"] = ""


@dataclass(frozen=True)
class FigureSpec:
    """A figure or map to be drawn.

    Parameters
    ----------
    name : str
        Stem of its files; the picture that is drawn bears the same.
    folder : {"figures", "maps"}
        Where its files go.
    draw : callable
        Draws it; it is pickled for the processes that draw, so that it is a function or a partial of one.
    lead : bool
        It stands in the summary, not in the section.
    """

    name: str
    folder: Literal["figures", "maps"]
    draw: Callable[[], Picture]
    lead: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Prose:
    """A paragraph; ```code``` and ``**bold**`` as in Markdown.

    Parameters
    ----------
    text : str
    note : bool
        Small print.
    items : tuple of str
        A list under the paragraph.
    """

    text: str
    note: bool = False
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class FindingList:
    """The findings of a question: the one that leads, and at most six more; the rest stand under *More findings*.

    Parameters
    ----------
    lead : str
        Name of a number of the finding that leads; without it, the first of those that lead.
    """

    lead: str = ""


@dataclass(frozen=True)
class FigureRef:
    """A figure of the question by its name; left out, with its heading, where it was not drawn.

    The page refuses a figure that no section shows, so that a name spelt wrong cannot go unseen.
    """

    name: str
    heading: str = ""


@dataclass(frozen=True)
class TableRef:
    """A table of the question by its name.

    Parameters
    ----------
    name : str
    folded : bool
        Shown when the reader opens it.
    opened : bool
        Folded, and open at first.
    turned : bool
        Rows and columns exchanged.
    optional : bool
        Left out when it has no rows.
    summary : str
        What it is called while folded; its title when empty.
    columns : tuple of str
        Keys of the columns that the page shows, in this order, those that the table has; every one when empty. The CSV
        holds them all.
    keep : callable, optional
        Tells of a row, its values by key, whether the page shows it; the CSV holds every row.
    kept : str
        What the rows shown are called, as ``losses of 5 points or more``.
    """

    name: str
    folded: bool = False
    opened: bool = False
    turned: bool = False
    optional: bool = False
    summary: str = ""
    columns: tuple[str, ...] = ()
    keep: Callable[[Mapping[str, Any]], bool] | None = None
    kept: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a :class:`Grid`: text, a second line, a class of the style sheet, data attributes, a row's head.

    ``link`` is what on the page the second line leads to, such as ``source-`` and the key of a source.
    """

    text: str
    note: str = ""
    style: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    head: bool = False
    link: str = ""


@dataclass(frozen=True)
class Grid:
    """A table laid out for the page alone, whose numbers stand in a table of the question too.

    Parameters
    ----------
    name : str
        Of the table that holds its numbers.
    label, caption : str
        What a reader who cannot see it is told, and its caption.
    heads : tuple of Cell
    rows : tuple of tuple of Cell
    totals : frozenset of int
        Rows that sum up.
    """

    name: str
    label: str
    caption: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Commands:
    """Command lines that answer parts of the section by themselves."""

    lines: tuple[str, ...]


Block = Heading | Prose | FindingList | FigureRef | TableRef | Grid | Commands


@dataclass(frozen=True)
class Section:
    """A question on the page.

    Parameters
    ----------
    blocks : tuple
        What is always shown, in the order of the page: findings, a figure, a table.
    more : tuple
        What is folded on the page, after the other findings, and printed in the annex.
    """

    blocks: tuple[Block, ...]
    more: tuple[Block, ...] = ()

    @property
    def every(self) -> tuple[Block, ...]:
        """Every block, in the order of the page."""
        return (*self.blocks, *self.more)


class Question:
    """A question by its folder; its files are imported when they are asked.

    Parameters
    ----------
    name : str
        Name of the folder.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        told = import_module(f"{questions.__name__}.{name}")
        self.number: str = told.NUMBER
        self.title: str = told.TITLE
        self.short_title: str = told.SHORT_TITLE

    def __repr__(self) -> str:
        """Return its name and title."""
        return f"<Question {self.name}: {self.heading}>"

    @property
    def key(self) -> str:
        """The address of its section on the page: its number, or its name."""
        return self.number.lower() or self.name.replace("_", "-")

    @property
    def heading(self) -> str:
        """Its number and title."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def contents(self) -> str:
        """Its number and short title, for a table of contents."""
        return f"{self.number} {self.short_title}".strip()

    def _file(self, name: str) -> ModuleType:
        return import_module(f"{questions.__name__}.{self.name}.{name}")

    def coverages(self, scenario: Scenario) -> Sequence[CoverageRequest]:
        """Return the coverages that its answer, sentences, tables and figures need."""
        needed: Sequence[CoverageRequest] = self._file("answer").coverages(scenario)
        return needed

    def beside(self, study: Study) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
        """Return the work of its answer that needs no coverage; None for none."""
        told = getattr(self._file("answer"), "beside", None)
        work: tuple[Callable[..., Any], tuple[Any, ...]] | None = None if told is None else told(study)
        return work

    def answer(self, study: Study) -> Any:
        """Return its answer; None when the scenario does not ask it."""
        return self._file("answer").answer(study)

    def findings(self, study: Study, answer: Any) -> Sequence[Finding]:
        """Return its sentences with their numbers."""
        found: Sequence[Finding] = self._file("findings").findings(study, answer)
        return found

    def tables(self, study: Study, answer: Any) -> Sequence[Table]:
        """Return its tables."""
        tables: Sequence[Table] = self._file("tables").tables(study, answer)
        return tables

    def figures(self, study: Study, answer: Any) -> Sequence[FigureSpec]:
        """Return its figures and maps, to be drawn."""
        figures: Sequence[FigureSpec] = self._file("figures").figures(study, answer)
        return figures

    def section(self, study: Study, answer: Any) -> Section:
        """Return its section of the page."""
        section: Section = self._file("section").section(study, answer)
        return section


def every_question() -> tuple[Question, ...]:
    """Return the questions in their order."""
    return tuple(Question(name) for name in questions.ORDER)


def question(name: str) -> Question:
    """Return a question by the name of its folder (``-`` may stand for ``_``) or its number.

    Raises
    ------
    UnknownNameError
        With the nearest known name.
    """
    name = str(name)
    if name.replace("-", "_") in questions.ORDER:
        return Question(name.replace("-", "_"))
    for item in every_question():
        if item.number and item.number.lower() in (name.lower(), f"q{name}"):
            return item
    raise UnknownNameError("question", name, questions.ORDER)
