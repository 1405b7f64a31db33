"""Be an element of a raid whose time manager is elsewhere: with its key, and the same raid laid out.

The raid is not sent: both sides lay it out, and compare its digest.
"""

from __future__ import annotations

import time
from typing import Any, Final

from hoplon.backbone.federation.connections import OTHER_RAID
from hoplon.backbone.federation.element import FederatedElement
from hoplon.backbone.federation.keys import ElementKey, be_element, zmq_with_curve
from hoplon.backbone.federation.launcher import Federate, draw_key_of
from hoplon.backbone.federation.raid_mark import raid_mark
from hoplon.backbone.federation.records import HELLO, MANAGER, REFUSED, WELCOME, packed, unpacked
from hoplon.backbone.raid_model import RaidModel
from hoplon.errors import InputError, OutputError

_HEARTBEAT: Final = (2_000, 10_000)  # [ms] between two, and until the manager is taken for gone


def join(model: RaidModel, key: ElementKey, address: str, wait: float = 60.0) -> tuple[int, int]:
    """Be one element of a run that a time manager elsewhere has begun, until the raid is over.

    Parameters
    ----------
    model : RaidModel
        The same as the manager's.
    key : ElementKey
        Of the element, from the manager.
    address : str
        ``tcp://HOST:PORT`` of the manager.
    wait : float
        For the manager's first answer, and again for the beginning of the raid [s].

    Returns
    -------
    handled, dropped : int
        Events that the element handled; messages that were none of the run.

    Raises
    ------
    InputError
        If the manager has another raid, does not know the key, or has the element already.
    OutputError
        If no manager of the key answers, or begins the raid, in time, it is gone before the end, or pyzmq has no CURVE.
    """
    zmq = zmq_with_curve()
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.setsockopt(zmq.LINGER, 2000)
        socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT[0])
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _HEARTBEAT[1])
        be_element(socket, key)
        with socket.get_monitor_socket(zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_AUTH) as monitor:
            try:
                socket.connect(address)
            except zmq.ZMQError as error:
                raise InputError(f"{address}: {error}; tcp://HOST:PORT was expected") from None
            seed, replication = _let_in(zmq, socket, monitor, key.element, raid_mark(model), wait, address)

            federate = Federate(FederatedElement(model, draw_key_of(seed, replication), key.element), socket, 1)
            until = time.monotonic() + wait

            def goes_on() -> bool:
                return not monitor.poll(0) and (federate.taken > 1 or time.monotonic() < until)

            over = federate.serve(goes_on)
            socket.disable_monitor()
    if not over and federate.taken == 1:
        raise OutputError(
            f"{address}: the time manager let this element in and began no raid within {wait:g} s; does it wait for "
            "other elements, or has this one joined again elsewhere? --wait-s gives it longer"
        )
    if not over:
        raise OutputError(f"{address}: the time manager was gone before the raid was over")
    return federate.handled, federate.dropped


def _let_in(
    zmq: Any, socket: Any, monitor: Any, number: int, mark: tuple[int, int], wait: float, address: str
) -> tuple[int, int]:
    """Ask to be let in; return seed and replication of the run."""
    from zmq.utils.monitor import recv_monitor_message

    socket.send(packed(HELLO, number, MANAGER, 0, (0, *mark)))
    until, either = time.monotonic() + wait, zmq.Poller()
    either.register(socket, zmq.POLLIN)
    either.register(monitor, zmq.POLLIN)
    while (left := until - time.monotonic()) > 0.0 and (ready := dict(either.poll(round(1000.0 * left)))):
        if monitor in ready and recv_monitor_message(monitor)["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            raise InputError(
                f"{address}: the time manager does not know this key: it makes new ones each time it begins; take the "
                "file that it wrote for this run"
            )
        if socket not in ready:
            continue
        frames = socket.recv_multipart()
        record = unpacked(frames[0]) if len(frames) == 1 else None
        if record is None or (record.source, record.destination, record.counter) != (MANAGER, number, 0):
            continue
        if record.kind == REFUSED:
            raise InputError(f"{address}: {_reason(record.numbers[0])}")
        if record.kind == WELCOME and min(record.numbers[:2]) >= 0:
            while monitor.poll(0):  # connections that did not come about
                recv_monitor_message(monitor)
            return record.numbers[0], record.numbers[1]
    raise OutputError(
        f"{address}: no time manager answers within {wait:g} s; is it there, does the way lead to it, and is the key "
        "of its run?"
    )


def _reason(number: int) -> str:
    if number == OTHER_RAID:
        return (
            "the time manager has laid out another raid; the same scenario, version of hoplon and options were "
            "expected on both sides"
        )
    return "the time manager has this element already, and the raid has begun"
