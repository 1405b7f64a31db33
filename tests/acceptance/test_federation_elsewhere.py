"""Elements that join from another address: under their own key and with the same raid, and not otherwise."""

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
from zmq.auth.thread import ThreadAuthenticator

from hoplon.backbone.federation import joining, launcher
from hoplon.backbone.federation.joining import join
from hoplon.backbone.federation.keys import ElementKey, be_element, be_manager, new_secret, public_of
from hoplon.backbone.federation.manager import Manager, Outcome
from hoplon.backbone.federation.raid_mark import raid_mark
from hoplon.backbone.federation.records import DONE, EVENT, HANDLED, HELLO, MANAGER, REFUSED, WELCOME, packed, unpacked
from hoplon.backbone.messages import FAIL, KIND
from hoplon.backbone.raid_model import RaidModel
from hoplon.backbone.replications import log_of
from hoplon.cli import main
from hoplon.errors import InputError, OutputError
from raid_cases import Case, element, raid_model
from tapped_wire import TappedWire

SEED = 1
CASE = Case(threats=2, batteries=1, radars=1, latency=1.0, ideal=False, form="hub", kill=0.5)
RAID = raid_model(CASE)
HUB = element(CASE, "node0")
SOURCES = Path(__file__).parents[2] / "src"
Call = Callable[[str, dict[int, ElementKey]], Any]


class Guests:
    """Threads that join a manager when its address is known, and what each came to."""

    def __init__(self, *calls: Call) -> None:
        self._calls = calls
        self.threads: list[threading.Thread] = []
        self.came_to: list[Any] = [None] * len(calls)

    def __call__(self, manager: Manager, now: int) -> None:
        if now != -1:
            return
        for place in range(len(self._calls)):
            self.threads.append(threading.Thread(target=self._run, args=(place, manager), daemon=True))
            self.threads[-1].start()

    def _run(self, place: int, manager: Manager) -> None:
        try:
            self.came_to[place] = self._calls[place](manager.address, manager.keys)
        except (InputError, OutputError, SystemExit) as error:
            self.came_to[place] = error

    def federated(self, remote: set[int], **settings: Any) -> Outcome:
        given = {"bind": "tcp://127.0.0.2:*", "watch": self, **settings}
        outcome = Manager(RAID, SEED, 0, remote=remote, **given).run()
        for thread in self.threads:
            thread.join(20.0)
        return outcome


def joins(number: int = HUB, wait: float = 30.0, after: float = 0.0, raid: RaidModel = RAID) -> Call:
    def call(address: str, keys: dict[int, ElementKey]) -> tuple[int, int]:
        time.sleep(after)
        return join(raid, keys[number], address, wait)

    return call


