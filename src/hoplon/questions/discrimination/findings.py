"""Findings on discrimination, made from the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.architectures import short_title
from hoplon.presentation.wording import interval, launch_area, listed, percent
from hoplon.questions.discrimination import NUMBER
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, discriminating_sensor
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from hoplon.questions.discrimination.answer import SelectedShots, WarheadSelection
    from hoplon.questions.study import Study

_SAME: Final = 0.005  # [1] shares that differ by less are called equal


def findings(study: Study, answer: WarheadSelection) -> list[Finding]:
    """Return the findings on whether radar or seeker discriminates the warhead, where and when."""
    return [
        _lead_finding(study, answer),
        _source_finding(study, answer),
        *(_plan_finding(study, answer, name, shots) for name, shots in answer.shots.items()),
        _objects_finding(study, answer),
        _assumed_finding(study),
    ]


def _lead_finding(study: Study, answer: WarheadSelection) -> Finding:
    """Return which of radars and seeker adds more under how many architectures, and by how much under one of them."""
    gaps: dict[str, float] = {}
    for name in answer.shots:
        gaps[name] = answer.chance(name, "radars", SHOWN_OBJECTS)[1] - answer.chance(name, "seeker", SHOWN_OBJECTS)[1]
    radars = sum(gap > 0.0 for gap in gaps.values())
    seeker = f", the seeker more under {len(gaps) - radars}" if radars < len(gaps) else ""
    most = max(gaps, key=lambda name: abs(gaps[name]))
    both, by_radars, by_seeker = (
        interval(answer.chance(most, source, SHOWN_OBJECTS)) for source in ("both", "radars", "seeker")
    )
    text = (
        f"Against {SHOWN_OBJECTS} objects that look alike the radars add more than the seeker under {radars} of "
        f"{len(gaps)} architectures{seeker}; most apart under {_title(study, most)}: single-shot kill "
        f"probability {both} with both, {by_radars} radars alone, {by_seeker} seeker alone."
    )
    numbers = {"objects": float(SHOWN_OBJECTS), "radars_add_more": float(radars), **gaps}
    return Finding(NUMBER, text, numbers, lead=True)


def _source_finding(study: Study, answer: WarheadSelection) -> Finding:
    """Return the finding on kill probability by source of discrimination."""
    radars: list[str] = []
    seeker: list[str] = []
    parts, numbers = [], {}
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
        lead.append(f"the radars add more than the seeker under {listed([_title(study, name) for name in radars])}")
    if seeker:
        lead.append(f"the seeker more than the radars under {listed([_title(study, name) for name in seeker])}")
    text = (
        f"Against {SHOWN_OBJECTS} objects that look alike {listed(lead)}. Mean single-shot kill probability of the "
        "main shots, base (low to high; at each level over the shots that it has) (figure selection-sources, table "
        f"discrimination): {'; '.join(parts)}."
    )
    return Finding(NUMBER, text, numbers)


def _plan_finding(study: Study, answer: WarheadSelection, name: str, shots: SelectedShots) -> Finding:
    """Return the finding on how often radar discrimination is received by handover and before launch."""
    margin = shots.before_launch
    by_handover, before = float(np.mean(np.isfinite(margin))), float(np.mean(margin >= 0.0))
    sensors = discriminating_sensor(shots, SHOWN_OBJECTS)
    alone = float(np.mean([sensor == "seeker" for sensor in sensors]))
    flights = answer.sample.flights
    text = (
        f"{_title(study, name)}: radar discrimination is received by handover at {percent(by_handover)} of "
        f"{len(shots.flights):,} main shots, before launch at {percent(before)}; at {percent(alone)} the seeker "
        "alone discriminates the warhead"
    )
    areas = [
        (launch_area(answer.sample.areas[int(key)]), flights.areas[shots.flights] == key)
        for key in np.unique(flights.areas[shots.flights])
    ]
    shares = {title: float(np.mean(np.isfinite(margin[chosen]))) for title, chosen in areas}
    best, worst = max(shares, key=lambda key: shares[key]), min(shares, key=lambda key: shares[key])
    if shares[best] - shares[worst] >= _SAME:
        most, least = percent(shares[best]), percent(shares[worst])
        text += f" (by handover most often from {best}, {most}; least often from {worst}, {least})"
    return Finding(NUMBER, text + ".", {"by_handover": by_handover, "before_launch": before}, name)


def _objects_finding(study: Study, answer: WarheadSelection) -> Finding:
    """Return the finding on the number of objects."""
    most, parts, numbers = OBJECTS[-1], [], {}
    for name in answer.shots:
        one, many = (answer.chance(name, "both", number) for number in (1, most))
        numbers[name] = many[1] / one[1] if one[1] else 0.0
        parts.append(f"{_title(study, name)} {interval(one)} to {interval(many)}")
    text = (
        f"From one object to {most} the mean single-shot kill probability falls, with radars and seeker "
        f"together (figure selection-objects): {'; '.join(parts)}."
    )
    return Finding(NUMBER, text, numbers)


def _assumed_finding(study: Study) -> Finding:
    """Return the finding on what is assumed: number of objects, separations and factors."""
    numbers = {float(threat.objects) for threat in study.scenario.threats.values()}
    flown = (
        "as one object" if numbers == {1.0} else f"as {listed([f'{number:.0f}' for number in sorted(numbers)])} objects"
    )
    text = (
        f"The classes of the scenario fly {flown}: the numbers of objects here are swept, not expected. Separations "
        "d', seekers, diverts, reliability and hit probability are assumed; none is the value of a real system."
    )
    return Finding(NUMBER, text)


def _title(study: Study, name: str) -> str:
    return short_title(study.scenario, name)
