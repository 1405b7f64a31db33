"""Answers to requests about what-ifs, from the library; every function here runs in the thread that computes."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon import api
from hoplon.errors import InputError, UnknownNameError
from hoplon.presentation.wording import CAUSE_PHRASES, nation
from hoplon.web.planes import bits, packed, plane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.progress import Progress
    from hoplon.web import messages as on
    from hoplon.web.opened import OpenedScenario

NOT_THREATENED: Final = 255
MOST_SHOTS: Final = 254
_FILE: Final = "what-if.yaml"
_PIECE: Final = 4096  # points whose shots are counted at a time
_MOST_NAMED: Final = 400  # undefended places of a nation that are named


def document_of(asked: on.WhatIfDocument) -> dict[str, Any]:
    """Return the document of a what-if as the library reads it."""
    return asked.model_dump(exclude_defaults=True)


def applied(opened: OpenedScenario, asked: on.WhatIfDocument) -> tuple[Any, str]:
    """Return the scenario that a what-if makes, and the name of its architecture there."""
    return opened.what_ifs.applied(document_of(asked))[1], opened.what_ifs.architecture


def together(coverage: Any, classes: tuple[str, ...]) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.uint8]]:
    """Return who is threatened, who is defended, and the fewest shots there, against some classes counted together."""
    chosen = [place for place, name in enumerate(coverage.threats) if name in classes]
    reached = coverage.threatened[:, chosen]
    threatened = reached.any(axis=1)
    defended = threatened & (coverage.defended[:, chosen] | ~reached).all(axis=1)
    shots = np.where(reached, np.minimum(coverage.shots_min[:, chosen], MOST_SHOTS), NOT_THREATENED)
    fewest = shots.min(axis=1, initial=NOT_THREATENED).astype(np.uint8)
    return threatened, defended, fewest


def verdict(opened: OpenedScenario, asked: on.AskedVerdict, start: str, progress: Progress) -> bytes:
    """Return who is threatened and defended in a what-if."""
    begun = time.process_time()
    what_ifs, document = opened.what_ifs, document_of(asked.what_if)
    if asked.areas is None:
        found = what_ifs.verdict(document, asked.set, asked.level, asked.classes, tuple(asked.hand), progress)
        coverage, classes, summary = found.coverage, found.threats, found.summary
        told = {"id": found.id, "method": found.method, "why": found.why or None, "notes": list(found.notes)}
    else:
        key, scenario = what_ifs.applied(document)
        answer = api.coverage(
            scenario,
            what_ifs.architecture,
            threats=asked.classes,
            areas=asked.areas,
            points=what_ifs.points(asked.set).points,
            levels=asked.level,
        )
        coverage, classes, summary = answer.base, answer.threats, answer.summary(level=asked.level)
        told = {"id": key, "method": "full", "why": "some launch areas alone were asked about", "notes": []}
    threatened, defended, shots = together(coverage, tuple(classes))
    header = {
        **told,
        "seq": asked.seq,
        "page": asked.page,
        "start": start,
        "set": asked.set,
        "points": what_ifs.points(asked.set).sha256,
        "n": len(threatened),
        "level": asked.level,
        "classes": list(classes),
        "areas": asked.areas,
        "architecture": asked.what_if.architecture,
        "year": coverage.year,
        "about": asked.set == "coarse",
        "headline": summary.as_json(),
        "cpu_ms": round(1000.0 * (time.process_time() - begun), 3),
    }
    return packed(header, [bits("threatened", threatened), bits("defended", defended), plane("shots", "u1", shots)])


def margin(opened: OpenedScenario, asked: on.AskedPoints, progress: Progress) -> bytes:
    """Return the greatest decision time at which each point is defended."""
    begun = time.process_time()
    what_ifs, document = opened.what_ifs, document_of(asked.what_if)
    found = what_ifs.margin(document, asked.set, asked.level, asked.classes, progress)
    header = {
        "id": what_ifs.applied(document)[0],
        "of": "decision_s",
        "set": asked.set,
        "points": what_ifs.points(asked.set).sha256,
        "n": len(found),
        "level": asked.level,
        "classes": asked.classes,
        "cpu_ms": round(1000.0 * (time.process_time() - begun), 3),
    }
    return packed(header, [plane("margin", "u1", found)])


def shots(opened: OpenedScenario, asked: on.AskedShots, progress: Progress) -> bytes:
    """Return how many shots each point gets, which a verdict counts up to those required only.

    Points are asked in pieces, between which newer questions have their turn.
    """
    begun = time.process_time()
    key, scenario = opened.what_ifs.applied(document_of(asked.what_if))
    chosen = opened.what_ifs.points("exact")
    counts: list[NDArray[np.uint8]] = []
    for first in range(0, len(chosen.points), _PIECE):
        progress(first, len(chosen.points), "shots counted")
        found = api.coverage(
            scenario,
            opened.what_ifs.architecture,
            threats=asked.classes,
            areas=asked.areas,
            points=chosen.points.subset(np.arange(first, min(first + _PIECE, len(chosen.points)))),
            levels=asked.level,
            count=True,
            what_if=False,
        )
        counts.append(together(found.base, tuple(found.threats))[2])
    header = {
        "id": key,
        "points": chosen.sha256,
        "n": len(chosen.points),
        "level": asked.level,
        "classes": asked.classes,
        "areas": asked.areas,
        "cpu_ms": round(1000.0 * (time.process_time() - begun), 3),
    }
    return packed(header, [plane("shots", "u1", np.concatenate([np.zeros(0, np.uint8), *counts]))])


def plans(opened: OpenedScenario, asked: on.AskedPoints, progress: Progress) -> bytes:
    """Return the verdicts of the same changes in every architecture that is compared."""
    begun = time.process_time()
    what_ifs = opened.what_ifs
    found = what_ifs.plans(document_of(asked.what_if), asked.set, asked.level, asked.classes, progress)
    count = len(what_ifs.points(asked.set).points)
    judged = [together(one.coverage, tuple(one.threats)) for one in found.values()]
    shape = (len(judged), count)
    threatened = np.array([one[0] for one in judged], dtype=np.bool_).reshape(shape)
    defended = np.array([one[1] for one in judged], dtype=np.bool_).reshape(shape)
    shots = np.array([one[2] for one in judged], dtype=np.uint8).reshape(shape)
    header = {
        "set": asked.set,
        "points": what_ifs.points(asked.set).sha256,
        "n": count,
        "level": asked.level,
        "classes": asked.classes,
        "plans": [
            {
                "architecture": name,
                "id": one.id,
                "year": one.coverage.year,
                "method": one.method,
                "why": one.why or None,
                "headline": one.summary.as_json(),
            }
            for name, one in found.items()
        ],
        "cpu_ms": round(1000.0 * (time.process_time() - begun), 3),
    }
    return packed(header, [bits("threatened", threatened), bits("defended", defended), plane("shots", "u1", shots)])


def explanation(opened: OpenedScenario, asked: on.AskedWhy, progress: Progress) -> dict[str, Any]:
    """Return why a place, a nation or an element is as it is."""
    given = [key for key in ("place", "element", "nation") if getattr(asked, key) is not None]
    if len(given) != 1:
        raise InputError("explain: exactly one of place, element and nation was expected")
    what_ifs, document = opened.what_ifs, document_of(asked.what_if)
    way: dict[str, Any] = {"level": asked.level, "classes": asked.classes}
    of_nation: dict[str, Any] | None = None
    if asked.element is not None:
        way["element"] = asked.element
    elif asked.nation is not None:
        found = what_ifs.verdict(document, "exact", asked.level, asked.classes, (), progress)
        way["place"], of_nation = nation_told(found, asked.nation)
        of_nation["nation"]["places"] = undefended_places(opened, asked, found)
    else:
        way["place"] = api.place_of("place", asked.place)
    told = what_ifs.explain(document, **way).as_json()
    return {"id": what_ifs.applied(document)[0], "explanation": {**told, **(of_nation or {})}}


def nation_told(found: Any, code: str) -> tuple[tuple[float, float], dict[str, Any]]:
    """Return the place that explains a nation, its largest undefended one or its largest, and the nation's shares."""
    points, (threatened, defended, _) = found.coverage.points, together(found.coverage, tuple(found.threats))
    mine = np.flatnonzero(points.nation == code)
    if not mine.size:
        raise UnknownNameError("nation", code, sorted(set(points.nation.tolist())))
    unmet = mine[threatened[mine] & ~defended[mine]]
    among = unmet if unmet.size else mine
    at = among[points.population[among].argmax()]
    shares = found.summary.as_json()["nations"].get(code)
    where = float(points.latitude_deg[at]), float(points.longitude_deg[at])
    return where, {"nation": {"code": code, "name": nation(code), "undefended": int(unmet.size), "shares": shares}}


