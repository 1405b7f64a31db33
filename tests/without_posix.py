"""Run hoplon without what the manual of Python says is there on Unix only: a stand-in for Windows.

Called as ``python tests/without_posix.py COMMAND ...``. What NumPy and others ask of Linux itself (``os.uname``) stays.
"""

import importlib.abc
import multiprocessing
import multiprocessing.context
import os
import select
import signal
import subprocess  # before its own modules are removed
import sys
import tempfile
from multiprocessing import popen_spawn_posix

NAMES = {
    os: (
        *("O_NONBLOCK", "O_CLOEXEC", "O_NOFOLLOW", "O_DIRECTORY", "O_SYNC", "set_blocking", "fork", "forkpty"),
        *("getuid", "geteuid", "getgid", "getegid", "getpgid", "getpgrp", "setsid", "killpg", "chown"),
        *("fchmod", "fchown", "getloadavg", "sched_getaffinity", "statvfs", "mkfifo", "sysconf", "pread", "pwrite"),
    ),
    select: ("poll", "epoll"),
    signal: ("pthread_sigmask", "SIGKILL", "SIGALRM", "SIGCHLD", "SIGHUP", "SIGPIPE", "SIGUSR1", "setitimer", "alarm"),
    multiprocessing.context: ("ForkServerContext", "ForkContext", "ForkServerProcess", "ForkProcess"),
}
MODULES = ("fcntl", "resource", "pwd", "grp", "termios")


class Absent(importlib.abc.MetaPathFinder):
    """Finds no module that Windows does not have."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        """Refuse those."""
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def spawn_alone() -> list[str]:
    """Return the one way in which Windows begins processes."""
    return ["spawn"]


def remove() -> None:
    """Remove it all."""
    for module, names in NAMES.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    for name in MODULES:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Absent())
    popen_spawn_posix.Popen.kill = popen_spawn_posix.Popen.terminate  # as on Windows
    multiprocessing.get_all_start_methods = spawn_alone
    multiprocessing.set_start_method("spawn", force=True)


if __name__ == "__main__":
    assert subprocess is not None
    assert tempfile.gettempdir()
    remove()
    from hoplon.cli import main

    sys.exit(main(sys.argv[1:]))
