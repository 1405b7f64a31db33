"""The page of a comparison, and the files that are written with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hoplon.files import writable_folder, write_text
from hoplon.presentation.picture import Picture, write_picture
from hoplon.presentation.tables import Table, write_tables
from hoplon.scenario import geography
from hoplon.version import VERSION


@dataclass(frozen=True)
class ComparisonPage:
    """What the page of a comparison shows.

    Parameters
    ----------
    title, asked : str
    sentences : tuple of str
        What differs.
    tables : tuple of Table
    pictures : tuple of Picture
    provenance : str
        What it was made with and from.
    most_rows : int or None
        Rows of a table that the page shows; its file holds all. Every row by default.
    """

    title: str
    asked: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]
    provenance: str
    most_rows: int | None = None

    def html(self) -> str:
        """Return the page as HTML that needs nothing but itself."""
        environment = Environment(
            loader=PackageLoader("hoplon.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        loader = environment.loader
        assert loader is not None
        style, _, _ = loader.get_source(environment, "style.css")
        return environment.get_template("comparison.html.j2").render(
            page=self,
            style=Markup(style),
            version=VERSION,
            pictures=[SimpleNamespace(shown=item, svg=_inline(item)) for item in self.pictures],
            attributions=(geography.NATURAL_EARTH_ATTRIBUTION, geography.GEONAMES_ATTRIBUTION),
        )


def _inline(shown: Picture) -> Markup:
    """Return a drawing as it stands in a page: without the declarations of a file of its own."""
    text = shown.svg.decode("utf-8")
    return Markup(text[text.index("<svg") :])


def write_comparison(folder: Path, page: ComparisonPage, answer: str) -> dict[str, str]:
    """Write page, answer, tables and pictures of a comparison to a folder; return the paths.

    Raises
    ------
    OutputError
        If something cannot be written.
    """
    folder = writable_folder(folder)
    html = page.html()
    tables = write_tables(page.tables, folder, within=folder)
    for item in page.pictures:
        write_picture(item, folder, within=folder)
    found = write_text(folder / "comparison.json", answer, within=folder)
    return {
        "report": str(write_text(folder / "comparison.html", html, within=folder)),
        "answer": str(found),
        "tables": ", ".join(str(path) for path in tables),
    }
