"""Who hears whom and who may order whom, in each information architecture.

organic   each battery's own node hears its own radars; nothing else
hub       every radar reports to one node, which orders every battery
hub_hot   an alternate gets every report and answer as well, ownership included, and takes over
hub_cold  an alternate gets nothing until it takes over, and begins with an empty picture
regional  each node hears the radars and orders the batteries of its region; nodes exchange tracks and claims
mesh      each battery's own node hears every radar and every answer, applies one rule, and orders its own battery

In the forms between organic and mesh units may stand after the nodes: each hears its own battery and that one's radars,
and is active only while the node that commands it is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import AT_ONCE, DEAF, HUB_COLD, HUB_HOT, IF_BOUND, MESH, NETWORK, ORGANIC, REGIONAL


@dataclass(frozen=True)
class Wiring:
    """The tables of an information architecture.

    Attributes
    ----------
    hears : ndarray, shape (nodes, radars)
    scope, listens : ndarray, shape (nodes, batteries)
    active : tuple of int
        1 for a node that commands at the beginning.
    successors : tuple of int
        The node that takes over from each, -1 for none.
    regional : bool
    """

    hears: NDArray[np.int64]
    scope: NDArray[np.int64]
    listens: NDArray[np.int64]
    active: tuple[int, ...]
    successors: tuple[int, ...]
    regional: bool

    def bound(self, home: int) -> int:
        """Return the node that an element of a region is bound to at the beginning."""
        return home if self.regional else 0

    def successor_of(self, node: int) -> int:
        """Return the successor of a node, -1 for none and for what is no node."""
        return self.successors[node] if 0 <= node < len(self.successors) else -1


def wiring_of(
    form: int,
    roles: Sequence[str],
    batteries_of_nodes: Sequence[int],
    radar_homes: Sequence[int],
    battery_homes: Sequence[int],
    own_radars: Sequence[tuple[int, ...]],
) -> Wiring:
    """Return who hears whom.

    Parameters
    ----------
    form : int
        ORGANIC and so on.
    roles : sequence of str
        Of each node; in the organic and mesh forms all are units, else the first is in command, and units come last.
    batteries_of_nodes : sequence of int
        The battery of each unit, -1 for other nodes.
    radar_homes, battery_homes : sequence of int
        Regional node of each.
    own_radars : sequence of tuple of int
        Of each battery.
    """
    nodes, commands = len(roles), sum(role != "unit" for role in roles)
    units = form in (ORGANIC, MESH)
    shape = (nodes, len(radar_homes)), (nodes, len(battery_homes))
    if not units:
        way = IF_BOUND if form in (HUB_COLD, REGIONAL) else NETWORK
        scope = np.full(shape[1], NETWORK)
        if form == REGIONAL:
            scope = np.where(np.arange(nodes)[:, np.newaxis] == np.array(battery_homes), NETWORK, DEAF)
            successors = tuple((node + 1) % commands if commands > 1 else -1 for node in range(commands))
            active = (1,) * commands
        else:
            takes_over = commands > 1 and form in (HUB_HOT, HUB_COLD)
            successors = tuple(1 if node == 0 and takes_over else -1 for node in range(commands))
            active = tuple(int(node == 0) for node in range(commands))
        hears, listens = np.full(shape[0], way), np.full(shape[1], way)
        scope = scope.astype(np.int64)
        for node in range(commands, nodes):
            battery = batteries_of_nodes[node]
            hears[node], scope[node], listens[node] = DEAF, DEAF, DEAF
            hears[node, list(own_radars[battery])] = AT_ONCE
            scope[node, battery] = listens[node, battery] = AT_ONCE
        waiting = nodes - commands
        return Wiring(hears, scope, listens, active + (0,) * waiting, successors + (-1,) * waiting, form == REGIONAL)
    far = NETWORK if form == MESH else DEAF
    hears, scope, listens = np.full(shape[0], far), np.full(shape[1], DEAF), np.full(shape[1], far)
    for node, battery in enumerate(batteries_of_nodes):
        hears[node, list(own_radars[battery])] = AT_ONCE
        scope[node, battery] = listens[node, battery] = AT_ONCE
    return Wiring(hears, scope, listens, (1,) * nodes, (-1,) * nodes, False)
