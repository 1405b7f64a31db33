"""The fenced blocks of code of a page of the manual, and running them.

Blocks of Python of one page are one session, as in a notebook; blocks of shell (``sh``) run one after the other in the
same folder. A block that begins with ``# file: NAME`` or stands under ``<!-- file: NAME -->`` is written as a file.
What is not to be run is ``text``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?(?P<indent>[ ]*)```(?P<language>[\w-]*)[^\n]*\n(?P<code>.*?)(?<=\n)(?P=indent)```",
    flags=re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: language, code, and the file that it is the text of ("" for none)."""

    language: str
    code: str
    file: str
    line: int


def blocks_of(page: str) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    found = []
    for match in _FENCE.finditer(page):
        indent = match["indent"]
        code = "".join(line.removeprefix(indent) for line in match["code"].splitlines(keepends=True))
        found.append(Block(match["language"], code, match["file"] or "", page.count("\n", 0, match.start("code"))))
    return found


def run_python(codes: list[str], folder: Path) -> None:
    """Run blocks of Python one after the other in one process, as the cells of a notebook."""
    if codes:
        script = folder / ".page.py"
        script.write_text("import warnings\nwarnings.simplefilter('error')\n" + "\n".join(codes), encoding="utf-8")
        _done([sys.executable, str(script)], folder)
        script.unlink()


def run_shell(code: str, folder: Path) -> str:
    """Run a block of shell; ``hoplon`` and ``python`` are those of this interpreter."""
    shell = shutil.which("bash")
    if shell is None:
        raise FileNotFoundError("the blocks of shell need bash")
    defined = f'hoplon() {{ "{sys.executable}" -m hoplon "$@"; }}\npython() {{ "{sys.executable}" "$@"; }}\n'
    return _done([shell, "-c", f"set -euo pipefail\n{defined}{code}"], folder)


def _done(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "MPLBACKEND": "agg", "HOPLON_BROWSER": ""}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout
