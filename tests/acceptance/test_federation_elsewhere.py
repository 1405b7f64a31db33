"""Elements that join from another address: with the token and the same raid, and not otherwise."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq

from hoplon.backbone.federation import joining, launcher
from hoplon.backbone.federation.joining import join, raid_mark, token_key
from hoplon.backbone.federation.manager import Manager, Outcome
from hoplon.backbone.federation.records import (
    DONE,
    EVENT,
    HANDLED,
    HELLO,
    JOIN,
    MANAGER,
    REFUSED,
    WELCOME,
    packed,
    unpacked,
)
from hoplon.backbone.messages import FAIL, KIND
from hoplon.backbone.raid_model import RaidModel
from hoplon.backbone.replications import log_of
from hoplon.cli import main
from hoplon.errors import InputError, OutputError
from raid_cases import Case, element, raid_model

SEED = 1
CASE = Case(threats=2, batteries=1, radars=1, latency=1.0, ideal=False, form="hub", kill=0.5)
TOKEN = b"a token of the run"
SOURCES = Path(__file__).parents[2] / "src"


class Guests:
    """Threads that join a manager when its address is known, and what each came to."""

    def __init__(self, raid: RaidModel, *calls: Callable[[str], Any]) -> None:
        self._raid, self._calls = raid, calls
        self._threads: list[threading.Thread] = []
        self.came_to: list[Any] = [None] * len(calls)

    def __call__(self, manager: Manager, now: int) -> None:
        if now != -1:
            return
        for place in range(len(self._calls)):
            self._threads.append(threading.Thread(target=self._run, args=(place, manager.address), daemon=True))
            self._threads[-1].start()

    def _run(self, place: int, address: str) -> None:
        try:
            self.came_to[place] = self._calls[place](address)
        except (InputError, OutputError, SystemExit) as error:
            self.came_to[place] = error

    def federated(self, remote: set[int], **settings: Any) -> Outcome:
        given = {"bind": "tcp://127.0.0.2:*", "watch": self, "token": TOKEN, **settings}
        outcome = Manager(self._raid, SEED, 0, remote=remote, **given).run()
        for thread in self._threads:
            thread.join(20.0)
        return outcome


def joins(raid: RaidModel, number: int, token: bytes = TOKEN, wait: float = 30.0) -> Callable[[str], tuple[int, int]]:
    return lambda address: join(raid, number, address, token, wait)


def test_elements_that_join_by_another_address_make_the_same_log() -> None:
    raid = raid_model(CASE)
    hub = element(CASE, "node0")
    guests = Guests(raid, joins(raid, 0), joins(raid, hub))
    outcome = guests.federated({0, hub})
    log = log_of(raid, SEED, 0)
    np.testing.assert_array_equal(outcome.log, log)
    assert (outcome.lost, outcome.dropped) == ([], 0)
    assert guests.came_to == [((log[:, 1] == 0).sum(), 0), ((log[:, 1] == hub).sum(), 0)]


def test_whoever_lacks_the_token_or_has_another_raid_is_not_let_in() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    other = raid_model(replace(CASE, kill=0.6))

    def late(address: str) -> tuple[int, int]:
        time.sleep(2.0)
        return join(raid, hub, address, TOKEN)

    guests = Guests(
        raid,
        joins(raid, hub, b"another token, as long", wait=1.0),
        joins(other, hub),
        joins(raid, element(CASE, "battery0")),
        late,
    )
    outcome = guests.federated({hub})
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    wrong, unlike, unawaited, right = guests.came_to
    assert isinstance(wrong, OutputError)
    assert "no time manager answers" in str(wrong)
    assert isinstance(unlike, InputError)
    assert "another raid" in str(unlike)
    assert isinstance(unawaited, InputError)
    assert "does not await" in str(unawaited)
    assert right[1] == 0
    assert outcome.dropped == 1  # the request under another token; refused ones were answered


class Twice:
    """A socket that sends everything twice: what a recording played back is to the other side."""

    def __init__(self, line: Any) -> None:
        self._line, self.sent = line, 0

    def send(self, content: bytes) -> None:
        for _ in range(2):
            self._line.send(content)
        self.sent += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


def test_a_message_that_is_sent_again_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    lines: list[Twice] = []

    class Repeating(launcher.Federate):
        def __init__(self, mine: Any, line: Any, key: bytes) -> None:
            lines.append(Twice(line))
            super().__init__(mine, lines[0], key)

    monkeypatch.setattr(joining, "Federate", Repeating)
    guests = Guests(raid, joins(raid, hub))
    outcome = guests.federated({hub})
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.lost == []
    assert lines[0].sent > 20
    # The last DONE may still be on its way when the raid is over.
    assert lines[0].sent - 1 <= outcome.dropped <= lines[0].sent


def test_an_element_takes_no_message_of_the_manager_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    send, again = Manager._send, 0

    def twice(manager: Manager, number: int, kind: int, numbers: tuple[int, ...]) -> None:
        nonlocal again
        before = manager._counter_out[number]
        send(manager, number, kind, numbers)
        if number == hub:
            manager._counter_out[number] = before
            send(manager, number, kind, numbers)
            again += 1

    monkeypatch.setattr(Manager, "_send", twice)
    guests = Guests(raid, joins(raid, hub))
    outcome = guests.federated({hub})
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert guests.came_to[0][1] == again - 1  # the second STOP is read by nobody
    assert again > 20


def test_a_recorded_request_lets_nobody_in_and_keeps_nobody_out() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    key = token_key(TOKEN)
    answers: list[tuple[int, ...]] = []

    def impostor(address: str) -> None:
        """Send a request recorded in another run, and then every record that the element of that run sent."""
        with zmq.Context() as context, context.socket(zmq.DEALER) as line:
            line.connect(address)
            for _ in range(3):
                line.send(packed(key, JOIN, hub, MANAGER, 0, (1, 2, *raid_mark(raid))))
                record = unpacked(key, line.recv())
                assert record is not None
                answers.append((record.kind, *record.numbers[:4]))
                line.send(packed(key, HELLO, hub, MANAGER, 0, (0,)))
                line.send(packed(key, DONE, hub, MANAGER, 1, (0,)))
            time.sleep(0.5)
            joined.set()

    joined = threading.Event()

    def honest(address: str) -> tuple[int, int]:
        joined.wait(20.0)
        return join(raid, hub, address, TOKEN)

    guests = Guests(raid, impostor, honest)
    outcome = guests.federated({hub})
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.dropped == 6
    assert {answer[:3] for answer in answers} == {(WELCOME, 1, 2)}
    assert len({answer[3:] for answer in answers}) == 3  # new numbers each time


def test_an_element_is_let_in_once() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    key, reasons = token_key(TOKEN), []

    def second(address: str) -> None:
        with zmq.Context() as context, context.socket(zmq.DEALER) as line:
            line.connect(address)
            time.sleep(0.5)
            line.send(packed(key, JOIN, hub, MANAGER, 0, (1, 2, *raid_mark(raid))))
            record = unpacked(key, line.recv())
            assert record is not None
            reasons.append(record.kind)

    outcome = Guests(raid, joins(raid, hub), second).federated({hub}, pace=600.0)
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert reasons == [REFUSED]


def test_an_element_elsewhere_that_falls_silent_is_lost_after_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    obey, count = launcher.Federate._obey, 0

    def leaves(self: launcher.Federate, record: Any) -> None:
        nonlocal count
        count += 1
        if count > 8:
            raise SystemExit
        obey(self, record)

    monkeypatch.setattr(launcher.Federate, "_obey", leaves)
    outcome = Guests(raid, joins(raid, hub)).federated({hub}, patience=1.0)
    assert [lost.element for lost in outcome.lost] == [hub]
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))
    assert (outcome.log[:, KIND] == FAIL).sum() == 1


def test_a_manager_that_is_gone_and_elements_that_never_come_are_said() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")

    class LeftError(Exception):
        pass

    def leave(manager: Manager, now: int) -> None:
        guests(manager, now)
        if now == 5:
            raise LeftError

    guests = Guests(raid, joins(raid, hub))
    with pytest.raises(LeftError):
        guests.federated({hub}, watch=leave)
    guests._threads[0].join(20.0)
    assert "was gone before the raid was over" in str(guests.came_to[0])
    with pytest.raises(OutputError, match="1 elements from elsewhere did not join within"):
        Guests(raid).federated({hub}, patience_to_join=0.5)
    with pytest.raises(InputError, match="a token of 16 bytes or more"):
        Manager(raid, SEED, remote={hub}, token=b"short")


def command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["federate", "toy", "--architecture", "fast", "--raid", "four", *arguments])
    return code, out.getvalue(), err.getvalue()


def test_the_command_joins_a_run_on_another_address(tmp_path: Path) -> None:
    token = tmp_path / "token"
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        address = f"tcp://127.0.0.2:{free.getsockname()[1]}"
    words = ["toy", "--architecture", "fast", "--raid", "four", "--bind", address, "--remote", "hub"]
    manager = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "hoplon.cli", "federate", *words, "--token-file", str(token), "--json"],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60.0
    while not (token.exists() and token.stat().st_size) and manager.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert token.stat().st_mode & 0o077 == 0
    code, out, err = command("--join", address, "--element", "hub", "--token-file", str(token), "--json")
    assert code == 0, err
    joined = json.loads(out)
    text, messages = manager.communicate(timeout=60)
    assert manager.returncode == 0, messages
    found = json.loads(text)
    assert "waits for hub" in messages
    assert (found["same"], found["dropped"], joined["dropped"]) == (True, 0, 0)
    assert joined["events"] > 10


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--join", "tcp://127.0.0.1:9", "--element", "hub"], 2, "needs --element and --token-file"),
        (["--element", "hub"], 2, "goes with --join"),
        (["--remote", "hub"], 2, "--remote and --token-file go together"),
        (["--join", "127.0.0.1"], 2, "tcp://ADDRESS:PORT was expected"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--token-file", "t", "--pace", "1"], 2, "--pace is the"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--token-file", "none"], 1, "none: No such file"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--token-file", "short"], 1, "of 16 characters or more"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--token-file", "pipe"], 1, "a pipe that nothing writes"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hubb", "--token-file", "long"], 1, "did you mean 'hub'"),
        (["--remote", "hubb", "--token-file", "long"], 1, "did you mean 'hub'"),
        (
            ["--join", "tcp://127.0.0.1:9", "--element", "hub", "--token-file", "long", "--wait-s", "0.3"],
            1,
            "tcp://127.0.0.1:9: no time manager answers within 0.3 s",
        ),
    ],
)
def test_wrong_options_of_either_side_are_refused(
    words: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("short").write_text("too short\n", encoding="ascii")
    Path("long").write_text("long enough for a token\n", encoding="ascii")
    found, out, err = command(*words)
    assert (found, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_what_was_recorded_in_one_run_is_of_no_use_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    recorded: list[bytes] = []

    def kept(*arguments: Any) -> bytes:
        recorded.append(packed(*arguments))
        return recorded[-1]

    monkeypatch.setattr(joining, "packed", kept)
    monkeypatch.setattr(launcher, "packed", kept)
    Guests(raid, joins(raid, hub)).federated({hub})
    monkeypatch.undo()
    mine = [content for content in recorded if int.from_bytes(content[8:10], "little") == hub]  # who sent it
    assert len(mine) > 20
    played = threading.Event()

    def player(address: str) -> None:
        with zmq.Context() as context, context.socket(zmq.DEALER) as line:
            line.connect(address)
            for content in mine:
                line.send(content)
            assert line.poll(5000)
            time.sleep(0.5)
            played.set()

    def honest(address: str) -> tuple[int, int]:
        played.wait(20.0)
        return join(raid, hub, address, TOKEN)

    guests = Guests(raid, player, honest)
    outcome = guests.federated({hub})
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.dropped == len(mine) - 1  # the request alone was answered, with other numbers
    assert guests.came_to[1][1] == 0


def test_an_answer_to_another_request_lets_nobody_be_led_astray() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    key, came_to = token_key(TOKEN), []
    with zmq.Context() as context, context.socket(zmq.ROUTER) as false_manager:
        false_manager.bind("tcp://127.0.0.2:*")
        address = false_manager.last_endpoint.decode()

        def ask() -> None:
            with pytest.raises(OutputError) as refused:
                join(raid, hub, address, TOKEN, 1.0)
            came_to.append(str(refused.value))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        connection, _ = false_manager.recv_multipart()
        for kind in (WELCOME, REFUSED):
            false_manager.send_multipart([connection, packed(key, kind, MANAGER, hub, 0, (1, 2, 3, 4, SEED, 0))])
        asking.join(5.0)
    asking.join(5.0)
    assert "no time manager answers" in came_to[0]


def test_what_no_element_may_say_is_dropped_from_one_that_was_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    lies = 0

    class Lying(launcher.Federate):
        """Says each thing wrongly first: an event in the past, to nobody, or handled by another."""

        def _send(self, kind: int, numbers: Any) -> None:
            nonlocal lies
            time_us, *rest = numbers
            wrong = {
                EVENT: [(0, *rest), (time_us, 60_000, *rest[1:])],
                HANDLED: [(time_us, 0, *rest[1:]), (1 << 60, *rest)],
            }
            for told in wrong.get(kind, []):
                self._socket.send(packed(self._key, kind, hub, MANAGER, self._sent, told))
                lies += 1
            super()._send(kind, numbers)

    monkeypatch.setattr(joining, "Federate", Lying)
    outcome = Guests(raid, joins(raid, hub)).federated({hub})
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.lost == []
    assert outcome.dropped == lies > 20


def test_whoever_answers_at_the_address_can_neither_fill_the_memory_nor_hold_the_line() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    with zmq.Context() as context, context.socket(zmq.ROUTER) as line:
        line.setsockopt(zmq.LINGER, 0)
        port = line.bind_to_random_port("tcp://127.0.0.1")
        came_to: list[Any] = []

        def ask() -> None:
            try:
                came_to.append(join(raid, hub, f"tcp://127.0.0.1:{port}", TOKEN, 3.0))
            except OutputError as error:
                came_to.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        thread.start()
        who, _ = line.recv_multipart()
        line.send_multipart([who, memoryview(bytearray(300 << 20))], copy=False)
        thread.join(30.0)
        # The message itself is this test's; a second copy of it would be the joiner's.
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < (300 + 200) << 10
    assert "no time manager answers" in str(came_to[0])


def test_who_is_let_in_and_never_hears_of_the_raid_ends_after_the_wait() -> None:
    raid, hub = raid_model(CASE), element(CASE, "node0")
    door = joining.Door(raid, TOKEN, {hub}, SEED, 0)
    with zmq.Context() as context, context.socket(zmq.ROUTER) as line:
        line.setsockopt(zmq.LINGER, 0)
        port = line.bind_to_random_port("tcp://127.0.0.1")
        came_to: list[Any] = []

        def ask() -> None:
            try:
                came_to.append(join(raid, hub, f"tcp://127.0.0.1:{port}", TOKEN, 3.0))
            except OutputError as error:
                came_to.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        who, request = line.recv_multipart()
        answer = door.answer(who, request, ())
        assert answer is not None
        line.send_multipart([who, answer])
        thread.join(30.0)
    assert "let this element in and began no raid within 3 s" in str(came_to[0])
