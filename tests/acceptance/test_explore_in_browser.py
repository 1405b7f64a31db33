"""The map to look around in, in a browser: drawn light and dark, by mouse and keys, and without a request."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

import hoplon
from hoplon.report.pdf import BROWSERS

pytestmark = [pytest.mark.browser]

FEW = """\
lat,lon,name,population,nation
44.43,26.10,Bucharest,100,ROU
41.0,29.0,Istanbul,300,TUR
52.2,21.0,Warsaw,50,POL
38.7,-9.1,Lisboa,70,PRT
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explore")
    (folder / "few.csv").write_text(FEW, encoding="utf-8")
    covered = hoplon.coverage("toy", "slow", points=folder / "few.csv", levels="base", explain=True)
    covered.explore(folder / "map.html")
    (folder / "notebook.html").write_text(f"<!DOCTYPE html>{covered.explore()._repr_html_()}", encoding="utf-8")
    return folder / "map.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = (os.environ.get("CHROMIUM"), *BROWSERS)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "no Chromium: install it, or leave these tests out with -m 'not browser'"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=["--headless", "--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def opened(browser: Browser, file: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto(file.as_uri())
    page.locator("#scale span", has_text="km").wait_for()
    return page, said


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_drawn_and_asks_for_nothing(browser: Browser, file: Path, width: int, scheme: str) -> None:
    page, said = opened(browser, file, width, scheme)
    assert said == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    picture = np.asarray(Image.open(io.BytesIO(page.locator("#map").screenshot())).convert("RGB"))
    colours = np.unique(picture.reshape(-1, 3), axis=0)
    assert len(colours) > 20
    assert (np.median(picture) > 128) == (scheme == "light")


def test_keys_alone_find_a_place_and_show_a_nation(browser: Browser, file: Path) -> None:
    page, said = opened(browser, file, 1280, "light")
    page.get_by_label("Find a place").focus()
    page.keyboard.type("bucha")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told = page.inner_text("#told")
    assert "Bucharest" in told
    assert "Romania" in told
    assert "Defended" in told
    before = page.inner_text("#scale")
    page.locator("#map").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.locator("#scale")).not_to_have_text(before)
    button = page.get_by_role("button", name="Turkey")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    told = page.inner_text("#told")
    assert "Istanbul" in told, "the place in the middle of the one nation shown"
    assert "Cause" in told
    assert len(said) == 1


def test_a_notebook_s_frame_runs_it(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto((file.parent / "notebook.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("#scale span", has_text="km").wait_for()
