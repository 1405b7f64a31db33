"""Scenarios that are nearly right: made from the bundled ones, loaded, checked, and asked something cheap."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import hoplon
from hoplon import api
from hoplon.analysis.scenario_contents import check
from hoplon.cli import main
from hoplon.errors import HoplonError, ScenarioError
from hoplon.scenario.load import load_scenario

from .mutations import Mutations, bytes_changed
from .reduced import SEEDS
from .trees import read, written

_CATALOGUE: Final = Path(api.__file__).parent / "scenario" / "catalogue"
_SMALL: Final = Path(__file__).parents[1] / "data" / "small.yaml"
_LINE_ENDS: Final = (b"\n", b"\r", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
_MOST_MISSILES: Final = 12  # of a raid that is flown: the best assignment of more takes its time
_LOADED: Final = 0.1  # share of inputs that the loader is asked about beside the check
_BYTES: Final = 0.25  # share of inputs whose bytes are changed, not their tree
_WHOLE: Final = 0.003  # share made from a whole bundled scenario, which takes 60 ms to load


class ScenarioInputs:
    """Nearly right scenarios by their number: the same number and seed give the same bytes.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        small = [_CATALOGUE / "toy.yaml", _SMALL]
        self._texts = [file.read_bytes() for file in (*small, *sorted(SEEDS.glob("*.yaml")))]
        self._weights = [len(self._texts) * 4] * len(small) + [1] * (len(self._texts) - len(small))
        self._whole = [file.read_bytes() for file in sorted(_CATALOGUE.glob("*.yaml"))]
        self._trees = {text: read(text.decode()) for text in self._texts}
        self._mutations = Mutations([*self._trees.values()])

    def __getitem__(self, number: int) -> bytes:
        """Return an input."""
        random = Random(f"{self._seed} scenario {number}")
        whole = random.random() < _WHOLE
        text = random.choice(self._whole) if whole else random.choices(self._texts, self._weights)[0]
        if whole or random.random() < _BYTES:
            return bytes_changed(random, text, self._texts)
        return written(self._mutations.of(self._trees[text], random)).encode("utf-8", "surrogatepass")


def judged(content: bytes, folder: Path, everything: bool = False) -> str:
    """Load, check and ask a scenario one thing, or everything; return "refused", or what was asked of it.

    Raises
    ------
    AssertionError
        If a refusal names no place, a check is not of one mind with the loader, or what comes back is not right.
    """
    file = folder / "s.yaml"
    file.write_bytes(content)
    random = Random(content)
    found = check(str(file))
    json.dumps(found.as_json(), allow_nan=False)
    found.as_frame()
    if random.random() < _LOADED:
        alone = loaded(file)
        assert found.scenario in (alone, None), "the loader and the check are not of one mind"
        assert found.scenario is not None or alone is None or "nations" in found.message, "refused by the check alone"
    if found.scenario is None:
        lines = sum(content.count(end) for end in _LINE_ENDS) + 2
        for item in found.errors:
            assert item.message, "a refusal without words"
            of_bundled = _CATALOGUE / item.file  # what a bundled scenario says is refused in its place
            last = lines if item.file == str(file) else len(of_bundled.read_bytes().splitlines())
            assert 1 <= item.line <= last, item
            assert len(str(item)) < 2000, "a refusal of more than 2,000 characters"
        return "refused"
    chosen = list(_ASKED) if everything else random.choices(list(_ASKED), list(_ASKED.values()))
    told = []
    for asked in chosen:
        try:
            told.append(asked(found.scenario, file, random))
        except HoplonError:
            told.append(f"{asked.__name__.strip('_')}, refused")
        finally:
            api._store.cache_clear()
    return "; ".join(told)


def loaded(file: Path) -> Any:
    """Return a scenario, or None where it is refused."""
    try:
        return load_scenario(file)
    except ScenarioError:
        return None


def _again(scenario: Any, file: Path, _: Random) -> str:
    """Write it, read what was written, and compare the content."""
    other = file.with_name("written.yaml")
    other.write_text(scenario.to_yaml(), encoding="utf-8")
    try:
        again = load_scenario(other)
    except ScenarioError as refusal:
        raise AssertionError(f"what was written is refused: {refusal}") from None
    assert again.sha256 == scenario.sha256, "what is written is not what was read"
    assert again.to_yaml() == scenario.to_yaml()
    return "written and read again"


def _contents(scenario: Any, _: Path, __: Random) -> str:
    found = hoplon.contents(scenario)
    json.dumps(found.as_json(), allow_nan=False)
    for kind in found.kinds:
        found.as_frame(kind)
    scenario._repr_html_()
    for name in scenario.architectures:
        scenario.architecture(name)
    return "contents"


