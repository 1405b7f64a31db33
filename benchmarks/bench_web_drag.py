"""A site dragged in Chromium by a script, 60 moves at 20 a second: CPU of server and page, event to paint.

``python -m benchmarks.bench_web_drag`` and names of sites; wall times mean nothing on a machine that does other work.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from hoplon.report.pdf import BROWSERS

SITES = ("ship-adriatic-iia", "ship-east-iia", "deveselu-iia", "redzikowo", "kurecik", "fylingdales")
MOVES = 60
BETWEEN_MS = 50


def busy_s(session: CDPSession) -> float:
    """Return the time [s] that the page's main thread has been busy."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(row["value"] for row in metrics if row["name"] == "TaskDuration"))


def dragged(page: Page, session: CDPSession, site: str) -> None:
    """Drag a site there and back, and print what it cost."""
    button = page.locator(f'button[data-site="{site}"]')
    box = button.bounding_box()
    assert box, f"no site {site} on the map"
    x, y = box["x"] + box["width"] / 2.0, box["y"] + box["height"] / 2.0
    page.evaluate("hoplonPaints.length = 0; hoplonAnswers.length = 0")
    before = busy_s(session)
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(1, MOVES + 1):
        page.mouse.move(x - 2 * move, y - move)
        page.wait_for_timeout(BETWEEN_MS)
    page.mouse.up()
    paints: list[float] = page.evaluate("hoplonPaints.slice()")
    answers: list[dict[str, Any]] = page.evaluate("hoplonAnswers.slice()")
    spent = busy_s(session) - before
    released = page.evaluate("performance.now()")
    page.wait_for_selector("body[data-ready=exact]", timeout=120_000)
    exact = page.evaluate("performance.now()") - released
    server = np.array([row["cpuMs"] for row in answers])
    waits = [
        next((paint for paint in paints if paint >= row["answeredAt"]), np.nan) - row["askedAt"] for row in answers
    ]
    print(
        f"{site:18s} {len(answers):3d} paints;"
        f" server CPU {np.median(server):5.1f} / {np.quantile(server, 0.95):5.1f} ms;"
        f" event to paint {np.nanmedian(waits):5.0f} / {np.nanquantile(waits, 0.95):5.0f} ms wall;"
        f" page {1e3 * spent / max(1, len(paints)):5.1f} ms a frame; exact {exact:5.0f} ms after release",
        flush=True,
    )
    page.keyboard.press("Control+z")
    page.wait_for_selector("body[data-ready=exact]", timeout=120_000)
    page.wait_for_timeout(3000)


def measure(*, once: bool, sites: tuple[str, ...] = SITES) -> None:
    """Print the cost of a drag of each site, median and 95th percentile."""
    study = ["toy"] if once else ["nato-europe", "--architecture", "phase-3"]
    words = [sys.executable, "-m", "hoplon", "serve", *study, "--port", "0", "--no-browser"]
    chromium = next(path for name in BROWSERS if (path := shutil.which(name)))
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as play:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            link = server.stdout.readline().strip()
            browser = play.chromium.launch(
                executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            page.goto(link)
            page.wait_for_selector("body[data-ready=exact]", timeout=240_000)
            page.wait_for_timeout(500 if once else 15_000)
            for site in ("kurecik",) if once else sites:
                dragged(page, session, site)
            browser.close()
        finally:
            server.terminate()


if __name__ == "__main__":
    measure(once="--once" in sys.argv, sites=tuple(word for word in sys.argv[1:] if word != "--once") or SITES)
