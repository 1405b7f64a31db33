"""Coverages kept in the folder of a study, so that one that was broken off resumes where it was.

A coverage is found by all that decides its digits: the content of the scenario, the aim points, hoplon's version and
sources, and what was asked. Its file carries a digest that is compared before anything else is read of it, and says
nothing about sizes: those follow from the scenario and the points. What is not exactly right is computed again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import CAUSES, Coverage
from hoplon.campaigns.provenance import sources_digest
from hoplon.files import write_bytes
from hoplon.scenario.given.file import content_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

_FORMAT: Final = b"hoplon coverage 1\n"
_DIGEST: Final = 32  # [byte]
_LENGTH: Final = 4  # [byte] of the length of the head
_LONGEST_HEAD: Final = 1 << 20  # [byte]
_COMPRESSION: Final = 1  # of 9: a third of the time, a few per cent larger
_MARKS: Final = ("threatened", "defended")
_NUMBERS: Final = ("shots_min", "hardest", "cause")
_KINDS: Final = frozenset({"|i1", "<i2", "<i4", "<i8"})
_WIDEST: Final = 8  # [byte]


@dataclass(frozen=True)
class CoverageRun:
    """One coverage to compute, with causes or without; its fields are part of the name that it is kept under."""

    architecture: str
    level: Level
    mode: str | None = None
    explain: bool = False
    support: str | None = None
    shots: int | None = None


class KeptCoverages:
    """The coverages of one scenario over its aim points that are kept in a folder.

    Parameters
    ----------
    folder : Path
        Made when the first one is kept.
    scenario : Scenario
    points : AimPoints
        n aim points.
    """

    def __init__(self, folder: Path, scenario: Scenario, points: AimPoints) -> None:
        self._folder, self._scenario, self._points = folder, scenario, points
        self._sha256 = scenario.sha256
        self._content = [self._sha256, scenario.name, sources_digest(), VERSION, digest_of_points(points)]
        self._shape = (len(points), len(scenario.threats))
        self._notes: dict[Path, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged, a sentence each."""
        return tuple(self._notes.values())

    def path(self, run: CoverageRun) -> Path:
        """Return where a coverage is kept."""
        name = json.dumps([*self._content, *astuple(run)])
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.coverage"

    def find(self, run: CoverageRun) -> Coverage | None:
        """Return what is kept of a run; None if there is nothing, or it is damaged: it is to be computed again."""
        path = self.path(run)
        try:
            content = content_of(path, self._longest + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            content = b""
        try:
            return self._read(content, path.stem, run)
        except Exception:  # whatever is wrong with the file, the kernels know the answer
            self._notes[path] = f"{path}: the coverage kept there is damaged; it is computed again"
            return None

    def keep(self, run: CoverageRun, covered: Coverage) -> None:
        """Keep a coverage, whole or not at all; one of some classes or areas alone is not kept.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        scenario = self._scenario
        of_all = covered.threats == tuple(scenario.threats) and covered.areas == tuple(scenario.launch_areas)
        if not of_all or covered.defended.shape != self._shape:
            return
        numbers = [getattr(covered, name) for name in _NUMBERS]
        numbers = [array.astype(array.dtype.newbyteorder("<"), copy=False) for array in numbers]
        marks = [np.packbits(getattr(covered, name)).tobytes() for name in _MARKS]
        head = {"batteries": covered.batteries, "kinds": [array.dtype.str for array in numbers]}
        text = json.dumps(head).encode()
        packed = zlib.compress(b"".join([*marks, *(array.tobytes() for array in numbers)]), _COMPRESSION)
        path = self.path(run)
        body = len(text).to_bytes(_LENGTH, "little") + text + packed
        write_bytes(path, _FORMAT + _digest(path.stem, body) + body, within=self._folder)

    @property
    def _cells(self) -> int:
        return self._shape[0] * self._shape[1]

    @property
    def _longest(self) -> int:
        """Bytes that a file may have: numbers of the widest kind that could not be compressed."""
        raw = 2 * _packed(self._cells) + len(_NUMBERS) * _WIDEST * self._cells
        return len(_FORMAT) + _DIGEST + _LENGTH + _LONGEST_HEAD + raw + raw // 512 + 4096

    def _read(self, content: bytes, name: str, run: CoverageRun) -> Coverage:
        """Return the coverage in a file's content; any exception where something is not as it must be."""
        start = len(_FORMAT) + _DIGEST
        body = content[start:]
        _require(content[:start] == _FORMAT + _digest(name, body))
        length = int.from_bytes(body[:_LENGTH], "little")
        _require(length <= _LONGEST_HEAD)
        head: dict[str, Any] = json.loads(body[_LENGTH : _LENGTH + length])
        kinds = head["kinds"]
        _require(len(kinds) == len(_NUMBERS) and _KINDS.issuperset(kinds))
        sizes = [_packed(self._cells)] * len(_MARKS) + [self._cells * np.dtype(kind).itemsize for kind in kinds]
        parts = _parts(body[_LENGTH + length :], sizes)
        threatened, defended = (self._marks(part) for part in parts[: len(_MARKS)])
        shots, hardest, cause = (
            np.frombuffer(part, kind).astype(np.dtype(kind).newbyteorder("=")).reshape(self._shape)
            for part, kind in zip(parts[len(_MARKS) :], kinds, strict=True)
        )
        scenario = self._scenario
        batteries = tuple(head["batteries"])
        _require(all(scenario.elements[battery].form == "battery" for battery in batteries))
        _require(not (defended & ~threatened).any() and shots.min(initial=0) >= -1)
        _require(hardest.min(initial=0) >= -1 and hardest.max(initial=-1) < len(scenario.launch_areas))
        _require(cause.min(initial=0) >= 0 and cause.max(initial=0) < len(CAUSES))
        resolved = scenario.architecture(run.architecture)
        return Coverage(
            scenario_name=scenario.name,
            scenario_sha256=self._sha256,
            architecture=resolved.name,
            title=resolved.title,
            year=resolved.year,
            level=run.level,
            points=self._points,
            areas=tuple(scenario.launch_areas),
            threats=tuple(scenario.threats),
            batteries=batteries,
            threatened=threatened,
            defended=defended,
            shots_min=shots,
            hardest=hardest,
            cause=cause,
        )

    def _marks(self, packed: bytes) -> NDArray[np.bool_]:
        bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=self._cells)
        return bits.astype(bool).reshape(self._shape)


def _require(right: bool) -> None:
    if not right:
        raise ValueError("no coverage that was kept here")


def _packed(cells: int) -> int:
    return (cells + 7) // 8


def _digest(name: str, body: bytes) -> bytes:
    """Return the BLAKE2b digest of what a file holds and of its name, for a file under another name is another's."""
    return hashlib.blake2b(name.encode() + b"\0" + body, digest_size=_DIGEST).digest()


def _parts(packed: bytes, sizes: list[int]) -> list[bytes]:
    """Return the parts of compressed bytes, which are to be exactly as long as the parts together."""
    inflating = zlib.decompressobj()
    content = inflating.decompress(packed, sum(sizes) + 1)
    _require(len(content) == sum(sizes) and inflating.eof and not inflating.unused_data)
    ends = np.cumsum(sizes)
    return [content[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def digest_of_points(points: AimPoints) -> str:
    """Return a digest of where aim points are, in which nations, and what they weigh."""
    digest = hashlib.sha256()
    for array in (points.latitude_deg, points.longitude_deg, points.population, points.area_km2):
        digest.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    digest.update("\n".join(points.nation.tolist()).encode())
    return digest.hexdigest()
