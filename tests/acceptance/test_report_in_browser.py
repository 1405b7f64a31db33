"""The report of the bundled study in a real browser: one file, no network, nothing broken.

``CHROMIUM`` names the browser. Make sets it, and leaves these tests out, with a line that says so, where there is none;
on the build server they run whatever happens, and fail without one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
WIDTH, HEIGHT = 1280, 900  # [px]


@dataclass
class Visit:
    """A report opened in a browser, with all that happened while it loaded."""

    page: Page
    report: Path
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def browser() -> str:
    """Return the path of a Chromium."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "no Chromium: install it, or leave these tests out with -m 'not browser'"
    return found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the bundled study as a user does; return the report."""
    folder = tmp_path_factory.mktemp("study") / "study"
    command = [str(Path(sys.executable).parent / "hoplon"), "study", "nato-europe", "-o", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "report.html"


@pytest.fixture(scope="module")
def visit(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Open the report from disk and wait until it is still."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            executable_path=browser(),
            headless=True,
            args=list(FLAGS),
            viewport={"width": WIDTH, "height": HEIGHT},
        )
        page = context.new_page()
        seen = Visit(page, report)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("requestfailed", lambda request: seen.failures.append(f"request failed: {request.url[:200]}"))
        page.on("console", lambda said: said.type == "error" and seen.failures.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: seen.failures.append(f"script: {error}"))
        page.goto(report.as_uri(), wait_until="networkidle", timeout=120_000)
        yield seen
        context.close()


def test_the_report_loads_without_an_error(visit: Visit) -> None:
    assert visit.failures == []


def test_the_report_asks_for_nothing_but_itself(visit: Visit) -> None:
    elsewhere = [url for url in visit.requests if url != visit.report.as_uri() and not url.startswith("data:")]
    assert elsewhere == []


def test_every_picture_of_the_report_is_decoded_and_drawn(visit: Visit) -> None:
    broken = visit.page.evaluate(
        """async () => {
            const wrong = [];
            const named = image => (image.alt || image.src).slice(0, 80);
            for (const image of document.images) {
                image.loading = 'eager';
                try { await image.decode(); } catch (error) { wrong.push(named(image)); continue; }
                if (!(image.naturalWidth > 0 && image.clientWidth > 0)) wrong.push(named(image));
            }
            for (const drawing of document.querySelectorAll('svg')) {
                const box = drawing.getBoundingClientRect();
                if (!(box.width > 0 && box.height > 0)) wrong.push(drawing.outerHTML.slice(0, 80));
            }
            return wrong;
        }"""
    )
    assert broken == []
    pictures = visit.page.evaluate("document.images.length + document.querySelectorAll('svg').length")
    assert pictures >= 10


def test_every_link_within_the_report_leads_somewhere(visit: Visit) -> None:
    lost = visit.page.evaluate(
        """() => [...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href').slice(1))
                .filter(name => name && !document.getElementById(decodeURIComponent(name)))"""
    )
    assert lost == []


def test_the_page_is_no_wider_than_its_window(visit: Visit) -> None:
    width = visit.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= WIDTH


def test_the_report_names_every_phase_and_the_countries_of_its_findings(visit: Visit) -> None:
    text = visit.page.inner_text("body")
    for words in ("Phase 1", "Phase 2", "Phase 3", "Phase 4", "Programme of record", "Turkey", "assumed"):
        assert words.lower() in text.lower(), words


def test_a_screenshot_of_the_report_shows_more_than_a_blank_page(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "report.png"
    visit.page.screenshot(path=path, full_page=True)
    with Image.open(path) as picture:
        colours = picture.convert("RGB").resize((400, 400)).getcolors(maxcolors=400 * 400)
    assert colours is not None
    assert len(colours) > 200, path