@contextlib.contextmanager
def speaking(address: str, key: ElementKey) -> Any:
    """Yield a socket of one who holds a key and says what he likes."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as line:
        line.setsockopt(zmq.LINGER, 500)
        be_element(line, key)
        line.connect(address)
        yield line


def hello(counter: int = 0) -> bytes:
    return packed(HELLO, HUB, MANAGER, counter, (0, *raid_mark(RAID)))


def test_elements_that_join_by_another_address_make_the_same_log() -> None:
    guests = Guests(joins(0), joins())
    outcome = guests.federated({0, HUB})
    log = log_of(RAID, SEED, 0)
    np.testing.assert_array_equal(outcome.log, log)
    assert (outcome.lost, outcome.dropped) == ([], 0)
    assert guests.came_to == [((log[:, 1] == 0).sum(), 0), ((log[:, 1] == HUB).sum(), 0)]


def test_whoever_lacks_the_key_or_has_another_raid_is_not_let_in() -> None:
    def without(address: str, keys: dict[int, ElementKey]) -> Any:
        return join(RAID, replace(keys[HUB], secret=new_secret()), address)

    def of_another_run(address: str, keys: dict[int, ElementKey]) -> Any:
        return join(RAID, ElementKey(HUB, public_of(new_secret()), keys[HUB].secret), address, 1.0)

    other = raid_model(replace(CASE, kill=0.6))
    guests = Guests(without, of_another_run, joins(raid=other), joins(after=2.0))
    outcome = guests.federated({HUB})
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    unknown, elsewhere, unlike, right = guests.came_to
    assert isinstance(unknown, InputError)
    assert "the time manager does not know this key" in str(unknown)
    assert isinstance(elsewhere, OutputError)
    assert "no time manager answers within 1 s" in str(elsewhere)
    assert isinstance(unlike, InputError)
    assert "another raid" in str(unlike)
    assert right[1] == 0
    assert outcome.dropped == 0  # nobody else came so far as to say something


def test_no_element_speaks_in_the_name_of_another() -> None:
    """A radar from elsewhere, under its own key, says that it is the hub, before and during the raid."""
    radar, said = element(CASE, "radar0"), 3
    answered: list[int] = []

    class Twofold:
        """A socket on which every record is also sent as if it were of another element."""

        def __init__(self, line: Any) -> None:
            self._line = line

        def send(self, content: bytes) -> None:
            nonlocal said
            record = unpacked(content)
            assert record is not None
            for source in (HUB, 0, RAID.fixed.size):
                self._line.send(packed(record.kind, source, MANAGER, record.counter, record.numbers))
                said += 1
            self._line.send(content)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._line, name)

    def both(address: str, keys: dict[int, ElementKey]) -> tuple[int, int]:
        with speaking(address, keys[radar]) as line:
            for source in (HUB, 0, 60_000):
                line.send(packed(HELLO, source, MANAGER, 0, (0, *raid_mark(RAID))))
            answered.append(line.poll(500))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(joining, "Federate", lambda mine, line, many: launcher.Federate(mine, Twofold(line), many))
            return join(RAID, keys[radar], address)

    outcome = Guests(both, joins(after=1.5)).federated({radar, HUB})
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    assert outcome.lost == []
    assert answered == [0]
    assert said - 3 <= outcome.dropped <= said  # the last ones may still be on their way when the raid is over
    assert said > 60


class Twice:
    """A socket that sends everything twice."""

    def __init__(self, line: Any) -> None:
        self._line, self.sent = line, 0

    def send(self, content: bytes) -> None:
        for _ in range(2):
            self._line.send(content)
        self.sent += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


def test_a_message_that_is_sent_again_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Twice] = []

    class Repeating(launcher.Federate):
        def __init__(self, mine: Any, line: Any, said: int) -> None:
            lines.append(Twice(line))
            super().__init__(mine, lines[0], said)

    monkeypatch.setattr(joining, "Federate", Repeating)
    outcome = Guests(joins()).federated({HUB})
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    assert outcome.lost == []
    assert lines[0].sent > 20
    # The last DONE may still be on its way when the raid is over.
    assert lines[0].sent - 1 <= outcome.dropped <= lines[0].sent


def test_an_element_takes_no_message_of_the_manager_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from hoplon.backbone.federation.connections import Connections

    send, again = Connections.send, 0

    def twice(mine: Connections, number: int, kind: int, numbers: tuple[int, ...]) -> None:
        nonlocal again
        before = mine._counter_out[number]
        send(mine, number, kind, numbers)
        if number == HUB and kind != WELCOME:
            mine._counter_out[number] = before
            send(mine, number, kind, numbers)
            again += 1

    monkeypatch.setattr(Connections, "send", twice)
    guests = Guests(joins())
    outcome = guests.federated({HUB})
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    assert guests.came_to[0][1] == again - 1  # the second STOP is read by nobody
    assert again > 20


def test_an_element_is_let_in_once_the_raid_has_begun_and_before_it_the_newest_is_taken() -> None:
    kinds: list[int] = []

    def interrupted(address: str, keys: dict[int, ElementKey]) -> None:
        """Join, and be gone before the raid begins."""
        with speaking(address, keys[HUB]) as line:
            line.send(hello())
            record = unpacked(line.recv())
            assert record is not None
            kinds.append(record.kind)

    def late(address: str, keys: dict[int, ElementKey]) -> None:
        time.sleep(2.5)
        with speaking(address, keys[HUB]) as line:
            line.send(hello())
            record = unpacked(line.recv())
            assert record is not None
            kinds.append(record.kind)

    guests = Guests(interrupted, joins(after=1.0), joins(0, after=1.5), late)
    outcome = guests.federated({0, HUB}, pace=150.0, patience=60.0)
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    assert outcome.lost == []
    assert kinds == [WELCOME, REFUSED]


def test_an_element_elsewhere_that_falls_silent_is_lost_after_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    obey, count = launcher.Federate._obey, 0

    def leaves(self: launcher.Federate, record: Any) -> None:
        nonlocal count
        count += 1
        if count > 8:
            raise SystemExit
        obey(self, record)

    monkeypatch.setattr(launcher.Federate, "_obey", leaves)
    outcome = Guests(joins()).federated({HUB}, patience=1.0)
    assert [lost.element for lost in outcome.lost] == [HUB]
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))
    assert (outcome.log[:, KIND] == FAIL).sum() == 1


def test_a_manager_that_is_gone_and_elements_that_never_come_are_said() -> None:
    class LeftError(Exception):
        pass

    def leave(manager: Manager, now: int) -> None:
        guests(manager, now)
        if now == 5:
            raise LeftError

    guests = Guests(joins())
    with pytest.raises(LeftError):
        guests.federated({HUB}, watch=leave)
    guests.threads[0].join(20.0)
    assert "was gone before the raid was over" in str(guests.came_to[0])
    with pytest.raises(OutputError, match=r"1 elements from elsewhere did not join within 0\.5 s; have they the keys"):
        Guests().federated({HUB}, patience_to_join=0.5)


def test_what_is_said_cannot_be_read_changed_or_said_again() -> None:
    """A line that somebody listens to: what he heard in one run, sent again in another, lets him in nowhere."""
    wires: list[TappedWire] = []

    def tapped(address: str, keys: dict[int, ElementKey]) -> tuple[int, int]:
        wires.append(TappedWire(address))
        return join(RAID, keys[HUB], wires[0].address)

    outcome = Guests(tapped).federated({HUB})
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    wires[0].close()
    (heard,), (told,) = wires[0].to_target, wires[0].from_target
    assert len(heard) > 2000
    assert b"CURVE" in heard[:64]
    assert b"HPLN" not in heard + told
    played: list[socket.socket] = []

    def player(address: str, keys: dict[int, ElementKey]) -> None:
        host, port = address.removeprefix("tcp://").split(":")
        for _ in range(300):
            played.append(socket.create_connection((host, int(port))))
            played[-1].sendall(heard)

    guests = Guests(player, joins(after=1.0))
    outcome = guests.federated({HUB}, pace=300.0)
    for line in played:
        line.close()
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    assert (outcome.lost, outcome.dropped, len(played)) == ([], 0, 300)
    assert guests.came_to[1][1] == 0


@pytest.mark.parametrize("place", [20, 250, 700, 1500, 2500])
def test_a_bit_turned_on_the_way_ends_the_line_and_changes_nothing(place: int) -> None:
    """Before it is let in the element tries again; afterwards it is lost, as it would be by a cut cable.

    What it says on a new connection, once the raid has begun, is dropped.
    """
    turned: list[int] = []

    def turn(content: bytes, before: int) -> bytes:
        if turned or not before <= place < before + len(content):
            return content
        turned.append(place)
        changed = bytearray(content)
        changed[place - before] ^= 0x10
        return bytes(changed)

    def tapped(address: str, keys: dict[int, ElementKey]) -> tuple[int, int]:
        return join(RAID, keys[HUB], TappedWire(address, turn).address, 30.0)

    outcome = Guests(tapped).federated({HUB}, patience=4.0, patience_to_join=60.0)
    assert turned == [place]
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))
    assert [lost.element for lost in outcome.lost] in ([], [HUB])


def test_nothing_is_said_to_a_manager_without_curve_or_with_another_key() -> None:
    """No way back to plain messages: whoever answers at the address without the manager's secret key hears nothing."""
    key = ElementKey(HUB, public_of(new_secret()), new_secret())
    for secure in (False, True):
        with zmq.Context() as context, context.socket(zmq.ROUTER) as line:
            line.setsockopt(zmq.LINGER, 0)
            if secure:
                line.curve_secretkey, line.curve_server = new_secret(), True
            port = line.bind_to_random_port("tcp://127.0.0.1")
            with pytest.raises(OutputError, match="no time manager answers within 1 s"):
                join(RAID, key, f"tcp://127.0.0.1:{port}", 1.0)
            assert not line.poll(0)


