"""From a file, or the name of a bundled scenario, to a checked :class:`~hoplon.scenario.model.Scenario`."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hoplon.errors import ScenarioError
from hoplon.scenario.check import apply_rules, nations_without_data
from hoplon.scenario.fields import REFUSED, Origin, Reading
from hoplon.scenario.file_format import SECTIONS, TOP
from hoplon.scenario.findings import Diagnostic, Findings, expected
from hoplon.scenario.marked_yaml import MAX_BYTES, Listing, MarkedTable, Node, Scalar, brief, decoded, parsed, read_text
from hoplon.scenario.model import Doctrine, Network, Scenario
from hoplon.scenario.written import as_plain

# A plain path: importlib.resources alone would take 12 of the 180 ms of `hoplon check`.
_CATALOGUE: Final = Path(__file__).parent / "catalogue"
_SUFFIXES: Final = (".yaml", ".yml", ".json")
_MOST_EXTENDED: Final = 8
SENT: Final = "scenario"
"""What messages call a text that was sent, and no file holds."""
_WORDS: Final = {True: "true", False: "false", None: "null"}


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Load a scenario and check it.

    Parameters
    ----------
    path_or_name : str or Path
        A file (YAML 1.2 or JSON), or the name of a bundled scenario.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every error found, each as ``file:line:column: what is wrong, what was expected``.
    """
    findings = Findings()
    root, extends = _resolved(str(path_or_name), findings)
    return _with_base(_constructed(root, findings), extends)


def checked(path_or_name: str | Path) -> tuple[Scenario, tuple[Diagnostic, ...]]:
    """Load a scenario that the commands can answer without aim points of the user's, with the warnings found.

    Raises
    ------
    ScenarioError
        As :func:`load_scenario`; and for nations of which the package holds neither places nor land.
    """
    findings = Findings()
    root, extends = _resolved(str(path_or_name), findings)
    scenario = _constructed(root, findings)
    nations_without_data(scenario, root, findings)
    findings.refuse()
    return _with_base(scenario, extends), tuple(findings.warnings)


def load_text(text: str) -> tuple[Scenario, tuple[Diagnostic, ...]]:
    """Read a scenario from text that somebody sent, which may extend bundled scenarios and no file.

    Parameters
    ----------
    text : str
        YAML 1.2 or JSON, of the size that a file may have.

    Returns
    -------
    scenario : Scenario
    warnings : tuple of Diagnostic

    Raises
    ------
    ScenarioError
        As :func:`checked`; and where ``extends`` is no bundled name. No file but those of the catalogue is opened.
    """
    findings = Findings()
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        code = f"U+{ord(text[error.start]):04X}"
        findings.stop(SENT, 1, 1, f"character {code} may not stand in a scenario; a text was expected")
    if len(content) > MAX_BYTES:
        findings.stop(SENT, 1, 1, f"larger than {MAX_BYTES // 2**20} MiB, the most a scenario may hold")
    root, extends = _layered(parsed(decoded(content, SENT, findings), SENT, findings), findings, files=False)
    scenario = _constructed(root, findings)
    nations_without_data(scenario, root, findings)
    findings.refuse()
    return _with_base(scenario, extends), tuple(findings.warnings)


def _with_base(scenario: Scenario, extends: str) -> Scenario:
    """Return a scenario that knows what its file extends."""
    object.__setattr__(scenario, "extends", extends)
    return scenario


