"""Findings on partner radars (question 7) and on discrimination (question 8), made from the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import short_title
from hoplon.analysis.defence import LEVELS
from hoplon.presentation.wording import interval, listed, nation, percent, points
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, done_by
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from hoplon.questions.discrimination.answer import SelectedShots, SelectionAnswers
    from hoplon.questions.partner_radars.answer import PartnerAnswer, PartnerAnswers
    from hoplon.questions.study import StudyResults

_SECOND: Final = 1.0  # [s] from which a gain is called one
_SAME: Final = 0.005  # [1] shares that differ by less are called equal
_EQUAL: Final = 0.001  # [1] chances that differ by less are called equal
_HALF: Final = 0.5


def partner_findings(results: StudyResults) -> list[Finding]:
    """Say what partner radars add beyond the coverages, and what is left when they end (question 7)."""
    known = results.partners
    if known is None:
        return []
    answers = dict(known.answers)
    return [
        _early_finding(results, known, answers),
        _where_finding(results, known, answers),
        _accuracy_finding(results, known, answers),
        *_coverage_findings(results, answers),
        *_nation_findings(results, answers),
        _cut_finding(results, answers),
        _latency_finding(results, answers),
        *_availability_findings(results, answers),
        Finding(
            "Q7",
            "Partner radars add no discrimination: their feeds carry tracks of early-warning radars alone, whose "
            "separation is none (d' = 0).",
        ),
    ]


def _early_finding(results: StudyResults, known: PartnerAnswers, answers: dict[str, PartnerAnswer]) -> Finding:
    parts, numbers = [], {}
    for name, answer in answers.items():
        gain = answer.early.known
        share = float(np.mean(gain >= _SECOND)) if len(gain) else 0.0
        mean = float(np.mean(gain)) if len(gain) else 0.0
        numbers[name] = mean
        low, high = answer.gains["low"].early, answer.gains["high"].early
        parts.append(
            f"{_title(results, name)} {percent(share)} of flights, {mean:.1f} s on average "
            f"({_between(low, mean, high, 's')})"
        )
    best = max(numbers, key=lambda name: numbers[name])
    lead = (
        f"The feeds make the first firm track anywhere in the net earlier, most under {_title(results, best)}"
        if numbers[best] >= _SECOND
        else "The feeds make the first firm track hardly earlier"
    )
    text = (
        f"{lead}: of {len(known.cities.flights):,} flights to {len(known.cities.places):,} European cities, earlier "
        f"by a second or more (figure partner-gains, table partner_radars): {'; '.join(parts)}."
    )
    return Finding("Q7", text, numbers)


def _where_finding(results: StudyResults, known: PartnerAnswers, answers: dict[str, PartnerAnswer]) -> Finding:
    """Say from which launch areas the median flight is seen earlier, and from which it is not."""
    areas = known.cities.areas
    flown = [place for place in range(len(areas)) if np.any(known.cities.flights.areas == place)]
    parts = []
    none = set(flown)
    for name, answer in answers.items():
        medians = answer.early.median_by(known.cities.flights.areas, len(areas))
        gained = [place for place in flown if medians[place] >= _SECOND]
        none -= set(gained)
        words = [f"{_area(results, areas[place])} ({medians[place]:.0f} s)" for place in gained]
        parts.append(f"{_title(results, name)}: {listed(words)}")
    text = (
        f"The gain depends on the launch area. Areas from which the median flight is in firm track earlier: "
        f"{'; '.join(parts)}."
    )
    if none:
        text += (
            f" No plan's median flight gains from {listed([_area(results, areas[place]) for place in sorted(none)])}."
        )
    return Finding("Q7", text, {"areas_without_gain": float(len(none))})


def _accuracy_finding(results: StudyResults, known: PartnerAnswers, answers: dict[str, PartnerAnswer]) -> Finding:
    parts, numbers = [], {}
    moved = worse = 0
    for name, answer in answers.items():
        shots = answer.shots
        both = np.isfinite(shots.sigma_without) & np.isfinite(shots.sigma_with)
        if both.any():
            before, after = (float(np.median(sigma[both])) for sigma in (shots.sigma_without, shots.sigma_with))
            mean = [_mean(chance[shots.chance_without > 0.0]) for chance in (shots.chance_without, shots.chance_with)]
            gained = int(np.sum((shots.chance_without <= 0.0) & (shots.chance_with > 0.0)))
            worse += int(np.sum(shots.chance_with < shots.chance_without - _EQUAL))
            moved += abs(mean[1] - mean[0]) >= _SAME
            numbers[name] = mean[1] - mean[0]
            chances = [100.0 * answer.gains[level].chance for level in LEVELS]
            parts.append(
                f"{_title(results, name)} {before:.0f} m to {after:.0f} m, kill probability of the shots it has "
                f"{100 * mean[0]:.1f}\u00a0% to {100 * mean[1]:.1f}\u00a0%, a change of "
                f"{_signed(100 * (mean[1] - mean[0]))} points ({_changes(chances[0], chances[1], chances[2])}), "
                f"{gained or 'no'} more {'flight' if gained == 1 else 'flights'} met"
            )
    text = (
        "At the same intercepts the point of intercept is known better, by the median over "
        f"{len(known.large.flights):,} flights to capitals and large cities (figure partner-accuracy): "
        f"{'; '.join(parts)}."
    )
    if not moved and parts:
        text += (
            " At base values the better track moves no plan's mean kill probability by half a point: seekers and "
            "diverts, as assumed, forgive the error without the feeds too."
        )
    if worse:
        text += (
            f" On {worse} {'flight' if worse == 1 else 'flights'} the earlier first shot that the feed allows is made "
            "on a less settled track and is worth less than the later one; nothing obliges the battery to take it."
        )
    return Finding("Q7", text, numbers)


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _coverage_findings(results: StudyResults, answers: dict[str, PartnerAnswer]) -> list[Finding]:
    """Say whether coverage gains come from earlier track or from track at intercept."""
    found = []
    for name, answer in answers.items():
        latency = answer.latency
        gain, early = float(latency.people[0]) - latency.people_without, latency.people_early - latency.people_without
        if gain < _SAME:
            continue
        why = (
            "earlier track is most of it"
            if early >= _HALF * gain
            else "what counts is a radar that still holds the track at intercept: that takes a feed up to the last "
            "moment, and an accuracy that the rule for a held track does not ask for"
        )
        text = (
            f"{_title(results, name)}: with the feeds {percent(float(latency.people[0]))} of the threatened people of "
            f"the cities are defended, {points(gain)} more than without; feeds that end as soon as one of their tracks "
            f"is firm give {points(early)} of it: {why}."
        )
        found.append(Finding("Q7", text, {"gain": gain, "early": early}, name))
    return found


def _nation_findings(results: StudyResults, answers: dict[str, PartnerAnswer]) -> list[Finding]:
    """Say which nations gain coverage."""
    parts = []
    numbers = {}
    for name, answer in answers.items():
        before, after = results.nation_shares(name), results.nation_shares(answer.variant)
        gains = {
            code: (after.get(code) or 0.0) - share
            for code, share in before.items()
            if share is not None and (after.get(code) or 0.0) - share >= _SAME
        }
        numbers[name] = float(len(gains))
        if gains:
            most = sorted(gains, key=lambda code: (-gains[code], code))
            words = [f"{nation(code)} ({points(gains[code])})" for code in most]
            parts.append(f"{_title(results, name)}: {listed(words)}")
    text = (
        f"Nations that gain coverage, base values (map partner-coverage, table partner_nations): {'; '.join(parts)}."
        if parts
        else "No nation gains half a point of coverage under any plan, base values (map partner-coverage)."
    )
    return [Finding("Q7", text, numbers)]


def _cut_finding(results: StudyResults, answers: dict[str, PartnerAnswer]) -> Finding:
    every = [answer.cuts for answer in answers.values()]
    cuts = sum(cut.cuts for cut in every)
    bad = [name for name, answer in answers.items() if not answer.cuts.never_worse]
    flights = every[0].flights
    text = (
        f"Switched off in the middle: the feeds cut at every second of {flights} flights to capitals, {cuts:,} cuts "
        "over all plans"
    )
    if bad:
        worse = sum(cut.worse_tracks + cut.worse_shots + cut.worse_predictions + cut.different_at_zero for cut in every)
        text += (
            f", leave {listed([_title(results, name) for name in bad])} worse than without the feeds in {worse} cases."
        )
    else:
        text += (
            ": in none is the first firm track later, a battery without the shot it has without the feeds, or the "
            "intercept point known less well; cut at ignition, every track and shot is that of the plan that never had "
            "the feeds (figure partner-cuts)."
        )
    return Finding("Q7", text, {"cuts": float(cuts), "plans_worse": float(len(bad))})


def _latency_finding(results: StudyResults, answers: dict[str, PartnerAnswer]) -> Finding:
    parts, numbers, moved = [], {}, []
    for name, answer in answers.items():
        latency = answer.latency
        numbers[name] = float(latency.gain[-1] - latency.gain[0])
        parts.append(f"{_title(results, name)} {latency.gain[0]:.1f} s to {latency.gain[-1]:.1f} s")
        if float(np.max(latency.people) - np.min(latency.people)) >= _SAME:
            moved.append(name)
    added = next(iter(answers.values())).latency.added[-1]
    text = (
        f"A joint data-exchange centre that adds up to {added:.0f} s to the feeds takes the mean early-track gain from "
        f"{'; '.join(parts)}; it moves coverage "
        + (
            f"of {listed([_title(results, name) for name in moved])}"
            if moved
            else "of no plan by half a point (figure partner-latency)"
        )
        + "."
    )
    return Finding("Q7", text, numbers)


def _availability_findings(results: StudyResults, answers: dict[str, PartnerAnswer]) -> list[Finding]:
    """Say what feeds are worth that are there a share of the time."""
    parts, numbers = [], {}
    for name, answer in answers.items():
        if answer.availability is None:
            continue
        low, base, high = (answer.people_expected(share) for share in answer.availability)
        absent, present = answer.latency.people_without, float(answer.latency.people[0])
        numbers[name] = base
        parts.append(
            f"{_title(results, name)} {100 * base:.1f}\u00a0% ({_between(100 * low, 100 * base, 100 * high, '%')}), "
            f"between {100 * absent:.1f}\u00a0% without and {100 * present:.1f}\u00a0% with them always"
        )
    if not parts:
        text = (
            "The scenario gives the feeds no availability: in expectation the people defended lie between those "
            "without and those with the feeds, in proportion to the time that the feeds are there."
        )
        return [Finding("Q7", text)]
    shares = [answer.availability for answer in answers.values() if answer.availability is not None]
    said = dict.fromkeys(
        f"{percent(base)} of the time ({percent(low)} to {percent(high)})" for low, base, high in shares
    )
    text = (
        f"Feeds that come and go together and are there {listed(list(said))}, as the scenario assumes, defend in "
        f"expectation, of the threatened people of the cities: {'; '.join(parts)}. The expectation is linear in that "
        "share: the mean of the plan with and without the feeds. On any one day it is one or the other (figure "
        "partner-availability)."
    )
    return [Finding("Q7", text, numbers)]


def _between(low: float, base: float, high: float, unit: str) -> str:
    """Return the bounds of a number with a decimal: ``1.0 to 3.0 s``, or each by its name where it is not between."""
    if low <= base <= high:
        return f"{low:.1f} to {high:.1f}\u00a0{unit}"
    return f"low {low:.1f}\u00a0{unit}, high {high:.1f}\u00a0{unit}"


def _changes(low: float, base: float, high: float) -> str:
    """Return the bounds of a change in points, each with its sign, and by its name where the base is not between."""
    if low <= base <= high:
        return f"{_signed(low)} to {_signed(high)} points"
    return f"low {_signed(low)} points, high {_signed(high)} points"


def _signed(value: float) -> str:
    """Return a number with a decimal and its sign; nothing has none."""
    rounded = round(value, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def selection_findings(results: StudyResults) -> list[Finding]:
    """Say whether radar or seeker tells the warhead apart, where and when (question 8)."""
    known = results.selection
    if known is None:
        return []
    return [
        _source_finding(results, known),
        *(_plan_finding(results, known, name, shots) for name, shots in known.shots.items()),
        _objects_finding(results, known),
        _assumed_finding(results),
    ]


def _source_finding(results: StudyResults, known: SelectionAnswers) -> Finding:
    radars: list[str] = []
    seeker: list[str] = []
    parts, numbers = [], {"objects": float(SHOWN_OBJECTS)}
    for name in known.shots:
        both, by_seeker, by_radars, neither = (
            known.chance(name, source, SHOWN_OBJECTS) for source in ("both", "seeker", "radars", "neither")
        )
        numbers[name] = by_radars[1] - by_seeker[1]
        (radars if by_radars[1] > by_seeker[1] else seeker).append(name)
        parts.append(
            f"{_title(results, name)} {interval(both)} with both, {interval(by_seeker)} seeker alone, "
            f"{interval(by_radars)} radars alone, {interval(neither)} neither"
        )
    lead = []
    if radars:
        lead.append(f"the radars buy more than the seeker under {listed([_title(results, name) for name in radars])}")
    if seeker:
        lead.append(f"the seeker more than the radars under {listed([_title(results, name) for name in seeker])}")
    text = (
        f"Against {SHOWN_OBJECTS} objects that look alike {listed(lead)}. Mean single-shot kill probability of the "
        "main shots, base (low to high; at each level over the shots that it has) (figure selection-plans, table "
        f"discrimination): {'; '.join(parts)}."
    )
    return Finding("Q8", text, numbers)


def _plan_finding(results: StudyResults, known: SelectionAnswers, name: str, shots: SelectedShots) -> Finding:
    """Say how often radars tell, by handover and before the launch, and for which classes and launch areas."""
    margin = shots.before_launch
    by_handover, before = float(np.mean(np.isfinite(margin))), float(np.mean(margin >= 0.0))
    words = done_by(shots, SHOWN_OBJECTS)
    alone = float(np.mean([word == "seeker" for word in words]))
    flights = known.sample.flights
    text = (
        f"{_title(results, name)}: a radar has told the warhead apart by handover at {percent(by_handover)} of "
        f"{len(shots.flights):,} main shots, before the launch at {percent(before)}; at {percent(alone)} the seeker "
        "works "
        "alone"
    )
    areas = [
        (_area(results, known.sample.areas[int(key)]), flights.areas[shots.flights] == key)
        for key in np.unique(flights.areas[shots.flights])
    ]
    shares = {title: float(np.mean(np.isfinite(margin[chosen]))) for title, chosen in areas}
    best, worst = max(shares, key=lambda key: shares[key]), min(shares, key=lambda key: shares[key])
    if shares[best] - shares[worst] >= _SAME:
        text += f" (most radar help from {best}, {percent(shares[best])}; least from {worst}, {percent(shares[worst])})"
    return Finding("Q8", text + ".", {"by_handover": by_handover, "before_launch": before}, name)


def _objects_finding(results: StudyResults, known: SelectionAnswers) -> Finding:
    most, parts, numbers = OBJECTS[-1], [], {}
    for name in known.shots:
        one, many = (known.chance(name, "both", number) for number in (1, most))
        numbers[name] = many[1] / one[1] if one[1] else 0.0
        parts.append(f"{_title(results, name)} {interval(one)} to {interval(many)}")
    text = (
        f"From a warhead alone to {most} objects the mean single-shot kill probability falls, with radars and seeker "
        f"together (figure selection-objects): {'; '.join(parts)}."
    )
    return Finding("Q8", text, numbers)


def _assumed_finding(results: StudyResults) -> Finding:
    """Say what is assumed: how many objects the classes give, separations and factors."""
    numbers = {float(threat.objects) for threat in results.scenario.threats.values()}
    flown = (
        "as one object" if numbers == {1.0} else f"as {listed([f'{number:.0f}' for number in sorted(numbers)])} objects"
    )
    text = (
        f"The classes of the scenario fly {flown}: the numbers of objects here are swept, not expected. Separations "
        "d', "
        "seekers, diverts, reliability and hit probability are assumed; none is the value of a real system."
    )
    return Finding("Q8", text)


def _title(results: StudyResults, name: str) -> str:
    return short_title(results.scenario, name)


def _area(results: StudyResults, name: str) -> str:
    title = results.scenario.launch_areas[name].title or name.replace("-", " ").capitalize()
    return title.split(" (")[0].split(",")[0].removesuffix(" area")
