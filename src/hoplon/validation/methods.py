"""The model in words, its equations and what it leaves out: one source for the comprehensive report and the manual."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from hoplon.presentation.tables import Column, Table


@dataclass(frozen=True)
class Equation:
    """A row of the table of equations.

    Parameters
    ----------
    quantity, equation : str
    code : str
        Name of the function, in backticks.
    test : str
        What holds it against a value from outside.
    source : str
        Where it stands in the literature.
    latex : str
        The equation to be typeset; "" where words say it.
    where : str
        What its symbols stand for, in Markdown with inline LaTeX.
    """

    quantity: str
    equation: str
    code: str
    test: str
    source: str
    latex: str = ""
    where: str = ""


@dataclass(frozen=True)
class Methods:
    """How the results are computed.

    Parameters
    ----------
    words : tuple of str
        Paragraphs; code in backticks.
    equations : tuple of Equation
    left_out : tuple of tuple
        What the model leaves out, and how much that is.
    """

    words: tuple[str, ...]
    equations: tuple[Equation, ...]
    left_out: tuple[tuple[str, str], ...]

    def equations_table(self) -> Table:
        """Return the equations with the function that computes each and its source."""
        heads = (Column("quantity", "quantity"), Column("equation", "equation"), Column("code", "code"))
        rows = tuple((item.quantity, _plain(item.equation), _plain(item.code), item.source) for item in self.equations)
        return Table("methods_equations", "Equations", (*heads, Column("source", "source")), rows)

    def left_out_table(self) -> Table:
        """Return what the model leaves out."""
        heads = (Column("left_out", "left out"), Column("effect", "effect"))
        rows = tuple((_plain(what), _plain(effect)) for what, effect in self.left_out)
        return Table("methods_left_out", "What is left out, and how much it is", heads, rows)


def _plain(text: str) -> str:
    """Return a text without the marks of code."""
    return text.replace("`", "")


@cache
def methods() -> Methods:
    """Return how the results are computed."""
    given = yaml.safe_load(files("hoplon.validation").joinpath("methods.yaml").read_text(encoding="utf-8"))
    return Methods(
        tuple(given["words"]),
        tuple(Equation(**item) for item in given["equations"]),
        tuple((item["what"], item["effect"]) for item in given["left_out"]),
    )
