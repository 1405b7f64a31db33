"""The command line: reads arguments, calls :mod:`hoplon.api`, prints tables or JSON; it holds no physics.

Nothing but the parser of the command that is asked for is imported until it runs, so that ``--help``, ``list`` and
``check`` answer at once.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

DONE: Final = 0
REFUSED: Final = 1
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT
READER_GONE: Final = 141  # 128 + SIGPIPE
_ENDED: Final = 128  # more by the number of the signal


class _Ended(KeyboardInterrupt):
    """SIGTERM or SIGHUP; a class of its own: after many a Ctrl-C Python exits with 130, whatever it is told."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process when left out.

    Returns
    -------
    int
        0 done, 1 a refusal or a failed check, 2 wrong usage, 130 interrupted, 141 the reader of the output left, 143
        and 129 ended by SIGTERM and SIGHUP.
    """
    _open_what_is_closed()
    with _standard_output_to_ourselves(), _ended_like_interrupts() as ended_by:
        return _guarded(sys.argv[1:] if argv is None else argv, ended_by)


@contextlib.contextmanager
def _ended_like_interrupts() -> Iterator[list[int]]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, which leaves no file behind; yield those that came.

    One that is ignored, as under nohup, stays so.
    """
    came: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        came.append(number)
        interrupt = signal.getsignal(signal.SIGINT)
        if interrupt is signal.default_int_handler or not callable(interrupt):
            raise _Ended
        interrupt(number, frame)

    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, end)
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _guarded(argv: Sequence[str], ended_by: Sequence[int]) -> int:
    """Run one command, and say in one line what the machine refuses."""
    try:
        code = _run(argv)
        sys.stdout.flush()
    except (KeyboardInterrupt, SystemError) as error:
        from hoplon.errors import is_interrupt

        if not is_interrupt(error):
            raise
        for number in ended_by[:1]:
            sys.stderr.write(f"hoplon: ended by {signal.Signals(number).name}\n")
            return _ENDED + number
        sys.stderr.write("hoplon: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return READER_GONE
    except MemoryError:
        sys.stderr.write("hoplon: out of memory: request less work at once\n")
        return REFUSED
    except OSError as error:  # of standard output: a full disk; else of the machine: no more files, processes, space
        _drop_output()
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"hoplon: {where}{error.strerror or error}{_remedy(error)}\n")
        return REFUSED
    return code


def _open_what_is_closed() -> None:
    """Open the null device in the place of a standard stream that is closed: the next file would get its number."""
    for stream, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, stream) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            if handle != number:  # it had been closed in Python alone
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, stream, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))


@contextlib.contextmanager
def _standard_output_to_ourselves() -> Iterator[None]:
    """Let nothing but hoplon write to standard output: what else is written there goes to standard error.

    A solver prints a banner from its own code as it is made, into the midst of ``--json``. A caller that has put
    something else in the place of standard output keeps it.
    """
    given = sys.stdout
    try:
        if not isinstance(given, io.TextIOWrapper) or given is not sys.__stdout__ or given.fileno() != 1:
            raise OSError
        given.flush()
        ours, messages = os.dup(1), sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):
        yield
        return
    sys.stdout = io.TextIOWrapper(
        os.fdopen(ours, "wb"),
        encoding=given.encoding,
        errors=given.errors,
        line_buffering=given.line_buffering,
        write_through=given.write_through,
    )
    os.dup2(messages, 1)
    try:
        yield
    finally:
        ending, sys.stdout = sys.stdout, given
        os.dup2(ours, 1)
        with contextlib.suppress(OSError):
            ending.close()


def _drop_output() -> None:
    """Let nothing that is still buffered be written when the interpreter ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ": free disk space and retry"
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN):
        return ": too many files or processes are open; close some and retry"
    return ""


def _run(argv: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if not argv or argv[0] in ("-h", "--help", "--version"):
        from hoplon.cli import texts

        sys.stdout.write(
            texts.WELCOME if not argv else texts.VERSION_LINE if argv[0] == "--version" else texts.help_text()
        )
        return DONE
    from hoplon.cli.parser import parse, run
    from hoplon.errors import HoplonError, UsageError

    try:
        return run(parse(argv))
    except SystemExit as ended:  # argparse: 0 after --help, 2 after wrong usage
        return ended.code if isinstance(ended.code, int) else WRONG_USAGE
    except UsageError as error:
        sys.stderr.write(f"hoplon: {error}\n")
        return WRONG_USAGE
    except HoplonError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
