"""The long run: ``python -m tests.fuzz --scenarios 100000 --arguments 10000``; ``--seeds`` makes the seeds anew."""

from __future__ import annotations

import argparse
import faulthandler
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from .argument_lists import ArgumentLists, seconds_of
from .argument_lists import judged as asked
from .reduced import SEEDS, reduced
from .scenario_inputs import ScenarioInputs, judged, warm
from .watch import MOST_SECONDS, most_held, watched

_PATIENCE_S: Final = 900  # [s] what Python cannot interrupt ends the run, with where it hangs
_MOST_KEPT: Final = 50


def run(
    kind: str,
    numbers: Sequence[int],
    made: Callable[[int], Any],
    judge: Callable[[Any], str],
    keep: Path,
    seconds: Callable[[Any], float] = lambda _: MOST_SECONDS,
) -> int:
    """Judge inputs; keep those that fail, and return how many did."""
    ended: Counter[str] = Counter()
    failures, slowest, largest = 0, 0.0, 0
    begun = time.monotonic()
    for done, number in enumerate(numbers, start=1):
        given = made(number)
        (keep / f"{kind}-now").write_bytes(given if isinstance(given, bytes) else json.dumps(given).encode())
        faulthandler.dump_traceback_later(_PATIENCE_S, exit=True)
        outcome = watched(lambda given=given: judge(given), seconds(given))
        slowest, largest = max(slowest, outcome.seconds), max(largest, outcome.grown)
        if outcome.failure:
            failures += 1
            print(f"{kind} {number}: {outcome.failure}", flush=True)
            if failures <= _MOST_KEPT:
                (keep / f"{kind}-now").rename(keep / f"{kind}-{number}")
        ended[outcome.answer or "failed"] += 1
        if done % 1000 == 0 or done == len(numbers):
            pace = done / (time.monotonic() - begun)
            print(f"{done:,} of {len(numbers):,} {kind}: {failures} failures, {pace:.0f} a second", flush=True)
    (keep / f"{kind}-now").unlink(missing_ok=True)
    faulthandler.cancel_dump_traceback_later()
    for what, many in ended.most_common():
        print(f"{many:8,}  {what}")
    print(f"slowest {slowest:.2f} s of processor time; most memory above the start {largest / 1e6:.0f} MB; ", end="")
    print(f"the process held at most {most_held() / 1e6:.0f} MB", flush=True)
    return failures


def make_seeds() -> None:
    """Make the seeds anew from the bundled scenarios."""
    from hoplon.scenario import load

    SEEDS.mkdir(exist_ok=True)
    for name in ("gulf", "nato-europe", "pacific"):
        text = (Path(load.__file__).parent / "catalogue" / f"{name}.yaml").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            (SEEDS / f"{name}.yaml").write_text(reduced(text, Path(folder) / "s.yaml"), encoding="utf-8")
        print(f"{SEEDS / name}.yaml: made")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--scenarios", type=int, metavar="N", default=0)
    parser.add_argument("--arguments", type=int, metavar="N", default=0)
    parser.add_argument("--seed", type=int, metavar="K", default=1)
    parser.add_argument("--first", type=int, metavar="I", default=0, help="number of the first input; default: 0")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", default=Path("fuzz-failures"), help="what fails is put there"
    )
    parser.add_argument("--seeds", action="store_true", help="make the seeds anew, and nothing else")
    given = parser.parse_args()
    if given.seeds:
        make_seeds()
        return 0
    given.keep.mkdir(exist_ok=True)
    warm()
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        inputs = ScenarioInputs(given.seed)
        numbers = range(given.first, given.first + given.scenarios)
        failures += run("scenarios", numbers, inputs.__getitem__, partial(judged, folder=Path(name)), given.keep)
        lists = ArgumentLists(given.seed)
        numbers = range(given.first, given.first + given.arguments)
        folder = Path(name).resolve() / "in" / "here"
        failures += run(
            "arguments", numbers, lists.__getitem__, lambda words: asked(words, folder), given.keep, seconds_of
        )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
