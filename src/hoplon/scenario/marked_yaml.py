"""YAML text to a tree of nodes that know their file, line and column; every bound on hostile input is here.

The parser is PyYAML's binding of libyaml, used for its events alone: types are resolved here by the YAML 1.2 core
schema (``NO`` is a text), duplicate keys are found, no tag is honoured and nothing is executed. Why not ruamel.yaml:
its C parser became an optional extra under changing names, and without it a scenario of 89 kB takes 390 ms to compose
against 8 ms here (11 ms with its C parser), while the whole of ``hoplon check`` should take about 200 ms.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from hoplon.scenario.findings import Findings
from hoplon.scenario.given.file import content_of

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 32

_UNPRINTABLE = (  # compiled only once the parser has met such a character: compiling takes 5 ms
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
# of an even number of backslashes before, so that none of them escapes the first of the pair
_PAIR = re.compile(r"(?P<before>(?<!\\)(?:\\\\)*)(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_OTHER_BASE = re.compile(r"0(?:o[0-7]{1,20}|x[0-9a-fA-F]{1,16})\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Node(ABC):
    """A place in a file; lines and columns count from 1, ``size`` counts the nodes below with aliases written out."""

    __slots__ = ("column", "file", "line", "size")

    def __init__(self, file: str, line: int, column: int) -> None:
        self.file, self.line, self.column, self.size = file, line, column, 1

    @property
    @abstractmethod
    def shape(self) -> str:
        """What the node is, in words."""


class Scalar(Node):
    """A single value: its text, and whether it stands plain (without quotes)."""

    __slots__ = ("plain", "text")

    def __init__(self, file: str, line: int, column: int, text: str, plain: bool) -> None:
        super().__init__(file, line, column)
        self.text, self.plain = text, plain

    @property
    def value(self) -> str | float | bool | None:
        """The value by the YAML 1.2 core schema; every number is a float."""
        text = self.text
        if not self.plain:
            return text
        if _NUMBER.match(text):
            return float(text)
        if text in _NULL:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
        if _OTHER_BASE.match(text):
            return float(int(text, 0))
        if _NOT_FINITE.match(text):
            return float(text.replace(".", ""))
        return text

    @property
    def shape(self) -> str:
        """What the node is, in words."""
        value = self.value
        if value is None:
            return "nothing"
        if isinstance(value, bool):
            return f"the flag {self.text}"
        if isinstance(value, float):
            return f"the number {brief(self.text)}"
        return f"the text {brief(self.text)!r}"


class Listing(Node):
    """A list of nodes."""

    __slots__ = ("items",)

    def __init__(self, file: str, line: int, column: int) -> None:
        super().__init__(file, line, column)
        self.items: list[Node] = []

    @property
    def shape(self) -> str:
        """What the node is, in words."""
        return f"a list of {len(self.items)}"


class MarkedTable(Node):
    """A mapping: key to (the key's node, the value's node), in the order of the file."""

    __slots__ = ("entries",)

    def __init__(self, file: str, line: int, column: int) -> None:
        super().__init__(file, line, column)
        self.entries: dict[str, tuple[Scalar, Node]] = {}

    def get(self, key: str) -> Node | None:
        """Return the node at a key, or None."""
        entry = self.entries.get(key)
        return None if entry is None else entry[1]

    @property
    def shape(self) -> str:
        """What the node is, in words."""
        return "a mapping"


def brief(text: str, most: int = 60) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= most else text[: most - 3] + "..."


def read_text(path: Path, file: str, findings: Findings) -> str:
    """Read a scenario file of bounded size as UTF-8 text; ``file`` is its name in messages.

    Raises
    ------
    ScenarioError
        If it cannot be read, is too large, or is not text.
    """
    try:
        content = content_of(path, MAX_BYTES + 1)
    except IsADirectoryError:
        findings.stop(file, 1, 1, "is a folder; a scenario file (YAML) was expected")
    except FileNotFoundError:
        findings.stop(file, 1, 1, "no such file")
    except (OSError, ValueError) as error:
        findings.stop(file, 1, 1, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(content) > MAX_BYTES:
        findings.stop(file, 1, 1, f"larger than {MAX_BYTES // 2**20} MiB, the most a scenario file may hold")
    return decoded(content, file, findings)


def decoded(content: bytes, file: str, findings: Findings) -> str:
    """Decode UTF-8 and refuse what is no text, with the place of the first bad byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", errors="replace")
        findings.stop(
            file,
            *_place(before, len(before)),
            f"byte 0x{content[error.start]:02x} is not UTF-8; a text file was expected "
            "(binary, or saved in another encoding?)",
        )


def _place(text: str, offset: int) -> tuple[int, int]:
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, line_start) + 1, offset - line_start + 1


