"""Findings on partner radars, made from the numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import partner_variants, sentence_title, short_title
from hoplon.analysis.defence import LEVELS
from hoplon.presentation.wording import addition_sentences, launch_area, listed, nation, percent, points
from hoplon.questions.partner_radars import NUMBER
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from hoplon.questions.partner_radars.answer import PartnerRadars
    from hoplon.questions.study import Study

_SECOND: Final = 1.0  # [s] from which a gain is called one
_SAME: Final = 0.005  # [1] shares that differ by less are called equal
_EQUAL: Final = 0.001  # [1] chances that differ by less are called equal
_HALF: Final = 0.5


def findings(study: Study, answer: PartnerRadars) -> list[Finding]:
    """Return the findings on what partner radars add, and on the effect of losing them."""
    found = [
        *_addition_findings(study),
        _early_finding(study, answer),
        _where_finding(study, answer),
        _accuracy_finding(study, answer),
        *_support_findings(study, answer),
        *_coverage_findings(study, answer),
        *_nation_findings(study, answer),
        replace(_cut_finding(study, answer), lead=True),
        _latency_finding(study, answer),
        *_availability_findings(study, answer),
        Finding(
            NUMBER,
            "Partner radars add no discrimination: their feeds carry tracks of early-warning radars alone, whose "
            "separation is none (d' = 0).",
        ),
    ]
    return [replace(found[0], lead=True), *found[1:]]


def _addition_findings(study: Study) -> list[Finding]:
    """Return the findings on coverage with and without partner radars."""
    steps = study.additions(partner_variants(study.scenario))
    if not steps:
        return []
    titles = {stem: sentence_title(study.scenario, stem) for stem in steps}
    return [Finding(NUMBER, text, numbers) for text, numbers in addition_sentences("the partner radars", steps, titles)]


def _early_finding(study: Study, answer: PartnerRadars) -> Finding:
    """Return the finding on how much earlier the first firm track is."""
    parts, numbers = [], {}
    for name, effect in answer.effects.items():
        gain = effect.early.known
        share = float(np.mean(gain >= _SECOND)) if len(gain) else 0.0
        mean = float(np.mean(gain)) if len(gain) else 0.0
        numbers[name] = mean
        low, high = effect.gains["low"].early, effect.gains["high"].early
        parts.append(
            f"{_title(study, name)} {percent(share)} of flights, {mean:.1f} s on average "
            f"({_between(low, mean, high, 's')})"
        )
    best = max(numbers, key=lambda name: numbers[name])
    lead = (
        f"With the feeds the first firm track of any radar is earlier, most under {_title(study, best)}"
        if numbers[best] >= _SECOND
        else "With the feeds the first firm track is hardly earlier"
    )
    text = (
        f"{lead}: of {len(answer.cities.flights):,} flights to {len(answer.cities.places):,} cities of "
        f"{study.region}, earlier by a second or more (figure partner-gains, table partner_radars): {'; '.join(parts)}."
    )
    return Finding(NUMBER, text, numbers)


def _where_finding(study: Study, answer: PartnerRadars) -> Finding:
    """Return the finding on the launch areas from which the median flight is in firm track earlier."""
    areas = answer.cities.areas
    flown = [place for place in range(len(areas)) if np.any(answer.cities.flights.areas == place)]
    parts = []
    none = set(flown)
    for name, effect in answer.effects.items():
        medians = effect.early.median_by(answer.cities.flights.areas, len(areas))
        gained = [place for place in flown if medians[place] >= _SECOND]
        none -= set(gained)
        words = [f"{launch_area(areas[place])} ({medians[place]:.0f} s)" for place in gained]
        parts.append(f"{_title(study, name)}: {listed(words)}")
    text = (
        f"The gain depends on the launch area. Areas from which the median flight is in firm track earlier: "
        f"{'; '.join(parts)}."
    )
    if none:
        words = [launch_area(areas[place]) for place in sorted(none)]
        text += f" Under no architecture does the median flight from {listed(words)} gain."
    return Finding(NUMBER, text, {"areas_without_gain": float(len(none))})


def _accuracy_finding(study: Study, answer: PartnerRadars) -> Finding:
    """Return the finding on the error of the predicted intercept point and on kill probability."""
    parts, numbers = [], {}
    moved = worse = 0
    for name, effect in answer.effects.items():
        shots = effect.shots
        both = np.isfinite(shots.sigma_without) & np.isfinite(shots.sigma_with)
        if both.any():
            before, after = (float(np.median(sigma[both])) for sigma in (shots.sigma_without, shots.sigma_with))
            mean = [_mean(chance[shots.chance_without > 0.0]) for chance in (shots.chance_without, shots.chance_with)]
            gained = int(np.sum((shots.chance_without <= 0.0) & (shots.chance_with > 0.0)))
            worse += int(np.sum(shots.chance_with < shots.chance_without - _EQUAL))
            moved += abs(mean[1] - mean[0]) >= _SAME
            numbers[name] = mean[1] - mean[0]
            chances = [100.0 * effect.gains[level].chance for level in LEVELS]
            parts.append(
                f"{_title(study, name)} {before:.0f} m to {after:.0f} m, mean kill probability of the shots it has "
                f"{100 * mean[0]:.1f}\u00a0% to {100 * mean[1]:.1f}\u00a0%, a change of "
                f"{_signed(100 * (mean[1] - mean[0]))} points ({_changes(chances[0], chances[1], chances[2])}), "
                f"{gained or 'no'} more {'flight' if gained == 1 else 'flights'} engaged"
            )
    text = (
        "Median error of the predicted intercept point at the same intercepts, over "
        f"{len(answer.large.flights):,} flights to capitals and large cities, without and with the "
        f"feeds (figure partner-accuracy): {'; '.join(parts)}."
    )
    if not moved and parts:
        text += (
            " At base values the more accurate track changes no architecture's mean kill probability by half a point: "
            "the assumed seekers and diverts tolerate the error without the feeds too."
        )
    if worse:
        text += (
            f" On {worse} {'flight' if worse == 1 else 'flights'} the earlier first shot that the feed allows is made "
            "on a less accurate track and has a lower kill probability than the later one; the battery need not take "
            "it."
        )
    return Finding(NUMBER, text, numbers)


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _support_findings(study: Study, answer: PartnerRadars) -> list[Finding]:
    """Say which role of the feeds gives the gain: cue and earlier commit, or support of the intercept by accuracy."""
    scenario = study.scenario
    feeds = {name for effect in answer.effects.values() for name in effect.feeds}
    kinds = {radar for name in feeds if (radar := scenario.elements[name].radar) is not None}
    supporting = any(scenario.radars[kind].may_support for kind in kinds)
    parts, numbers = [], {}
    gains: dict[str, list[float]] = {"held": [], "predicted": []}
    for name, effect in answer.effects.items():
        told = []
        for support, found in gains.items():
            without, fed = (study.support_share(item, support) for item in (name, effect.variant))
            if without is None or fed is None:
                continue
            found.append(fed - without)
            numbers[f"{name}_{support}"] = fed - without
            told.append(points(fed - without) if abs(fed - without) >= _SAME else "nothing")
        if len(told) == len(gains):
            parts.append(f"{_title(study, name)} {' and '.join(told)}")
    if not parts:
        return []
    role = (
        "The feeds cue other radars, allow an earlier commit and may support an intercept"
        if supporting
        else "The feeds come from early-warning radars: they cue other radars and allow an earlier commit, and support "
        "an intercept only by the accuracy of a prediction, where the doctrine lets a prediction support it"
    )
    if max((*gains["held"], *gains["predicted"])) < _SAME:
        gain = (
            "At base values they add less than half a point under every architecture, whether a held track or an "
            "accurate enough prediction supports an intercept"
        )
    else:
        gain = f"Gain at base values, support by held track and by prediction: {'; '.join(parts)}"
    corner = _worst_corner(study, answer)
    if corner and not supporting:
        gain += (
            f". Support by held track is none of theirs: the gain in the worst corner ({corner}) comes from earlier "
        )
        gain += "track, by cue and by commit"
    text = f"{role}. {gain}."
    return [Finding(NUMBER, text, numbers, rank=-1, short=f"{gain}.")]


def _worst_corner(study: Study, answer: PartnerRadars) -> str:
    """Return the architecture that gains most in the worst corner, and how much; empty where the doctrine predicts."""
    if any(study.scenario.architecture(name).doctrine.support != "held" for name in answer.effects):
        return ""
    steps = study.additions([effect.variant for effect in answer.effects.values()])
    gains = {stem: fed[0] - without[0] for stem, (without, fed) in steps.items()}
    most = max(gains, key=lambda stem: gains[stem], default=None)
    return "" if most is None or gains[most] < _SAME else f"{_title(study, most)} {points(gains[most])}"


def _coverage_findings(study: Study, answer: PartnerRadars) -> list[Finding]:
    """Return the findings on whether coverage gains come from earlier track or from track at intercept."""
    found = []
    for name, effect in answer.effects.items():
        latency = effect.latency
        gain, early = float(latency.people[0]) - latency.people_without, latency.people_early - latency.people_without
        if gain < _SAME:
            continue
        why = (
            "most of the gain comes from earlier track and commit"
            if early >= _HALF * gain
            else "the gain comes from feeds that still track the target after their first firm track"
        )
        text = (
            f"{_title(study, name)}: with the feeds {percent(float(latency.people[0]))} of the threatened people of "
            f"the cities are defended, {points(gain)} more than without; feeds that end as soon as one of their tracks "
            f"is firm give {points(early)} of that: {why}."
        )
        found.append(Finding(NUMBER, text, {"gain": gain, "early": early}, name))
    return found


def _nation_findings(study: Study, answer: PartnerRadars) -> list[Finding]:
    """Return the finding on the nations that gain coverage."""
    parts = []
    numbers = {}
    for name, effect in answer.effects.items():
        before, after = study.nation_shares(name), study.nation_shares(effect.variant)
        gains = {
            code: (after.get(code) or 0.0) - share
            for code, share in before.items()
            if share is not None and (after.get(code) or 0.0) - share >= _SAME
        }
        numbers[name] = float(len(gains))
        if gains:
            most = sorted(gains, key=lambda code: (-gains[code], code))
            words = [f"{nation(code)} ({points(gains[code])})" for code in most]
            parts.append(f"{_title(study, name)}: {listed(words)}")
    text = (
        f"Nations that gain coverage, base values (map partner-coverage, table partner_nations): {'; '.join(parts)}."
        if parts
        else "No nation gains half a point of coverage under any architecture, base values (map partner-coverage)."
    )
    return [Finding(NUMBER, text, numbers)]


def _cut_finding(study: Study, answer: PartnerRadars) -> Finding:
    """Return the finding on feeds lost during a flight."""
    every = [effect.cuts for effect in answer.effects.values()]
    cuts = sum(cut.cuts for cut in every)
    bad = [name for name, effect in answer.effects.items() if not effect.cuts.never_worse]
    flights = every[0].flights
    text = (
        f"Feeds lost during a flight: cut at every second of {flights} flights to capitals, {cuts:,} cuts "
        "over all architectures"
    )
    if bad:
        worse = sum(cut.worse_tracks + cut.worse_shots + cut.worse_predictions + cut.different_at_zero for cut in every)
        names = listed([_title(study, name) for name in bad])
        text += f": they leave {names} worse than without the feeds in {worse} cases."
    else:
        text += (
            ": in none is the first firm track later than without the feeds, does a battery lose a shot that it has "
            "without them, or is the error of the predicted intercept point larger; cut at ignition, every track and "
            "shot equals that of the architecture without the feeds (figure partner-cuts)."
        )
    return Finding(NUMBER, text, {"cuts": float(cuts), "architectures_worse": float(len(bad))})


def _latency_finding(study: Study, answer: PartnerRadars) -> Finding:
    """Return the finding on the latency of one more node."""
    parts, numbers, moved = [], {}, []
    for name, effect in answer.effects.items():
        latency = effect.latency
        numbers[name] = float(latency.gain[-1] - latency.gain[0])
        parts.append(f"{_title(study, name)} {latency.gain[0]:.1f} s to {latency.gain[-1]:.1f} s")
        if float(np.max(latency.people) - np.min(latency.people)) >= _SAME:
            moved.append(name)
    added = next(iter(answer.effects.values())).latency.added[-1]
    text = (
        f"A joint data-exchange centre that adds up to {added:.0f} s to the feeds lowers the mean early-track gain: "
        f"{'; '.join(parts)}; it changes coverage "
        + (
            f"of {listed([_title(study, name) for name in moved])}"
            if moved
            else "of no architecture by half a point (figure partner-latency)"
        )
        + "."
    )
    return Finding(NUMBER, text, numbers)


def _availability_findings(study: Study, answer: PartnerRadars) -> list[Finding]:
    """Return the finding on feeds that are available part of the time."""
    parts, numbers = [], {}
    for name, effect in answer.effects.items():
        if effect.availability is None:
            continue
        low, base, high = (effect.people_expected(share) for share in effect.availability)
        absent, present = effect.latency.people_without, float(effect.latency.people[0])
        numbers[name] = base
        parts.append(
            f"{_title(study, name)} {100 * base:.1f}\u00a0% ({_between(100 * low, 100 * base, 100 * high, '%')}), "
            f"between {100 * absent:.1f}\u00a0% without and {100 * present:.1f}\u00a0% with them all the time"
        )
    if not parts:
        text = (
            "The scenario gives the feeds no availability: the expected number of people defended lies between the "
            "numbers without and with the feeds, in proportion to the availability."
        )
        return [Finding(NUMBER, text)]
    shares = [effect.availability for effect in answer.effects.values() if effect.availability is not None]
    said = dict.fromkeys(
        f"{percent(base)} of the time ({percent(low)} to {percent(high)})" for low, base, high in shares
    )
    text = (
        f"Expected share of the threatened people of the cities defended with feeds that are available together, "
        f"{listed(list(said))} as assumed: {'; '.join(parts)}. The expectation is the mean of the shares with and "
        "without the feeds, weighted by the availability; on any one day the feeds are there or not (figure "
        "partner-availability)."
    )
    return [Finding(NUMBER, text, numbers)]


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


def _title(study: Study, name: str) -> str:
    return short_title(study.scenario, name)
