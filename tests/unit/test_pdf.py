"""The print of a page: whatever a browser does, there is a whole PDF or a note on how to get one."""

import os
import re
import time
from pathlib import Path

import pytest

from hoplon.files import runs
from hoplon.report.pdf import VARIABLE, Printed, contents_of, page_numbers, print_page, with_outline

HTML = '<p>x</p><a href="#one"><span class="page-number" data-of="one"></span></a><p id="one">1</p>'
HEAD = '#!/bin/sh\nfor word in "$@"; do case "$word" in --print-to-pdf=*) pdf="${word#*=}";; esac; done\n'


def pdf_of(bodies: dict[int, str]) -> bytes:
    """Return a PDF of some objects, with its table of cross-references."""
    text, offsets = b"%PDF-1.4\n", {}
    for number, body in bodies.items():
        offsets[number] = len(text)
        text += f"{number} 0 obj\n{body}\nendobj\n".encode()
    rows = "".join(f"{offsets[number]:010} 00000 n \n" for number in sorted(bodies))
    start = len(text)
    text += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{rows}trailer\n<</Size 9\n/Root 1 0 R>>\n".encode()
    return text + f"startxref\n{start}\n%%EOF\n".encode()


NESTED = {
    1: "<</Type /Catalog /Pages 2 0 R /Dests 8 0 R>>",
    2: "<</Type /Pages /Count 3 /Kids [3 0 R 6 0 R]>>",
    3: "<</Type /Pages /Count 2 /Kids [5 0 R 4 0 R] /Parent 2 0 R>>",
    4: "<</Type /Page /Parent 3 0 R>>",
    5: "<</Type /Page /Parent 3 0 R>>",
    6: "<</Type /Page /Parent 2 0 R>>",
    7: "<</CreationDate (D:20261129210857+00'00') /ModDate (D:20261129210857+00'00')>>",
    8: "<</one [4 0 R /XYZ 0 1 0]\n/two-b [6 0 R /XYZ 0 1.5 0]\n/zero [5 0 R /XYZ 0 1 0]\n/lost [7 0 R /XYZ 0 1 0]>>",
}


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that puts a script in the place of the browser."""

    def put(script: str) -> Path:
        path = tmp_path / "browser"
        path.write_text(HEAD + script)
        path.chmod(0o755)
        monkeypatch.setenv(VARIABLE, str(path))
        return path

    return put


def printed(tmp_path: Path, most_s: float = 60.0) -> Printed:
    store = tmp_path / "store"
    store.mkdir(exist_ok=True)
    found = print_page(HTML, store, most_s=most_s)
    assert list(store.iterdir()) == []  # neither page nor profile is left behind
    return found


def test_pages_are_counted_in_the_order_of_their_tree() -> None:
    assert page_numbers(pdf_of(NESTED)) == {"zero": 1, "one": 2, "two-b": 3}


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4\n%%EOF", b"trailer startxref", pdf_of({1: "<</Pages 1 0 R>>"}), pdf_of(NESTED)[:-30]]
)
def test_a_pdf_that_cannot_be_read_has_no_page_numbers(content: bytes) -> None:
    assert page_numbers(content) == {}


def test_the_second_print_holds_the_page_numbers_and_no_dates(tmp_path: Path, browser) -> None:
    (tmp_path / "made.pdf").write_bytes(pdf_of(NESTED))
    last = 'for page in "$@"; do :; done\ncp "${page#file://}" "$(dirname "$0")/page-$$.html"\n'
    browser(f'{last}cp "$(dirname "$0")/made.pdf" "$pdf"\n')
    found = printed(tmp_path)
    assert found.note == ""
    assert found.pdf is not None
    assert len(found.pdf) == len(pdf_of(NESTED))
    assert b"Date" not in found.pdf
    assert page_numbers(found.pdf)["one"] == 2
    pages = {path.read_text() for path in tmp_path.glob("page-*.html")}
    assert pages == {HTML, HTML.replace('data-of="one">', 'data-of="one">2')}


def outline_of(pdf: bytes) -> list[tuple[str, int]]:
    """Read the outline of a PDF from its end, following one object to the next: titles and object of the page."""
    start = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    head, *rows = pdf[start:].split(b"trailer")[0].splitlines()
    assert head == b"xref"
    first, count = map(int, rows[0].split())
    assert (first, count) == (0, len(rows) - 1)
    assert all(len(row) == 19 for row in rows[1:])  # 20 with the end of the line

    def body(number: int) -> bytes:
        offset, _, kind = rows[1 + number].split()
        assert kind == b"n"
        text = pdf[int(offset) :]
        assert text.startswith(b"%d 0 obj" % number)
        return text[: text.index(b"endobj")]

    def named(key: str, text: bytes) -> int | None:
        found = re.search(rb"/%s \[?(\d+) 0 R" % key.encode(), text)
        return None if found is None else int(found[1])

    trailer = pdf[pdf.rindex(b"trailer") :]
    assert b"/Size %d\n" % count in trailer
    catalogue = body(named("Root", trailer))
    assert b"/Pages 2 0 R" in catalogue
    assert b"/PageMode /UseOutlines" in catalogue
    outline = body(named("Outlines", catalogue))
    told, number, before = [], named("First", outline), None
    while number is not None:
        item = body(number)
        assert (named("Prev", item), named("Parent", item)) == (before, named("Outlines", catalogue))
        title = bytes.fromhex(re.search(rb"<([0-9a-f]+)>", item)[1].decode())
        assert title.startswith(b"\xfe\xff")
        told.append((title[2:].decode("utf-16-be"), named("Dest", item)))
        number, before = named("Next", item), number
    assert (before, int(re.search(rb"/Count (\d+)", outline)[1])) == (named("Last", outline), len(told))
    return told


def test_the_entries_of_the_contents_are_the_outline() -> None:
    entry = '<li><a href="#{0}"><span class="entry">{1}</span><span class="page-number" data-of="{0}"></span></a></li>'
    titles = {"one": "Q1. Who?", "nowhere": "Not printed", "two-b": "A &amp; B,\n <em>Łódź</em>", "zero": "End"}
    page = "".join(entry.format(*item) for item in titles.items())
    whole = pdf_of(NESTED)
    made = with_outline(whole, contents_of(page))
    assert outline_of(made) == [("Q1. Who?", 4), ("A & B, Łódź", 6), ("End", 5)]
    assert page_numbers(made) == page_numbers(whole)
    assert made.startswith(whole[: whole.index(b"xref")])
    assert len(made) < len(whole) + 1000
    assert with_outline(made, contents_of(page)) == made


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n%%EOF", pdf_of({1: "<</Pages 1 0 R>>"}), pdf_of(NESTED)[:-30]])
def test_a_pdf_that_cannot_be_read_stays_as_it_is(content: bytes) -> None:
    assert with_outline(content, {"one": "One"}) == content
    assert with_outline(pdf_of(NESTED), {"nowhere": "Not printed"}) == pdf_of(NESTED)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo no display >&2; exit 3\n", "ended with 3 (no display)"),
        ("exit 0\n", "wrote no whole PDF"),
        ('printf "%%PDF-1.4 half" > "$pdf"\n', "wrote no whole PDF"),
        ('printf "%%PDF-1.4 %%%%EOF" > "$pdf"; kill -9 $$\n', "ended with -9"),
        ('sleep 600 & echo $! > "$(dirname "$0")/child"; wait\n', "did not print within 1 s"),
    ],
)
def test_a_browser_that_fails_gives_a_note(tmp_path: Path, browser, script: str, why: str) -> None:
    path = browser(script)
    found = printed(tmp_path, most_s=1.0 if "within" in why else 60.0)
    assert found.pdf is None
    assert found.note.startswith(f"comprehensive.pdf is not written: {path} {why}")
    assert "install Chromium, or name one in HOPLON_BROWSER" in found.note
    child = tmp_path / "child"
    if child.is_file():
        until = time.monotonic() + 10.0
        while _alive(int(child.read_text())) and time.monotonic() < until:
            time.sleep(0.05)
        assert not _alive(int(child.read_text()))


def _alive(process: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be collected does not."""
    status = Path(f"/proc/{process}/stat")
    return runs(process) and not (status.is_file() and re.search(r"\) Z ", status.read_text()))


def test_without_a_browser_there_is_a_note_and_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "no-such-browser")
    assert "HOPLON_BROWSER names no-such-browser, which is no program" in printed(tmp_path).note
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = printed(tmp_path)
    assert found.pdf is None
    assert "no Chromium was found" in found.note


def test_an_empty_name_asks_for_no_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    assert printed(tmp_path) == Printed(None)


def test_a_file_that_is_no_program_gives_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "browser"
    path.write_text("no program")
    path.chmod(0o755)
    monkeypatch.setenv(VARIABLE, os.fspath(path))
    found = printed(tmp_path)
    assert found.pdf is None
    assert "is not written" in found.note
