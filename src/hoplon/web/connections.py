"""Connections that bring a request in time, or are closed: silent ones would take every place there is."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from hoplon.web.guard import BODY_S


class TimedConnection(H11Protocol):
    """A connection on which the line and the headers of a request have to arrive within 30 s."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting_since = 0.0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._waiting_since = self.loop.time()
        self._late = self.loop.call_later(BODY_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._waiting_since = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        """Close what has brought no request; one that is being answered has limits of its own."""
        answering = self.cycle is not None and not self.cycle.response_complete
        left = BODY_S if answering else self._waiting_since + BODY_S - self.loop.time()
        if left > 0.0:
            self._late = self.loop.call_later(left, self._look)
        else:
            self.transport.close()