class Lines:
    """Sockets of a false manager, who holds the true one's secret key, and an element that joins it."""

    def __init__(self, wait: float = 3.0) -> None:
        secret = new_secret()
        self.key = ElementKey(HUB, public_of(secret), new_secret())
        self._secret, self._wait = secret, wait
        self.came_to: list[Any] = []

    @contextlib.contextmanager
    def joined(self) -> Any:
        """Yield the manager's socket and the connection of the element, which has said that it is there."""
        with zmq.Context() as context:
            gate = ThreadAuthenticator(context)
            gate.configure_curve(location=zmq.auth.CURVE_ALLOW_ANY)
            gate.start()
            with context.socket(zmq.ROUTER) as line:
                line.setsockopt(zmq.LINGER, 0)
                be_manager(line, self._secret)
                port = line.bind_to_random_port("tcp://127.0.0.1")
                thread = threading.Thread(target=self._ask, args=(f"tcp://127.0.0.1:{port}",), daemon=True)
                thread.start()
                who, _ = line.recv_multipart()
                yield line, who
                thread.join(30.0)
            gate.stop()

    def _ask(self, address: str) -> None:
        try:
            self.came_to.append(join(RAID, self.key, address, self._wait))
        except (InputError, OutputError) as error:
            self.came_to.append(error)


