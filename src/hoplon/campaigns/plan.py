"""The plan of a campaign: what is varied, how often each combination runs, and how the work is cut.

A plan names architectures, raids, doctrines, forms of command, losses and parameters; every combination is a cell. The
cells are numbered, never listed: a plan of a million costs nothing until it runs.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hoplon.backbone.doctrine import FORMS, form_named
from hoplon.backbone.losses import loss_of
from hoplon.campaigns.store import MOST_REPLICATIONS
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.conditions import parameter_words, parameters
from hoplon.scenario.containers import ListOf, RecordOf
from hoplon.scenario.fields import REFUSED, Choice, Field, Key, Name, Origin, Reading, Text, refuse_unknown_keys
from hoplon.scenario.findings import Findings, expected
from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node, brief, parsed, read_text
from hoplon.scenario.quantities import Number
from hoplon.scenario.schema import schema_of
from hoplon.scenario.shot_doctrines import DoctrineName
from hoplon.scenario.values import Level

OWN: Final = "scenario"
"""Stands in a plan for what the scenario itself gives."""

MOST_CELLS: Final = 100_000_000

PARAMETERS: Final[Mapping[str, Number]] = MappingProxyType(parameters())
"""What a plan may vary beside names: keys and limits."""


@dataclass(frozen=True)
class PlanCell:
    """One combination of a plan.

    Attributes
    ----------
    number : int
    architecture, raid : str
    doctrine, c2 : str or None
        None for the scenario's own.
    level : str
        Of kill probability.
    losses : tuple of str
        ``ELEMENT@T`` or ``ELEMENT@T-REPAIRED``, seconds after the first launch.
    parameters : dict of str to float
    """

    number: int
    architecture: str
    raid: str
    doctrine: str | None
    c2: str | None
    level: Level
    losses: tuple[str, ...]
    parameters: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the columns that tell the cell from others."""
        return {
            "cell": self.number,
            "architecture": self.architecture,
            "raid": self.raid,
            "doctrine": self.doctrine or OWN,
            "c2": self.c2 or OWN,
            "level": self.level,
            "losses": " ".join(self.losses),
            **self.parameters,
        }

    def __str__(self) -> str:
        """Return the combination in words."""
        usual = ("", OWN, "base")
        return ", ".join(f"{key} {value}" for key, value in self.as_json().items() if value not in usual)


