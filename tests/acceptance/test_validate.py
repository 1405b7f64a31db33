"""The command validate: its table, its JSON, its exit codes, what it writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoplon.cli import main
from hoplon.validation import flight, record
from hoplon.validation.case import Case, absolute
from hoplon.validation.record import outcomes
from hoplon.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


def test_json_has_version_source_expected_got_tolerance_and_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "BAL-18", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == VERSION
    assert (told["passed"], told["cases"]) == (True, 2)
    assert told["outcomes"] == {"passed": 2, "outside_explained": 0, "failed": 0, "not_run": 0}
    (london, _) = told["rows"]
    assert london["expected"] == 4396.74
    assert london["got"] == pytest.approx(4396.74, rel=1e-5)
    assert {"case", "source", "tolerance", "tolerance_reason", "passed", "outcome", "model", "kind"} <= set(london)


def test_what_is_outside_for_a_known_reason_says_why_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "COST"]) == 0
    told = capsys.readouterr().out
    assert "COST-2 outside, explained: operation of ships" in told
    assert told.endswith("4 outside cases: 3 within their tolerance, 1 outside, explained\n")


def test_a_failing_case_is_exit_code_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Case("BAL-99", "x", "m", lambda: 12.0, 10.0, absolute(1.0, "so"), "a book", model="hit equation")
    monkeypatch.setattr(flight, "CASES", (*flight.CASES, wrong))
    assert main(["validate", "BAL-99"]) == 1
    assert "1 failed" in capsys.readouterr().out
    assert main(["validate", "BAL-99", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passed"] is False


def test_the_page_and_the_record_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(record, "MODULES", ("picture", "published_costs"))
    page, rows = tmp_path / "VALIDATION.md", tmp_path / "record.csv"
    assert main(["validate", "-o", str(page), "-o", str(rows)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Record of validation\n")
    assert "| TRK-05 | GOSPA, offset 1 | 5 m | 5 | 5e-12 | passed |" in text
    assert "- COST-2 (literature): [Congressional Budget Office, " in text
    assert (
        "- **hit equation** (`flight.ballistic.hit_speed_squared`): BAL-01" in text.split("no outside case reaches")[1]
    )
    carried = [line for line in (ROOT / "src/hoplon/validation/record.csv").read_text().splitlines() if "TRK-" in line]
    assert [line for line in rows.read_text().splitlines() if "TRK-" in line] == carried
    assert "written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["BAL-18", "-o", "page.md"], 2, "-o writes the whole record"),
        (["QQQ"], 1, "no case has a number that begins with 'QQQ'"),
        (["-o", "no/such/folder/page.md"], 1, "there is no folder"),
    ],
)
def test_refusals(
    arguments: list[str],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["validate", *arguments]) == code
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_record_of_the_report_is_that_of_the_command() -> None:
    assert len(outcomes()) == len(record.cases())
