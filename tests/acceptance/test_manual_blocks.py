"""Every block of code of the manual and of the README runs, page by page, in a folder of its own."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from hoplon.cli.parser import parse
from hoplon.scenario.load import load_scenario

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import manual_blocks  # noqa: E402

STAND_IN = ROOT / "tests" / "data" / "nato-stand-in.yaml"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = [
    page
    for page in PAGES
    if any(block.language in ("python", "sh") for block in manual_blocks.blocks_of(page.read_text("utf-8")))
]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_names_a_language_that_the_checks_know(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = manual_blocks.blocks_of(text)
    assert [block.line for block in found if block.language not in manual_blocks.LANGUAGES] == []
    assert len(re.findall(r"^\s*```", text, flags=re.MULTILINE)) == 2 * len(found)


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run the code of every page, in one process that loads the kernels once; return what failed, by page."""
    return run(tmp_path_factory.mktemp("manual"), [str(page) for page in RUN], "--stand-in", str(STAND_IN))


def run(folder: Path, pages: list[str], *options: str) -> dict[str, str]:
    command = [sys.executable, str(ROOT / "tools" / "manual_blocks.py"), str(folder), *pages, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert (folder / "failed.json").exists(), done.stdout + done.stderr
    return dict(json.loads((folder / "failed.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_the_code_of_a_page_runs(page: Path, failed: dict[str, str]) -> None:
    assert failed.get(str(page)) is None


def test_a_block_that_fails_is_an_error_that_names_its_line(tmp_path: Path) -> None:
    blocks = ("```python\nassert 1 > 2\n```\n", "```sh\nhoplon coverage toy\n```\n", "```sh\nfalse\n```\n")
    pages = [tmp_path / f"page-{number}.md" for number in range(len(blocks))]
    for page, block in zip(pages, blocks, strict=True):
        page.write_text(f"# Page\n\n{block}", encoding="utf-8")
    found = run(tmp_path, [str(page) for page in pages])
    assert [told.startswith(f"{page}:4: ") for page, told in found.items()] == [True] * len(blocks)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_yaml_on_a_page_is_yaml(page: Path) -> None:
    for block in manual_blocks.blocks_of(page.read_text(encoding="utf-8")):
        if block.language == "yaml":
            assert isinstance(yaml.safe_load(block.code), dict), block.line


def commands_of(page: Path) -> list[list[str]]:
    """Return the commands of hoplon on a page, those that are only told included."""
    lines = []
    for block in manual_blocks.blocks_of(page.read_text(encoding="utf-8")):
        if block.language in ("sh", "text"):
            lines += block.code.replace("\\\n", " ").splitlines()
    found = [
        shlex.split(line.partition(" >")[0].partition(" |")[0], comments=True)
        for line in lines
        if line.startswith("hoplon ")
    ]
    return [words[1:] for words in found if len(words) > 1]


def test_the_bundled_study_has_every_name_that_a_command_of_the_manual_asks_it_for() -> None:
    scenario = load_scenario("nato-europe")
    tried = 0
    for page in PAGES:
        for argv in commands_of(page):
            if "nato-europe" not in argv or {"HOST", "SHELL"} & set(argv):
                continue
            asked = vars(parse(argv))
            for option, section in {
                "architecture": "architectures",
                "raid": "raids",
                "threat": "threats",
                "area": "launch_areas",
            }.items():
                given = asked.get(option) or ()
                for name in [given] if isinstance(given, str) else given:
                    assert name in getattr(scenario, section), (name_of(page), argv)
                    tried += 1
    assert tried > 12
