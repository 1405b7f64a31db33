"""The completion of shells: commands, options, words and bundled scenarios come from the one table of commands."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from hoplon import api
from hoplon.cli import main
from hoplon.cli.commands import COMMANDS
from hoplon.cli.completion import SHELLS
from hoplon.cli.parser import Parser

DRIVE = """
source "$1"; shift
complete -p hoplon
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
"$(complete -p hoplon | sed 's/.* -F \\([^ ]*\\) .*/\\1/')"
printf '%s\\n' "${COMPREPLY[@]}"
"""
SCENARIOS = {"gulf", "nato-europe", "pacific", "toy"}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("completion")
    for shell in SHELLS:
        with pytest.MonkeyPatch.context() as changed:
            written: list[str] = []
            changed.setattr("sys.stdout.write", written.append)
            assert main(["completion", shell]) == 0
        (folder / shell).write_text("".join(written), encoding="utf-8")
    return folder


def completed(scripts: Path, *words: str) -> set[str]:
    """Return what bash offers for the last of some words, in an empty folder."""
    empty = scripts / "empty"
    empty.mkdir(exist_ok=True)
    done = subprocess.run(
        ["bash", "--norc", "-c", DRIVE, "bash", str(scripts / "bash"), "hoplon", *words],
        capture_output=True, text=True, check=True, cwd=empty, timeout=30,
    )  # fmt: skip
    registered, *offered = done.stdout.splitlines()
    assert registered.startswith("complete ")
    assert registered.endswith(" hoplon")
    assert done.stderr == ""
    return {word for word in offered if word}


def test_bash_completes_every_command(scripts: Path) -> None:
    assert completed(scripts, "") == set(COMMANDS)
    assert completed(scripts, "co") == {name for name in COMMANDS if name.startswith("co")}


@pytest.mark.parametrize("command", COMMANDS)
def test_bash_completes_every_option_of_a_command(command: str, scripts: Path) -> None:
    options = {option for action in Parser(command)._actions for option in action.option_strings}
    assert completed(scripts, command, "--") == {option for option in options if option.startswith("--")}


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("coverage", ""), SCENARIOS),
        (("study", "nato"), {"nato-europe"}),
        (("attribute", "toy", "--players", ""), {"site", "element", "owner"}),
        (("export", "toy", "--format", "g"), {"geojson", "geopackage", "geoparquet"}),
        (("list", "toy", "a"), {"architectures", "areas"}),
        (("completion", ""), set(SHELLS)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_bash_completes_values(words: tuple[str, ...], offered: set[str], scripts: Path) -> None:
    assert completed(scripts, *words) == offered


def test_bash_completes_files_where_a_file_is_wanted(scripts: Path) -> None:
    folder = scripts / "empty"
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").touch()
    try:
        assert completed(scripts, "check", "mi") == {"mine.yaml"}
        assert completed(scripts, "study", "toy", "-o", "mi") == set()  # a folder is wanted
    finally:
        (folder / "mine.yaml").unlink()


@pytest.mark.parametrize("shell", [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell)])
def test_a_shell_that_is_here_reads_its_script(shell: str, scripts: Path) -> None:
    done = subprocess.run([shell, "-n", str(scripts / shell)], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_script_names_every_command_and_every_bundled_scenario(shell: str, scripts: Path) -> None:
    script = (scripts / shell).read_text(encoding="utf-8")
    assert [name for name in (*COMMANDS, *SCENARIOS) if name not in script] == []


def test_json_and_an_unknown_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["shell"] == "bash"
    assert "complete " in told["script"]
    assert main(["completion", "cmd"]) == 2
    assert "bash, zsh, fish" in capsys.readouterr().err
    assert {row["name"] for row in api.scenarios().rows()} == SCENARIOS