def undefended_places(opened: OpenedScenario, asked: on.AskedWhy, found: Any) -> list[dict[str, Any]]:
    """Return the undefended places of a nation, the largest first, each with the obstacle of its hardest class.

    Obstacles are computed at base values; at another level places are named without.
    """
    points, (threatened, defended, _) = found.coverage.points, together(found.coverage, tuple(found.threats))
    open_ = np.flatnonzero((points.nation == asked.nation) & (points.kind == "place") & threatened & ~defended)
    largest = open_[np.argsort(-points.population[open_], kind="stable")][:_MOST_NAMED]
    if not largest.size:
        return []
    _, scenario = opened.what_ifs.applied(document_of(asked.what_if))
    hardest: dict[tuple[float, float], dict[str, Any]] = {}
    if asked.level == "base":
        judged = api.coverage(
            scenario,
            opened.what_ifs.architecture,
            threats=list(found.threats),
            points=points.subset(largest),
            levels="base",
            explain=True,
            what_if=False,
        )
        for row in judged.causes():
            before = hardest.setdefault((row["lat"], row["lon"]), row)
            if _late(row) < _late(before):
                hardest[row["lat"], row["lon"]] = row
    unknown = {"threat": None, "from": None, "cause": "", "margin_s": None}
    return [
        {
            "name": str(points.name[at]),
            "population": float(points.population[at]),
            "lat": float(points.latitude_deg[at]),
            "lon": float(points.longitude_deg[at]),
            **{key: row[key] for key in unknown},
            "reason": CAUSE_PHRASES.get(row["cause"], ""),
        }
        for at in largest
        for row in [hardest.get((float(points.latitude_deg[at]), float(points.longitude_deg[at])), unknown)]
    ]


