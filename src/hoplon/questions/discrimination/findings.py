"""Findings on discrimination, made from the numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.architectures import short_title
from hoplon.presentation.wording import interval, listed, percent
from hoplon.questions.discrimination import NUMBER
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, done_by
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from hoplon.questions.discrimination.answer import SelectedShots, WarheadSelection
    from hoplon.questions.study import Study

_SAME: Final = 0.005  # [1] shares that differ by less are called equal


def findings(study: Study, answer: WarheadSelection) -> list[Finding]:
    """Say whether radar or seeker tells the warhead apart, where and when."""
    return [
        replace(_source_finding(study, answer), lead=True),
        *(_plan_finding(study, answer, name, shots) for name, shots in answer.shots.items()),
        _objects_finding(study, answer),
        _assumed_finding(study),
    ]


def _source_finding(study: Study, answer: WarheadSelection) -> Finding:
    radars: list[str] = []
    seeker: list[str] = []
    parts, numbers = [], {"objects": float(SHOWN_OBJECTS)}
    for name in answer.shots:
        both, by_seeker, by_radars, neither = (
            answer.chance(name, source, SHOWN_OBJECTS) for source in ("both", "seeker", "radars", "neither")
        )
        numbers[name] = by_radars[1] - by_seeker[1]
        (radars if by_radars[1] > by_seeker[1] else seeker).append(name)
        parts.append(
            f"{_title(study, name)} {interval(both)} with both, {interval(by_seeker)} seeker alone, "
            f"{interval(by_radars)} radars alone, {interval(neither)} neither"
        )
    lead = []
    if radars:
        lead.append(f"the radars buy more than the seeker under {listed([_title(study, name) for name in radars])}")
    if seeker:
        lead.append(f"the seeker more than the radars under {listed([_title(study, name) for name in seeker])}")
    text = (
        f"Against {SHOWN_OBJECTS} objects that look alike {listed(lead)}. Mean single-shot kill probability of the "
        "main shots, base (low to high; at each level over the shots that it has) (figure selection-plans, table "
        f"discrimination): {'; '.join(parts)}."
    )
    return Finding(NUMBER, text, numbers)


def _plan_finding(study: Study, answer: WarheadSelection, name: str, shots: SelectedShots) -> Finding:
    """Say how often radars tell, by handover and before the launch, and for which classes and launch areas."""
    margin = shots.before_launch
    by_handover, before = float(np.mean(np.isfinite(margin))), float(np.mean(margin >= 0.0))
    words = done_by(shots, SHOWN_OBJECTS)
    alone = float(np.mean([word == "seeker" for word in words]))
    flights = answer.sample.flights
    text = (
        f"{_title(study, name)}: a radar has told the warhead apart by handover at {percent(by_handover)} of "
        f"{len(shots.flights):,} main shots, before the launch at {percent(before)}; at {percent(alone)} the seeker "
        "works "
        "alone"
    )
    areas = [
        (_area(study, answer.sample.areas[int(key)]), flights.areas[shots.flights] == key)
        for key in np.unique(flights.areas[shots.flights])
    ]
    shares = {title: float(np.mean(np.isfinite(margin[chosen]))) for title, chosen in areas}
    best, worst = max(shares, key=lambda key: shares[key]), min(shares, key=lambda key: shares[key])
    if shares[best] - shares[worst] >= _SAME:
        text += f" (most radar help from {best}, {percent(shares[best])}; least from {worst}, {percent(shares[worst])})"
    return Finding(NUMBER, text + ".", {"by_handover": by_handover, "before_launch": before}, name)


def _objects_finding(study: Study, answer: WarheadSelection) -> Finding:
    most, parts, numbers = OBJECTS[-1], [], {}
    for name in answer.shots:
        one, many = (answer.chance(name, "both", number) for number in (1, most))
        numbers[name] = many[1] / one[1] if one[1] else 0.0
        parts.append(f"{_title(study, name)} {interval(one)} to {interval(many)}")
    text = (
        f"From a warhead alone to {most} objects the mean single-shot kill probability falls, with radars and seeker "
        f"together (figure selection-objects): {'; '.join(parts)}."
    )
    return Finding(NUMBER, text, numbers)


def _assumed_finding(study: Study) -> Finding:
    """Say what is assumed: how many objects the classes give, separations and factors."""
    numbers = {float(threat.objects) for threat in study.scenario.threats.values()}
    flown = (
        "as one object" if numbers == {1.0} else f"as {listed([f'{number:.0f}' for number in sorted(numbers)])} objects"
    )
    text = (
        f"The classes of the scenario fly {flown}: the numbers of objects here are swept, not expected. Separations "
        "d', "
        "seekers, diverts, reliability and hit probability are assumed; none is the value of a real system."
    )
    return Finding(NUMBER, text)


def _title(study: Study, name: str) -> str:
    return short_title(study.scenario, name)


def _area(study: Study, name: str) -> str:
    title = study.scenario.launch_areas[name].title or name.replace("-", " ").capitalize()
    return title.split(" (")[0].split(",")[0].removesuffix(" area")
