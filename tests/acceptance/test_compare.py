"""The command compare, whole: what it says is what coverage says of each architecture."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def hoplon(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hoplon", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
def test_two_architectures_agree_with_coverage(tmp_path: Path) -> None:
    ended = hoplon("compare", "toy", "slow", "fast", "--json", "-o", "out", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    for side, name in (("a", "slow"), ("b", "fast")):
        alone = json.loads(hoplon("coverage", "toy", "--architecture", name, "--json").stdout)["headline"]
        alone = alone.get("base", alone)
        assert answer[side]["value"] == pytest.approx(alone["population_share"], rel=1e-12)
        for code, shares in answer["nations"].items():
            assert shares[side] == pytest.approx(alone["nations"][code]["population_share"], rel=1e-12)
    assert {item["path"] for item in answer["inputs"]} == {"elements.deveselu", "elements.deveselu-fast"}
    assert (tmp_path / "out" / "comparison.html").is_file()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("compare", "toy", "slow", "slow"), 1, "slow twice"),
        (("compare", "toy", "slow", "fst"), 1, "fast"),
        (("compare", "toy"), 1, "a scenario and two of its architectures, or the folders of two studies"),
        (("compare", "nowhere", "elsewhere"), 1, "hoplon study SCENARIO -o nowhere"),
        (("compare",), 2, "usage"),
        (("compare", "nowhere", "elsewhere", "--level", "base"), 2, "--level: of two architectures alone"),
        (("compare", "nowhere", "elsewhere", "--from", "tabriz", "--subset", "9"), 2, "--from, --subset: of two"),
        (("compare", "toy", "slow", "fast", "--threat", "mrb"), 1, "mrbm"),
        (("compare", "toy", "slow", "fast", "--value", "persons"), 2, "population"),
    ],
)
def test_what_cannot_be_compared_is_refused(tmp_path: Path, words: tuple[str, ...], status: int, said: str) -> None:
    ended = hoplon(*words, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (status, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