@dataclass(frozen=True)
class Plan:
    """A plan; every combination of its lists is a cell.

    Attributes
    ----------
    architectures, raids : tuple of str
    doctrines, c2 : tuple of str
        ``scenario`` for the raid's or the scenario's own.
    levels : tuple of str
        Of kill probability: low, base, high.
    losses : tuple of tuple of str
    parameters : dict of str to tuple of float
        Values of each; every combination of them counts.
    samples : tuple of dict of str to float
        Values of further parameters that go together.
    replications : int
        Of each cell.
    seed : int
    chunk : int
        Replications of one chunk.
    """

    architectures: tuple[str, ...]
    raids: tuple[str, ...]
    doctrines: tuple[str, ...] = (OWN,)
    c2: tuple[str, ...] = (OWN,)
    levels: tuple[Level, ...] = ("base",)
    losses: tuple[tuple[str, ...], ...] = ((),)
    parameters: dict[str, tuple[float, ...]] = field(default_factory=dict)
    samples: tuple[dict[str, float], ...] = field(default_factory=lambda: ({},))
    replications: int = 1000
    seed: int = 1
    chunk: int = 10_000

    @property
    def cells(self) -> int:
        """Return how many combinations there are."""
        return math.prod(self._sizes())

    @property
    def chunks_of_cell(self) -> int:
        """Return how many chunks a cell is cut in."""
        return -(-self.replications // self.chunk)

    @property
    def chunks(self) -> int:
        """Return how many chunks there are in all."""
        return self.cells * self.chunks_of_cell

    def _sizes(self) -> list[int]:
        named: tuple[Collection[Any], ...] = (self.architectures, self.raids, self.doctrines, self.c2, self.levels)
        return [len(values) for values in (*named, self.losses, *self.parameters.values(), self.samples)]

    def cell(self, number: int) -> PlanCell:
        """Return a cell by its number; the last list of the plan varies fastest."""
        at = []
        rest = number
        for size in reversed(self._sizes()):
            rest, place = divmod(rest, size)
            at.append(place)
        architecture, raid, doctrine, c2, level, losses, *values, sample = reversed(at)
        grid = {name: found[place] for (name, found), place in zip(self.parameters.items(), values, strict=True)}
        return PlanCell(
            number,
            self.architectures[architecture],
            self.raids[raid],
            None if self.doctrines[doctrine] == OWN else self.doctrines[doctrine],
            None if self.c2[c2] == OWN else self.c2[c2],
            self.levels[level],
            self.losses[losses],
            {**grid, **self.samples[sample]},
        )

    def part(self, chunk: int) -> tuple[int, int, int]:
        """Return cell, first replication and number of replications of a chunk."""
        cell, part = divmod(chunk, self.chunks_of_cell)
        first = part * self.chunk
        return cell, first, min(self.chunk, self.replications - first)

    def __iter__(self) -> Iterator[PlanCell]:
        """Return every cell in order."""
        return map(self.cell, range(self.cells))

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Return the parameters that the plan varies."""
        return (*self.parameters, *self.samples[0])

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain data, all that decides a digit of its results."""
        return {
            "architectures": list(self.architectures),
            "raids": list(self.raids),
            "doctrines": list(self.doctrines),
            "c2": list(self.c2),
            "levels": list(self.levels),
            "losses": [list(loss) for loss in self.losses],
            "parameters": {name: list(values) for name, values in self.parameters.items()},
            "samples": [dict(sample) for sample in self.samples],
            "replications": self.replications,
            "seed": self.seed,
            "chunk": self.chunk,
        }

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the plan's content, whatever its comments and the order of its keys."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _FormName:
    """The name of an information architecture, or ``scenario``."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        text = Text().read(node, path, reading, origin)
        if text is REFUSED or text == OWN:
            return text
        try:
            form_named(text)
        except UnknownNameError:
            hint = expected(text, (OWN, *FORMS))
            return reading.refuse(node, path, f"{brief(text)!r} is no form of command; {hint}")
        return text.replace("-", "_")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": [OWN, *FORMS]}


@dataclass(frozen=True, slots=True)
class _Loss:
    """The loss of an element of the scenario, or of a node that a raid assumes."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        text = Text().read(node, path, reading, origin)
        if text is REFUSED:
            return text
        try:
            name = loss_of(text).element
        except InputError as error:
            return reading.refuse(node, path, str(error))
        known = reading.names.get("elements", ())
        if name not in known and not name.endswith(" (unit)") and not name.startswith("assumed "):
            hint = reading.findings.expected(name, known)
            return reading.refuse(node, path, f"{brief(name)!r} is not in `elements`; {hint}")
        return text.strip()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "@", "description": "`ELEMENT@T` or `ELEMENT@T-REPAIRED`"}


@dataclass(frozen=True, slots=True)
class _ByParameter:
    """A mapping from parameters to a number, or to a list of numbers."""

    many: bool

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        if not isinstance(node, MarkedTable):
            return reading.refuse(node, path, f"a mapping from parameters was expected, got {node.shape}")
        refuse_unknown_keys(node, path, reading, PARAMETERS)
        values = {}
        for key, (_, item) in node.entries.items():
            if key in PARAMETERS:
                kind: Field = ListOf(PARAMETERS[key], 1, distinct=True) if self.many else PARAMETERS[key]
                values[key] = kind.read(item, f"{path}.{key}", reading, origin)
        return REFUSED if REFUSED in values.values() else values

    def schema(self) -> dict[str, Any]:
        properties = {}
        for name, kind in PARAMETERS.items():
            declared: Field = ListOf(kind, 1, distinct=True) if self.many else kind
            properties[name] = Key(declared, *parameter_words()[name]).schema()
        return {"type": "object", "properties": properties, "additionalProperties": False}


