"""Every element its own process: the log of one process, whoever is killed and whatever is sent at the socket."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zmq

from hoplon.backbone.federation import element as one_element
from hoplon.backbone.federation.manager import LOOPBACK, Lost, Manager, Outcome
from hoplon.backbone.federation.records import DONE, EVENT, HELLO, MANAGER, SIZE, packed, unpacked
from hoplon.backbone.messages import FAIL, FALLBACK, KIND, LOOKAHEAD, MISTAKEN, NEVER, OUTCOME, SWITCH, UNHEARD
from hoplon.backbone.raid_model import Loss, RaidModel, build_raid_model
from hoplon.backbone.replications import log_of
from hoplon.cli import main
from hoplon.errors import HoplonError, InputError, OutputError
from raid_cases import Case, element, raid_inputs, raid_model

SEED = 1
CASE = Case(threats=3, batteries=2, radars=2, latency=1.0, ideal=False, form="hub_hot", kill=0.5)
EVERY_FORM = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")


def federated(
    raid: RaidModel,
    watch: Callable[[Manager, int], None] | None = None,
    patience: float = 10.0,
    pace: float | None = None,
) -> Outcome:
    return Manager(raid, SEED, 0, watch=watch, patience=patience, pace=pace).run()


@pytest.mark.parametrize("form", EVERY_FORM)
def test_the_merged_log_is_that_of_one_process(form: str) -> None:
    raid = raid_model(replace(CASE, form=form, losses=(("radar0", 310.0),)))
    outcome = federated(raid)
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.lost == []
    assert outcome.dropped == 0


@pytest.mark.parametrize("form", ["organic", "hub", "hub_hot", "regional", "mesh"])
def test_with_lost_links_the_log_is_that_of_one_process(form: str) -> None:
    case = replace(CASE, form=form)
    torn = [("node0", 150.0, 320.0), ("radar0", 180.0, 260.0), ("battery1", 200.0, None)]
    losses = [Loss(element(case, name), time, repair, link=True) for name, time, repair in torn]
    raid = build_raid_model(raid_inputs(case), losses)
    outcome = federated(raid)
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    unheard = outcome.log[:, OUTCOME] == UNHEARD
    assert unheard.any() == (form != "organic")


@pytest.mark.parametrize("form", ["hub", "hub_cold", "regional"])
def test_with_batteries_that_fall_back_the_log_is_that_of_one_process(form: str) -> None:
    case = replace(CASE, form=form, conditions={"fallback": 20.0})
    losses = [Loss(element(case, "node0"), 150.0, 320.0), Loss(element(case, "battery1"), 200.0, None, link=True)]
    raid = build_raid_model(raid_inputs(case), losses)
    outcome = federated(raid)
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert ((outcome.log[:, KIND] == FALLBACK) & (outcome.log[:, OUTCOME] == 1)).any()


def test_with_wrong_associations_the_log_is_that_of_one_process() -> None:
    raid = raid_model(replace(CASE, form="mesh", conditions={"wrong_association": 0.5}))
    outcome = federated(raid)
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert (outcome.log[:, KIND] == MISTAKEN).any()


def test_batteries_fall_back_from_a_killed_process() -> None:
    case = replace(CASE, form="hub", conditions={"fallback": 20.0})
    raid, number = raid_model(case), element(case, "node0")

    def kill(manager: Manager, now: int) -> None:
        if now == 20:
            os.kill(manager.processes[number], signal.SIGKILL)

    outcome = federated(raid, kill)
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))
    back = outcome.log[(outcome.log[:, KIND] == FALLBACK) & (outcome.log[:, OUTCOME] == 1)]
    assert back[:, 0].tolist() == [outcome.lost[0].time + 20_000_000] * case.batteries


@pytest.mark.parametrize(("name", "window"), [("node0", 20), ("radar1", 5), ("battery0", 40)])
def test_a_killed_process_is_the_failure_of_its_element(name: str, window: int) -> None:
    raid, number = raid_model(CASE), element(CASE, name)

    def kill(manager: Manager, now: int) -> None:
        if now == window:
            os.kill(manager.processes[number], signal.SIGKILL)

    outcome = federated(raid, kill)
    assert [lost.element for lost in outcome.lost] == [number]
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))
    assert not np.array_equal(outcome.log, log_of(raid, SEED, 0))
    failures = outcome.log[outcome.log[:, KIND] == FAIL]
    assert failures[:, :2].tolist() == [[outcome.lost[0].time, number]]
    switches = outcome.log[outcome.log[:, KIND] == SWITCH]
    assert len(switches) == (1 if name == "node0" else 0)


def test_the_failure_is_the_one_that_a_given_loss_is() -> None:
    raid, number = raid_model(CASE), element(CASE, "node0")

    def kill(manager: Manager, now: int) -> None:
        if now == 20:
            os.kill(manager.processes[number], signal.SIGKILL)

    outcome = federated(raid, kill)
    given = raid_model(replace(CASE, losses=(("node0", outcome.lost[0].time / 1e6),)))
    np.testing.assert_array_equal(outcome.log, log_of(given, SEED, 0))


def test_a_missile_flies_on_without_its_process() -> None:
    raid = raid_model(CASE)

    def kill(manager: Manager, now: int) -> None:
        if now == 10:
            os.kill(manager.processes[1], signal.SIGKILL)

    outcome = federated(raid, kill)
    assert outcome.lost == [Lost(1, NEVER)]
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))


def test_an_element_that_hangs_is_missed_after_the_patience() -> None:
    raid, number = raid_model(CASE), element(CASE, "radar0")

    def stop(manager: Manager, now: int) -> None:
        if now == 5:
            os.kill(manager.processes[number], signal.SIGSTOP)

    outcome = federated(raid, stop, patience=1.0)
    assert [lost.element for lost in outcome.lost] == [number]
    np.testing.assert_array_equal(outcome.log, log_of(outcome.model, SEED, 0))


def hostile_messages() -> list[list[bytes]]:
    """Garbage, wrong sizes, a pickle that would leave a trace, and records such as elements send."""
    rng = np.random.default_rng(1)
    event = (0, 0, 0, 0, 0, 0, 0, 0)
    return [
        *([rng.bytes(int(size))] for size in rng.integers(0, 400, 40)),
        *([rng.bytes(SIZE)] for _ in range(20)),
        [b""],
        [b"", b""],
        [packed(EVENT, 0, MANAGER, 1, event)],
        [packed(HELLO, 3, MANAGER, 0, (1,))],
        [packed(DONE, 0, MANAGER, 0, (0,))],
        [packed(EVENT, 60_000, MANAGER, 0, event)],
        [packed(EVENT, MANAGER, 0, 0, event)],
        [pickle.dumps(_Trace())],
    ]


class _Trace:
    """Unpickled, it writes a file."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(TRACE),)


