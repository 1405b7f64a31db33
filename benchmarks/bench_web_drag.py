"""A site dragged in Chromium by a script, 60 moves at 20 a second: CPU of server and page, event to paint.

``python -m benchmarks.bench_web_drag`` and names of sites; wall times mean nothing on a machine that does other work.

*Event to paint* is of each move of the pointer, from the time stamp of its event to the end of the frame that shows
that position, or a later one. *Page* is the time of the page's main thread for each picture that is painted, with all
else that it does meanwhile: it moves the site in frames between. *Exact* is from the release of the button to the end
of the frame that shows the exact picture of where the site was put. The first move lies within the 3 pixels that a
click may move: it has no picture of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from hoplon.report.pdf import BROWSERS

SITES = ("ship-adriatic-iia", "ship-east-iia", "deveselu-iia", "redzikowo", "kurecik", "fylingdales")
MOVES = 60
BETWEEN_S = 0.05
# The page's own record of what it painted tells when each picture was asked for; that of events is made here.
LISTEN = """
hoplonMoves = [];
addEventListener("pointermove", (event) => hoplonMoves.push([event.timeStamp, performance.now()]), true);
addEventListener("pointerup", (event) => { hoplonReleased = event.timeStamp; }, true);
"""
BARS = (
    f"site dragged, {MOVES} moves at {1 / BETWEEN_S:.0f} a second; median / 95th percentile, and what is aimed at:"
    " server CPU - / 75 ms, event to paint 100 / 150 ms, page 25 ms a picture, 20 pictures a second (of as many moves),"
    " exact 1000 ms after release"
)


def busy_s(session: CDPSession) -> float:
    """Return the time [s] that the page's main thread has been busy."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(row["value"] for row in metrics if row["name"] == "TaskDuration"))


def dragged(page: Page, session: CDPSession, site: str) -> None:
    """Drag a site there, and print what it cost; then undo it."""
    button = page.locator(f'button[data-site="{site}"]')
    box = button.bounding_box()
    assert box, f"no site {site} on the map"
    x, y = box["x"] + box["width"] / 2.0, box["y"] + box["height"] / 2.0
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("hoplonPaints.length = 0; hoplonMoves.length = 0")
    before, begun = busy_s(session), time.perf_counter()
    for move in range(1, MOVES + 1):
        page.mouse.move(x - 2 * move, y - move)
        time.sleep(max(0.0, begun + move * BETWEEN_S - time.perf_counter()))
    spent = busy_s(session) - before
    page.mouse.up()
    page.wait_for_selector("body[data-ready=exact][data-painted=exact]", timeout=120_000)
    moves: list[list[float]] = page.evaluate("hoplonMoves.slice()")
    paints: list[dict[str, Any]] = page.evaluate("hoplonPaints.slice()")
    released: float = page.evaluate("hoplonReleased")
    about = [paint for paint in paints if not paint["exact"]]
    first = {paint["askedAt"]: paint["paintedAt"] for paint in reversed(about)}  # of each picture, its first frame
    painted = len(first)
    rate = 1e3 * (painted - 1) / (max(first.values()) - min(first.values()))
    server = np.array([paint["cpuMs"] for paint in about])
    waits = np.array(
        [
            min(paint["paintedAt"] for paint in paints if paint["askedAt"] >= handled) - happened
            for happened, handled in moves
        ]
    )
    exact = max(paint["paintedAt"] for paint in paints if paint["exact"]) - released
    print(
        f"{site:18s} {painted:3d} pictures of {len(moves)} moves, {rate:4.1f} a second;"
        f" server CPU {np.median(server):5.1f} / {np.quantile(server, 0.95):5.1f} ms;"
        f" event to paint {np.median(waits):4.0f} / {np.quantile(waits, 0.95):4.0f} ms;"
        f" page {1e3 * spent / max(1, painted):5.1f} ms a picture; exact {exact:5.0f} ms after release",
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
    print(BARS)
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
            page.evaluate(LISTEN)
            page.wait_for_timeout(500 if once else 15_000)
            for site in ("kurecik",) if once else sites:
                dragged(page, session, site)
            browser.close()
        finally:
            server.terminate()


if __name__ == "__main__":
    measure(once="--once" in sys.argv, sites=tuple(word for word in sys.argv[1:] if word != "--once") or SITES)
