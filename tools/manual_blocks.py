"""Run the fenced blocks of code of pages of the manual: ``python tools/manual_blocks.py FOLDER PAGE ..``.

The blocks of a page run in order in one folder, as a reader would type them. Those of Python are one session, as in a
notebook; those of shell (``sh``) are commands. A block under ``<!-- file: NAME -->`` is written as that file, one under
``<!-- append: NAME -->`` added to it. One under ``<!-- output -->`` is what the block before it prints, where ``...``
stands for anything; ``--write`` puts there what was printed. What is not to be run is ``text``; every block names its
language.

Where ``--stand-in FILE`` is given, the bundled study of Europe is that scenario, which has the names that pages use and
a fraction of the work.
"""

from __future__ import annotations

import argparse
import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

LANGUAGES = ("python", "sh", "yaml", "text")
_FENCE = re.compile(
    r"(?:<!-- (?P<how>file|append|output)(?:: (?P<file>\S+))? -->\n)?(?P<indent>[ ]*)```(?P<language>[\w-]*)[^\n]*\n"
    r"(?P<code>.*?)(?<=\n)(?P=indent)```[ ]*$",
    flags=re.DOTALL | re.MULTILINE,
)
_BUNDLED = "nato-europe"
_OF_SHELLS = re.compile(r"[|&;<$]|\bcmp\b")  # what the shell itself has to do


@dataclass(frozen=True)
class Block:
    """A fenced block: language, code, the file that it is the text of ("" for none) and how, its first line.

    ``how`` is ``file``, ``append``, ``output`` or "". ``span`` is where its code stands in the page.
    """

    language: str
    code: str
    file: str
    how: str
    line: int
    span: tuple[int, int]


def blocks_of(page: str) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    found = []
    for match in _FENCE.finditer(page):
        code = "".join(line.removeprefix(match["indent"]) for line in match["code"].splitlines(keepends=True))
        line = page.count("\n", 0, match.start("code")) + 1
        found.append(Block(match["language"], code, match["file"] or "", match["how"] or "", line, match.span("code")))
    return found


class Session:
    """What the blocks of one page share: a folder, the names that Python gave, and what the last block printed."""

    def __init__(self, page: str, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed = ""

    def run(self, block: Block) -> None:
        """Run a block, or write the file that it is; what fails says where it stands."""
        try:
            if block.how == "output":
                told = difference(block.code, self.printed)
                if told:
                    raise ValueError(told)
            elif block.file:
                with (self.folder / block.file).open("a" if block.how == "append" else "w", encoding="utf-8") as stream:
                    stream.write(block.code)
            elif block.language == "python":
                with redirect_stdout(StringIO()) as printed:
                    exec(compile(block.code, f"{self.page}:{block.line}", "exec"), self.names)
                self.printed = printed.getvalue()
            elif block.language == "sh":
                self.printed = self._shell(block.code)
        except BaseException as error:
            raise RuntimeError(f"{self.page}:{block.line}: {type(error).__name__}: {error}") from error

    def _shell(self, code: str) -> str:
        """Run commands: those of hoplon alone in this process, which has its kernels already, all others by bash."""
        printed = ""
        for line in code.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            target = words[-1] if len(words) > 2 and words[-2] == ">" else ""
            plain = not _OF_SHELLS.search(line.partition(" #")[0])
            if words[:1] == ["hoplon"] and words[1:2] not in (["federate"], ["campaign"]) and plain:
                code = _called(words[1:-2] if target else words[1:], self.folder / (target or ".out"))
                if code:
                    raise RuntimeError(f"`{line}` ended with exit code {code}")
                printed += "" if target else (self.folder / ".out").read_text(encoding="utf-8")
            elif words:
                printed += _by_bash(line, self.folder)
        return printed


def difference(shown: str, printed: str) -> str:
    """Return how a page's output differs from what was printed, "" where it does not; ``...`` is anything."""
    shown, printed = plain_lines(shown), plain_lines(printed)
    checker = doctest.OutputChecker()
    if checker.check_output(shown, printed, doctest.ELLIPSIS):
        return ""
    return checker.output_difference(doctest.Example("", shown), printed, doctest.ELLIPSIS | doctest.REPORT_NDIFF)


def plain_lines(text: str) -> str:
    """Return a text without blanks at the ends of its lines, nor empty lines at its end."""
    return "".join(f"{line.rstrip()}\n" for line in text.rstrip().splitlines())


def _called(argv: list[str], output: Path) -> int:
    """Run a command of hoplon in this process, with what it prints in a file; return its exit code."""
    from hoplon.cli import main

    with _printed_to(output):
        try:
            return main(argv)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)


@contextmanager
def _printed_to(path: Path) -> Iterator[None]:
    sys.stdout.flush()
    kept = os.dup(1)
    with path.open("wb") as stream:
        os.dup2(stream.fileno(), 1)
    try:
        yield
        sys.stdout.flush()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _by_bash(code: str, folder: Path) -> str:
    shell = shutil.which("bash")
    if shell is None:
        raise FileNotFoundError("the blocks of shell need bash")
    hoplon = f'hoplon() {{ "{sys.executable}" -m hoplon "$@"; }}\n'
    done = subprocess.run(
        [shell, "-c", f"set -euo pipefail\n{hoplon}{code}"], cwd=folder, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def run_page(
    name: str, text: str, folder: Path, stand_in: Path | None = None, only: str = "", write: bool = False
) -> str:
    """Run the blocks of a page in a folder; return its text, with ``write`` with the outputs that were printed.

    ``only`` runs the blocks of one language.
    """
    outputs = []
    os.environ.update(MPLBACKEND="agg", HOPLON_BROWSER="")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            session = Session(name, folder)
            for block in blocks_of(text):
                if stand_in is not None:
                    shutil.copy(stand_in, folder / stand_in.name)
                    block = replace(block, code=block.code.replace(_BUNDLED, stand_in.name))
                if write and block.how == "output" and difference(block.code, session.printed):
                    outputs.append((block.span, plain_lines(session.printed)))
                elif not only or block.language == only:
                    session.run(block)
    finally:
        os.chdir(before)
    for (start, end), printed in reversed(outputs):
        text = text[:start] + printed + text[end:]
    return text


def main() -> int:
    """Run the blocks of pages, each in a folder of its own; print what fails, page by page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--stand-in", type=Path)
    parser.add_argument("--write", action="store_true", help="outputs that differ are written into the pages")
    asked = parser.parse_args()
    stand_in = None if asked.stand_in is None else asked.stand_in.resolve()
    failed = {}
    for page in asked.pages:
        folder = asked.folder.resolve() / "-".join(page.with_suffix("").parts[-2:])
        folder.mkdir(parents=True)
        began = time.process_time(), time.monotonic()
        try:
            text = page.read_text(encoding="utf-8")
            ran = run_page(str(page), text, folder, stand_in, write=asked.write)
            if ran != text:
                page.write_text(ran, encoding="utf-8")
        except RuntimeError as error:
            failed[str(page)] = str(error)
        took = time.process_time() - began[0], time.monotonic() - began[1]
        print(f"{page}: {took[0]:.1f} s of this process, {took[1]:.1f} s in all", flush=True)
    (asked.folder / "failed.json").write_text(json.dumps(failed), encoding="utf-8")
    print("\n".join(failed.values()) or "every block ran")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