TRACE = Path(os.environ.get("TMPDIR", "/tmp")) / f"hoplon-trace-{os.getpid()}"


def test_what_strangers_send_reaches_nobody_and_is_never_executed() -> None:
    """Strangers: without CURVE, with a key of no element, with that of another manager, and without ZeroMQ."""
    raid, context = raid_model(CASE), zmq.Context()
    sockets = [context.socket(zmq.DEALER) for _ in range(3)]
    public, secret = zmq.curve_keypair()
    raw: list[socket.socket] = []

    def attack(manager: Manager, now: int) -> None:
        if now == 3:
            for line, key in zip(sockets[1:], (manager._connections.keys[0].manager, public), strict=True):
                line.curve_secretkey, line.curve_publickey, line.curve_serverkey = secret, public, key
            for line in sockets:
                line.connect(manager.address)
        if now in (3, 10, 30):
            host, port = manager.address.removeprefix("tcp://").split(":")
            for frames in hostile_messages():
                for line in sockets:
                    with contextlib.suppress(zmq.Again):  # turned away, and not to try again
                        line.send_multipart(frames, zmq.NOBLOCK)
                raw.append(socket.create_connection((host, int(port))))
                raw[-1].sendall(frames[0])
            time.sleep(0.2)

    manager = Manager(raid, SEED, 0, watch=attack)
    outcome = manager.run()
    for line in sockets:
        line.close(linger=0)
    for connection in raw:
        connection.close()
    context.term()
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.lost == []
    assert outcome.dropped == 0
    assert manager._connections.refused >= 1  # whoever knows the manager's key, and is no element
    assert len(raw) > 200
    assert not TRACE.exists()


def test_only_a_record_is_read_as_one() -> None:
    record = packed(EVENT, 3, MANAGER, 7, range(9))
    found = unpacked(record)
    assert found is not None
    assert (found.kind, found.source, found.counter, found.numbers) == (EVENT, 3, 7, tuple(range(9)))
    for wrong in (b"", record[:-1], record + b"\0", b"hpln" + record[4:], record[:4] + b"\1" + record[5:]):
        assert unpacked(wrong) is None
    for kind in (0, 9, 0xFFFF):
        assert unpacked(record[:6] + kind.to_bytes(2, "little") + record[8:]) is None


