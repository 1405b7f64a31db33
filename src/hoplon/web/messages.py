"""What requests hold and what answers in JSON look like: the models of the OpenAPI document.

A whole number may be written ``3.0`` as JSON's numbers may, and no flag is a number.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _whole(given: Any) -> Any:
    """Take 3.0 for 3; leave everything else to the model, which takes no flag for a number."""
    return int(given) if isinstance(given, float) and given.is_integer() and abs(given) < 2**63 else given


Whole = Annotated[int, BeforeValidator(_whole), Field(strict=True)]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)]
Page = Annotated[str, StringConstraints(strict=True, max_length=64)]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Where = Annotated[list[Degrees], Field(min_length=2, max_length=2)]
Names = Annotated[list[Name], Field(min_length=1, max_length=200)]
Level = Literal["low", "base", "high"]
SetOfPoints = Literal["coarse", "exact"]


class Request(BaseModel):
    """A request: no key but those that are known."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class WhatIfDocument(Request):
    """A what-if: what is changed in one architecture of an open scenario (`hoplon.WhatIf`)."""

    scenario: Digest
    architecture: Name
    move: dict[Name, Where] = Field(default_factory=dict, max_length=1000)
    off: list[Name] = Field(default_factory=list, max_length=1000)
    add: dict[Name, dict[str, Any]] = Field(default_factory=dict, max_length=1000)
    type: dict[Name, str | dict[str, Any]] = Field(default_factory=dict, max_length=1000)
    doctrine: dict[str, Any] = Field(default_factory=dict, max_length=100)
    threat: dict[Name, dict[str, Any]] = Field(default_factory=dict, max_length=1000)
    year: Annotated[Whole, Field(ge=1900, le=2200)] | None = None


class AskedAbout(Request):
    """A question about a what-if."""

    page: Page = ""
    what_if: WhatIfDocument
    level: Level = "base"
    classes: Names | None = None


class AskedPoints(AskedAbout):
    """A question about a what-if at a set of points."""

    set: SetOfPoints = "exact"


class AskedShots(AskedAbout):
    """How many shots each point gets in a what-if, counted to the last."""

    areas: Names | None = None


class AskedCoverageFiles(AskedShots):
    """The coverage of a what-if, as files of other tools."""


class AskedVerdict(AskedPoints):
    """Who is threatened and defended in a what-if; `hand` names what is being moved."""

    seq: Annotated[Whole, Field(ge=0, le=2**53 - 1)] = 0
    areas: Names | None = None
    hand: list[Name] = Field(default_factory=list, max_length=200)


class AskedWhy(AskedAbout):
    """Why a place, a nation or an element is as it is: exactly one of them."""

    place: Where | None = None
    element: Name | None = None
    nation: Name | None = None


class AskedElements(Request):
    """The elements and radar ranges of a what-if."""

    what_if: WhatIfDocument
    level: Level = "base"


class AskedFootprint(Request):
    """The area that a battery defends."""

    page: Page = ""
    what_if: WhatIfDocument
    battery: Name
    threat: Name
    area: Name


class AskedDenied(Request):
    """The launch points against which a place is defended."""

    page: Page = ""
    what_if: WhatIfDocument
    aim: Where
    threat: Name


class AskedTracks(Request):
    """The flights to a place."""

    what_if: WhatIfDocument
    place: Where
    classes: Names | None = None
    areas: Names | None = None


class AskedFile(Request):
    """A what-if as a scenario file."""

    what_if: WhatIfDocument
    name: Annotated[str, StringConstraints(strict=True, max_length=64)] | None = None


class AskedOpening(Request):
    """A scenario to open: the text of a file, or the name of a bundled one."""

    text: Annotated[str, StringConstraints(strict=True, max_length=4_400_000)] | None = None
    name: Name | None = None


