"""Which sources decide the digits of a campaign: a changed sentence lets one go on, a changed computation does not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import hoplon
from hoplon.campaigns import provenance
from hoplon.campaigns.provenance import sources_digest
from hoplon.scenario.conditions import ASSUMPTIONS

PACKAGE = Path(hoplon.__file__).parent
SENTENCES = (
    "api.py",
    "cli/raid.py",
    "campaigns/driver.py",
    "presentation/wording.py",
    "questions/question.py",
    "questions/comparison/answer.py",
    "report/inputs.py",
    "scenario/conditions.py",
    "scenario/decisions/format.py",
    "scenario/file_format.py",
    "scenario/format/sensors.py",
    "scenario/reporting_format.py",
    "scenario/schema.py",
    "validation/cases.py",
    "web/server.py",
)
DIGITS = (
    "analysis/coverage.py",
    "analysis/raid/inputs.py",
    "analysis/raid/new_file.py",
    "backbone/kernel.py",
    "scenario/catalogue/regions.csv",
    "compiled.py",
    "constants.py",
    "defence/judge.py",
    "earth/geodesy.py",
    "flight/arc.py",
    "intercept/shots.py",
    "scenario/fields.py",
    "scenario/load.py",
    "scenario/model.py",
    "solver.py",
    "sensing/detection.py",
    "streams.py",
)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the package's sources."""
    folder = tmp_path / "hoplon"
    shutil.copytree(PACKAGE, folder, ignore=lambda _, names: [n for n in names if n.endswith((".js", ".pyc"))])
    return folder


def change(file: Path) -> None:
    """Append a line to a file, or make one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as text:
        text.write('\nADDED = "another sentence"\n')


@pytest.mark.parametrize("name", SENTENCES)
def test_a_changed_sentence_stops_no_campaign(copied: Path, name: str) -> None:
    change(copied / name)
    assert sources_digest.__wrapped__(copied) == sources_digest()


@pytest.mark.parametrize("name", DIGITS)
def test_a_changed_computation_stops_a_campaign(copied: Path, name: str) -> None:
    change(copied / name)
    assert sources_digest.__wrapped__(copied) != sources_digest()


def test_every_folder_of_the_package_is_on_one_side_or_the_other() -> None:
    found = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")}
    without = {name for name in found if name in provenance._WITHOUT_DIGITS}
    decide = {name.split("/")[0] for name in DIGITS}
    neither = {
        "__init__.py",
        "__main__.py",
        "arguments.py",
        "errors.py",
        "extras.py",
        "files.py",
        "kernel_cache.py",
        "kernel_dispatcher.py",
        "kernel_folder.py",
        "notebook.py",
        "processes.py",
        "progress.py",
        "units.py",
    }
    assert found - without - decide - neither <= {"version.py"}


def test_the_words_of_an_assumption_do_not_count_and_its_value_does(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = sources_digest()
    for changed, same in (
        ({"text": "another sentence"}, True),
        ({"option": "--another"}, True),
        ({"default": 0.5}, False),
        ({"parameter": "another"}, False),
    ):
        made = {**ASSUMPTIONS, "false_kill": replace(ASSUMPTIONS["false_kill"], **changed)}
        monkeypatch.setattr(provenance, "ASSUMPTIONS", MappingProxyType(made))
        assert (sources_digest.__wrapped__() == usual) is same