JOINER = """
import os, resource, sys
from hoplon.backbone.federation.joining import join
from hoplon.backbone.federation.keys import ElementKey
from hoplon.errors import OutputError
from test_federation_elsewhere import RAID
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    join(RAID, ElementKey.read(os.environ["KEY"]), sys.argv[1], 4.0)
except OutputError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


class ElsewhereLines(Lines):
    """The same with an element in a process of its own, so that its memory can be told from that of the manager."""

    def _ask(self, address: str) -> None:
        search = os.pathsep.join(map(str, (SOURCES, Path(__file__).parent, Path(__file__).parents[1])))
        found = subprocess.run(
            [sys.executable, "-c", JOINER, address],
            env={**os.environ, "PYTHONPATH": search, "KEY": self.key.text},
            capture_output=True,
            text=True,
            check=True,
        )
        self.came_to += found.stdout.splitlines()


def test_a_manager_can_neither_fill_the_memory_of_an_element_nor_hold_the_line() -> None:
    lines = ElsewhereLines()
    with lines.joined() as (line, who):
        line.send_multipart([who, memoryview(bytearray(150 << 20))], copy=False)
    said, grown = lines.came_to
    assert "no time manager answers within 4 s" in said
    assert int(grown) < 50 << 10  # of 150 MB


def test_whoever_answers_without_zeromq_can_neither_fill_the_memory_nor_hold_the_line() -> None:
    key = ElementKey(HUB, public_of(new_secret()), new_secret())
    before, sent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []

    def answer() -> None:
        greeting = b"\xff" + bytes(8) + b"\x7f\3\0" + b"CURVE".ljust(20, b"\0") + bytes(32)
        piece = greeting + b"\6" + (300 << 20).to_bytes(8, "big") + bytes(1 << 20)  # a command of 300 MB
        with contextlib.suppress(OSError):
            while True:
                near, _ = listening.accept()
                with near, contextlib.suppress(OSError):
                    near.sendall(piece)
                    sent.append(len(piece))
                    for _ in range(300):
                        near.sendall(bytes(1 << 20))
                        sent.append(1 << 20)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(OutputError, match="no time manager answers within 2 s"):
            join(RAID, key, f"tcp://127.0.0.1:{listening.getsockname()[1]}", 2.0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_who_is_let_in_and_never_hears_of_the_raid_ends_after_the_wait() -> None:
    lines = Lines()
    with lines.joined() as (line, who):
        line.send_multipart([who, packed(WELCOME, MANAGER, HUB, 0, (SEED, 0))])
    assert "let this element in and began no raid within 3 s" in str(lines.came_to[0])


def test_an_element_holds_no_more_events_than_a_raid_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "MOST_WAITING", 50)
    lines = Lines()
    event = next(tuple(row[:8].tolist()) for row in log_of(RAID, SEED, 0) if row[1] == HUB != row[2])
    with lines.joined() as (line, who):
        for counter in range(52):
            kind, numbers = (EVENT, event) if counter else (WELCOME, (SEED, 0))
            line.send_multipart([who, packed(kind, MANAGER, HUB, counter, numbers)])
    assert "sent more than 50 events at once" in str(lines.came_to[0])


@pytest.mark.parametrize("what", ["in the past", "to nobody", "of another", "not yet", "again"])
def test_what_no_element_may_say_is_dropped_from_one_that_was_let_in(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lies = 0
    last: list[Any] = []

    class Lying(launcher.Federate):
        """Says something wrong before each thing that it says."""

        def _send(self, kind: int, numbers: Any) -> None:
            nonlocal lies
            time_us, *rest = numbers
            told = {
                ("in the past", EVENT): (0, *rest),
                ("to nobody", EVENT): (time_us, 60_000, *rest[1:]),
                ("of another", HANDLED): (time_us, 0, *rest[1:]),
                ("not yet", HANDLED): (1 << 60, *rest),
                ("again", EVENT): last[0] if last else None,
            }.get((what, kind))
            if told is not None:
                self._socket.send(packed(kind, HUB, MANAGER, self._sent, told))
                lies += 1
            if kind == EVENT:
                last[:] = [numbers]
            super()._send(kind, numbers)

    monkeypatch.setattr(joining, "Federate", Lying)
    outcome = Guests(joins()).federated({HUB})
    np.testing.assert_array_equal(outcome.log, log_of(RAID, SEED, 0))
    assert outcome.lost == []
    assert outcome.dropped == lies >= 2


@pytest.mark.parametrize("what", ["omits", "invents", "of nobody", "backwards", "nothing", "too many", "endless"])
def test_an_element_that_tells_of_other_events_than_it_was_given_is_lost(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it says instead, the log is that of one process in which it was lost then."""
    from hoplon.backbone.federation import manager

    class Lying(launcher.Federate):
        begins, windows = 0, 0

        def _obey(self, record: Any) -> None:
            queue = self._element._queue
            others = bool(queue) and queue[0][2][2] != HUB
            if record.kind != launcher.GRANT or not (self.begins or (self.taken >= 12 and others)):
                super()._obey(record)
                return
            horizon = record.numbers[0]
            handled, _ = self._element.advance(horizon)
            first = handled[0] if handled else (self.begins, *(0,) * 8)
            own = (first[0], HUB, HUB, 1 << 30, *first[4:])
            told = {
                "omits": [own],
                "invents": [*handled, (first[0], HUB, element(CASE, "radar0"), 1 << 30, *first[4:])],
                "of nobody": [*handled, (first[0], HUB, 60_000, 1 << 30, *first[4:])],
                "backwards": [*handled, (first[0] - 5, *own[1:])],
                "nothing": [],
                "too many": [*handled, *[own] * 200],
                "endless": sorted([*handled, (self.begins or first[0], *own[1:])]),
            }[what]
            for event in told:
                self._send(HANDLED, event)
            self.begins = horizon
            self.windows += 1
            goes_on = what == "endless" and self.windows < 1500
            self._send(DONE, (horizon if goes_on else self._element.next_time,))

    monkeypatch.setattr(joining, "Federate", Lying)
    monkeypatch.setattr(manager, "MOST_IN_A_WINDOW", 100)
    monkeypatch.setattr(manager, "MOST_IN_A_RUN", 500)
    begun = time.monotonic()
    outcome = Guests(joins(wait=5.0)).federated({HUB}, patience=600.0)
    assert time.monotonic() - begun < 600.0  # at once, without the patience
    assert [lost.element for lost in outcome.lost] == [HUB]
    if what == "endless":  # what it tells of itself is taken for true while it lasts
        assert 100 < (outcome.log[:, 1] == HUB).sum() < 1000
        return
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))


