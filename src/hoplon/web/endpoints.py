"""The table of the server's endpoints: what each takes and returns. Routes and the OpenAPI document are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from hoplon.web import messages as on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

_DIGEST: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_IDENTITY: Final = {"type": "string", "pattern": "^[0-9a-f]{16}$"}


@dataclass(frozen=True)
class Endpoint:
    """One path and method.

    Attributes
    ----------
    method, path, name, summary : str
        ``name`` is that of the function in :class:`hoplon.web.routes.Routes` which answers.
    answer : type of BaseModel, or "binary", "stream", "json", "file"
        What a request that is granted gets.
    request : type of BaseModel, optional
        Of the body.
    query, in_path : mapping of str to dict
        Schemas of the parameters.
    refusals : tuple of int
        Statuses besides those that every endpoint may answer with.
    status : int
        Of a request that is granted.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    answer: type[BaseModel] | Literal["binary", "stream", "file", "json"]
    request: type[BaseModel] | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    in_path: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[int, ...] = ()
    status: int = 200


_SCENARIO: Final = {"scenario": _DIGEST}
_ANSWERED: Final = (400, 408, 409, 429)

ENDPOINTS: Final = (
    Endpoint("GET", "/api/alive", "alive", "That the server is there, and which start it is", on.Alive),
    Endpoint(
        "GET",
        "/api/scene",
        "scene",
        "Everything that a map of a scenario needs",
        on.Scene,
        query=_SCENARIO,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "GET",
        "/api/questions",
        "questions",
        "The questions that a scenario asks",
        on.Questions,
        query=_SCENARIO,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "GET",
        "/api/points/{set}",
        "points",
        "The aim points of a set",
        "binary",
        query=_SCENARIO,
        in_path={"set": {"enum": ["coarse", "exact"]}},
        refusals=(*_ANSWERED, 404),
    ),
    Endpoint(
        "GET",
        "/api/borders",
        "borders",
        "The outlines of countries, on the map or on the globe",
        "binary",
        query={**_SCENARIO, "form": {"enum": ["map", "globe"]}},
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/verdict",
        "verdict",
        "Who is threatened and who is defended in a what-if",
        "binary",
        on.AskedVerdict,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/margin",
        "margin",
        "The greatest decision time at which each point is defended",
        "binary",
        on.AskedPoints,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/shots",
        "shots",
        "How many shots each point gets, counted to the last",
        "binary",
        on.AskedShots,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/plans",
        "plans",
        "A what-if's changes in every architecture that is compared",
        "binary",
        on.AskedPoints,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/explain",
        "explain",
        "Why a place, a nation or an element is as it is",
        on.Explained,
        on.AskedWhy,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/first-out",
        "first_out",
        "What is lost when each element is taken out",
        on.FirstOuts,
        on.AskedPoints,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/elements",
        "elements",
        "The elements and radar ranges of a what-if",
        on.ShownElements,
        on.AskedElements,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/footprint",
        "footprint",
        "The area that a battery defends",
        on.Feature,
        on.AskedFootprint,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/denied",
        "denied",
        "The launch points against which a place is defended",
        on.Feature,
        on.AskedDenied,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/tracks",
        "tracks",
        "The flights to a place",
        on.FlightTracks,
        on.AskedTracks,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/save",
        "save",
        "A what-if as a scenario file",
        on.SavedFile,
        on.AskedFile,
        refusals=_ANSWERED,
    ),
    Endpoint(
        "POST",
        "/api/open",
        "open",
        "Open a scenario: the text of a file, or a bundled one",
        on.Opened,
        on.AskedOpening,
        refusals=(400, 408, 429),
    ),
    Endpoint(
        "POST",
        "/api/raids",
        "begin_raid",
        "Begin a raid",
        on.RunTold,
        on.AskedRaid,
        refusals=_ANSWERED,
        status=202,
    ),
    Endpoint(
        "POST",
        "/api/questions",
        "begin_question",
        "Begin to answer a question of the study",
        on.RunTold,
        on.AskedQuestion,
        refusals=_ANSWERED,
        status=202,
    ),
    Endpoint(
        "POST",
        "/api/coverage-files",
        "begin_coverage_files",
        "Begin to write the coverage of a what-if as files: CSV, GeoJSON, CZML, SVG, PNG",
        on.RunTold,
        on.AskedCoverageFiles,
        refusals=_ANSWERED,
        status=202,
    ),
    Endpoint("GET", "/api/runs", "runs", "Every raid and question under way or done", on.RunsTold),
    Endpoint(
        "GET", "/api/runs/{id}", "one_run", "How far a run is", on.RunTold, in_path={"id": _IDENTITY}, refusals=(404,)
    ),
    Endpoint(
        "DELETE",
        "/api/runs/{id}",
        "cancel",
        "End a run and drop its results",
        on.RunTold,
        in_path={"id": _IDENTITY},
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/api/runs/{id}/events",
        "events",
        "How far a run is, as it goes (server-sent events, resumable by Last-Event-ID)",
        "stream",
        in_path={"id": _IDENTITY},
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/api/runs/{id}/result",
        "result",
        "What a run came to: the keys of the command's --json",
        "json",
        in_path={"id": _IDENTITY},
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/api/runs/{id}/playback",
        "playback",
        "A raid to be played back",
        "json",
        in_path={"id": _IDENTITY},
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/api/runs/{id}/files/{name}",
        "run_file",
        "A file of a run's results",
        "file",
        in_path={"id": _IDENTITY, "name": {"type": "string"}},
        refusals=(404,),
    ),
)
