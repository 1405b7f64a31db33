"""A line between two sides of a federation that somebody else listens to, and may change."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

Change = Callable[[bytes, int], bytes]
"""Given what is carried and how many bytes were before it."""


def as_it_is(content: bytes, before: int) -> bytes:
    return content


class TappedWire:
    """Carries bytes between whoever connects here and an address, keeps them, and changes some on their way in."""

    def __init__(self, target: str, change: Change = as_it_is) -> None:
        host, port = target.removeprefix("tcp://").split(":")
        self._target, self._change = (host, int(port)), change
        self.to_target: list[bytearray] = []
        self.from_target: list[bytearray] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(self._target)
                except OSError:  # nobody listens there any more
                    near.close()
                    continue
                self.to_target.append(bytearray())
                self.from_target.append(bytearray())
                for ends, kept, change in (
                    ((near, far), self.to_target[-1], self._change),
                    ((far, near), self.from_target[-1], as_it_is),
                ):
                    threading.Thread(target=self._carry, args=(*ends, kept, change), daemon=True).start()

    @staticmethod
    def _carry(begin: socket.socket, end: socket.socket, kept: bytearray, change: Change) -> None:
        with contextlib.suppress(OSError):
            while content := begin.recv(65_536):
                end.sendall(change(content, len(kept)))
                kept += content
        for line in (begin, end):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