def command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["federate", "toy", "--architecture", "fast", "--raid", "four", *arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("given", ["file", "environment"])
def test_the_command_joins_a_run_on_another_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    keys = tmp_path / "keys"
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        address = f"tcp://127.0.0.2:{free.getsockname()[1]}"
    words = ["toy", "--architecture", "fast", "--raid", "four", "--bind", address, "--remote", "hub"]
    manager = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "hoplon.cli", "federate", *words, "--keys", str(keys), "--json"],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    path, until = keys / "hub.key", time.monotonic() + 60.0
    while not (path.exists() and path.stat().st_size) and manager.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700
    joining_ = ["--join", address, "--element", "hub", "--json"]
    if given == "file":
        joining_ += ["--key-file", str(path)]
    else:
        monkeypatch.setenv("HOPLON_FEDERATION_KEY", path.read_text(encoding="ascii"))
    code, out, err = command(*joining_)
    assert code == 0, err
    joined = json.loads(out)
    text, messages = manager.communicate(timeout=60)
    assert manager.returncode == 0, messages
    found = json.loads(text)
    assert f"waits for hub; their keys, for this run: {path}" in messages
    assert (found["same"], found["dropped"], joined["dropped"]) == (True, 0, 0)
    assert joined["events"] > 10
    assert list(keys.iterdir()) == []


