"""The report of the bundled study in a real browser: one file, no network, nothing broken.

``CHROMIUM`` names the browser. Make sets it, and leaves these tests out, with a line that says so, where there is none;
on the build server they run whatever happens, and fail without one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

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
PHONE = 390  # [px]
A4_WIDTH, A4_HEIGHT = 688, 1020  # [px] of A4 within the margins of the page, at 96 to the inch
MOST_BYTES = 5_000_000
LEAST_CONTRAST = 4.5  # [1] of text, WCAG 2.1, 1.4.3


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


def test_the_report_is_small_enough_to_be_sent(visit: Visit) -> None:
    assert visit.report.stat().st_size <= MOST_BYTES


def test_no_id_stands_twice_among_the_drawings(visit: Visit) -> None:
    twice = visit.page.evaluate(
        """() => { const seen = new Set(), twice = [];
            for (const {id} of document.querySelectorAll('[id]')) seen.has(id) ? twice.push(id) : seen.add(id);
            return twice; }"""
    )
    assert twice == []
    met = visit.page.evaluate(
        "[...document.querySelectorAll('use')].filter(use => !document.querySelector(use.getAttribute('href'))).length"
    )
    assert met == 0


def test_words_of_a_drawing_are_found_in_the_page(visit: Visit) -> None:
    for words in ("Kürecik", "Deveselu", "defended, two or more"):
        assert visit.page.locator("svg text", has_text=words).count() > 0, words
    unnamed = visit.page.evaluate(
        "[...document.querySelectorAll('svg[role=img]')].filter(one => !one.querySelector('title').textContent.trim() "
        "|| !one.querySelector('desc').textContent.trim()).length"
    )
    assert unnamed == 0


def test_a_table_sorts_by_click_and_by_keyboard(visit: Visit) -> None:
    page = visit.page
    table = page.locator("#table-page-one")
    before = table.locator("tbody th").all_inner_texts()
    button = table.locator("thead th").nth(0).get_by_role("button")
    button.click()
    assert table.locator("tbody th").all_inner_texts() == sorted(before)
    button.focus()
    page.keyboard.press("Enter")
    assert table.locator("tbody th").all_inner_texts() == sorted(before, reverse=True)
    assert table.locator("thead th").nth(0).get_attribute("aria-sort") == "descending"
    share = table.locator("thead th").nth(1).get_by_role("button")
    share.click()
    shown = [
        float(text.rstrip("%").strip("\u00a0 ").split()[-1])
        for text in table.locator("td:nth-child(2)").all_inner_texts()
    ]
    assert shown == sorted(shown)


def test_a_link_to_a_folded_finding_opens_it(visit: Visit) -> None:
    page = visit.page
    name = page.locator(".more details:not([open]) p[id]").first.get_attribute("id")
    folded = page.locator(f"#{name}")
    assert not folded.is_visible()
    page.evaluate(f"location.hash = '{name}'")
    page.wait_for_function(f"document.getElementById('{name}').closest('details').open")
    assert folded.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrasts_with_its_ground(visit: Visit, scheme: Literal["light", "dark"]) -> None:
    page = visit.page
    page.emulate_media(color_scheme=scheme)
    weak = page.evaluate(
        """least => {
            const parts = colour => colour.match(/[\\d.]+/g).map(Number);
            const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
            const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
            const ground = node => {
                for (; node; node = node.parentElement) {
                    const colour = parts(getComputedStyle(node).backgroundColor);
                    if (colour.length < 4 || colour[3] > 0) return colour;
                }
                return [255, 255, 255];
            };
            const weak = [];
            for (const node of document.querySelectorAll('h1,h2,h3,p,li,th,td,caption,figcaption,summary,a,code,b')) {
                if (!node.textContent.trim() || node.closest('svg') || !node.getClientRects().length) continue;
                const pair = [light(parts(getComputedStyle(node).color)), light(ground(node))];
                const contrast = (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
                if (contrast < least) weak.push([node.tagName, node.textContent.trim().slice(0, 40), contrast]);
            }
            return weak;
        }""",
        LEAST_CONTRAST,
    )
    page.emulate_media(color_scheme="light")
    assert weak == []


def test_on_a_telephone_the_page_does_not_scroll_sideways(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": PHONE, "height": 844})
    width = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    assert width <= PHONE


def test_printed_page_one_is_the_answer_and_the_rest_fits_in_twenty_five_pages(visit: Visit) -> None:
    page = visit.page
    printed = page.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", printed))
    assert 15 <= pages <= 25
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDTH, "height": A4_HEIGHT})
    bottom = page.evaluate(
        "scrollY + Math.max(...[...document.querySelectorAll('#summary *')].filter(one => one.getClientRects().length)"
        ".map(one => one.getBoundingClientRect().bottom))"
    )
    top = page.evaluate("scrollY + document.querySelector('header').getBoundingClientRect().top")
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    map_height = page.evaluate("document.querySelector('#summary svg').getBoundingClientRect().height")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    assert bottom - top <= A4_HEIGHT
    assert wide <= A4_WIDTH  # else the browser shrinks the whole page
    assert map_height >= 200


def test_the_executive_summary_is_one_page_on_paper(visit: Visit) -> None:
    paper = visit.page.context.new_page()
    paper.set_viewport_size({"width": A4_WIDTH, "height": A4_HEIGHT})
    paper.emulate_media(media="print")
    paper.goto((visit.report.parent / "comprehensive.html").as_uri(), wait_until="load", timeout=120_000)
    box = paper.locator("#executive-summary").bounding_box()
    paper.close()
    assert box is not None
    assert A4_HEIGHT / 2 < box["height"] <= A4_HEIGHT
