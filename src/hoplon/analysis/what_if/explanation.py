"""Why a place is defended or not, and what an element does, in a what-if."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hoplon.analysis.architectures import without_element
from hoplon.analysis.coverage import headline_threats
from hoplon.analysis.defence import defence_of
from hoplon.analysis.engagement import engagement
from hoplon.analysis.first_out import FORMS
from hoplon.analysis.flights import flights_of, flown_against
from hoplon.analysis.margins.named_causes import nearest_in_words
from hoplon.analysis.margins.places import finite, flight_margins
from hoplon.analysis.records import Answer, Row, provenance_of
from hoplon.analysis.what_if.question import nation_at
from hoplon.analysis.what_if.remedies import all_met, flights_met, remedies
from hoplon.earth.geodesy import ground_range
from hoplon.scenario.geography import AimPoints
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hoplon.analysis.engagement import Engagement
    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.analysis.what_if.question import WhatIfQuestion
    from hoplon.analysis.what_if.verdict import WhatIfVerdict


@dataclass(frozen=True)
class FlightAtPlace:
    """One flight that reaches a place, and what the best battery does about it.

    ``margin_s`` is how much later a release would still do, negative for how much earlier it would have to be; None
    where no earlier release would help. ``battery`` is the one that has it.
    """

    threat: str
    area: str
    loft_deg: float
    met: bool
    margin_s: float | None
    battery: str | None

    def as_json(self) -> dict[str, Any]:
        """Return its keys."""
        return {
            "threat": self.threat,
            "from": self.area,
            "loft_deg": self.loft_deg,
            "met": self.met,
            "margin_s": self.margin_s,
            "battery": self.battery,
        }


@dataclass(frozen=True, repr=False)
class Explanation(Answer):
    """An explanation of a what-if's answer at a place, or of what an element does in it.

    Attributes
    ----------
    subject : {"place", "element"}
    what_if : str
        Id of the what-if.
    words : str
        The answer in a sentence.
    told : mapping
        The keys of ``as_json`` beyond these.
    table : tuple of mapping
        Its rows: flights to the place, or nations and what the element is worth to them.
    """

    subject: str
    what_if: str
    words: str
    told: Mapping[str, Any] = field(repr=False)
    table: tuple[Row, ...] = field(repr=False, default=())
    scenario_name: str = ""
    scenario_sha256: str = ""

    def line(self) -> str:
        """Return the answer in a sentence."""
        return self.words

    def rows(self) -> Sequence[Row]:
        """Return the flights to the place, or the nations."""
        return deepcopy(self.table)

    def as_json(self) -> dict[str, Any]:
        """Return the whole explanation, of texts, numbers, lists and dicts."""
        return {"subject": self.subject, "what_if": self.what_if, "words": self.words, **deepcopy(dict(self.told))}

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest."""
        return provenance_of(self.scenario_name, self.scenario_sha256)


