"""Points that a user gives as CSV: columns ``lat``, ``lon`` and optional ``name``, ``population``, ``nation``."""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from hoplon.errors import InputError
from hoplon.files import no_formula
from hoplon.scenario.countries import ISO_3166_ALPHA_3, MISTAKEN_FOR
from hoplon.scenario.fields import CONTROL
from hoplon.scenario.findings import nearest
from hoplon.scenario.given.file import content_of

if TYPE_CHECKING:
    from hoplon.scenario.geography import AimPoints

COLUMNS: Final = ("lat", "lon", "name", "population", "nation")
ANSWERS: Final = ("threatened", "defended", "shots_min", "hardest_area", "hardest_threat", "margin_s", "margin_km")
"""Columns that an answer is written in, beside those that were given."""

# Column names that people write for a column that may be left out: under them it would be left out without a word.
_MEANT: Final = {
    "name": (),
    "population": ("pop", "pop_est", "pop_max", "people", "persons", "inhabitants", "residents"),
    "nation": (
        *("nations", "country", "country_code", "countrycode", "iso", "iso3", "iso_3", "iso_a3", "adm0_a3"),
        *("iso3166", "iso_3166", "alpha3", "alpha_3", "iso_alpha3"),
    ),
}
_SPELLING: Final = 0.88  # likeness above which a name is a slip: "popluation"; "pollution" is less like it
MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_ERRORS: Final = 50
_ANGLE: Final = re.compile(
    r"(?P<minus>[-\u2212])?\s*(?P<degrees>\d+(?:[.,]\d+)?)\s*(?P<sign>[\u00b0\u00bad]?)"
    r"(?:\s*(?P<minutes>\d+(?:[.,]\d+)?)\s*['\u2019\u2032m])?(?:\s*(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:[\"\u201d\u2033s]|''))?"
    r"\s*(?P<side>[NSEWnsew])?\Z"
)
_OTHER_FORMATS: Final = (
    (b"{", "GeoJSON or other JSON", ": one row a point"),
    (b"[", "JSON", ": one row a point"),
    (b"<", "XML, as KML and GPX are", ": one row a point"),
    (b"PK\x03\x04", "a workbook or archive (ZIP)", ": save the sheet as CSV UTF-8"),
    (b"PAR1", "Parquet", ": write it as CSV"),
)
_MOST_PEOPLE: Final = 1e10