def parsed(text: str, file: str, findings: Findings, begin: str = "hoplon: 1") -> MarkedTable:
    """Parse YAML text into a tree of marked nodes.

    Parameters
    ----------
    text : str
        The whole file.
    file : str
        Its name, for messages.
    findings : Findings
        Collects duplicate keys; parsing goes on after them.
    begin : str
        What such a file begins with, for messages.

    Raises
    ------
    ScenarioError
        If the text is no YAML, has no mapping at its top, or breaks a bound (depth, nodes, aliases).
    """
    import yaml

    text = _without_pairs(text)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        root = _Builder(file, findings).root(_events(loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        context = f" ({error.context})" if error.context else ""
        tab = "; a tab? YAML indents with spaces" if "cannot start any token" in str(error.problem) else ""
        findings.stop(file, line, column, f"not well-formed YAML: {error.problem or 'cannot be parsed'}{context}{tab}")
    except yaml.YAMLError as error:
        bad = re.search(_UNPRINTABLE, text)
        if bad is None:
            findings.stop(file, 1, 1, f"not well-formed YAML: {brief(str(error), 200)}")
        what = f"character U+{ord(bad.group()):04X} may not stand in a scenario"
        findings.stop(file, *_place(text, bad.start()), f"{what}; a text file was expected (binary?)")
    finally:
        loader.dispose()
    if root is None or (isinstance(root, Scalar) and root.value is None):
        findings.stop(file, 1, 1, f"the file is empty; it begins with `{begin}`")
    if not isinstance(root, MarkedTable):
        wanted = f"a mapping was expected, beginning with `{begin}`"
        findings.stop(file, root.line, root.column, f"{root.shape} at the top; {wanted}")
    return root


def _without_pairs(text: str) -> str:
    """Return JSON with each character beyond U+FFFF that it writes as a pair of surrogates written in one piece.

    JSON has no other escape for such a character, and to YAML it is two halves of one. What is no JSON stays as it is.
    """
    if not text.lstrip().startswith("{") or _PAIR.search(text) is None:
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _PAIR.sub(lambda pair: pair["before"] + json.loads(f'"{pair["pair"]}"'), text)


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


class _Open:
    """A list or mapping that is being filled; ``key`` waits for its value."""

    __slots__ = ("anchor", "key", "node")

    def __init__(self, node: Listing | MarkedTable, anchor: str | None) -> None:
        self.node, self.anchor = node, anchor
        self.key: Scalar | None = None


class _Builder:
    """Builds the tree from parser events, without recursion."""

    def __init__(self, file: str, findings: Findings) -> None:
        self.file, self.findings = file, findings
        self.anchors: dict[str, Node] = {}
        self.open: list[_Open] = []
        self.top: Node | None = None
        self.total = 0

    def root(self, events: Iterator[Any]) -> Node | None:
        documents = 0
        for event in events:
            what = type(event).__name__
            if what == "ScalarEvent":
                mark = event.start_mark
                self.refuse_tag(event)
                plain = event.style is None or event.style == ""
                node = Scalar(self.file, mark.line + 1, mark.column + 1, event.value, plain)
                self.take(node, event.anchor, event)
            elif what == "MappingStartEvent":
                self.begin(event, MarkedTable)
            elif what == "SequenceStartEvent":
                self.begin(event, Listing)
            elif what in ("MappingEndEvent", "SequenceEndEvent"):
                finished = self.open.pop()
                self.take(finished.node, finished.anchor, event)
            elif what == "AliasEvent":
                self.take(self.placed(self.aliased(event), event), None, event)
            elif what == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self.stop(event, "a second document begins; a scenario is one document")
        return self.top

    def begin(self, event: Any, shape: type[MarkedTable] | type[Listing]) -> None:
        self.refuse_tag(event)
        if len(self.open) >= MAX_DEPTH:
            self.stop(event, f"nested deeper than {MAX_DEPTH} levels, more than any scenario needs")
        mark = event.start_mark
        self.open.append(_Open(shape(self.file, mark.line + 1, mark.column + 1), event.anchor))

    def take(self, node: Node, anchor: str | None, event: Any) -> None:
        """Put a finished node, or an alias of one, into what is open."""
        self.total += 1
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.open:
            self.top = node
            return
        parent = self.open[-1]
        if isinstance(parent.node, Listing):
            parent.node.items.append(node)
        elif parent.key is None:
            if not isinstance(node, Scalar):
                self.findings.stop(
                    self.file, node.line, node.column, "a key must be a single text, not a list or a mapping"
                )
            parent.key = node
            return
        else:
            self.enter(parent.node, parent.key, node)
            parent.key = None
        parent.node.size += node.size
        if max(parent.node.size, self.total) > MAX_NODES:
            self.stop(event, f"more than {MAX_NODES} values (aliases written out); a scenario is smaller")

    def enter(self, table: MarkedTable, key: Scalar, node: Node) -> None:
        if key.text in table.entries:
            first = table.entries[key.text][0]
            self.findings.error(key, f"duplicate key {brief(key.text)!r}; it stands already in line {first.line}")
        else:
            table.entries[key.text] = (key, node)

    def aliased(self, event: Any) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            inside = any(level.anchor == event.anchor for level in self.open)
            why = (
                "stands inside the value that it repeats" if inside else "repeats an anchor that nothing before defines"
            )
            self.stop(event, f"alias *{brief(event.anchor)} {why}")
        return node

    def placed(self, node: Node, event: Any) -> Node:
        """Return a text that an alias repeats as a text at the place of the alias: there it may be wrong."""
        if not isinstance(node, Scalar):
            return node
        mark = event.start_mark
        return Scalar(self.file, mark.line + 1, mark.column + 1, node.text, node.plain)

    def refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            self.stop(event, f"tag {brief(event.tag)!r}: the scenario format has no tags; write the value plain")

    def stop(self, event: Any, message: str) -> NoReturn:
        mark = event.start_mark
        self.findings.stop(self.file, mark.line + 1, mark.column + 1, message)