def explain_place(store: Store, question: WhatIfQuestion, points: AimPoints, place: tuple[float, float]) -> Explanation:
    """Explain a place: the flights that reach it, the hardest of them step by step, and what would mend it.

    Parameters
    ----------
    store : Store
        Keeps the reach tables.
    question : WhatIfQuestion
        Against its classes, or those of the headline.
    points : AimPoints
        Of which the nearest names the place.
    place : (latitude, longitude)
        [deg]
    """
    scenario, resolved = question.scenario, question.resolved
    kinds, spot, areas = counted_classes(question), _point(place), tuple(scenario.launch_areas)
    flights = flights_of(flown_against(scenario, resolved), spot, kinds, areas)
    told: dict[str, Any] = {
        "level": question.level,
        "place": list(place),
        "near": _nearest(points, place),
        "threats": list(kinds),
        "threatened": len(flights) > 0,
        "defended": False,
        "margin_s": None,
        "obstacle": "",
        "hardest": None,
        "flights": [],
        "needed": [],
        "remedies": [],
    }
    if not len(flights):
        return _explanation("place", question, f"{_named(told)}: no class reaches it", told)
    rows, hardest = _flight_rows(store, question, spot)
    defended = all(row.met for row in rows)
    worst = rows[hardest]
    shown = _engagement(question, worst, place)
    told |= {"defended": defended, "margin_s": worst.margin_s, "flights": [row.as_json() for row in rows]}
    told["hardest"] = {**shown.as_json(), "loft_deg": worst.loft_deg}
    named = f"{worst.threat} from {worst.area}"
    if defended:
        names = [name for name, element in resolved.elements.items() if element.form in FORMS]
        without = [defence_of(scenario, without_element(resolved, name), question.level) for name in names]
        met = all_met(store, flights, without)
        told["needed"] = [name for name, does in zip(names, met, strict=True) if not does]
        later = "" if worst.margin_s is None else f"; a release up to {worst.margin_s:.0f} s later would still do"
        needed = f"; without {' or '.join(told['needed'])} it is not" if told["needed"] else ""
        words = f"defended against all {len(rows)} flights; hardest is {named}, met by {worst.battery}{later}{needed}"
    else:
        told["obstacle"] = nearest_in_words(shown.batteries)
        told["remedies"] = [remedy.as_json() for remedy in remedies(store, question, flights)]
        missed = sum(not row.met for row in rows)
        words = f"not defended: {missed} of {len(rows)} flights are not met; hardest is {named}; {told['obstacle']}"
    return _explanation("place", question, f"{_named(told)}: {words}", told, tuple(told["flights"]))


def explain_element(
    question: WhatIfQuestion, name: str, whole: WhatIfVerdict, other: WhatIfVerdict, *, stands: bool
) -> Explanation:
    """Explain an element: what is defended with it and without it, and what it is.

    Parameters
    ----------
    question : WhatIfQuestion
    name : str
        Of the element.
    whole, other : WhatIfVerdict
        Of the what-if, and of the same without the element, or with it where it is no part of it.
    stands : bool
        Whether it is a part of the what-if.
    """
    element, resolved = question.scenario.elements[name], question.resolved
    with_it, without_it = (whole.summary, other.summary) if stands else (other.summary, whole.summary)
    rows = []
    for code, item in with_it.nations.items():
        before = without_it.nations[code]
        rows.append(
            {
                "nation": code,
                "population_share": item.population_share,
                "population_share_without": before.population_share,
                "people_defended_by_it": item.defended_population - before.defended_population,
            }
        )
    rows.sort(key=lambda row: (-float(str(row["people_defended_by_it"])), str(row["nation"])))
    share, less = with_it.population_share, without_it.population_share
    loss = None if share is None or less is None else share - less
    defence = question.defence()
    told: dict[str, Any] = {
        "level": question.level,
        "element": name,
        "form": element.form,
        "type": getattr(element, element.form),
        "owner": element.owner,
        "at": None if element.at is None else [element.at.latitude_deg, element.at.longitude_deg],
        "stands": stands,
        "inactive": resolved.inactive.get(name),
        "population_share": share,
        "population_share_without": less,
        "first_out_loss": loss,
        "points": "exact",
        "nations": rows,
        "ranges_km": _ranges(question, name),
        "interceptors": float(element.count) if element.form == "battery" else None,
        "own_radars": [radar for radar in element.radars if radar in defence.radar_names],
    }
    if element.form not in FORMS:
        words = "a node; no coverage depends on it, raids do"
    elif loss is None:
        words = "nobody is threatened"
    else:
        most = [str(row["nation"]) for row in rows if float(str(row["people_defended_by_it"])) > 0.0][:3]
        where = f", most in {', '.join(most)}" if most else ""
        verb = "without it" if stands else "it is no part of this; with it"
        change = "fewer" if stands else "more"
        words = f"{verb} about {100.0 * loss:.1f} points of the threatened people {change} are defended{where}"
    return _explanation("element", question, f"{name}: {words}", told, tuple(rows))


def _explanation(
    subject: str, question: WhatIfQuestion, words: str, told: dict[str, Any], table: tuple[Row, ...] = ()
) -> Explanation:
    scenario = question.scenario
    return Explanation(subject, question.id, words, told, table, scenario.name, scenario.sha256)