@dataclass(frozen=True, slots=True)
class PointsFile:
    """The points of a file with its rows as they were written.

    Parameters
    ----------
    header : tuple of str
        Column names, in the order of the file.
    rows : tuple of tuple of str
        One row a point, cells as written.
    points : AimPoints
        The points; without a column ``population`` every point counts as one.
    file : str
        Its path, for refusals.
    line : int
        That the header stands in.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    points: AimPoints
    file: str
    line: int

    @property
    def other_columns(self) -> tuple[str, ...]:
        """Columns that have no meaning here and are carried along."""
        return tuple(column for column in self.header if column not in COLUMNS)

    @property
    def written_header(self) -> tuple[str, ...]:
        """The header as it is written beside an answer."""
        return tuple(map(no_formula, self.header))

    def written(self, place: int) -> tuple[str, ...]:
        """Return the cells of a row as they are written beside an answer: a text is never a formula."""
        return tuple(cell if _number(cell.strip()) is not None else no_formula(cell) for cell in self.rows[place])

    def refuse_answers(self) -> None:
        """Refuse columns under the names of an answer's: written beside it, they would be taken for the answer.

        Raises
        ------
        InputError
            With the columns.
        """
        taken = [column for column in self.header if column.casefold() in ANSWERS]
        if taken:
            raise InputError(
                f"{self.file}:{self.line}: {_listed(taken)}: the answer is written in columns of these names; rename "
                f"those of the file (as to '{taken[0]}_before') or leave them out"
            )


class _Row:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, place: str, cells: dict[str, str], errors: list[str]) -> None:
        self.place, self.cells, self.errors = place, cells, errors

    def refuse(self, column: str, message: str) -> None:
        self.errors.append(f"{self.place}: {column}: {message}")

    def number(self, column: str, lowest: float, highest: float, unit: str) -> float:
        text = self.cells.get(column, "").strip()
        value = _number(text)
        if value is None:
            self.refuse(column, f"a number was expected, got {text[:60]!r}{_remedy(column, text)}")
            return math.nan
        if not math.isfinite(value):
            self.refuse(column, f"a finite number was expected, got {text[:60]}")
        elif not lowest <= value <= highest:
            other = self.cells.get("lon", "").strip()
            swapped = column == "lat" and abs(value) <= 180 and _within(other, 90)
            hint = "; lat and lon swapped?" if swapped else ""
            self.refuse(column, f"must be from {lowest:g} to {highest:g} {unit}, got {value:g}{hint}")
        return value

    def name(self) -> str:
        text = self.cells.get("name", "")
        if control := CONTROL.search(text):
            self.refuse(
                "name", f"a text without control characters was expected, got U+{ord(control.group()):04X} in it"
            )
        return text

    def nation(self) -> str:
        code = self.cells.get("nation", "").strip()
        if code and code not in ISO_3166_ALPHA_3:
            likely = MISTAKEN_FOR.get(code.upper()) or nearest(code, ISO_3166_ALPHA_3)
            hint = f"; did you mean {likely}?" if likely else ""
            self.refuse("nation", f"{code[:60]!r} is no ISO 3166-1 alpha-3 code{hint}")
        return code


def _number(text: str) -> float | None:
    """Return the number that a text is, None if it is none."""
    try:
        return float(text if text.isascii() and "_" not in text else "")  # Python takes 4_4 and other digits
    except ValueError:
        return None


def _remedy(column: str, text: str) -> str:
    """Say how a number is written here that was written in another way; nothing if the text is no such number."""
    angle = _ANGLE.match(text.strip())
    if angle and (angle["minutes"] or angle["sign"] or angle["side"]):
        parts = (float((angle[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds"))
        degrees = sum(part / 60.0**power for power, part in enumerate(parts))
        negative = angle["minus"] or (angle["side"] or "").upper() in ("S", "W")
        return f"; write degrees as a decimal number, south and west negative: {'-' if negative else ''}{degrees:.10g}"
    digits = re.sub(r"[\s'\u2019\u00a0\u202f]", "", text)
    thousands = column == "population" and re.search(r",\d{3}\Z", digits)
    if digits.count(",") == 1 and "." not in digits and not thousands:
        digits = digits.replace(",", ".")
    digits = digits.replace(",", "").replace("\u2212", "-")
    if _number(digits) is None:
        return ""
    return f"; write the digits without separators, and the decimal point as . ({digits})"


def _listed(columns: list[str]) -> str:
    return ("columns " if len(columns) > 1 else "column ") + ", ".join(map(repr, columns))


def _within(text: str, most: float) -> bool:
    try:
        return abs(float(text)) <= most
    except ValueError:
        return False


def read_points(path: str | Path) -> PointsFile:
    """Read points from a CSV file.

    Parameters
    ----------
    path : str or Path
        CSV in UTF-8 with a header. ``lat`` [deg north] and ``lon`` [deg east] are needed; ``name``, ``population``
        [people] and ``nation`` (ISO 3166-1 alpha-3) are optional; other columns are carried along.

    Returns
    -------
    PointsFile

    Raises
    ------
    InputError
        With every bad row (50 at most) as ``file:line: column: what is wrong``.
    """
    try:
        content = content_of(Path(path), MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"{path}:1: larger than {MOST_BYTES // 2**20} MiB, the most a file of points may hold")
    return _read(io.StringIO(_csv_text(content, str(path)), newline=""), str(path))


def given_points(points: AimPoints | str | Path | None) -> tuple[PointsFile | None, AimPoints | None]:
    """Return the file of points and the points that were given, None for what was not.

    Raises
    ------
    InputError
        As :func:`read_points`; and if they are neither points nor a path: nobody's points are left out in silence.
    """
    from hoplon.scenario.geography import AimPoints

    if points is None or isinstance(points, AimPoints):
        return None, points
    if not hasattr(points, "__fspath__") and not isinstance(points, str):
        raise InputError(f"points: AimPoints or the path of a CSV file was expected, got {type(points).__name__}")
    given = read_points(points)
    return given, given.points


def _csv_text(content: bytes, file: str) -> str:
    """Decode UTF-8; refuse what is plainly another format by its name."""
    beginning = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    for begin, title, remedy in _OTHER_FORMATS:
        if beginning.startswith(begin):
            raise InputError(f"{file}:1: {title}; CSV with a header of lat, lon was expected{remedy}")
    return _text(content, file)


def _text(content: bytes, file: str) -> str:
    """Decode UTF-8; refuse what is no text with the line of its first bad byte."""
    bad = content.find(b"\0")
    if bad < 0:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            bad = error.start
    line = content.count(b"\n", 0, bad) + 1
    raise InputError(f"{file}:{line}: byte 0x{content[bad]:02x} is not UTF-8 text; CSV saved as UTF-8 was expected")


def _read(stream: TextIO, file: str) -> PointsFile:
    import numpy as np

    from hoplon.scenario.geography import AimPoints

    reader = csv.reader(stream, strict=True)
    table = _cells(reader, file)
    line_of_header, header = _header(table, file)
    errors: list[str] = []
    rows: list[tuple[str, ...]] = []
    latitude: list[float] = []
    longitude: list[float] = []
    people: list[float] = []
    nations: list[str] = []
    names: list[str] = []
    for line, cells in table:
        if len(cells) != len(header):
            errors.append(f"{file}:{line}: {len(header)} columns were expected, got {len(cells)}")
        else:
            row = _Row(f"{file}:{line}", dict(zip(header, cells, strict=True)), errors)
            latitude.append(row.number("lat", -90, 90, "degrees north"))
            longitude.append(row.number("lon", -180, 180, "degrees east"))
            people.append(row.number("population", 0, _MOST_PEOPLE, "people") if "population" in header else 1.0)
            nations.append(row.nation())
            names.append(row.name())
            rows.append(tuple(cells))
        if len(errors) >= _MOST_ERRORS:
            errors = [*errors[:_MOST_ERRORS], f"(stopped after {_MOST_ERRORS} errors)"]
            break
    if not rows and not errors:
        errors.append(f"{file}:2: no points; a row for each was expected under the header")
    if errors:
        raise InputError("\n".join(errors))
    return PointsFile(
        header,
        tuple(rows),
        AimPoints(
            name=np.array(names, dtype=str),
            nation=np.array(nations, dtype=str),
            latitude_deg=np.array(latitude),
            longitude_deg=np.array(longitude),
            population=np.array(people),
            area_km2=np.zeros(len(rows)),
            kind=np.full(len(rows), "place"),
        ),
        file,
        line_of_header,
    )


def _cells(reader: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line that it ends in."""
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputError(f"{file}:{reader.line_num}: not CSV: {error}; a quote left open?") from None