KEY = ElementKey(7, bytes(32), bytes(range(32)))  # of the hub, below


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--join", "tcp://127.0.0.1:9"], 2, "--join needs --element"),
        (["--element", "hub"], 2, "--element goes with --join"),
        (["--key-file", "k"], 2, "--key-file goes with --join"),
        (["--remote", "hub"], 2, "--remote and --keys go together"),
        (["--keys", "k"], 2, "--remote and --keys go together"),
        (["--join", "127.0.0.1"], 2, "tcp://ADDRESS:PORT was expected"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--pace", "1"], 2, "--pace is the time manager's"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--keys", "k"], 2, "--keys is the time manager's"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--key-file", "none"], 1, "none: No such file"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub"], 1, "a key was expected: a file that"),
        (
            ["--join", "tcp://127.0.0.1:9", "--element", "hub", "--key-file", "other"],
            1,
            "other: no key of a federation",
        ),
        (
            ["--join", "tcp://127.0.0.1:9", "--element", "hub", "--key-file", "open", "--wait-s", "0.3"],
            1,
            "open: other users can read",
        ),
        (["--join", "tcp://127.0.0.1:9", "--element", "hub", "--key-file", "pipe"], 1, "a pipe that nothing writes"),
        (["--join", "tcp://127.0.0.1:9", "--element", "hubb", "--key-file", "key"], 1, "did you mean 'hub'"),
        (
            ["--join", "tcp://127.0.0.1:9", "--element", "kurecik", "--key-file", "key"],
            1,
            "this is the key of hub, not",
        ),
        (["--remote", "hubb", "--keys", "keys"], 1, "did you mean 'hub'"),
        (["--remote", "hub", "--keys", "shared"], 1, "shared: other users can write this folder"),
        (["--remote", "hub", "--keys", "key"], 1, "cannot write key: File exists"),
        (
            ["--join", "tcp://127.0.0.1:9", "--element", "hub", "--key-file", "key", "--wait-s", "0.3"],
            1,
            "tcp://127.0.0.1:9: no time manager answers within 0.3 s",
        ),
    ],
)
def test_wrong_options_of_either_side_are_refused(
    words: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOPLON_FEDERATION_KEY", raising=False)
    os.mkfifo("pipe")
    Path("shared").mkdir()
    Path("shared").chmod(0o777)
    for name, content, mode in (("other", "a" * 64, 0o600), ("open", KEY.text, 0o644), ("key", KEY.text, 0o600)):
        Path(name).write_text(content + "\n", encoding="ascii")
        Path(name).chmod(mode)
    found, out, err = command(*words)
    assert (found, out) == (code, "")
    assert said in err
    assert "Traceback" not in err
    assert KEY.secret.hex() not in err


def test_a_key_shows_its_secret_to_nobody_and_is_of_one_run(tmp_path: Path) -> None:
    from hoplon.analysis.raid.element_keys import keys_written

    assert ElementKey.read(KEY.text + "\n") == KEY
    assert KEY.secret.hex() not in repr(KEY)
    one, two = (Manager(RAID, SEED, remote={HUB}).keys[HUB] for _ in range(2))
    assert len({one.manager, two.manager, one.secret, two.secret}) == 4
    (tmp_path / "hub.key").symlink_to(tmp_path / "mine")
    (tmp_path / "mine").write_text("mine", encoding="ascii")
    (tmp_path / "mine").chmod(0o600)
    with keys_written(tmp_path, {"hub": one}):
        assert ElementKey.read((tmp_path / "hub.key").read_text(encoding="ascii")) == one
        with pytest.raises(OutputError, match="something else is being written there"), keys_written(tmp_path, {}):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert (tmp_path / "mine").read_text(encoding="ascii") == "mine"


class Bending(launcher.Federate):
    """An element that sends bent records before each genuine one, under the number that the manager expects next."""

    many = 10
    rng = np.random.default_rng(5)
    manager: Manager
    bent, taken_for_true = 0, 0

    def _send(self, kind: int, numbers: Any) -> None:
        connections, number = self.manager._connections, self._element.number
        for _ in range(self.many):
            before = (connections.dropped, connections._counter_in[number])
            self._socket.send(bend(self.rng, packed(kind, number, MANAGER, before[1], numbers)))
            until = time.monotonic() + 2.0
            while (connections.dropped, connections._counter_in[number]) == before and time.monotonic() < until:
                time.sleep(1e-4)
            if (connections.dropped, connections._counter_in[number]) == before:  # the raid is over
                self.many = 0
                break
            Bending.bent += 1
            Bending.taken_for_true += connections._counter_in[number] != before[1]
        self._sent = connections._counter_in[number]
        super()._send(kind, numbers)


@pytest.mark.parametrize("number", [0, HUB, element(CASE, "radar0"), element(CASE, "battery0")])
def test_bent_records_of_one_that_was_let_in_end_nobody(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small part of the long run."""
    monkeypatch.setattr(joining, "Federate", Bending)
    monkeypatch.setattr(Bending, "bent", 0)
    monkeypatch.setattr(Bending, "taken_for_true", 0)
    monkeypatch.setattr(Bending, "rng", np.random.default_rng(number))
    guests = Guests(joins(number, wait=5.0))

    def watch(manager: Manager, now: int) -> None:
        monkeypatch.setattr(Bending, "manager", manager, raising=False)
        guests(manager, now)

    outcome = guests.federated({number}, patience=5.0, watch=watch)
    assert {lost.element for lost in outcome.lost} <= {number}
    assert outcome.dropped >= Bending.bent - Bending.taken_for_true
    assert Bending.bent >= 5
    if not Bending.taken_for_true:
        np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))


BORDERS = (0, 1, -1, 2, -2, 255, 256, 300, 1 << 15, 1 << 16, 1 << 31, 1 << 32, (1 << 60) - 1, 1 << 60, (1 << 63) - 1)


def bend(rng: np.random.Generator, record: bytes) -> bytes:
    """Return a record with numbers changed to what borders are made of, bits turned, or of another length."""
    found = unpacked(record)
    assert found is not None
    way = rng.integers(6)
    if way == 0:
        return rng.bytes(int(rng.integers(0, 400)))
    if way == 1:
        return record[: int(rng.integers(len(record)))]
    if way == 2:
        turned = bytearray(record)
        turned[int(rng.integers(len(record)))] ^= 1 << int(rng.integers(8))
        return bytes(turned)
    numbers = list(found.numbers)
    for _ in range(int(rng.integers(1, 4))):
        place = int(rng.integers(len(numbers)))
        border = int(rng.choice(np.array(BORDERS)))
        numbers[place] = border if rng.random() < 0.6 else numbers[place] + int(rng.integers(-3, 4))
    numbers = [min(max(number, -(1 << 63)), (1 << 63) - 1) for number in numbers]
    kind = int(rng.integers(1, 9)) if way == 3 else found.kind
    return packed(kind, found.source, found.destination, found.counter, numbers)
