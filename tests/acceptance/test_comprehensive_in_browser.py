"""The comprehensive report of a small study, printed as a user's machine prints it: whole, numbered, the same twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from hoplon.report.pdf import BROWSERS, page_numbers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCENARIO = (
    "hoplon: 1\nname: small\nextends: toy\ntitle: A small study\nnations: [ROU]\n"
    "architectures: {fast-organic: null, fast-remote: null}\n"
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
A4_WIDTH, A4_HEIGHT = 688, 1020  # [px] of A4 within the margins of the page, at 96 to the inch


def browser() -> str:
    """Return the path of a Chromium."""
    names = (os.environ.get("CHROMIUM"), *BROWSERS)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "no Chromium: install it, or leave these tests out with -m 'not browser'"
    return found


@dataclass
class Made:
    """A study's folder, and what the command said."""

    folder: Path
    said: str


def study(folder: Path, named: str) -> Made:
    (folder / "s.yaml").write_text(SCENARIO)
    command = [sys.executable, "-m", "hoplon", "study", "s.yaml", "-o", "out"]
    environment = {**os.environ, "HOPLON_BROWSER": named}
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return Made(folder / "out", ended.stderr)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return study(tmp_path_factory.mktemp("study"), browser())


def test_the_pdf_is_written_and_named_in_the_manifest(made: Made) -> None:
    content = (made.folder / "comprehensive.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page[^s]", content)) >= 10
    assert b"CreationDate" not in content
    assert "comprehensive.pdf," in (made.folder / "manifest.csv").read_text()
    assert "is not written" not in made.said


def test_every_entry_of_the_contents_has_a_page_and_they_rise(made: Made) -> None:
    html = (made.folder / "comprehensive.html").read_text()
    entries = re.findall(r'data-of="([^"]+)"', html)
    numbers = page_numbers((made.folder / "comprehensive.pdf").read_bytes())
    pages = [numbers[entry] for entry in entries]
    assert pages == sorted(pages)
    assert pages[:2] == [3, 4]  # title, contents, executive summary of one page, page one


def test_every_entry_of_the_contents_is_in_the_outline(made: Made) -> None:
    html, pdf = (made.folder / "comprehensive.html").read_text(), (made.folder / "comprehensive.pdf").read_bytes()
    assert b"/PageMode /UseOutlines" in pdf
    items = re.findall(rb"/Title <([0-9a-f]+)> /Parent \d+ 0 R /Dest \[", pdf)
    told = [bytes.fromhex(text.decode()).decode("utf-16") for text in items]
    entries = re.findall(r'<span class="entry">(.*?)</span>', html)
    assert len(entries) > 10
    assert told == [unescape(entry) for entry in entries]


def test_the_same_study_prints_the_same_bytes_and_without_a_browser_none(made: Made, tmp_path: Path) -> None:
    again = study(tmp_path, browser())
    assert (again.folder / "comprehensive.pdf").read_bytes() == (made.folder / "comprehensive.pdf").read_bytes()
    said = study(tmp_path, "no-such-browser").said
    assert "comprehensive.pdf is not written: HOPLON_BROWSER names no-such-browser" in said
    assert not (again.folder / "comprehensive.pdf").exists()  # the one of before is no part of this study


def test_nothing_on_paper_is_wider_than_its_page(made: Made) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=list(FLAGS))
        page = chromium.new_page(viewport={"width": A4_WIDTH, "height": A4_HEIGHT})
        page.goto((made.folder / "comprehensive.html").as_uri())
        page.emulate_media(media="print")
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        cut = page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"
            ".map(one => [one.getAttribute('aria-label'), one.scrollWidth, one.clientWidth])"
        )
        height = page.evaluate("document.getElementById('executive-summary').getBoundingClientRect().height")
        chromium.close()
    assert wide <= A4_WIDTH
    assert cut == []
    assert height <= A4_HEIGHT
