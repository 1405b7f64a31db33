"""The scenarios that are open: requests name them by their digest, and nothing else of a page is remembered."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from hoplon import api
from hoplon.web.planes import packed, plane, texts

if TYPE_CHECKING:
    from hoplon.web.planes import Plane

MOST_OPEN: Final = 6
_MOST_ANSWERING: Final = 2  # scenarios whose what-ifs are kept: each keeps up to 900 MB
Origin = Literal["bundled", "file", "uploaded"]


@dataclass
class OpenedScenario:
    """A scenario that is open, with what its pages are shown of it; but for its names, for the computing thread alone.

    Attributes
    ----------
    scenario : Scenario
    origin : {"bundled", "file", "uploaded"}
    architecture : str or None
        That a page begins with.
    warnings : tuple of str
    """

    scenario: Any
    origin: Origin
    architecture: str | None = None
    warnings: tuple[str, ...] = ()
    _what_ifs: Any = field(default=None, repr=False)
    _made: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def sha256(self) -> str:
        """Digest of the scenario."""
        return str(self.scenario.sha256)

    def listed(self) -> dict[str, str]:
        """Return digest, name and title."""
        return {"sha256": self.sha256, "name": self.scenario.name, "title": self.scenario.title}

    @property
    def what_ifs(self) -> Any:
        """What the scenario answers to what-ifs."""
        if self._what_ifs is None:
            self._what_ifs = api.WhatIfs(self.scenario)
        return self._what_ifs

    def forget(self) -> None:
        """Let go what was computed."""
        self._what_ifs = None
        self._made.clear()

    def document(self) -> dict[str, Any]:
        """Return everything that a page needs of the scenario itself."""
        if "document" not in self._made:
            self._made["document"] = {
                "scenario": {
                    **self.listed(),
                    "bundled": self.scenario.name if self.origin == "bundled" else None,
                    "origin": self.origin,
                },
                "architecture": self.architecture or api.scene.first_architecture(self.scenario),
                "sets": {
                    name: {"sha256": found.sha256, "points": len(found.points)}
                    for name in ("coarse", "exact")
                    for found in (self.what_ifs.points(name),)
                },
                "borders": {form: self.borders(form)[0] for form in ("map", "globe")},
                "warnings": list(self.warnings),
                **api.scene.document(self.scenario),
            }
        found: dict[str, Any] = self._made["document"]
        return found

    def questions(self) -> list[dict[str, str]]:
        """Return the questions that the scenario asks."""
        if "questions" not in self._made:
            self._made["questions"] = api.contents(self.scenario, "questions").as_json()["questions"]
        found: list[dict[str, str]] = self._made["questions"]
        return found

    def points(self, name: str) -> tuple[str, bytes]:
        """Return digest and planes of a set of aim points."""
        if (key := f"points {name}") not in self._made:
            chosen = self.what_ifs.points(name)
            points, shown = chosen.points, api.scene.points_on_map(self.scenario, chosen.points)
            codes, nation = np.unique(points.nation, return_inverse=True)
            planes = [
                plane("x", "f4", shown["x"]),
                plane("y", "f4", shown["y"]),
                plane("lat", "f8", points.latitude_deg),
                plane("lon", "f8", points.longitude_deg),
                plane("people", "f8", points.population),
                plane("area_km2", "f4", points.area_km2),
                plane("side_m", "f4", shown["side"]),
                plane("nation", "u2", nation),
                plane("kind", "u1", points.kind == "land"),
                texts("name", points.name.tolist()),
            ]
            if name == "exact":
                planes.append(plane("nearest", "i4", self.what_ifs.points("coarse").nearest))
            header = {"set": name, "sha256": chosen.sha256, "n": len(points), "nations": codes.tolist()}
            self._made[key] = chosen.sha256, packed(header, planes)
        found: tuple[str, bytes] = self._made[key]
        return found

    def borders(self, form: str) -> tuple[str, bytes]:
        """Return digest and planes of the borders, on the map or on the globe."""
        if (key := f"borders {form}") not in self._made:
            shown = api.scene.borders(self.scenario, globe=form == "globe")
            planes: list[Plane] = [
                plane("start", "u4", shown.start),
                plane("country", "u2", shown.country),
                plane("hole", "u1", shown.hole),
                plane("a", "f4", shown.first),
                plane("b", "f4", shown.second),
            ]
            countries = [{"code": code, "name": name, "member": member} for code, name, member in shown.countries]
            digest = hashlib.sha256(packed({"countries": countries}, planes)).hexdigest()
            header = {"form": form, "sha256": digest, "countries": countries}
            self._made[key] = digest, packed(header, planes)
        found: tuple[str, bytes] = self._made[key]
        return found


class OpenedScenarios:
    """The scenarios that are open, the one that the server began with among them; it is never closed."""

    def __init__(self, first: OpenedScenario) -> None:
        self.first = first
        self._lock = threading.Lock()
        self._open: OrderedDict[str, OpenedScenario] = OrderedDict({first.sha256: first})
        self._answering: OrderedDict[str, OpenedScenario] = OrderedDict()

    def add(self, opened: OpenedScenario) -> OpenedScenario:
        """Open a scenario, closing the one that was opened first but for the very first; one that is open stays."""
        with self._lock:
            if opened.sha256 not in self._open:
                if len(self._open) >= MOST_OPEN:
                    oldest = next(key for key in self._open if key != self.first.sha256)
                    del self._open[oldest]
                    self._answering.pop(oldest, None)
                self._open[opened.sha256] = opened
            return self._open[opened.sha256]

    def get(self, sha256: str | None) -> OpenedScenario | None:
        """Return an open scenario by its digest, the first one without; None if it is not open."""
        with self._lock:
            return self.first if sha256 is None else self._open.get(sha256)

    def answering(self, opened: OpenedScenario) -> OpenedScenario:
        """Return a scenario that is about to compute; what others have computed is let go beyond a number of them."""
        with self._lock:
            self._answering[opened.sha256] = opened
            self._answering.move_to_end(opened.sha256)
            gone = [self._answering.popitem(last=False)[1] for _ in range(len(self._answering) - _MOST_ANSWERING)]
        for one in gone:
            one.forget()
        return opened

    def listed(self) -> list[dict[str, str]]:
        """Return digest, name and title of every open scenario."""
        with self._lock:
            return [opened.listed() for opened in self._open.values()]