def _header(table: Iterator[tuple[int, list[str]]], file: str) -> tuple[int, tuple[str, ...]]:
    """Read and check the header; return its line too."""
    line, cells = next(table, (1, []))
    header = tuple(cell.strip() for cell in cells)
    if not header:
        raise InputError(f"{file}:1: the file is empty; a header with lat, lon was expected")
    if not {"lat", "lon"} & set(header) and any(_number(cell) is not None for cell in header):
        raise InputError(f"{file}:{line}: the first row holds numbers; a header with lat, lon was expected above it")
    errors = []
    for needed in ("lat", "lon"):
        if needed not in header:
            hint = ""
            if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
                hint = "; separated by something else than commas?"
            elif near := _likely(needed, header):
                hint = f"; is it {near!r}?"
            errors.append(f"{file}:{line}: column {needed!r} is missing{hint}")
    errors += [f"{file}:{line}: column {name!r} stands twice" for name in sorted(set(header)) if header.count(name) > 1]
    errors += [
        f"{file}:{line}: is {other!r} the column {column}? Write {column} in the header, or a name that is less like it"
        for column, other in _mistaken(header)
    ]
    if errors:
        raise InputError("\n".join(errors))
    return line, header


def _mistaken(header: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each column that may be left out and is missing, with one of the file that is likely meant for it."""
    for column, meant in _MEANT.items():
        if column in header:
            continue
        for other in header:
            folded = other.casefold().replace(" ", "_").replace("-", "_")
            like = (
                difflib.SequenceMatcher(None, folded, column).ratio() > _SPELLING if column == "population" else False
            )
            if folded in (column, *meant) or like:
                yield column, other
                break


def _likely(needed: str, header: tuple[str, ...]) -> str | None:
    """Return the column that is most likely meant: near in spelling, or ``longitude`` for ``lon``."""
    others = [column for column in header if column not in COLUMNS]
    whole = (column for column in others if column.casefold().startswith(needed))
    return nearest(needed, others) or next(whole, None)
