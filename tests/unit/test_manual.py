"""The manual against the code."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import griffe
import pytest

import hoplon
from hoplon.cli.commands import COMMANDS
from hoplon.cli.parser import Parser
from hoplon.questions import ORDER
from hoplon.questions.question import question
from hoplon.scenario.containers import RecordOf
from hoplon.scenario.decisions.format import ADAPT, ROBUSTNESS
from hoplon.scenario.file_format import COSTS, DOCTRINE, NETWORK, SECTIONS, STRATEGIC, TOP
from hoplon.scenario.load import load_scenario
from hoplon.scenario.reporting_format import HEADLINE, MILESTONE, STATEMENT
from hoplon.validation.methods import methods

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from manual_docstrings import plain_roles, single_parameters  # noqa: E402

FOLDERS = ("src", "tests", "tools", "docs", "examples", "benchmarks")
NAMED_FILE = r"`((?:src|tests|tools|docs|examples|benchmarks|verification|acceptance|properties)/[\w./-]*)`"
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
RECORDS = {
    **SECTIONS,
    **{"network": NETWORK, "doctrine": DOCTRINE, "costs": COSTS, "strategic": STRATEGIC},
    **{"robustness": ROBUSTNESS, "adapt": ADAPT},
    **{"headline": HEADLINE, "milestones": MILESTONE, "statements": STATEMENT},
}


def section_of(page: str, heading: str) -> str:
    """Return what a page says under a heading of second order."""
    found = re.search(rf"^## `{heading}`.*?(?=^## |\Z)", page, flags=re.DOTALL | re.MULTILINE)
    assert found is not None, f"docs/scenario-format.md has no section `{heading}`"
    return found[0]


def test_the_generated_tables_are_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "tools" / "manual_tables.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ORDER)
def test_every_question_has_a_page_and_tests(name: str) -> None:
    item = question(name)
    page = (ROOT / "docs/questions" / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {item.short_title}")
    assert list((ROOT / "tests/questions" / name).glob("test_*.py"))


def test_every_top_level_key_is_explained() -> None:
    page = (ROOT / "docs" / "scenario-format.md").read_text(encoding="utf-8")
    assert [key for key in TOP if f"`{key}`" not in page] == []


@pytest.mark.parametrize(("section", "record"), RECORDS.items(), ids=list(RECORDS))
def test_every_key_of_a_record_is_explained_under_its_section(section: str, record: RecordOf) -> None:
    page = (ROOT / "docs" / "scenario-format.md").read_text(encoding="utf-8")
    text = section_of(page, section)
    assert [key for key in record.keys if f"`{key}`" not in text] == []
    assert [
        key for key in record.required if not re.search(rf"^\| `{key}` .*\*\*required\*\*", text, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_the_repository_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(NAMED_FILE, page.read_text(encoding="utf-8")))
    there = [ROOT / name if name.split("/")[0] in FOLDERS else ROOT / "tests" / name for name in named]
    assert sorted(str(path) for path in there if not path.exists()) == []


def test_every_function_in_the_table_of_equations_exists() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:earth|flight|sensing|intercept|analysis|questions)(?:\.\w+)+)`", page))
    assert len(named) > 10
    for name in named:
        module, _, attribute = f"hoplon.{name}".rpartition(".")
        try:
            found = hasattr(import_module(module), attribute) or import_module(f"hoplon.{name}") is not None
        except ModuleNotFoundError:
            found = False
        assert found, f"docs/model.md names {name}, which is not in hoplon"


def test_the_scenario_of_the_manual_loads_and_differs_from_the_bundled_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scenario-format.md").read_text(encoding="utf-8")
    written = re.search(r"```yaml\n(extends: nato-europe\n.*?)```", page, flags=re.DOTALL)
    assert written is not None
    path = tmp_path / "slow-deveselu.yaml"
    path.write_text(written[1], encoding="utf-8")
    architecture = load_scenario(path).architecture("phase-3-slow")
    assert "deveselu" in architecture.elements
    assert "deveselu-iia" not in architecture.elements
    assert "redzikowo" in architecture.elements


def options_of_commands() -> dict[str, list[str]]:
    """Return the options of each command that are its own."""
    return {
        name: [
            max(action.option_strings, key=len)
            for action in Parser(name)._actions
            if action.option_strings and not {"--help", "--json"} & set(action.option_strings)
        ]
        for name in COMMANDS
    }


@pytest.mark.parametrize(("command", "options"), options_of_commands().items(), ids=list(options_of_commands()))
def test_every_option_of_a_command_is_in_its_section_of_the_manual(command: str, options: list[str]) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = re.search(rf"^### `{command}`$.*?(?=^##|\Z)", page, flags=re.DOTALL | re.MULTILINE)
    assert section is not None, f"docs/command-line.md has no section for {command}"
    named = set(re.findall(r"^\| (?:`-[a-z]`, )?`(--[a-z][a-z0-9-]*)", section[0], flags=re.MULTILINE))
    assert named == set(options)
    assert command in ("schema",) or "**JSON keys.**" in section[0]


def test_every_equation_links_to_the_docstring_of_a_function_and_names_its_test_and_source() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    found = re.findall(r"^### .*?(?=^###? )", page.split("## Equations")[1], flags=re.DOTALL | re.MULTILINE)
    assert len(found) == len(methods().equations)
    for text in found:
        assert re.search(
            r"^Code: .*\(model-code\.md#hoplon\.[\w.]+\).*Test: .+\. Source: .+\.$", text, flags=re.MULTILINE
        )


def test_every_formula_of_the_manual_becomes_mathml() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    hook = import_module("manual_equations")
    formulas = [one.latex for one in methods().equations if one.latex]
    for page in (ROOT / "docs").rglob("*.md"):
        formulas += re.findall(r"\$([^$\n`]+)\$", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))
    assert len(formulas) > 40
    for formula in formulas:
        made = hook.on_page_content(f'<span class="arithmatex">\\({formula}\\)</span>', None, None, None)
        assert made.startswith("<math")
        assert "arithmatex" not in made
    with pytest.raises(ValueError, match="not understood"):
        hook.on_page_content('<span class="arithmatex">\\(\\nosuch x\\)</span>', None, None, None)


def test_the_page_of_the_api_has_every_name_that_the_package_shows() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    page = import_module("manual_pages").api_page()
    assert set(re.findall(r"^::: hoplon\.api\.(\w+)$", page, flags=re.MULTILINE)) == set(dir(hoplon)) - {"__version__"}
    assert "::: hoplon.analysis.coverage_answer.CoverageAnswer\n" in page


def test_the_reference_has_the_defaults_of_the_signature_and_no_role_of_sphinx() -> None:
    docstring = griffe.Docstring(
        single_parameters(
            plain_roles(
                "See :func:`coverage`, :class:`hoplon.errors.InputError`.\n\nParameters\n----------\n"
                'level : {"low", "base"}\n    A level.\nsamples, seed : int\n    Of draws.\n\n'
                "Raises\n------\nInputError\n"
            )
        ),
        parent=griffe.visit("m", Path("m.py"), 'def f(level="base", samples=8, seed=1): ...')["f"],
    )
    text, parameters, raises = docstring.parse("numpy")
    assert text.value == "See [`hoplon.coverage`][hoplon.api.coverage], `hoplon.errors.InputError`."
    found = [(item.name, str(item.annotation), item.value, item.description) for item in parameters.value]
    assert found == [
        ("level", "low | base", "'base'", "A level."),
        ("samples", "int", "8", "Of draws."),
        ("seed", "int", "1", "Of draws."),
    ]
    assert [str(item.annotation) for item in raises.value] == ["InputError"]