def read_again(scenario: Scenario, plain: Mapping[str, Any] | None = None) -> Scenario:
    """Return a scenario that was made or changed in Python as the loader reads it: written out, and checked.

    Parameters
    ----------
    scenario : Scenario
    plain : mapping, optional
        What the file would say of it once it is changed (:func:`hoplon.scenario.written.as_plain`); as it is by
        default.

    Raises
    ------
    ScenarioError
        With every error found, each with its path in the scenario.
    InputError
        If a value is nothing that a scenario could hold.
    """
    findings = Findings()
    plain = as_plain(scenario) if plain is None else plain
    return _constructed(marked(plain, f"scenario {scenario.name}, as changed"), findings)


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled scenarios."""
    return tuple(sorted(path.stem for path in _CATALOGUE.glob("*.yaml")))


def bundled_title(name: str) -> str:
    """Return the title of a bundled scenario from the lines before its first nested one: the rest is long."""
    findings = Findings()
    file = f"{name}.yaml"
    lines = read_text(_CATALOGUE / file, file, findings).splitlines()
    head = itertools.takewhile(lambda line: not line.startswith((" ", "-")), lines)
    title = parsed("\n".join(head), file, findings).get("title")
    return title.text if isinstance(title, Scalar) else load_scenario(name).title


def _resolved(path_or_name: str, findings: Findings) -> tuple[MarkedTable, str]:
    """Return a file and everything it extends, merged, and what it extends itself: a bundled scenario or a file.

    What a file extends is a bundled scenario, or a file in its own folder: a scenario may come from somebody else, and
    must not lead to other files, nor show in a refusal what is in them.
    """
    return _layered(_read(path_or_name, None, findings), findings)


def _layered(root: MarkedTable, findings: Findings, *, files: bool = True) -> tuple[MarkedTable, str]:
    """Return a tree that was read with everything it extends, merged, and what it extends itself.

    Without ``files`` that is bundled scenarios alone.
    """
    opened = [root.file]
    layers = [root]
    while (extends := layers[-1].get("extends")) is not None:
        if not isinstance(extends, Scalar) or not isinstance(extends.value, str):
            wanted = "the name of a bundled scenario or a file was expected"
            findings.stop(extends.file, extends.line, extends.column, f"extends: {wanted}, got {extends.shape}")
        base = _read(extends.text, extends, findings, files=files)
        chain = " -> ".join([*opened, base.file])
        if base.file in opened:
            findings.stop(extends.file, extends.line, extends.column, f"extends: the files extend each other: {chain}")
        if len(opened) > _MOST_EXTENDED:
            many = f"more than {_MOST_EXTENDED} files extend each other in a chain"
            findings.stop(extends.file, extends.line, extends.column, f"extends: {many}: {chain}")
        opened.append(base.file)
        layers.append(base)
    extended = opened[1] if len(opened) > 1 else ""
    merged = layers.pop()
    while layers:
        merged = _merge(merged, layers.pop())
    merged.entries.pop("extends", None)
    return merged, extended.removesuffix(".yaml") if extended.removesuffix(".yaml") in bundled_names() else extended


def _read(path_or_name: str, extending: Scalar | None, findings: Findings, *, files: bool = True) -> MarkedTable:
    """Read one file: a bundled name first, unless it looks like a path."""
    looks_like_path = path_or_name.endswith(_SUFFIXES) or "/" in path_or_name or "\\" in path_or_name
    if not looks_like_path:
        names = bundled_names()
        folded = path_or_name.replace("_", "-")
        if folded in names:
            file = f"{folded}.yaml"
            return parsed(read_text(_CATALOGUE / file, file, findings), file, findings)
        if extending is not None or not os.path.exists(path_or_name):
            hint = f"neither a file nor a bundled scenario; {expected(path_or_name, names)}"
            if extending is not None:
                message = f"extends: {brief(path_or_name)!r} is {hint}"
                findings.stop(extending.file, extending.line, extending.column, message)
            findings.stop(path_or_name, 1, 1, f"is {hint}")
    if extending is None:
        path = Path(path_or_name)
        return parsed(read_text(path, str(path), findings), str(path), findings)
    if not files:
        message = f"{brief(path_or_name)!r} is no bundled scenario; {expected(path_or_name, bundled_names())}"
        message += "; a text that was sent extends no file"
        findings.stop(extending.file, extending.line, extending.column, f"extends: {message}")
    return _read_beside(path_or_name, extending, findings)


def _read_beside(name: str, extending: Scalar, findings: Findings) -> MarkedTable:
    """Read a file that another extends; a refusal of what is no scenario quotes nothing of it."""
    folder = Path(extending.file).parent
    path = folder / name
    inside = "\0" not in name and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    message = ""
    if not inside:
        message = f"{brief(name)!r} is not in the folder of the file that extends it, nor a bundled scenario"
    elif not os.path.isfile(path):
        message = f"there is no file {brief(name)!r}"
    if message:
        findings.stop(extending.file, extending.line, extending.column, f"extends: {message}")
    try:
        found = parsed(read_text(path, str(path), findings), str(path), Findings())
    except ScenarioError:
        found = None
    if found is None or found.get("hoplon") is None:
        message = f"extends: {brief(name)!r} is no scenario, which is YAML with `hoplon: 1` at its top; check it alone"
        findings.stop(extending.file, extending.line, extending.column, message)
    return parsed(read_text(path, str(path), findings), str(path), findings)


def _merge(base: Node, over: Node) -> Any:
    """Lay a node over another: mappings merge by key, all else replaces; nothing (null) takes a key away.

    A cited value replaces the whole value under it: bounds and source of one number never stand beside another.
    """
    if not (isinstance(base, MarkedTable) and isinstance(over, MarkedTable)) or "value" in over.entries:
        return over
    merged = MarkedTable(over.file, over.line, over.column)
    merged.entries = dict(base.entries)
    for key, (key_node, item) in over.entries.items():
        under = base.get(key)
        if under is None:
            merged.entries[key] = (key_node, item)
        elif isinstance(item, Scalar) and item.value is None:
            del merged.entries[key]
        else:
            merged.entries[key] = (key_node, _merge(under, item))
    return merged


def _constructed(root: MarkedTable, findings: Findings) -> Scenario:
    """Validate the merged tree and make the records."""
    for key, (key_node, _) in root.entries.items():
        if key not in TOP:
            findings.error(key_node, f"unknown key {brief(key)!r}; {findings.expected(key, TOP)}")
    names = {section: _keys(root.get(section)) for section in SECTIONS}
    names["nations"] = _codes(root.get("nations"))
    reading = Reading(findings, names)
    values: dict[str, Any] = {}
    for key, kind in TOP.items():
        node = root.get(key)
        if node is not None:
            values[key] = kind.read(node, key, reading, Origin())
    required = ["hoplon", "name"]
    if names["architectures"]:
        required += ["network", "doctrine"]
    for key in required:
        if root.get(key) is None:
            findings.error(root, f"`{key}` is missing" + (", format version 1" if key == "hoplon" else ""))
    findings.refuse()
    assert REFUSED not in values.values()
    scenario = Scenario(
        hoplon=1,
        name=values["name"],
        title=values.get("title") or values["name"],
        nations=MappingProxyType(values.get("nations", {})),
        **{section: values.get(section, MappingProxyType({})) for section in SECTIONS},
        network=values.get("network") or Network(),
        doctrine=values.get("doctrine") or Doctrine(),
        strategic=values.get("strategic", ()),
        costs=values.get("costs"),
        robustness=values.get("robustness"),
        adapt=values.get("adapt"),
        headline=values.get("headline"),
        disputed=values.get("disputed"),
        milestones=values.get("milestones", ()),
        statements=values.get("statements", ()),
        population_year=values.get("population_year"),
    )
    apply_rules(scenario, root, findings)
    findings.refuse()
    object.__setattr__(scenario, "checked", True)
    return scenario


def marked(plain: Any, origin: str) -> Any:
    """Return plain data as the tree that a file is read into; every place is ``origin``, without a line."""
    if isinstance(plain, dict):
        table = MarkedTable(origin, 0, 0)
        for key, item in plain.items():
            table.entries[key] = (Scalar(origin, 0, 0, key, False), marked(item, origin))
        return table
    if isinstance(plain, list):
        listing = Listing(origin, 0, 0)
        listing.items = [marked(item, origin) for item in plain]
        return listing
    if isinstance(plain, str):
        return Scalar(origin, 0, 0, plain, False)
    if isinstance(plain, float) and not math.isfinite(plain):
        return Scalar(origin, 0, 0, f"{plain}".replace("inf", ".inf").replace("nan", ".nan"), True)
    return Scalar(origin, 0, 0, _WORDS[plain] if plain is None or isinstance(plain, bool) else repr(plain), True)


def _keys(node: Node | None) -> Mapping[str, None]:
    return dict.fromkeys(node.entries) if isinstance(node, MarkedTable) else {}


def _codes(nations: Node | None) -> Mapping[str, None]:
    """Return the codes of the nations, which are a list or a mapping."""
    if isinstance(nations, Listing):
        return dict.fromkeys(item.text for item in nations.items if isinstance(item, Scalar))
    return _keys(nations)


__all__ = ["ScenarioError", "bundled_names", "bundled_title", "checked", "load_scenario", "load_text", "read_again"]