def _changed(scenario: Any, _: Path, random: Random) -> str:
    """Move, take out, vary."""
    names = list(scenario.elements)
    if names:
        name = random.choice(names)
        scenario.without(name)
        scenario.move(name, (random.uniform(-90, 90), random.uniform(-180, 180)))
    if scenario.architectures:
        scenario.with_(random.choice(list(scenario.architectures)), doctrine={"decision_s": 60})
    return "changed"


def _command(scenario: Any, file: Path, random: Random) -> str:
    """Ask one of the quick commands by its command line, with numbers that JSON has."""
    one = {kind: random.choice([*getattr(scenario, kind)] or ["none"]) for kind in
           ("architectures", "threats", "launch_areas", "raids", "elements")}  # fmt: skip
    architecture, threat = ("--architecture", one["architectures"]), ("--threat", one["threats"])
    place = f"{random.uniform(-90, 90):.3f},{random.uniform(-180, 180):.3f}"
    flight = (*architecture, "--from", one["launch_areas"], f"--aim={place}", *threat)
    small, points = _is_small(scenario, one["raids"]), file.with_name("points.csv")
    points.write_text("lat,lon,population\n44.4,26.1,1000\n52.2,21,2000\n41,29,500\n", encoding="utf-8")
    commands: tuple[tuple[str, ...], ...] = (
        ("engage", *flight), ("track", *flight), ("kill-chain", *flight), ("stability", *architecture),
        ("coverage", *architecture, "--points", str(points)), ("cost", *architecture, "--points", str(points)),
        *([("raid", *architecture, "--raid", one["raids"], "--replications", "2")] if small else []),
        ("survive", *architecture, "--points", str(points), "--most-losses", "1"),
        ("attribute", *architecture, "--points", str(points), "--orders", "4"),
        ("footprint", *architecture, "--battery", one["elements"], *threat, "--from", one["launch_areas"]),
        ("threat",), ("list",), ("check",), ("export", "--format", random.choice(("geojson", "kml", "czml"))),
        ("trajectory", "--scenario", str(file), "--launch=35,50", f"--aim={place}", *threat),
    )  # fmt: skip
    words = random.choice(commands)
    given = words if words[0] == "trajectory" else (words[0], str(file), *words[1:])
    asked_json = words[0] != "export"
    status, out, err = command(*given, *(("--json",) if asked_json else ()))
    assert status in (0, 1), f"{given}: status {status}: {err[:500]}"
    if status == 0 and asked_json:
        json.loads(out, parse_constant=_refuse_constant)
    return f"{words[0]}{'' if status == 0 else ', refused'}"


def _is_small(scenario: Any, raid: str) -> bool:
    """Tell whether a raid is over within moments."""
    if raid not in scenario.raids:
        return True
    return sum(getattr(group.count, "value", group.count) for group in scenario.raids[raid].threats) <= _MOST_MISSILES


def warm() -> None:
    """Compile what the commands need: that takes minutes once, and is no part of any input."""
    status, _, told = command("doctor", "--warm")
    assert status == 0, told
    with TemporaryDirectory() as folder:
        file = Path(folder) / "s.yaml"
        file.write_bytes((_CATALOGUE / "toy.yaml").read_bytes())
        for seed in range(100):  # each of the commands below, several times over
            _command(load_scenario(file), file, Random(seed))
        way = ("--from", "northwest", "--aim", "44.43,26.10", "--threat", "mrbm")
        for more in (("--apogee-km", "600"), ("--drag",), ("--loft-deg", "10")):
            command("engage", "toy", "--architecture", "fast", *way, *more)
        command("coverage", "toy", "--architecture", "fast", "--explain")
        command("validate")


def command(*words: str) -> tuple[int, str, str]:
    """Run a command in this process; return status, output and messages."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(words)
    told = err.getvalue()
    # Python itself tells of an interrupt in the midst of its bookkeeping, and goes on
    bare = re.sub(r"Exception ignored in.*?KeyboardInterrupt:?", "", told, flags=re.DOTALL)
    assert "Traceback" not in bare, told[-2000:]
    assert "out of memory" not in told, told[-2000:]
    assert status in (0, 130, 141) or told.strip() or out.getvalue().strip(), f"status {status} without a word"
    return status, out.getvalue(), told


def _refuse_constant(text: str) -> None:
    raise AssertionError(f"{text} in JSON")


_ASKED: Final[dict[Callable[[Any, Path, Random], str], int]] = {_again: 5, _contents: 3, _changed: 3, _command: 3}
