"""Processes that do not import the program that begins them, and end with it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hoplon.processes import interrupts_afterwards

SCRIPT = """
import os, pathlib, sys, time
from concurrent.futures import ProcessPoolExecutor
from hoplon.processes import begin_forking, beginning_processes, end_with_parent
print("begun", flush=True)
folder = pathlib.Path(sys.argv[1])
pool = ProcessPoolExecutor(1, begin_forking(), end_with_parent, (folder,))
with beginning_processes():
    found = pool.submit(os.getpid)
print(found.result(), flush=True)
pool.submit(time.sleep, 600.0)
time.sleep(600.0)
"""


def is_there(process: int) -> bool:
    try:
        return (
            Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
            if Path("/proc").exists()
            else not os.kill(process, 0)
        )
    except OSError:
        return False


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("through", ["file", "input"])
def test_processes_of_a_plain_script_run_once_and_end_with_it(tmp_path: Path, end: int, through: str) -> None:
    exchange, script = tmp_path / "exchange", tmp_path / "script.py"
    exchange.mkdir()
    script.write_text(SCRIPT)
    what = str(script) if through == "file" else "-"
    with script.open() as source:
        begun = subprocess.Popen([sys.executable, what, str(exchange)], stdin=source, stdout=subprocess.PIPE, text=True)
        assert begun.stdout is not None
        assert begun.stdout.readline() == "begun\n"
        worker = int(begun.stdout.readline())
        assert worker != begun.pid
        assert is_there(worker)
        begun.send_signal(end)
        assert begun.wait() == -end
        waited = time.monotonic() + 20.0
        while (is_there(worker) or exchange.exists()) and time.monotonic() < waited:
            time.sleep(0.05)
        assert not is_there(worker)
        assert not exchange.exists()
        begun.stdout.close()


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(100):  # Python calls the handler at one of the next instructions
        pass


def test_an_interrupt_waits_for_what_it_would_leave_broken() -> None:
    handler, passed = signal.getsignal(signal.SIGINT), []
    with pytest.raises(KeyboardInterrupt), interrupts_afterwards():  # noqa: PT012
        with interrupts_afterwards():
            interrupt()
            passed.append("inner")
        passed.append("outer")
    assert passed == ["inner", "outer"]
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_interrupt_does_not_wait() -> None:
    passed = []
    with pytest.raises(KeyboardInterrupt), interrupts_afterwards():  # noqa: PT012
        interrupt()
        passed.append("first")
        interrupt()
        passed.append("second")
    assert passed == ["first"]
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_other_threads_leave_interrupts_to_the_main_one() -> None:
    handler, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with interrupts_afterwards():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [handler]