TOP: Final[Mapping[str, Key]] = MappingProxyType(
    {
        "hoplon_campaign": Key(
            Number("", 1, 1, plain=True, whole=True, remedy="this is format version 1"), "version of the format"
        ),
        "title": Key(Text(), "heading of the campaign", "none"),
        "architectures": Key(ListOf(Name("architectures"), 1, distinct=True), "architectures of the scenario"),
        "raids": Key(ListOf(Name("raids"), 1, distinct=True), "raids of the scenario"),
        "doctrines": Key(
            ListOf(DoctrineName(OWN), 1, distinct=True),
            "shot doctrines, as `--doctrine` of `raid`; `scenario` is the raid's, else the scenario's own",
        ),
        "c2": Key(
            ListOf(_FormName(), 1, distinct=True),
            "forms of command and control, as `--c2` of `raid`; `scenario` is the architecture's own",
        ),
        "levels": Key(
            ListOf(Choice(("low", "base", "high")), 1, distinct=True),
            "levels of kill probability, as `--level` of `raid`",
        ),
        "losses": Key(
            ListOf(ListOf(_Loss(), distinct=True), 1, distinct=True),
            "lists of elements lost together, each `ELEMENT@T` or `ELEMENT@T-REPAIRED` in seconds after the "
            "first launch",
        ),
        "parameters": Key(
            _ByParameter(many=True),
            "values of what raids assume, by parameter; every combination of them is run",
            "none",
        ),
        "samples": Key(
            ListOf(_ByParameter(many=False), 1),
            "values of further parameters that go together, crossed with all else",
            "none",
        ),
        "replications": Key(Number("", 1, 1e12, plain=True, whole=True), "replications of each cell"),
        "seed": Key(Number("", 0, 2**53, plain=True, whole=True), "of every draw; cells use common random numbers"),
        "chunk": Key(
            Number("replications", 1, MOST_REPLICATIONS, plain=True, whole=True),
            "replications of one file; results do not depend on it",
        ),
    }
)
"""The keys of a plan."""

REQUIRED: Final = ("hoplon_campaign", "architectures", "raids", "replications")


def defaults() -> dict[str, Any]:
    """Return what a plan takes where a key is left out, as a file would write it."""
    found = RecordOf(Plan, TOP, REQUIRED, described={})
    return {key: found.default_of(key) for key in TOP if found.default_of(key) is not None}


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a campaign's plan."""
    return schema_of("hoplon campaign plan, format 1", TOP, REQUIRED, defaults())


def read_plan(path: str | Path, names: Mapping[str, Collection[str]]) -> Plan:
    """Read a plan and check it against a scenario's names.

    Parameters
    ----------
    path : str or Path
        A YAML file.
    names : mapping
        The scenario's ``architectures``, ``raids`` and ``elements``.

    Raises
    ------
    ScenarioError
        With every error found, each as ``file:line:column: what is wrong, what was expected``.
    InputError
        If there are more cells than can be numbered.
    """
    findings = Findings()
    root = parsed(read_text(Path(path), str(path), findings), str(path), findings, "hoplon_campaign: 1")
    reading = Reading(findings, names)
    refuse_unknown_keys(root, "", reading, TOP)
    values: dict[str, Any] = {}
    for key, kind in TOP.items():
        node = root.get(key)
        if node is not None:
            values[key] = kind.read(node, key, reading, Origin())
    for key in REQUIRED:
        if root.get(key) is None:
            findings.error(root, f"`{key}` is missing" + (", format version 1" if key == "hoplon_campaign" else ""))
    _refuse_uneven_samples(root.get("samples"), values, findings)
    findings.refuse()
    for key in ("hoplon_campaign", "title"):
        values.pop(key, None)
    plan = Plan(**values)
    if plan.cells > MOST_CELLS:
        raise InputError(f"{path}: {plan.cells:,} cells; a campaign numbers no more than {MOST_CELLS:,}: cut the plan")
    return plan


def _refuse_uneven_samples(node: Node | None, values: dict[str, Any], findings: Findings) -> None:
    """Every sample gives the same parameters, none of which is in ``parameters`` as well."""
    samples, grid = values.get("samples"), values.get("parameters", {})
    if node is None or samples is None or samples is REFUSED or grid is REFUSED:
        return
    assert isinstance(node, Listing)
    for item, sample in zip(node.items, samples, strict=True):
        if set(sample) != set(samples[0]):
            wanted = ", ".join(samples[0]) or "none"
            findings.error(item, f"samples: every sample gives the same parameters; the first gives {wanted}")
        for name in set(sample) & set(grid):
            findings.error(item, f"samples: {name} is in `parameters` already")
