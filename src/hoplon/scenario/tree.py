"""Places in the tree that a file is read into."""

from __future__ import annotations

from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node


def node_at(root: MarkedTable, *path: str | int) -> Node:
    """Return the node at a path, or the last one on the way that exists."""
    node: Node = root
    for step in path:
        below: Node | None = None
        if isinstance(node, MarkedTable) and isinstance(step, str):
            below = node.get(step)
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            below = node.items[step]
        if below is None:
            return node
        node = below
    return node


def key_place(root: MarkedTable, *path: str) -> Node:
    """Return the node of the key at the end of a path."""
    parent = node_at(root, *path[:-1])
    if isinstance(parent, MarkedTable) and path[-1] in parent.entries:
        return parent.entries[path[-1]][0]
    return parent