def _point(place: tuple[float, float]) -> AimPoints:
    name, nation, kind = (np.array([text], dtype=np.str_) for text in ("place", "", "place"))
    latitude, longitude, population, area = (np.array([number]) for number in (*place, 0.0, 0.0))
    return AimPoints(name, nation, latitude, longitude, population, area, kind)


def _nearest(points: AimPoints, place: tuple[float, float]) -> dict[str, Any] | None:
    """Return the nearest aim point."""
    if not len(points):
        return None
    distances = ground_range(place[0], place[1], points.latitude_deg, points.longitude_deg)
    index = int(distances.argmin())
    return {
        "index": index,
        "name": str(points.name[index]),
        "nation": str(points.nation[index]),
        "population": float(points.population[index]),
        "distance_km": float(distances[index]) / KILOMETRE,
        "country": nation_at(*place),
    }


def _named(told: Mapping[str, Any]) -> str:
    """Return what a place is called: the aim point within 5 km of it, or its coordinates."""
    near = told["near"]
    if near is not None and near["distance_km"] <= 5.0:
        return str(near["name"])
    return f"{told['place'][0]:.2f}, {told['place'][1]:.2f}"


def _flight_rows(store: Store, question: WhatIfQuestion, spot: AimPoints) -> tuple[list[FlightAtPlace], int]:
    """Return the flights with their margins, and which one is the hardest: not met first, then the least margin."""
    defence, threats = question.defence(), list(question.scenario.threats)
    areas, rows = tuple(question.scenario.launch_areas), []
    for loft, flights in _by_loft(question, spot):
        margins = flight_margins(store, flights, defence, reach=False)
        met = flights_met(store, flights, [defence])[0]
        for one in range(len(flights)):
            battery, seconds = int(margins.seconds_battery[one]), finite(float(margins.seconds[one]))
            name = None if battery < 0 else defence.battery_names[battery]
            kind, area = threats[flights.classes[one]], areas[flights.areas[one]]
            rows.append(FlightAtPlace(kind, area, loft, bool(met[one]), seconds, name))
    hardest = min(
        range(len(rows)), key=lambda at: (rows[at].met, -math.inf if rows[at].margin_s is None else rows[at].margin_s)
    )
    return rows, hardest


def _by_loft(question: WhatIfQuestion, spot: AimPoints) -> Iterator[tuple[float, Flights]]:
    """Yield each loft that some class flies, and the flights at it."""
    flown = flown_against(question.scenario, question.resolved)
    kinds = counted_classes(question)
    for loft in dict.fromkeys(loft for name in kinds for loft in flown.threats[name].lofts_deg):
        alone = {
            name: replace(kind, lofts_deg=(loft,) if loft in kind.lofts_deg else ())
            for name, kind in flown.threats.items()
        }
        flights = flights_of(replace(flown, threats=alone), spot, kinds, tuple(flown.launch_areas))
        if len(flights):
            yield float(loft), flights


def counted_classes(question: WhatIfQuestion) -> tuple[str, ...]:
    """Return the classes that count together in a question, in the scenario's order."""
    named = question.classes or headline_threats(question.scenario) or question.kinds
    return tuple(name for name in question.scenario.threats if name in named)


def _engagement(question: WhatIfQuestion, flight: FlightAtPlace, place: tuple[float, float]) -> Engagement:
    """Return the engagement of one flight; its class counts, whether it exists in the architecture's year or not."""
    first = question.scenario.threats[flight.threat].from_
    year = None if first is None else max(round(float(first)), question.resolved.year or 0)
    names = (question.architecture, flight.area, place, flight.threat, flight.loft_deg)
    return engagement(question.scenario, *names, year=year, level=question.level)


def _ranges(question: WhatIfQuestion, name: str) -> dict[str, float]:
    """Return the computed ranges of a radar against each class that it is judged against [km]."""
    defence, threats = question.defence(), list(question.scenario.threats)
    if name not in defence.radar_names:
        return {}
    radar = defence.radars[defence.radar_names.index(name)]
    return {kind: radar.search_ranges[threats.index(kind)] / KILOMETRE for kind in question.kinds}
