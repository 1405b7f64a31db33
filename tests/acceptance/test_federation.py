"""Every element its own process: the log of one process, whoever is killed and whatever is sent at the socket."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import signal
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


def hostile_messages(manager: Manager, key: bytes) -> list[list[bytes]]:
    """Garbage, wrong sizes, a pickle that would leave a trace, other runs' records, and wrong sources."""
    rng = np.random.default_rng(1)
    foreign = b"\1" * 32
    event = (0, 0, 0, 0, 0, 0, 0, 0)
    return [
        *([rng.bytes(int(size))] for size in rng.integers(0, 400, 40)),
        *([rng.bytes(SIZE)] for _ in range(20)),
        [b""],
        [b"", b""],
        [packed(foreign, EVENT, 0, MANAGER, 0, event)],
        [packed(key, EVENT, 0, MANAGER, 1, event)[:-1]],
        [packed(key, HELLO, 3, MANAGER, 0, (1,))],
        [packed(key, DONE, 0, MANAGER, 10**9, (0,))],
        [packed(key, DONE, 0, MANAGER, manager._counter_in[0], (0,))],  # the next one, by another connection
        [packed(key, EVENT, 60_000, MANAGER, 0, event)],
        [packed(key, EVENT, MANAGER, 0, 0, event)],
        [pickle.dumps(_Trace())],
    ]


class _Trace:
    """Unpickled, it writes a file."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(TRACE),)


TRACE = Path(os.environ.get("TMPDIR", "/tmp")) / f"hoplon-trace-{os.getpid()}"


def test_what_is_sent_at_the_socket_is_dropped_counted_and_never_executed() -> None:
    raid, context = raid_model(CASE), zmq.Context()
    stranger = context.socket(zmq.DEALER)
    sent = 0

    def attack(manager: Manager, now: int) -> None:
        nonlocal sent
        if now == 3:
            stranger.connect(manager.address)
        if now in (3, 10, 30):
            for frames in hostile_messages(manager, manager._key):
                stranger.send_multipart(frames)
                sent += 1
            time.sleep(0.2)

    outcome = federated(raid, attack)
    stranger.close(linger=0)
    context.term()
    np.testing.assert_array_equal(outcome.log, log_of(raid, SEED, 0))
    assert outcome.lost == []
    assert outcome.dropped == sent > 200
    assert not TRACE.exists()


def test_a_record_with_one_bit_turned_is_none() -> None:
    key = b"k" * 32
    record = packed(key, EVENT, 3, MANAGER, 7, range(9))
    found = unpacked(key, record)
    assert found is not None
    assert (found.kind, found.source, found.counter, found.numbers) == (EVENT, 3, 7, tuple(range(9)))
    for place in range(len(record)):
        turned = bytearray(record)
        turned[place] ^= 0x10
        assert unpacked(key, bytes(turned)) is None


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
