"""The web application in a browser without WebGL: the map by mouse and keys, links, files, undo, nobody else asked."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

import hoplon
import hoplon.scenario
from hoplon.report.pdf import BROWSERS

pytestmark = [pytest.mark.browser]

SOURCES = Path(hoplon.scenario.__file__).parents[2]
AXE = Path(__file__).parents[1] / "data" / "axe-core-4.14.1.min.js.gz"  # Deque Systems, Mozilla Public License 2.0
PATIENCE_MS = 120_000
PANELS = ("Nations", "Defence", "Inputs", "Why", "Raid", "Questions")


@pytest.fixture(scope="module")
def link() -> Iterator[str]:
    """Return the link that a server of the smallest bundled study prints."""
    words = [sys.executable, "-m", "hoplon", "serve", "toy", "--architecture", "fast", "--port", "0", "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    yield process.stdout.readline().strip()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = (os.environ.get("CHROMIUM"), *BROWSERS)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "no Chromium: install it, or leave these tests out with -m 'not browser'"
    with sync_playwright() as play:
        without = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
        opened = play.chromium.launch(executable_path=found, args=without)
        yield opened
        opened.close()


def faulty(message: ConsoleMessage) -> bool:
    """Tell whether a line of the console is of a fault; 409 is a question in whose place a newer one came."""
    return message.type == "error" and "409 (Conflict)" not in message.text


class Shown:
    """A page that shows the application, and what it asked and said."""

    def __init__(self, browser: Browser, link: str, width: int = 1280, scheme: str = "light") -> None:
        viewport = {"width": width, "height": 800}
        self.page: Page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()  # type: ignore[arg-type]
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("console", lambda message: self.said.append(message.text) if faulty(message) else None)
        self.page.goto(link)
        self.exact()

    def exact(self) -> str:
        """Wait for the exact picture of what is shown, and return the share."""
        self.page.wait_for_selector("body[data-ready=exact]", timeout=PATIENCE_MS)
        return self.page.inner_text("[data-testid=share]")

    def what_if(self) -> dict[str, Any]:
        """Return the document that the address holds."""
        self.page.wait_for_timeout(300)
        code = self.page.evaluate("location.hash").removeprefix("#w=")
        raw = zlib.decompress(urlsafe_b64decode(code + "=" * (-len(code) % 4)), wbits=-15)
        return json.loads(raw)["w"]

    def site(self, name: str) -> Any:
        return self.page.locator(f'button[data-site="{name}"]')

    def close(self) -> None:
        assert self.said == []
        self.page.context.close()


@pytest.fixture
def shown(browser: Browser, link: str) -> Iterator[Shown]:
    opened = Shown(browser, link)
    yield opened
    opened.close()


def shared(scenario: Any, architecture: str) -> str:
    """Return the headline share as the command line has it, written as the page writes it."""
    headline = hoplon.coverage(scenario, architecture, levels="base").as_json()["headline"]
    return f"{100.0 * headline['base']['population_share']:.1f} %"


def test_the_first_picture_is_the_command_lines_and_nobody_else_is_asked(shown: Shown, link: str) -> None:
    base = link.partition("?")[0]
    assert shown.exact() == shared("toy", "fast")
    shown.page.wait_for_timeout(500)
    assert [url for url in shown.asked if not url.startswith(base)] == []
    for name in ("kurecik", "deveselu-fast"):
        expect(shown.site(name)).to_be_visible()


def test_a_drag_of_sixty_moves_ends_where_the_hand_let_go_and_is_one_step(shown: Shown) -> None:
    before = shown.exact()
    site = shown.site("kurecik")
    box = site.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    shown.page.mouse.move(x - 40, y)
    shown.page.mouse.move(x - 80, y)
    shown.page.keyboard.press("Escape")  # takes the move back
    shown.page.mouse.up()
    assert shown.exact() == before
    assert "move" not in shown.what_if()
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    for step in range(1, 61):
        shown.page.mouse.move(x - 2 * step, y - step)
        shown.page.wait_for_timeout(16)
    shown.page.mouse.up()
    shown.exact()
    moved = shown.site("kurecik").bounding_box()
    assert moved
    assert moved["x"] - box["x"] == pytest.approx(-120, abs=2)  # [px]; places are rounded to 0.01 degree
    assert moved["y"] - box["y"] == pytest.approx(-60, abs=2)
    latitude, longitude = shown.what_if()["move"]["kurecik"]
    scenario = hoplon.load("toy").with_(architecture="fast", move={"kurecik": (latitude, longitude)})
    assert shown.exact() == shared(scenario, "what-if")
    shown.page.keyboard.press("Control+z")
    assert shown.exact() == before
    assert "move" not in shown.what_if()
    expect(shown.page.get_by_role("button", name="Undo")).to_be_disabled()
    shown.page.keyboard.press("Control+y")
    shown.exact()
    assert shown.what_if()["move"] == {"kurecik": [latitude, longitude]}


def test_arrow_keys_move_a_site_and_settle_by_themselves(shown: Shown) -> None:
    shown.site("kurecik").focus()
    for _ in range(3):
        shown.page.keyboard.press("Shift+ArrowLeft")
    shown.page.wait_for_timeout(900)
    shown.exact()
    _, longitude = shown.what_if()["move"]["kurecik"]
    stands = hoplon.load("toy").elements["kurecik"].at
    assert stands is not None
    # Three times 100 km to the west at about 38 degrees north is 3.4 degrees of longitude.
    assert longitude - stands.longitude_deg == pytest.approx(-3.4, abs=0.5)
    expect(shown.page.get_by_role("button", name="Undo")).to_be_enabled()
    shown.page.keyboard.press("Control+z")
    shown.exact()
    assert "move" not in shown.what_if()
    shown.site("kurecik").focus()
    shown.page.keyboard.press("o")
    shown.exact()
    assert shown.what_if()["off"] == ["kurecik"]
    shown.page.get_by_role("tab", name="Inputs").click()
    shown.page.locator(".slider input").first.focus()
    for _ in range(4):
        shown.page.keyboard.press("ArrowRight")
    shown.page.wait_for_timeout(900)
    shown.exact()
    assert shown.what_if()["doctrine"]["decision_s"] == hoplon.load("toy").doctrine.decision_s.value + 4
    shown.page.keyboard.press("Control+z")  # the run of presses is one step
    shown.exact()
    assert "doctrine" not in shown.what_if()


def test_a_link_shows_the_same_and_a_saved_file_has_the_same_number(shown: Shown, tmp_path: Path) -> None:
    page = shown.page
    page.get_by_role("tab", name="Inputs").click()
    slider = page.locator(".slider input").first
    slider.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    shown.page.wait_for_timeout(900)  # a run of presses ends after 0.7 s
    share = shown.exact()
    document = shown.what_if()
    assert document["doctrine"]["decision_s"] > 60
    with page.expect_download() as found:
        page.get_by_role("button", name="Save as scenario file").click()
    file = tmp_path / "what-if.yaml"
    found.value.save_as(file)
    expect(page.locator(".notice")).to_contain_text("hoplon coverage")
    told = page.inner_text(".notice")
    name = re.findall(r"--architecture (\S+)", told)[0]
    assert share == shared(file, name)
    saved = hoplon.load(file).architecture(name).doctrine
    assert saved.decision_s.value == document["doctrine"]["decision_s"]
    address = page.evaluate("location.href")
    other = page.context.new_page()
    other.goto(address)
    other.wait_for_selector("body[data-ready=exact]", timeout=PATIENCE_MS)
    assert other.inner_text("[data-testid=share]") == share
    assert other.evaluate("document.body.dataset.id") == page.evaluate("document.body.dataset.id")


def test_a_study_that_the_server_closed_is_opened_again_and_back_leads_to_the_study_before(shown: Shown) -> None:
    page, before = shown.page, shown.exact()
    own = {"name": "own.yaml", "mimeType": "text/yaml", "buffer": b"extends: toy\nname: own\ntitle: Own study\n"}
    page.locator("input[type=file]").set_input_files(own)  # type: ignore[arg-type]
    expect(page.locator("h1")).to_contain_text("Own study")
    shown.exact()
    opened = """async (text) => { await fetch("api/open", { method: "POST", body: JSON.stringify({ text }),
        headers: { "Content-Type": "application/json" } }); }"""
    for number in range(6):
        page.evaluate(opened, f"extends: toy\nname: other-{number}\n")
    shown.site("kurecik").focus()
    page.keyboard.press("o")
    shown.exact()
    assert shown.what_if()["off"] == ["kurecik"]
    expect(page.locator(".notice.bad")).to_have_count(0)
    page.go_back()
    expect(page.locator("h1")).not_to_contain_text("Own study")
    assert shown.exact() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, link: str, scheme: str) -> None:
    opened = Shown(browser, link, scheme=scheme)
    page = opened.page
    page.evaluate(gzip.decompress(AXE.read_bytes()).decode())
    for panel in PANELS:
        page.get_by_role("tab", name=panel).click()
        page.wait_for_timeout(100)
        assert violations(page) == [], panel
    page.get_by_role("button", name="Table", exact=True).click()
    assert violations(page) == []
    opened.close()


def violations(page: Page) -> list[str]:
    found = page.evaluate("axe.run().then((result) => result.violations)")
    return [f"{row['id']}: {row['nodes'][0]['html'][:200]}" for row in found]


def test_without_webgl_the_globe_says_why_and_all_else_works(shown: Shown) -> None:
    page = shown.page
    page.get_by_role("button", name="Globe", exact=True).click()
    expect(page.locator(".message")).to_contain_text("needs WebGL 2")
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.locator(".page tbody tr").first).to_be_visible()
    page.get_by_role("button", name="Map", exact=True).click()
    expect(shown.site("kurecik")).to_be_visible()


def test_on_a_telephone_nothing_is_cut(browser: Browser, link: str) -> None:
    opened = Shown(browser, link, width=390)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
    opened.close()


def test_a_damaged_link_is_told_in_words(browser: Browser, link: str) -> None:
    opened = Shown(browser, link)
    opened.page.evaluate("location.hash = '#w=AAAA'")
    expect(opened.page.locator(".notice")).to_contain_text("damaged or cut short")
    opened.close()
