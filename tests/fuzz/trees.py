"""YAML as a tree in which a key may stand twice, and any text may stand for a value; written in flow style."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass
class Table:
    """A mapping: its pairs in order, of which several may have the same key."""

    pairs: list[list[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Raw:
    """What stands in the file as it is: a number that JSON does not have, an anchor, an alias, a tag."""

    text: str


class _Core(yaml.SafeLoader):
    """YAML 1.2 as far as the scenarios use it: ``NO`` is a text, and a year is a number."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[1] in ("int", "float", "null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Any:
    """Return the tree of a text."""
    loader = _Core(text)
    try:
        return _tree(loader.get_single_node(), loader)
    finally:
        loader.dispose()


def _tree(node: Any, loader: _Core) -> Any:
    if isinstance(node, yaml.MappingNode):
        return Table([[key.value, _tree(item, loader)] for key, item in node.value])
    if isinstance(node, yaml.SequenceNode):
        return [_tree(item, loader) for item in node.value]
    if node.style is None and node.value in ("true", "false"):
        return node.value == "true"
    return loader.construct_object(node)


def written(tree: Any, top: bool = True) -> str:
    """Return a tree as a file; what stands at the top is one line each."""
    if isinstance(tree, Raw):
        return tree.text
    if isinstance(tree, Table):
        if top and tree.pairs:
            return "".join(f"{_key(key)}: {written(item, False)}\n" for key, item in tree.pairs)
        return "{" + ", ".join(f"{_key(key)}: {written(item, False)}" for key, item in tree.pairs) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(written(item, False) for item in tree) + "]"
    return json.dumps(tree, ensure_ascii=False, default=str)


def _key(key: Any) -> str:
    return key.text if isinstance(key, Raw) else json.dumps(str(key), ensure_ascii=False)
