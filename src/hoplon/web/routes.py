"""The application: each endpoint's function, what every one of them shares, and the files that are served."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router

from hoplon import api
from hoplon.version import VERSION
from hoplon.web import answers
from hoplon.web import messages as on
from hoplon.web.endpoints import ENDPOINTS, Endpoint
from hoplon.web.guard import Guard, error_document
from hoplon.web.openapi import document
from hoplon.web.opened import OpenedScenario, OpenedScenarios
from hoplon.web.replies import (
    LIMIT_S,
    FaultError,
    binary_answer,
    file_answer,
    invalid,
    json_answer,
    kept_answer,
    read,
    refusal,
)
from hoplon.web.run_process import PLAYBACK, RESULT
from hoplon.web.runs import LongRun, LongRuns
from hoplon.web.work import BusyError, ClosingError, Computing, Purpose, SupersededError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from hoplon.progress import Progress
    from hoplon.web.served_files import ServedFile

_Result = TypeVar("_Result")
_IDENTITY: Final = re.compile(r"[0-9a-f]{16}\Z")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
_NO_PAGE: Final = b"<!doctype html><title>hoplon</title><p>The page of the application is not in this installation.</p>"


class Application:
    """The application without its guard.

    Parameters
    ----------
    first : OpenedScenario
        The scenario that the server begins with.
    guard : Guard
        Whose start every answer tells.
    files : mapping of str to ServedFile
        What is served besides, by path.
    computing : Computing
        The thread that computes.
    """

    def __init__(
        self,
        first: OpenedScenario,
        guard: Guard,
        files: Mapping[str, ServedFile],
        computing: Computing,
    ) -> None:
        self.scenarios, self.guard, self.files, self.computing = OpenedScenarios(first), guard, files, computing
        self.long_runs = LongRuns()
        self.released = ""  # what was learnt last for the end of a drag
        self.router = Router([*(self._route(endpoint) for endpoint in ENDPOINTS)], redirect_slashes=False)
        self.router.default = self._other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        scope["app"] = self  # refusals of routes are then raised, and said as all others are
        try:
            await self.router(scope, receive, send)
        except HTTPException as refused:
            kind = {404: "not_found", 405: "method"}.get(refused.status_code, "input")
            told = {404: "there is nothing of that name", 405: "another method was expected"}
            body = error_document(kind, told.get(refused.status_code, str(refused.detail)))
            await json_answer(body, refused.status_code, refused.headers)(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file of the list, or say that there is none."""
        if scope["type"] != "http":
            return
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405 if scope["path"] in self.files or scope["path"] == "/" else 404)
        if scope["path"] == "/openapi.json":
            await json_answer(document())(scope, receive, send)
            return
        found = self.files.get(scope["path"])
        content = None if found is None else await asyncio.to_thread(found.read)
        if found is None and scope["path"] == "/":
            await Response(_NO_PAGE, media_type="text/html; charset=utf-8")(scope, receive, send)
            return
        if found is None or content is None:
            raise HTTPException(404)
        headers = {}
        if found.policy is not None:
            headers["Content-Security-Policy"] = found.policy
        if found.attached is not None:
            headers["Content-Disposition"] = f'attachment; filename="{found.attached}"'
        await Response(content, headers=headers, media_type=found.media_type)(scope, receive, send)

    def _route(self, endpoint: Endpoint) -> Route:
        answer: Callable[..., Awaitable[Response]] = getattr(self, endpoint.name)
        path = endpoint.path.replace("{name}", "{name:path}")

        async def answered(request: HttpRequest) -> Response:
            try:
                for name in request.query_params:
                    if name not in endpoint.query:
                        raise invalid([{"where": name, "message": "unknown parameter"}])
                if endpoint.request is None:
                    return await answer(request)
                return await answer(request, await read(request, endpoint.request))
            except Exception as error:
                return refusal(error)

        return Route(path, answered, methods=[endpoint.method], name=f"{endpoint.method} {endpoint.path}")

    # --- scenarios and what is drawn of them -------------------------------------------------------------------------

    async def alive(self, request: HttpRequest) -> Response:
        """Say that the server is there."""
        return json_answer({"start": self.guard.start, "version": VERSION})

    async def scene(self, request: HttpRequest) -> Response:
        """Return everything that a map of a scenario needs."""
        opened = self._opened(request.query_params.get("scenario"))
        found = await self._ask(request, Purpose.SCENE, None, opened, lambda progress: opened.document())
        report = "/report/report.html" if "/report/report.html" in self.files else None
        return json_answer(
            {
                "start": self.guard.start,
                "version": VERSION,
                "open": self.scenarios.listed(),
                "bundled": _bundled(),
                "report": report is not None,
                "report_path": report,
                **found,
            }
        )

    async def questions(self, request: HttpRequest) -> Response:
        """Return the questions that a scenario asks; finding them out imports much, and computes nothing."""
        opened = self._opened(request.query_params.get("scenario"))
        found = await self._ask(request, Purpose.ASKED, None, opened, lambda progress: opened.questions())
        return json_answer({"questions": found})

    async def points(self, request: HttpRequest) -> Response:
        """Return the aim points of a set."""
        name = request.path_params["set"]
        if name not in ("coarse", "exact"):
            raise FaultError(404, "not_found", f"there is no set of points {name!r:.40}; coarse or exact was expected")
        opened = self._opened(request.query_params.get("scenario"))
        digest, content = await self._ask(request, Purpose.SCENE, None, opened, lambda progress: opened.points(name))
        return kept_answer(request, digest, content)

    async def borders(self, request: HttpRequest) -> Response:
        """Return the outlines of countries."""
        form = request.query_params.get("form", "map")
        if form not in ("map", "globe"):
            raise invalid([{"where": "form", "message": "map or globe was expected"}])
        opened = self._opened(request.query_params.get("scenario"))
        digest, content = await self._ask(request, Purpose.SCENE, None, opened, lambda progress: opened.borders(form))
        return kept_answer(request, digest, content)

    async def open(self, request: HttpRequest, asked: on.AskedOpening) -> Response:
        """Open a scenario."""
        if (asked.text is None) == (asked.name is None):
            raise FaultError(400, "input", "either the text of a scenario or the name of a bundled one was expected")
        text, name = asked.text, asked.name

        def opened(progress: Progress) -> tuple[OpenedScenario, list[dict[str, Any]]]:
            made, found = read_scenario()
            made.architecture = made.architecture or api.scene.first_architecture(made.scenario)
            return made, found

        def read_scenario() -> tuple[OpenedScenario, list[dict[str, Any]]]:
            if text is not None:
                scenario, found = api.load_text(text)
                listed = [{"line": one.line, "column": one.column, "message": one.message} for one in found]
                return OpenedScenario(scenario, "uploaded", _added_architecture(scenario)), listed
            bundled = {row["name"] for row in _bundled()}
            if name not in bundled:
                known = ", ".join(sorted(bundled))
                raise FaultError(400, "input", f"there is no bundled scenario {name!r:.60}; there are {known}")
            return OpenedScenario(api.load(str(name)), "bundled"), []

        made, warnings = await self._ask(request, Purpose.SCENE, None, None, opened)
        kept = self.scenarios.add(made)
        return json_answer({**kept.listed(), "architecture": made.architecture, "warnings": warnings})

    async def save(self, request: HttpRequest, asked: on.AskedFile) -> Response:
        """Return a what-if as a scenario file."""
        return json_answer(
            await self._answer(request, Purpose.ASKED, asked, lambda opened, _: answers.saved(opened, asked))
        )

    # --- what-ifs ----------------------------------------------------------------------------------------------------

    async def verdict(self, request: HttpRequest, asked: on.AskedVerdict) -> Response:
        """Return who is threatened and defended; what the next answers need is learnt afterwards."""
        purpose = Purpose.DRAG if asked.set == "coarse" or asked.hand else Purpose.EXACT
        start = self.guard.start
        content = await self._answer(
            request, purpose, asked, lambda opened, progress: answers.verdict(opened, asked, start, progress)
        )
        if purpose is Purpose.EXACT:
            self.precompute(asked)
        elif asked.hand and asked.set == "coarse":
            self.precompute_release(asked)
        return binary_answer(content)

    def precompute(self, asked: on.AskedVerdict) -> None:
        """Learn what the next what-ifs of a page need, as soon as nothing else is to be done."""
        opened = self._opened(asked.what_if.scenario)
        what_if = answers.document_of(asked.what_if)

        def learn(progress: Progress) -> None:
            self.scenarios.answering(opened).what_ifs.prepare(what_if, asked.level, asked.classes, progress)

        with contextlib.suppress(BusyError, ClosingError):
            self.computing.put(Purpose.PRECOMPUTE, (asked.page,), learn, _ignored)

    def precompute_release(self, asked: on.AskedVerdict) -> None:
        """Learn, between the steps of a drag, what the exact answer at its end needs: what is not in the hand."""
        opened = self._opened(asked.what_if.scenario)
        what_if, hand = answers.document_of(asked.what_if), tuple(asked.hand)
        stays = {name: at for name, at in what_if.get("move", {}).items() if name not in hand}
        key = repr((what_if | {"move": stays}, hand, asked.level, asked.classes))
        if self.released == key:
            return

        def learn(progress: Progress) -> None:
            found = self.scenarios.answering(opened).what_ifs
            found.prepare(what_if, asked.level, asked.classes, progress, "exact", hand)
            self.released = key

        with contextlib.suppress(BusyError, ClosingError):
            self.computing.put(Purpose.RELEASE, (asked.page,), learn, _ignored)

    def warm_up(self) -> None:
        """Compute what the first page will ask for, while the browser starts: the scene, then a verdict."""
        opened, start = self.scenarios.first, self.guard.start

        def scene(progress: Progress) -> None:
            self.scenarios.answering(opened).document()
            for name in ("coarse", "exact"):
                opened.points(name)

        def judge(progress: Progress) -> None:
            architecture = opened.document()["architecture"]
            if architecture is not None:
                what_if = on.WhatIfDocument(scenario=opened.sha256, architecture=architecture)
                asked = on.AskedVerdict(what_if=what_if, set="coarse")
                answers.verdict(self.scenarios.answering(opened), asked, start, progress)

        for purpose, call in ((Purpose.SCENE, scene), (Purpose.EXACT, judge)):
            self.computing.put(purpose, None, call, _ignored)

    def leave(self) -> None:
        """Let streams end, for the server is about to."""
        self.long_runs.close()

    async def margin(self, request: HttpRequest, asked: on.AskedPoints) -> Response:
        """Return the greatest decision time at which each point is defended."""
        found = await self._answer(request, Purpose.ASKED, asked, lambda o, p: answers.margin(o, asked, p))
        return binary_answer(found)

    async def shots(self, request: HttpRequest, asked: on.AskedShots) -> Response:
        """Return how many shots each point gets."""
        found = await self._answer(request, Purpose.ASKED, asked, lambda o, p: answers.shots(o, asked, p))
        return binary_answer(found)

    async def plans(self, request: HttpRequest, asked: on.AskedPoints) -> Response:
        """Return the same changes in every architecture that is compared."""
        found = await self._answer(request, Purpose.ASKED, asked, lambda o, p: answers.plans(o, asked, p))
        return binary_answer(found)

    async def explain(self, request: HttpRequest, asked: on.AskedWhy) -> Response:
        """Return why a place, a nation or an element is as it is."""
        return json_answer(
            await self._answer(request, Purpose.ASKED, asked, lambda o, p: answers.explanation(o, asked, p))
        )

    async def first_out(self, request: HttpRequest, asked: on.AskedPoints) -> Response:
        """Return what is lost when each element is taken out."""
        return json_answer(
            await self._answer(request, Purpose.ASKED, asked, lambda o, p: answers.first_out(o, asked, p))
        )

    async def elements(self, request: HttpRequest, asked: on.AskedElements) -> Response:
        """Return what a map draws of a what-if."""
        return json_answer(await self._answer(request, Purpose.SCENE, asked, lambda o, _: answers.elements(o, asked)))

    async def footprint(self, request: HttpRequest, asked: on.AskedFootprint) -> Response:
        """Return the area that a battery defends."""
        return json_answer(await self._answer(request, Purpose.ASKED, asked, lambda o, _: answers.footprint(o, asked)))

    async def denied(self, request: HttpRequest, asked: on.AskedDenied) -> Response:
        """Return the launch points against which a place is defended."""
        return json_answer(await self._answer(request, Purpose.ASKED, asked, lambda o, _: answers.denied(o, asked)))

    async def tracks(self, request: HttpRequest, asked: on.AskedTracks) -> Response:
        """Return the flights to a place."""
        return json_answer(await self._answer(request, Purpose.SCENE, asked, lambda o, _: answers.tracks(o, asked)))

    # --- raids and questions -----------------------------------------------------------------------------------------

    async def begin_raid(self, request: HttpRequest, asked: on.AskedRaid) -> Response:
        """Begin a raid against a what-if, once its names are known to be right."""
        options = {
            **asked.model_dump(include={"seed", "replications", "play", "doctrine", "c2"}),
            "lose": [f"{name}@{time:g}" for name, time in sorted(asked.lose.items())],
        }
        if asked.play is not None and asked.play >= asked.replications:
            raise FaultError(400, "input", f"play: a replication from 0 to {asked.replications - 1} was expected")

        def applied(opened: OpenedScenario, progress: Progress) -> tuple[Any, str, str]:
            scenario, name = answers.applied(opened, asked.what_if)
            raid = api.name_in(scenario, "raid", asked.raid)
            return scenario, name, raid

        scenario, name, raid = await self._answer(request, Purpose.ASKED, asked, applied)
        title = f"{scenario.raids[raid].title or raid}: {asked.what_if.architecture}"
        work = {"architecture": name, "raid": raid, "options": options}
        made = self.long_runs.begin("raid", title, asked.model_dump(mode="json"), scenario, work)
        return json_answer(made.as_json(), 202)

    async def begin_question(self, request: HttpRequest, asked: on.AskedQuestion) -> Response:
        """Begin to answer a question of the study."""
        opened = self._opened(asked.scenario)
        made = self.long_runs.begin(
            "question", asked.question, asked.model_dump(mode="json"), opened.scenario, {"question": asked.question}
        )
        return json_answer(made.as_json(), 202)

    async def begin_coverage_files(self, request: HttpRequest, asked: on.AskedCoverageFiles) -> Response:
        """Begin to write the files of a what-if's coverage, once its names are known to be right."""

        def applied(opened: OpenedScenario, progress: Progress) -> tuple[Any, str]:
            return answers.applied(opened, asked.what_if)

        scenario, name = await self._answer(request, Purpose.ASKED, asked, applied)
        work = {"architecture": name, "threats": asked.classes, "areas": asked.areas, "level": asked.level}
        title = f"coverage: {asked.what_if.architecture}"
        made = self.long_runs.begin("coverage", title, asked.model_dump(mode="json"), scenario, work)
        return json_answer(made.as_json(), 202)

    async def runs(self, request: HttpRequest) -> Response:
        """Return every run."""
        return json_answer({"runs": self.long_runs.listed()})

    async def one_run(self, request: HttpRequest) -> Response:
        """Return how far a run is."""
        return json_answer(self._run(request).as_json())

    async def cancel(self, request: HttpRequest) -> Response:
        """End a run and drop its results."""
        return json_answer(self.long_runs.cancel(self._run(request)))

    async def events(self, request: HttpRequest) -> Response:
        """Return how far a run is, as it goes."""
        last = request.headers.get("last-event-id", "0")
        after = int(last) if last.isascii() and last.isdecimal() and len(last) < 10 else 0
        stream: AsyncIterator[bytes] = self.long_runs.events(self._run(request), after)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def result(self, request: HttpRequest) -> Response:
        """Return what a run came to."""
        return await file_answer(self._run(request).result(RESULT))

    async def playback(self, request: HttpRequest) -> Response:
        """Return a raid to be played back."""
        return await file_answer(self._run(request).result(PLAYBACK))

    async def run_file(self, request: HttpRequest) -> Response:
        """Return a file of a run's results."""
        path = self._run(request).files.get(request.path_params["name"])
        return await file_answer(path, attached=True)

    # --- what they share ---------------------------------------------------------------------------------------------

    def _run(self, request: HttpRequest) -> LongRun:
        identity = request.path_params["id"]
        found = self.long_runs.get(identity) if _IDENTITY.match(identity) else None
        if found is None:
            raise FaultError(404, "not_found", "there is no such run: it was cancelled, or the server started anew")
        return found

    def _opened(self, sha256: str | None) -> OpenedScenario:
        if sha256 is not None and not _DIGEST.match(sha256):
            raise invalid([{"where": "scenario", "message": "the 64 hexadecimal digits of a SHA-256 were expected"}])
        found = self.scenarios.get(sha256)
        if found is None:
            message = "that scenario is not open here (any more); open its file again, or go on with one that is open"
            raise FaultError(409, "scenario", message, open=self.scenarios.listed())
        return found

    async def _answer(
        self,
        request: HttpRequest,
        purpose: Purpose,
        asked: Any,
        call: Callable[[OpenedScenario, Progress], _Result],
    ) -> _Result:
        """Answer a request about a what-if; a newer one of the same page and kind takes its place."""
        opened = self._opened(asked.what_if.scenario)
        key = (asked.page, type(asked).__name__, request.url.path) if hasattr(asked, "page") else None
        return await self._ask(request, purpose, key, opened, lambda progress: call(opened, progress))

    async def _ask(
        self,
        request: HttpRequest,
        purpose: Purpose,
        key: tuple[Any, ...] | None,
        opened: OpenedScenario | None,
        call: Callable[[Progress], _Result],
    ) -> _Result:
        """Have something computed; if who asked leaves before, it is not."""

        def answering(progress: Progress) -> _Result:
            if opened is not None:
                self.scenarios.answering(opened)
            return call(progress)

        return await _while_there(request, self.computing.ask(purpose, key, answering, LIMIT_S))


def _ignored(result: Any, error: BaseException | None) -> None:
    """Let go what was learnt ahead; what went wrong is met again by whoever asks."""


async def _while_there(request: HttpRequest, work: Coroutine[Any, Any, _Result]) -> _Result:
    """Return the result of some work, which ends if who asked for it leaves."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise SupersededError
        return working.result()
    finally:
        for task in (working, gone):
            task.cancel()


async def _left(request: HttpRequest) -> None:
    """Wait until who asked has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _bundled() -> list[dict[str, str]]:
    found: list[dict[str, str]] = api.scenarios().as_json()["scenarios"]
    return found


def _added_architecture(scenario: Any) -> str | None:
    """Return the architecture that a saved what-if brings, for a page to begin with."""
    return "what-if" if "what-if" in scenario.architectures else None