def test_nobody_speaks_where_pyzmq_has_no_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zmq, "has", lambda name: name != "curve")
    code, out, err = command()
    assert (code, out) == (1, "")
    assert err.startswith("pyzmq is built without CURVE (libsodium) here, and elements do not speak unencrypted")
    assert "Traceback" not in err


def test_neither_keys_nor_the_raid_are_kept_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A federation that is killed leaves nothing among the temporary files."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    seen: list[list[Path]] = []
    federated(raid_model(CASE), lambda manager, now: seen.append(list(tmp_path.rglob("*"))))
    assert len(seen) > 20
    assert [path for paths in seen for path in paths] == []


def test_the_socket_is_on_this_machine_alone_unless_told_otherwise() -> None:
    seen = []
    federated(raid_model(CASE), lambda manager, now: seen.append(manager.address) if now == 0 else None)
    assert LOOPBACK.startswith("tcp://127.0.0.1:")
    assert seen[0].startswith("tcp://127.0.0.1:")


def test_a_pace_is_kept_and_changes_no_event() -> None:
    raid, begun = raid_model(CASE), []

    def watch(manager: Manager, now: int) -> None:
        begun.append(time.monotonic())

    outcome = federated(raid, watch, pace=500.0)
    log = log_of(raid, SEED, 0)
    np.testing.assert_array_equal(outcome.log, log)
    simulated = (log[-1, 0] - log[0, 0]) / 1e6
    assert time.monotonic() - begun[0] >= simulated / 500.0


def test_no_process_is_left_and_none_begins_for_nothing() -> None:
    processes: list[int] = []
    federated(raid_model(CASE), lambda manager, now: processes.extend(manager.processes.values()) if now == 0 else None)
    until = time.monotonic() + 10.0
    while any(Path(f"/proc/{process}").exists() for process in processes) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(Path(f"/proc/{process}").exists() for process in processes)
    with pytest.raises(InputError, match="nothing to run"):
        Manager(raid_model(replace(CASE, threats=0)), SEED)
    with pytest.raises(InputError, match="pace"):
        Manager(raid_model(CASE), SEED, pace=0.0)
    with pytest.raises(OutputError, match="cannot be bound"):
        Manager(raid_model(CASE), SEED, bind="tcp://203.0.113.7:80").run()


def command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["federate", "toy", "--architecture", "fast", "--raid", "four", *arguments])
    return code, out.getvalue(), err.getvalue()


def test_the_command_compares_both_logs() -> None:
    code, out, _ = command("--json", "--lose", "kurecik@300", "--lose", "hub/link@320-380", "--seed", "3")
    found = json.loads(out)
    assert code == 0
    assert found["same"] is True
    assert found["digest"] == found["digest_in_one_process"]
    assert (found["processes"], found["lost"], found["dropped"]) == (
        9,
        [],
        0,
    )  # 4 missiles, 2 radars, a satellite, the hub, a battery
    code, out, _ = command()
    assert code == 0
    assert "the same" in out


def test_wrong_options_are_refused() -> None:
    assert command("--bind", "everywhere")[0] == 2
    code, _, err = command("--bind", "tcp://127.0.0.1:99999")
    assert (code, "a port of at most 65535 was expected, got 99999" in err) == (2, True)
    assert command("--pace", "0")[0] == 2
    for option, value in (("--seed", "-1"), ("--replication", "-1"), ("--replication", str(10**20))):
        code, _, err = command(option, value)
        assert code == 1
        assert "a seed from 0 to 2^63 - 1 and a replication from 0 to 2^63 - 1 were expected" in err


def test_a_message_that_takes_less_than_the_lookahead_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    delay = LOOKAHEAD

    def handle(row: np.ndarray, *rest: np.ndarray) -> tuple[int, int]:
        out = rest[-2]
        out[0] = (row[0] + delay, 1, 0, 0, 0, 0, 0, 0)
        return 1, 0

    monkeypatch.setattr(one_element, "handle", handle)
    mine = one_element.FederatedElement(raid_model(CASE), np.uint64(1), 0)
    mine.take((1000, 0, 0, 0, 0, 0, 0, 0))
    assert [event[0] for event in mine.advance(2000)[1]] == [1000 + LOOKAHEAD]
    delay -= 1
    mine.take((1000, 0, 0, 0, 0, 0, 0, 0))
    with pytest.raises(HoplonError, match="less than the lookahead"):
        mine.advance(2000)
