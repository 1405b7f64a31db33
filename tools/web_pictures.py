"""Draw the pictures of the manual's page on the web application, in a real browser.

Run: python tools/web_pictures.py [FOLDER]; they go into docs/images. Needs Playwright and Chromium (CHROMIUM names it).
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
PATIENCE_MS = 180_000
WIDE, HIGH = 1280, 760


def exact(page: Page) -> None:
    """Wait for the exact picture, then for what is shown beside it."""
    page.wait_for_timeout(300)
    page.wait_for_selector("body[data-ready=exact]", timeout=PATIENCE_MS)
    page.wait_for_timeout(4000)


def kept(page: Page, path: Path) -> None:
    """Write what the page shows, with as many colours as it needs."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = shown.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size:,} bytes")


def main(folder: Path) -> None:
    """Serve the bundled study, move a ship, ask why, and keep both pictures."""
    words = [sys.executable, "-m", "hoplon", "serve", "nato-europe", "--architecture", "phase-3", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen([*words, "--no-browser"], env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    server.stdout.readline()
    link = server.stdout.readline().strip()
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=["--headless", "--no-sandbox", "--disable-gpu"])
        page = opened.new_context(viewport={"width": WIDE, "height": HIGH}, color_scheme="light").new_page()
        page.goto(link)
        exact(page)
        page.locator('button[data-site="ship-east-iia"]').focus()
        for _ in range(5):
            page.keyboard.press("Shift+ArrowLeft")
        page.wait_for_timeout(900)
        page.evaluate("document.activeElement.blur()")
        exact(page)
        for _ in range(2):  # what lost most comes first
            page.locator("table.nations th button", has_text="Change").click()
        kept(page, folder / "application-map.png")
        page.keyboard.press("Control+z")
        exact(page)
        page.locator("table.nations .as-text", has_text="Turkey").click()
        page.locator("figure.data .as-text").first.click()
        page.wait_for_selector(".timeline", timeout=PATIENCE_MS)
        page.locator(".timeline").scroll_into_view_if_needed()
        page.wait_for_timeout(1500)
        kept(page, folder / "application-why.png")
        opened.close()
    server.send_signal(signal.SIGINT)
    server.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