class AskedRaid(Request):
    """A raid to run."""

    what_if: WhatIfDocument
    raid: Name
    seed: Annotated[Whole, Field(ge=0, le=2**53 - 1)] = 1
    replications: Annotated[Whole, Field(ge=1, le=100_000)] = 64
    play: Annotated[Whole, Field(ge=0, le=99_999)] | None = 0
    lose: dict[Name, Annotated[float, Field(ge=0, le=100_000)]] = Field(default_factory=dict, max_length=200)
    doctrine: Name | None = None
    c2: Name | None = None


class AskedQuestion(Request):
    """A question of the study to answer."""

    scenario: Digest
    question: Name


class PlacedFinding(BaseModel):
    """Something that is wrong with a scenario or a request, with its place."""

    line: int | None = None
    column: int | None = None
    where: str | None = None
    message: str


class OpenScenario(BaseModel):
    """A scenario that requests may name."""

    sha256: str
    name: str
    title: str


class Fault(BaseModel):
    """Why a request was refused."""

    kind: Literal[
        "input",
        "no_token",
        "origin",
        "not_found",
        "method",
        "too_slow",
        "scenario",
        "superseded",
        "too_large",
        "media_type",
        "host",
        "invalid",
        "busy",
        "closing",
        "fault",
    ]
    message: str
    findings: list[PlacedFinding] | None = None
    open: list[OpenScenario] | None = None


class Refusal(BaseModel):
    """A refusal."""

    error: Fault


class Alive(BaseModel):
    """That the server is there."""

    start: str
    version: str


class Shown(BaseModel):
    """An answer whose keys are those of the library's."""

    model_config = ConfigDict(extra="allow")


class Scene(Shown):
    """Everything that a map of a scenario needs."""

    start: str
    version: str
    scenario: dict[str, Any]
    open: list[OpenScenario]
    bundled: list[dict[str, str]]
    architecture: str | None
    projection: dict[str, Any]
    sets: dict[str, dict[str, Any]]
    borders: dict[str, str]
    nations: list[dict[str, Any]]
    headline: dict[str, Any]
    classes: list[dict[str, Any]]
    launch_areas: list[dict[str, Any]]
    architectures: list[dict[str, Any]]
    elements: list[dict[str, Any]]
    radars: list[dict[str, Any]]
    interceptors: list[dict[str, Any]]
    satellites: list[dict[str, Any]]
    raids: list[dict[str, Any]]
    attribution: list[str]
    warnings: list[str]


class Questions(BaseModel):
    """The questions that a scenario asks."""

    questions: list[dict[str, str]]


class Explained(BaseModel):
    """Why something is as it is."""

    id: str
    explanation: dict[str, Any]


class FirstOuts(BaseModel):
    """What is lost when each element is taken out."""

    id: str
    population_share: float | None
    elements: list[dict[str, Any]]


class ShownElements(BaseModel):
    """What a map draws of a what-if."""

    id: str
    architecture: dict[str, Any]
    elements: list[dict[str, Any]]
    radars: list[dict[str, Any]]


class Feature(Shown):
    """A feature of GeoJSON (RFC 7946)."""

    type: Literal["Feature"]
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FlightTracks(BaseModel):
    """The flights to a place, and those that do not fly."""

    tracks: list[dict[str, Any]]
    refused: list[dict[str, str]]


class SavedFile(BaseModel):
    """A what-if as a scenario file, with the command that gives the same headline."""

    name: str
    yaml: str
    architecture: str
    command: str
    notes: list[str]


class Opened(OpenScenario):
    """A scenario that was opened."""

    architecture: str | None
    warnings: list[PlacedFinding]


class RunFile(BaseModel):
    """A file of a run."""

    name: str
    media_type: str
    bytes: int


class RunTold(BaseModel):
    """A raid, a question or the files of a coverage, under way or done."""

    id: str
    kind: Literal["raid", "question", "coverage"]
    title: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int
    total: int
    text: str
    error: str | None
    files: list[RunFile]
    asked: dict[str, Any]


class RunsTold(BaseModel):
    """Every run that is kept."""

    runs: list[RunTold]
