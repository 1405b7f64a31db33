"""The comprehensive report as PDF, by the print of a Chromium that is on the machine.

The page is printed twice: where the entries of its contents lie is read from the first print, in which every picture is
as large as it is and empty, and their page numbers are put into the second. Dates are blanked, so that the same page
gives the same bytes. The entries of the contents become the outline (the bookmarks) too: Chromium makes one of a tagged
PDF alone, and tags double the file.
"""

from __future__ import annotations

import contextlib
import html as markup
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoplon.progress import Progress, silent

VARIABLE: Final = "HOPLON_BROWSER"
"""Variable of the environment that names the browser; empty for none."""
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What a Chromium is called, where none is named."""
_MOST_S: Final = 300.0  # [s] that one print may take
_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-pdf-tagging",  # tags of every path of a map double the file; who needs them has the HTML
    "--no-pdf-header-footer",
)
_FOLDER: Final = "printing"
_ENTRY: Final = re.compile(r'(<span class="page-number" data-of="([^"]+)">)(</span>)')
_PICTURE: Final = re.compile(r"(<svg\b[^>]*>).*?(</svg>)", re.DOTALL)
_TITLED: Final = re.compile(r'<span class="entry">(.*?)</span><span class="page-number" data-of="([^"]+)">', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")
_DATE: Final = re.compile(rb"/(?:Creation|Mod)Date \(D:[^)]{8,30}\)")
_FREE: Final = b"0000000000 65535 f \n"
_REFERENCE: Final = re.compile(rb"(\d+) 0 R")
_DESTINATION: Final = re.compile(rb"/([^\s/\[\]<>]+) \[(\d+) 0 R")
_REMEDY: Final = (
    f"install Chromium, or name one in {VARIABLE}, and give the same command again; or print comprehensive.html "
    "from a browser"
)


@dataclass(frozen=True)
class Printed:
    """A print.

    Parameters
    ----------
    pdf : bytes or None
        None where none was made.
    note : str
        Why none was made, and how to get one; empty where one was.
    """

    pdf: bytes | None
    note: str = ""


def browser_found() -> str | None:
    """Return the path of the browser that prints; None where there is none, or none is wanted."""
    given = os.environ.get(VARIABLE)
    names = BROWSERS if given is None else (given,)
    return next((path for name in names if (path := shutil.which(name))), None)


class PrintError(Exception):
    """A browser did not print; the text says why."""


def print_page(html: str, folder: Path, progress: Progress = silent, most_s: float = _MOST_S) -> Printed:
    """Return a page as PDF; what goes wrong with the browser is a note and no error.

    Parameters
    ----------
    html : str
        The page.
    folder : Path
        Where the page and the profile of the browser stand meanwhile, in a folder of their own.
    progress : callable
        Told of each print.
    most_s : float
        Seconds that one print may take.
    """
    given = os.environ.get(VARIABLE)
    if given == "":
        return Printed(None)
    browser = browser_found()
    if browser is None:
        why = f"{VARIABLE} names {given}, which is no program" if given else "no Chromium was found"
        return Printed(None, f"comprehensive.pdf is not written: {why}; {_REMEDY}")
    place = folder.resolve() / _FOLDER
    shutil.rmtree(place, ignore_errors=True)
    try:
        place.mkdir()
        progress(0, 2, "printing comprehensive.pdf")
        numbers = page_numbers(_printed(browser, _PICTURE.sub(r"\1\2", html), place, most_s))
        progress(1, 2, "printing comprehensive.pdf, with page numbers in its contents")
        last = _printed(browser, _numbered(html, numbers), place, most_s)
        if page_numbers(last) != numbers:  # a picture was not as large as it says
            last = _printed(browser, _numbered(html, page_numbers(last)), place, most_s)
        progress(2, 2, "printed")
        dated = _DATE.sub(lambda found: b" " * len(found[0]), last)
        return Printed(with_outline(dated, contents_of(html)))
    except (PrintError, OSError) as error:
        return Printed(None, f"comprehensive.pdf is not written: {browser} {error}; {_REMEDY}")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _numbered(html: str, numbers: Mapping[str, int]) -> str:
    """Return a page with page numbers in its contents."""
    return _ENTRY.sub(lambda found: f"{found[1]}{numbers.get(found[2], '')}{found[3]}", html)


def _printed(browser: str, html: str, place: Path, most_s: float) -> bytes:
    """Return what a browser prints of a page.

    Raises
    ------
    PrintError
        If it fails, takes too long, or writes no PDF.
    """
    page, pdf, said = place / "page.html", place / "page.pdf", place / "said"
    page.write_text(html, encoding="utf-8")
    pdf.unlink(missing_ok=True)
    command = [browser, *_FLAGS, f"--user-data-dir={place / 'profile'}", f"--print-to-pdf={pdf}", page.as_uri()]
    if (
        hasattr(os, "geteuid") and os.geteuid() == 0
    ):  # its sandbox does not run as root; the page runs no script and loads nothing
        command.insert(1, "--no-sandbox")
    with said.open("wb") as stream:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        code = process.wait(most_s)
    except subprocess.TimeoutExpired:
        raise PrintError(f"did not print within {most_s:.0f} s") from None
    finally:
        _end_with_children(process)
    content = pdf.read_bytes() if pdf.is_file() else b""
    if code != 0:
        raise PrintError(f"ended with {code}{_last_line(said)}")
    if not content.startswith(b"%PDF-") or not content.rstrip().endswith(b"%%EOF"):
        raise PrintError(f"wrote no whole PDF{_last_line(said)}")
    return content


def _end_with_children(process: subprocess.Popen[bytes]) -> None:
    """End a browser with its children, should it hang or leave some behind; itself alone where none has a group."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _last_line(said: Path) -> str:
    """Return the last line that a browser said, to be added to a sentence."""
    lines = [line.strip() for line in said.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f" ({lines[-1][:200]})" if lines else ""


# --- where the entries of the contents lie ---------------------------------------------------------------------------


def page_numbers(pdf: bytes) -> dict[str, int]:
    """Return the page, from 1, of every place of a PDF that something links to; nothing where it cannot be read.

    Parameters
    ----------
    pdf : bytes
        With a table of cross-references and objects that are not packed, as Chromium writes it (PDF 32000-1:2008,
        7.5.4, 7.7.2, 7.7.3, 12.3.2.3).
    """
    try:
        offsets = _offsets(pdf)
        root = re.search(rb"/Root (\d+) 0 R", pdf[pdf.rindex(b"trailer") :])
        catalogue = _object(pdf, offsets, root[1]) if root else b""
        pages = re.search(rb"/Pages (\d+) 0 R", catalogue)
        places = re.search(rb"/Dests (\d+) 0 R", catalogue)
        if pages is None or places is None:
            return {}
        order = {number: place for place, number in enumerate(_leaves(pdf, offsets, pages[1]), start=1)}
        found = _DESTINATION.findall(_object(pdf, offsets, places[1]))
        return {name.decode("latin-1"): order[number] for name, number in found if number in order}
    except (ValueError, KeyError, IndexError, RecursionError):
        return {}


def contents_of(html: str) -> dict[str, str]:
    """Return the entries of the contents of a page: the place that each links to, with its title."""
    return {key: " ".join(markup.unescape(_TAG.sub("", title)).split()) for title, key in _TITLED.findall(html)}


def with_outline(pdf: bytes, titles: Mapping[str, str]) -> bytes:
    """Return a PDF with an outline of some places, in their order; as it is where it cannot be read or has none.

    Parameters
    ----------
    pdf : bytes
        As of :func:`page_numbers`.
    titles : mapping
        Place that something links to, to what the outline calls it.

    Notes
    -----
    The catalogue is written anew and the outline behind all other objects, with one table of cross-references for all
    (PDF 32000-1:2008, 12.3.3).
    """
    try:
        offsets = _offsets(pdf)
        start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
        trailer = pdf[pdf.rindex(b"trailer") : pdf.rindex(b"startxref")]
        root = re.search(rb"/Root (\d+) 0 R", trailer)
        catalogue = _object(pdf, offsets, root[1]) if root else b""
        places = re.search(rb"/Dests (\d+) 0 R", catalogue)
        if root is None or places is None or b"/Outlines" in catalogue:
            return pdf
        spots = dict(re.findall(rb"/([^\s/\[\]<>]+) (\[\d+ 0 R[^\]]*\])", _object(pdf, offsets, places[1])))
    except (ValueError, KeyError, IndexError):
        return pdf
    entries = [(title, spot) for key, title in titles.items() if (spot := spots.get(key.encode("latin-1", "replace")))]
    if not entries:
        return pdf
    outline = 1 + max(int(number) for number in offsets)
    items = [outline + 1 + place for place in range(len(entries))]
    made = {
        int(root[1]): catalogue.split(b"obj", 1)[1].strip()[: -len(b">>")]
        + b"\n/Outlines %d 0 R\n/PageMode /UseOutlines>>" % outline,
        outline: b"<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>" % (items[0], items[-1], len(items)),
    }
    for place, (number, (title, spot)) in enumerate(zip(items, entries, strict=True)):
        before = b" /Prev %d 0 R" % items[place - 1] if place else b""
        after = b" /Next %d 0 R" % items[place + 1] if place + 1 < len(items) else b""
        text = b"\xfe\xff" + title.encode("utf-16-be")
        made[number] = b"<</Title <%s> /Parent %d 0 R /Dest %s%s%s>>" % (
            text.hex().encode(),
            outline,
            spot,
            before,
            after,
        )
    body, at = bytearray(pdf[:start]), {int(number): offset for number, offset in offsets.items()}
    for number, content in made.items():
        at[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = [b"%010d 00000 n \n" % at[number] if number in at else _FREE for number in range(1, items[-1] + 1)]
    end = re.sub(rb"/Size \d+", b"/Size %d" % (items[-1] + 1), trailer)
    table = b"xref\n0 %d\n%s%s" % (items[-1] + 1, _FREE, b"".join(rows))
    return bytes(body) + table + end + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _offsets(pdf: bytes) -> dict[bytes, int]:
    """Return where each object begins, by its number."""
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    lines = pdf[start : pdf.rindex(b"trailer")].split(b"\n")
    first = int(lines[1].split()[0])
    return {b"%d" % (first + place): int(line[:10]) for place, line in enumerate(lines[2:]) if line[17:18] == b"n"}


def _object(pdf: bytes, offsets: dict[bytes, int], number: bytes) -> bytes:
    begin = offsets[number]
    return pdf[begin : pdf.index(b"endobj", begin)]


def _leaves(pdf: bytes, offsets: dict[bytes, int], number: bytes) -> list[bytes]:
    """Return the numbers of the pages under a node of the tree of pages, in their order."""
    node = _object(pdf, offsets, number)
    kids = re.search(rb"/Kids \[([^\]]*)\]", node)
    if kids is None:
        return [number]
    return [leaf for kid in _REFERENCE.findall(kids[1]) for leaf in _leaves(pdf, offsets, kid)]
