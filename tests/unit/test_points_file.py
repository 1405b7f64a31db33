"""Points that a user gives as CSV are read whole, or refused with the line of every bad row."""

import os
from pathlib import Path

import pytest

from hoplon.errors import InputError
from hoplon.scenario import points_file
from hoplon.scenario.points_file import PointsFile, read_points


def read(folder: Path, text: str | bytes) -> PointsFile:
    file = folder / "p.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_points(file)


def refusal(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_every_column_is_read(tmp_path: Path) -> None:
    given = read(tmp_path, "name,nation,lat,lon,population\nBucharest,ROU,44.43,26.10,1883425\n")
    points = given.points
    assert points.name.tolist() == ["Bucharest"]
    assert points.nation.tolist() == ["ROU"]
    assert (points.latitude_deg.tolist(), points.longitude_deg.tolist()) == ([44.43], [26.10])
    assert points.population.tolist() == [1883425]
    assert (points.kind.tolist(), points.area_km2.tolist()) == (["place"], [0.0])


def test_without_population_every_point_counts_as_one(tmp_path: Path) -> None:
    points = read(tmp_path, "lat,lon\n44.43,26.10\n50,10\n").points
    assert points.population.tolist() == [1.0, 1.0]
    assert points.nation.tolist() == ["", ""]


def test_rows_are_kept_as_written_with_columns_of_no_meaning_here(tmp_path: Path) -> None:
    given = read(tmp_path, 'lat,lon,remark\n44.430,26.10,"a, b"\n\n50,10,\n')
    assert given.rows == (("44.430", "26.10", "a, b"), ("50", "10", ""))
    assert given.other_columns == ("remark",)


def test_a_cell_that_is_written_beside_an_answer_is_no_formula_and_its_numbers_stay(tmp_path: Path) -> None:
    given = read(tmp_path, 'lat,lon,name,=1+1\n-44.430, -26.10,"=cmd|x",+5\n')
    assert given.written_header == ("lat", "lon", "name", "'=1+1")
    assert given.written(0) == ("-44.430", " -26.10", "'=cmd|x", "+5")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbflat,lon\r\n1,2\r\n").rows == (("1", "2"),)


REFUSED: dict[str, tuple[str | bytes, list[str]]] = {
    "swapped": (
        "lat,lon\n1,2\n105,40\n",
        ["p.csv:3: lat: must be from -90 to 90 degrees north, got 105; lat and lon swapped?"],
    ),
    "off the Earth": ("lat,lon\n1,181\n", ["p.csv:2: lon: must be from -180 to 180 degrees east, got 181"]),
    "not finite": (
        "lat,lon\nnan,inf\n",
        ["p.csv:2: lat: a finite number was expected, got nan", "p.csv:2: lon: a finite number was expected, got inf"],
    ),
    "no number": ("lat,lon\n1,\n", ["p.csv:2: lon: a number was expected, got ''"]),
    "whole words for columns": (
        "latitude,Longitude\n1,2\n",
        ["p.csv:1: column 'lat' is missing; is it 'latitude'?", "p.csv:1: column 'lon' is missing; is it 'Longitude'?"],
    ),
    "digits that only Python takes": ("lat,lon\n4_4,26\n", ["p.csv:2: lat: a number was expected, got '4_4'"]),
    "too few cells": ("lat,lon,name\n1,2\n", ["p.csv:2: 3 columns were expected, got 2"]),
    "too many cells": ("lat,lon\n1,2,3\n", ["p.csv:2: 2 columns were expected, got 3"]),
    "negative people": (
        "lat,lon,population\n1,2,-5\n",
        ["p.csv:2: population: must be from 0 to 1e+10 people, got -5"],
    ),
    "another list's code": (
        "lat,lon,nation\n1,2,GER\n",
        ["p.csv:2: nation: 'GER' is no ISO 3166-1 alpha-3 code; did you mean DEU?"],
    ),
    "no longitude": ("lat,long\n1,2\n", ["p.csv:1: column 'lon' is missing; is it 'long'?"]),
    "a column twice": ("lat,lon,lat\n1,2,3\n", ["p.csv:1: column 'lat' stands twice"]),
    "semicolons": (
        "lat;lon\n1;2\n",
        [
            "p.csv:1: column 'lat' is missing; separated by something else than commas?",
            "p.csv:1: column 'lon' is missing; separated by something else than commas?",
        ],
    ),
    "empty": ("", ["p.csv:1: the file is empty; a header with lat, lon was expected"]),
    "no rows": ("lat,lon\n", ["p.csv:2: no points; a row for each was expected under the header"]),
    "binary": (b"lat,lon\n\xff\xfe,1\n", ["p.csv:2: byte 0xff is not UTF-8 text; CSV saved as UTF-8 was expected"]),
    "no header": (
        "AGRA,1957,59.206,18.0829,Sweden\nBORG,1960,59.9191,30.2611,Sweden\n",
        ["p.csv:1: the first row holds numbers; a header with lat, lon was expected above it"],
    ),
    "GeoJSON": (
        '{"type":"Point","coordinates":[26.1,44.43]}',
        ["p.csv:1: GeoJSON or other JSON; CSV with a header of lat, lon was expected: one row a point"],
    ),
    "a workbook": (
        b"PK\x03\x04\0\0",
        [
            "p.csv:1: a workbook or archive (ZIP); CSV with a header of lat, lon was expected: "
            "save the sheet as CSV UTF-8"
        ],
    ),
    "names that no XML holds, or that turn what stands behind them": (
        "lat,lon,name\n1,2,a\x1bb\n1,2,a\ufffe\n1,2,\u202ea\n",
        [
            f"p.csv:{line}: name: a text without control characters was expected, got U+{code} in it"
            for line, code in ((2, "001B"), (3, "FFFE"), (4, "202E"))
        ],
    ),
    "an unclosed quote": ('lat,lon\n"1,2\n', ["p.csv:2: not CSV: unexpected end of data; a quote left open?"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    text, lines = REFUSED[case]
    assert refusal(tmp_path, text) == lines


def test_bad_rows_are_counted_up_to_fifty(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "lat,lon\n" + "x,1\n" * 80)
    assert lines[49] == "p.csv:51: lat: a number was expected, got 'x'"
    assert lines[50:] == ["(stopped after 50 errors)"]


def test_a_line_is_counted_with_the_line_ends_in_quotes_before_it(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'lat,lon,name\n1,2,"a\nb"\n1,x,c\n') == ["p.csv:4: lon: a number was expected, got 'x'"]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read: No such file"):
        read_points(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_points(tmp_path)


def test_what_is_no_text_is_refused_with_the_line_of_the_byte(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"lat,lon,name\n1,2,a\n1,2,\xd6l\n") == [
        "p.csv:3: byte 0xd6 is not UTF-8 text; CSV saved as UTF-8 was expected"
    ]
    assert refusal(tmp_path, b"lat,lon,name\n1,2,a\0b\n") == [
        "p.csv:2: byte 0x00 is not UTF-8 text; CSV saved as UTF-8 was expected"
    ]


def test_a_pipe_without_a_writer_and_an_endless_file_come_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match=r"pipe\.csv: cannot be read: a pipe that nothing writes to"):
        read_points(tmp_path / "pipe.csv")
    monkeypatch.setattr(points_file, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="/dev/zero:1: larger than"):
        read_points("/dev/zero")


def test_blank_lines_before_the_header_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "\n , \nlat,lon\n1,2\n").rows == (("1", "2"),)
    assert refusal(tmp_path, "\nlat,name\n1,2\n") == ["p.csv:2: column 'lon' is missing"]


# The decimal degrees are worked out by hand: 25/60 + 48/3600 = 0.43, 30/60 = 0.5.
WRITTEN_OTHERWISE = {
    ("lat", "44\u00b025'48\"N"): "44.43",
    ("lat", "44 \u00b0 25.8' S"): "-44.43",
    ("lat", "44.43N"): "44.43",
    ("lon", "26\u00b030'W"): "-26.5",
    ("lat", "44,43"): "44.43",
    ("lat", "44,125"): "44.125",
    ("population", "1,800,000"): "1800000",
    ("population", "15 000 000"): "15000000",
    ("population", "1'800'000"): "1800000",
}


@pytest.mark.parametrize(("column", "text"), WRITTEN_OTHERWISE)
def test_a_number_written_in_another_way_is_refused_with_how_it_is_written_here(
    tmp_path: Path, column: str, text: str
) -> None:
    cells = {"lat": "1", "lon": "2", "population": "3"} | {column: text}
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells.values())
    (line,) = refusal(tmp_path, f"lat,lon,population\n{quoted}\n")
    assert line.startswith(f"p.csv:2: {column}: a number was expected, got {text!r}; write ")
    assert WRITTEN_OTHERWISE[column, text] in line.removeprefix(
        f"p.csv:2: {column}: a number was expected, got {text!r}"
    )


@pytest.mark.parametrize("name", ["Population", " POPULATION", "pop", "popluation", "inhabitants"])
def test_people_under_another_name_are_not_taken_for_points(tmp_path: Path, name: str) -> None:
    (line,) = refusal(tmp_path, f"lat,lon,{name}\n1,2,1800000\n")
    assert line.startswith(f"p.csv:1: is {name.strip()!r} the column population? Write population in the header")


@pytest.mark.parametrize("name", ["Nation", "Country", "iso3", "ISO_A3"])
def test_a_nation_under_another_name_is_not_left_out(tmp_path: Path, name: str) -> None:
    (line,) = refusal(tmp_path, f"lat,lon,{name}\n1,2,ROU\n")
    assert line.startswith(f"p.csv:1: is {name!r} the column nation? Write nation in the header")


def test_names_that_are_only_a_little_alike_are_carried_along(tmp_path: Path) -> None:
    assert read(tmp_path, "lat,lon,station,pollution,named\n1,2,a,b,c\n").other_columns == (
        "station",
        "pollution",
        "named",
    )
    given = read(tmp_path, "lat,lon,population,Population,nation,country\n1,2,3,x,ROU,Romania\n")
    assert given.other_columns == ("Population", "country")


def test_columns_under_the_names_of_the_answer_are_refused_where_it_is_written(tmp_path: Path) -> None:
    given = read(tmp_path, "lat,lon,threatened,Defended\n1,2,true,true\n")
    with pytest.raises(InputError, match=r"p\.csv:1: columns 'threatened', 'Defended': the answer is"):
        given.refuse_answers()
    read(tmp_path, "lat,lon,threatened_before\n1,2,true\n").refuse_answers()
