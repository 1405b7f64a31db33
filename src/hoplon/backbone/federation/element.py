"""One element of a raid: its own state, its own queue of events, and the handler that the kernel has for it."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.federation.records import NO_EVENT
from hoplon.backbone.kernel import handle, rank_of
from hoplon.backbone.layout import AT_STATE, ELEMENTS, SEQUENCE_NUMBER, TRACKS
from hoplon.backbone.messages import (
    DESTINATION,
    EVENT_COLUMNS,
    LOG_COLUMNS,
    LOOKAHEAD,
    OUTCOME,
    SEQUENCE,
    SOURCE,
    TIME,
)
from hoplon.backbone.raid_model import RaidModel
from hoplon.errors import HoplonError

Event = tuple[int, ...]


class FederatedElement:
    """An element between two windows of time.

    Parameters
    ----------
    model : RaidModel
    draw_key : uint64
        Key of the replication's draws.
    number : int
        Its number in the raid model.
    """

    def __init__(self, model: RaidModel, draw_key: np.uint64, number: int) -> None:
        self.model, self._draw_key, self.number = model, draw_key, number
        first = int(model.fixed[AT_STATE]) + number
        begin, end = int(model.fixed[first]), int(model.fixed[first + 1])
        self._mine: NDArray[np.int64] = model.state[begin:end].copy()
        elements = int(model.fixed[ELEMENTS])
        self._out = np.zeros((4 * elements * (int(model.fixed[TRACKS]) + 2) + 256, EVENT_COLUMNS), dtype=np.int64)
        self._plans = np.zeros((model.batteries + 1, 3), dtype=np.int64)
        self._row = np.zeros(LOG_COLUMNS, dtype=np.int64)
        self._queue: list[tuple[int, int, Event]] = []

    @property
    def next_time(self) -> int:
        """Return the time of the next event, NO_EVENT for none."""
        return self._queue[0][0] if self._queue else NO_EVENT

    @property
    def waiting(self) -> int:
        """Return how many events are to be handled yet."""
        return len(self._queue)

    def take(self, event: Event) -> None:
        """Put an event in the queue."""
        rank = int(rank_of(event[DESTINATION], event[SOURCE], event[SEQUENCE]))
        heapq.heappush(self._queue, (event[TIME], rank, event))

    def advance(self, horizon: int) -> tuple[list[Event], list[Event]]:
        """Handle every event before a time.

        Returns
        -------
        handled : list of tuple
            With their outcomes, in the order they were handled.
        sent : list of tuple
            To other elements; none of them is before the horizon of a conservative window.

        Raises
        ------
        HoplonError
            If the handler breaks the promise that a message takes at least the lookahead.
        """
        handled: list[Event] = []
        sent: list[Event] = []
        while self._queue and self._queue[0][0] < horizon:
            event = heapq.heappop(self._queue)[2]
            self._row[:EVENT_COLUMNS] = event
            model = self.model
            count, outcome = handle(
                self._row, self._draw_key, model.fixed, model.looks, model.launches, self._mine, self._out, self._plans
            )
            self._row[OUTCOME] = outcome
            handled.append(tuple(self._row.tolist()))
            for row in self._out[:count]:
                row[SOURCE], row[SEQUENCE] = self.number, self._mine[SEQUENCE_NUMBER]
                self._mine[SEQUENCE_NUMBER] += 1
                message: Event = tuple(row.tolist())
                if message[DESTINATION] == self.number:
                    self.take(message)
                elif message[TIME] < event[TIME] + LOOKAHEAD:
                    raise HoplonError(f"element {self.number} sent a message that takes less than the lookahead")
                else:
                    sent.append(message)
        return handled, sent
