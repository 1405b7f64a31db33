"""Small scenarios with every key that a bundled one uses: seeds that load in milliseconds.

``python -m tests.fuzz --seeds`` makes them anew in ``seeds``, from whatever the bundled scenarios hold by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from hoplon.errors import HoplonError
from hoplon.scenario.load import load_scenario

from .mutations import copied, places
from .trees import Table, read, written

SEEDS: Final = Path(__file__).parent / "seeds"
_NAMED: Final = frozenset(
    (
        *("architectures", "candidates", "elements", "interceptors", "launch_areas", "nations", "radars", "raids"),
        *("satellites", "sources", "threats", "questions", "factors", "surprises", "moves", "development_musd"),
    )
)


def reduced(text: str, file: Path) -> str:
    """Return a scenario from which nothing more can be taken without a key that no other part of it uses."""
    tree = read(text)
    for holder, place, value in places(tree):
        if isinstance(holder, Table) and holder.pairs[place][0] in ("note", "citation") and isinstance(value, str):
            holder.pairs[place][1] = value[:12]
    wanted = set(_paths(tree))
    random = Random(1)
    size = 64
    while size:
        names = [(section, key) for section, key in _deletable(tree)]
        random.shuffle(names)
        for start in range(0, len(names), size):
            fewer = copied(tree)
            for section, key in names[start : start + size]:
                _remove(fewer, section, key)
            if set(_paths(fewer)) == wanted and _loads(fewer, file):
                tree = fewer
        size //= 2
    return written(tree)


def _deletable(tree: Table) -> Iterator[tuple[str, Any]]:
    """Yield what may be taken out: named entries of sections, and items of lists by their place."""
    for section, entries in tree.pairs:
        if isinstance(entries, Table):
            yield from ((section, key) for key, _ in entries.pairs)
        elif isinstance(entries, list):
            yield from ((section, place) for place in range(len(entries) - 1, -1, -1))


def _remove(tree: Table, section: str, key: Any) -> None:
    """Take an entry out, and its name from every list and table."""
    entries = next(item for name, item in tree.pairs if name == section)
    if isinstance(entries, list):
        if isinstance(key, int) and key < len(entries):
            del entries[key]
        return
    entries.pairs = [pair for pair in entries.pairs if pair[0] != key]
    for _, _, value in places(tree):
        if isinstance(value, list):
            value[:] = [item for item in value if item != key]
        elif isinstance(value, Table) and section != "questions":
            value.pairs = [pair for pair in value.pairs if pair[0] != key or pair[0] in ("title", "year")]


def _paths(tree: Any, path: str = "", named: bool = False) -> Iterator[str]:
    """Yield the path of every value, with a star for what a scenario names itself."""
    yield path
    if isinstance(tree, Table):
        for key, item in tree.pairs:
            yield from _paths(item, f"{path}.{'*' if named else key}", key in _NAMED and not named)
    elif isinstance(tree, list):
        for item in tree[:1] if not any(isinstance(item, Table) for item in tree) else tree:
            yield from _paths(item, f"{path}[]")


def _loads(tree: Table, file: Path) -> bool:
    file.write_text(written(tree), encoding="utf-8")
    try:
        load_scenario(file)
    except HoplonError:
        return False
    return True
