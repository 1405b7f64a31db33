"""Sentences of question 12."""

from __future__ import annotations

from collections import Counter
from typing import Final

from hoplon.analysis.architectures import counterpart, sentence_title
from hoplon.analysis.stability.answer import StabilityAnswer, StatedShare
from hoplon.analysis.stability.views import JUDGED, KINEMATIC
from hoplon.presentation.wording import listed
from hoplon.questions.question import Finding
from hoplon.questions.stability.answer import FASTEST_KM_S, StabilityFound
from hoplon.questions.study import Study

_QUESTION: Final = "Q12"
BECAUSE: Final = {
    "out_of_reach": "out of reach however early a launch comes",
    "flight_time": "out of reach within the interceptors' flight time",
    "never_seen": "never seen by a radar that may commit a battery",
    "seen_too_late": "reachable, but tracked too late for the launch or not at the moment of intercept",
}


def findings(study: Study, answer: StabilityFound) -> list[Finding]:
    """Return how many trajectories are engaged at the stated speeds, and from which burnout speed on any or all are."""
    found = [_lead(study, answer)]
    found += [_by_speed(study, answer, item) for item in answer.answers]
    found += [_reading(study, name, item) for name, item in answer.readings.items()]
    text = (
        "Engageable means reachable in time by one intercept and nothing more: no kill, no discrimination, no number "
        "of interceptors against warheads. The kinematic view is a bound: no radar, no decision, no ceiling and no "
        "limit of flight time keeps an interceptor from a flight there."
    )
    found.append(Finding(_QUESTION, text, {"trajectories": float(len(answer.trajectories))}, rank=1))
    return found


def _lead(study: Study, answer: StabilityFound) -> Finding:
    count = len(answer.trajectories)
    parts, numbers = [], {"trajectories": float(count)}
    for item in answer.answers:
        stated, bound = item.stated[JUDGED], item.stated[KINEMATIC]
        speeds = [base for _, base, _ in answer.speeds[item.architecture].values()]
        parts.append(
            f"{sentence_title(study.scenario, item.architecture)}, at {_speed_words(speeds)}, could engage "
            f"{len(stated.engaged.trajectories)}{_range(stated, count)}, by kinematics alone "
            f"{len(bound.engaged.trajectories)}{_range(bound, count)}"
        )
        numbers |= {
            f"{item.architecture}_share": stated.engaged.share,
            f"{item.architecture}_low": stated.low,
            f"{item.architecture}_high": stated.high,
            f"{item.architecture}_kinematic": bound.engaged.share,
        }
    text = (
        f"Of {count} strategic trajectories {'; '.join(parts)} (in brackets: burnout speeds and burn times of the "
        "threat at their bounds)."
    )
    return Finding(_QUESTION, text, numbers, lead=True)


def _by_speed(study: Study, answer: StabilityFound, item: StabilityAnswer) -> Finding:
    """Return from which burnout speed on an architecture engages any and all, and what keeps it from the others."""
    title, count = sentence_title(study.scenario, item.architecture), len(answer.trajectories)
    numbers: dict[str, float] = {}
    parts = []
    for view, words in ((JUDGED, "with its own sensors and doctrine"), (KINEMATIC, "by kinematics alone")):
        first = item.first_speed_km_s[view]
        if first is None:
            parts.append(f"{words} none at any speed up to 10.95 km/s")
            continue
        numbers[f"{view}_first_km_s"] = first
        every = next((speed for speed, shares in item.speeds.items() if shares[view].share == 1.0), None)
        fastest = max(item.speeds)
        most = len(item.speeds[fastest][view].trajectories)
        all_ = f"all from {every:g} km/s" if every is not None else f"{most} of {count} at {fastest:g} km/s"
        parts.append(f"{words} the first from {first:.2f} km/s and {all_}")
    text = f"{title}, every interceptor given one burnout speed, engages {'; '.join(parts)}."
    causes = Counter(item.binding.values())
    if causes:
        told = [f"{number} {'is' if number == 1 else 'are'} {BECAUSE[cause]}" for cause, number in causes.most_common()]
        text += f" Of those not engaged at stated speeds {listed(told)}."
        numbers |= {f"{cause}_trajectories": float(number) for cause, number in causes.items()}
    return Finding(_QUESTION, text, numbers, subject=item.architecture)


def _reading(study: Study, name: str, item: StabilityAnswer) -> Finding:
    stated, first = item.stated[JUDGED], item.first_speed_km_s[JUDGED]
    title = sentence_title(study.scenario, name)
    count = len(item.trajectories)
    fast = item.speeds[FASTEST_KM_S][JUDGED]
    begun = "none at any speed" if first is None else f"the first from {first:.2f} km/s"
    text = (
        f"Another reading of the same sites: {title} would engage {len(stated.engaged.trajectories)}"
        f"{_range(stated, count)} of {count} at stated speeds, {begun}, {len(fast.trajectories)} at "
        f"{FASTEST_KM_S:g} km/s."
    )
    numbers = {"share": stated.engaged.share, "fastest_share": fast.share}
    return Finding(_QUESTION, text, numbers, subject=counterpart(study.scenario, name) or name)


def _range(stated: StatedShare, count: int) -> str:
    """Return the bounds of a share in brackets, as numbers of trajectories; "" where they are what it is."""
    fewest, base, most = (round(share * count) for share in (stated.low, stated.engaged.share, stated.high))
    return "" if fewest == base == most else f" ({fewest} to {most})"


def _speed_words(speeds: list[float]) -> str:
    """Return burnout speeds as text: one, or several."""
    return f"{listed([f'{speed:g}' for speed in sorted(set(speeds))])} km/s"