def _late(row: Mapping[str, Any]) -> float:
    """Return the margin of an undefended place against a class; one that no earlier release would mend is the least."""
    return -math.inf if row["margin_s"] is None else float(row["margin_s"])


def first_out(opened: OpenedScenario, asked: on.AskedPoints, progress: Progress) -> dict[str, Any]:
    """Return what is lost when each element is taken out."""
    document = document_of(asked.what_if)
    found = opened.what_ifs.first_out(document, asked.level, asked.classes, asked.set, progress)
    whole = found.share()
    rows = []
    for name in found.elements:
        without = found.share(name)
        loss = None if whole is None or without is None else whole - without
        rows.append({"name": name, "population_share": without, "loss": loss})
    return {"id": opened.what_ifs.applied(document)[0], "population_share": whole, "elements": rows}


def elements(opened: OpenedScenario, asked: on.AskedElements) -> dict[str, Any]:
    """Return what a map draws of a what-if."""
    key, scenario = opened.what_ifs.applied(document_of(asked.what_if))
    return {"id": key, **api.scene.elements(scenario, opened.what_ifs.architecture, asked.level)}


def footprint(opened: OpenedScenario, asked: on.AskedFootprint) -> dict[str, Any]:
    """Return the area that a battery of a what-if defends."""
    scenario, name = applied(opened, asked.what_if)
    return dict(api.footprint(scenario, name, asked.battery, asked.threat, asked.area).as_json())


def denied(opened: OpenedScenario, asked: on.AskedDenied) -> dict[str, Any]:
    """Return the launch points against which a what-if defends a place."""
    scenario, name = applied(opened, asked.what_if)
    return dict(api.denied(scenario, name, (asked.aim[0], asked.aim[1]), asked.threat).as_json())


def tracks(opened: OpenedScenario, asked: on.AskedTracks) -> dict[str, Any]:
    """Return the flights to a place."""
    scenario, name = applied(opened, asked.what_if)
    place = api.place_of("place", asked.place)
    return dict(api.scene.paths(scenario, name, place, asked.classes, asked.areas))


def saved(opened: OpenedScenario, asked: on.AskedFile) -> dict[str, Any]:
    """Return a what-if as a scenario file."""
    document = document_of(asked.what_if)
    _, name = applied(opened, asked.what_if)
    file = file_name(asked.name)
    return {
        "name": file,
        "yaml": api.saved(opened.scenario, document),
        "architecture": name,
        "command": f"hoplon coverage {file} --architecture {name} --json",
        "notes": [],
    }


def file_name(given: str | None) -> str:
    """Return the name of a file to save: letters, digits, ``-`` and ``_`` of what was given, and its ending."""
    stem = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in given or "")
    stem = stem.removesuffix("-yaml").strip("-")
    return f"{stem}.yaml" if stem else _FILE
