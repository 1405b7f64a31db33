"""The pictures of questions 7 and 8, from the study's results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import column_title
from hoplon.analysis.city_sample import Sample
from hoplon.analysis.tally import class_title
from hoplon.presentation.charts.between import Between, between_figure
from hoplon.presentation.charts.lines import PlanLine, accuracy_bars, cuts_figure, gains_figure, latency_figure
from hoplon.presentation.charts.timelines import accuracy_figure, timelines_figure
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.maps.values import Panel, Steps, added_maps, value_maps
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import percent, points
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, SOURCES, SelectedShots
from hoplon.questions.discrimination.charts import Chain, ToldBar, objects_figure, source_bars, told_bars, waterfall
from hoplon.questions.partner_radars.answer import PartnerAnswer
from hoplon.questions.study import StudyResults

Draw = Callable[[], Picture | None]
_GAIN_STEPS: Final = Steps(
    (0.0, 1.0, 10.0, 30.0, 60.0),
    ("#FFFFFF", "#DCD2EA", "#B39BD0", "#7B5EA7", "#33235A"),
    ("under 1 s", "1 to 10 s", "10 to 30 s", "30 to 60 s", "60 s and more"),
)
_LOSS_STEPS: Final = Steps(
    (0.0, 0.01, 0.05, 0.10, 0.20),
    ("#FFFFFF", "#F9E7B3", "#EFC14B", "#C98A00", "#6E4500"),
    ("under 1 point", "1 to 5 points", "5 to 10 points", "10 to 20 points", "20 points and more"),
)


def partner_pictures(
    results: StudyResults, ground: Ground, shown_of: Callable[[str], ShownCoverage]
) -> list[tuple[str, Draw]]:
    """Return the pictures of question 7: folder, and what draws it.

    Parameters
    ----------
    results : StudyResults
    ground : Ground
        The aim points.
    shown_of : callable
        Returns what a map of an architecture shows, base values and headline.
    """
    if results.partners is None:
        return []
    return [
        ("figures", partial(_gains, results)),
        ("maps", partial(_gain_maps, results)),
        ("figures", partial(_accuracy_gain, results)),
        ("maps", partial(_added, results, ground, shown_of)),
        ("figures", partial(_availability, results)),
        ("figures", partial(_cuts, results)),
        ("figures", partial(_latency, results)),
    ]


def flight_pictures(results: StudyResults) -> list[tuple[str, Draw]]:
    """Return the pictures of the named flight."""
    if results.named is None:
        return []
    return [("figures", partial(_timelines, results)), ("figures", partial(_accuracy, results))]


def selection_pictures(results: StudyResults) -> list[tuple[str, Draw]]:
    """Return the pictures of question 8."""
    if results.selection is None:
        return []
    return [
        ("figures", partial(_waterfall, results)),
        ("figures", partial(_objects, results)),
        ("figures", partial(_sources, results)),
        ("figures", partial(_told, results)),
        ("maps", partial(_loss_maps, results)),
    ]


def _plan(results: StudyResults, name: str) -> str:
    year = results.year(name)
    return column_title(results.scenario, name) + ("" if year is None else f", {year}")


def _source(results: StudyResults, note: str = "") -> str:
    line = source_line(results.scenario.name, results.scenario.sha256)
    return f"{line}\n{note}" if note else line


def _answers(results: StudyResults) -> tuple[Sample, dict[str, PartnerAnswer]]:
    assert results.partners is not None
    return results.partners.cities, dict(results.partners.answers)


def _sampled(sample: Sample) -> str:
    return f"{len(sample.flights):,} flights to {len(sample.places):,} European cities, classes of 2,000 km and more"


def _area_title(results: StudyResults, name: str) -> str:
    return results.scenario.launch_areas[name].title or name.replace("-", " ").capitalize()


def _short(title: str) -> str:
    return title.split(" (")[0].split(",")[0].removesuffix(" area")


def _gains(results: StudyResults) -> Picture:
    sample, answers = _answers(results)
    lines = [PlanLine(_plan(results, name), answer.early.known) for name, answer in answers.items()]
    number = len(sample.areas)
    medians = np.stack([answer.early.median_by(sample.flights.areas, number) for answer in answers.values()], axis=1)
    flown = np.flatnonzero(np.isfinite(medians).any(axis=1))
    areas = [_short(_area_title(results, sample.areas[place])) for place in flown]
    heads = (
        "How much earlier partner radars make the first firm track in the net",
        f"{_sampled(sample)}; base values, latencies included",
    )
    return gains_figure(lines, (areas, medians[flown]), heads, _source(results), "partner-gains")


def _gain_maps(results: StudyResults) -> Picture:
    sample, answers = _answers(results)
    panels = []
    for name, answer in answers.items():
        elements = {key: results.scenario.elements[key] for key in answer.feeds}
        medians = answer.early.median_by(sample.flights.points, len(sample.places))
        known = medians[np.isfinite(medians) & np.isin(sample.places.nation, results.europe(name))]
        most = f": up to {known.max():.0f} s" if known.size else ""
        panels.append(Panel(f"{_plan(results, name)}{most}", medians, results.europe(name), elements))
    heads = (
        "Early-track gain by place",
        "Median over every class and launch area that reaches the place, seconds; sampled cities; base values",
    )
    return value_maps(results.scenario, sample.places, panels, _GAIN_STEPS, heads, "partner-gain-map")


def _accuracy_gain(results: StudyResults) -> Picture:
    assert results.partners is not None
    sigmas = {}
    for name, answer in results.partners.answers.items():
        both = np.isfinite(answer.shots.sigma_without) & np.isfinite(answer.shots.sigma_with)
        sigmas[_plan(results, name)] = (answer.shots.sigma_without[both], answer.shots.sigma_with[both])
    sample = results.partners.large
    heads = (
        "How well the intercept point is predicted, without and with the feeds",
        f"The plan's best first shot at each of {len(sample.flights):,} flights to {len(sample.places)} capitals and "
        "large cities, where it has one; Cramér-Rao bound",
    )
    return accuracy_bars(sigmas, heads, _source(results), "partner-accuracy")


def _added(results: StudyResults, ground: Ground, shown_of: Callable[[str], ShownCoverage]) -> Picture:
    _, answers = _answers(results)
    pairs, elements, captions = [], [], []
    for name, answer in answers.items():
        before, after = shown_of(name), shown_of(answer.variant)
        pairs.append((before, after))
        elements.append({key: results.scenario.elements[key] for key in answer.feeds})
        shares = [percent(shown.population_share) for shown in (before, after)]
        change = f"{shares[0]} with or without" if shares[0] == shares[1] else f"{shares[0]} to {shares[1]}"
        captions.append(f"{_plan(results, name)}: {change}")
    heads = (
        "What partner radars change in coverage",
        "NATO Europe, members of each year, classes of 2,000 km and more; share of threatened people, base values",
    )
    return added_maps(ground, results.scenario, pairs, elements, heads, captions, "partner-coverage")


def _availability(results: StudyResults) -> Picture | None:
    sample, answers = _answers(results)
    known = {name: answer for name, answer in answers.items() if answer.availability is not None}
    if not known:
        return None
    early, people = [], []
    for name, answer in known.items():
        assert answer.availability is not None
        low, base, high = answer.availability
        gain, plan = float(np.mean(answer.early.known)) if len(answer.early.known) else 0.0, _plan(results, name)
        early.append(Between(plan, 0.0, gain, (low * gain, base * gain, high * gain)))
        ends = answer.latency.people_without, float(answer.latency.people[0])
        expected = (answer.people_expected(low), answer.people_expected(base), answer.people_expected(high))
        people.append(Between(plan, *ends, expected))
    said = dict.fromkeys(
        f"{percent(base)} of the time ({percent(low)} to {percent(high)})"
        for low, base, high in (answer.availability for answer in known.values() if answer.availability is not None)
    )
    heads = (
        "Feeds that are there some of the time",
        f"{_sampled(sample)}; the feeds come and go together, there {' or '.join(said)}, as assumed",
    )
    return between_figure(early, people, heads, _source(results), "partner-availability")


def _cuts(results: StudyResults) -> Picture:
    _, answers = _answers(results)
    every = [answer.cuts for answer in answers.values()]
    lines = [PlanLine(_plan(results, name), answer.cuts.gain) for name, answer in answers.items()]
    judged, flights = sum(cut.cuts for cut in every), every[0].flights
    worse = sum(cut.worse_tracks + cut.worse_shots + cut.worse_predictions + cut.different_at_zero for cut in every)
    kinds = [
        results.scenario.threats[key]
        for key in dict.fromkeys(results.tallies[next(iter(answers)), "base"].sets[0].threats)
    ]
    burns = sorted({float(kind.burn_time_s) for kind in kinds})
    heads = (
        "What is left when the feeds are cut in the middle of a flight",
        f"{flights} flights to capitals, cut at every second: {judged:,} cuts over all plans, "
        f"{worse or 'none'} worse than the plan that never had the feeds",
    )
    marks = [("first burnout", burns[0]), ("last burnout", burns[-1])] if burns else []
    return cuts_figure(every[0].second, lines, marks, heads, _source(results), "partner-cuts")


def _latency(results: StudyResults) -> Picture:
    sample, answers = _answers(results)
    gains = [PlanLine(_plan(results, name), answer.latency.gain) for name, answer in answers.items()]
    more = [
        PlanLine(_plan(results, name), answer.latency.people - answer.latency.people_without)
        for name, answer in answers.items()
    ]
    added = next(iter(answers.values())).latency.added
    heads = (
        "One more node: a joint data-exchange centre between the partner and the net",
        f"{_sampled(sample)}; on top of the latency that the scenario gives the feeds",
    )
    return latency_figure(added, gains, more, heads, _source(results), "partner-latency")


def _flight_words(results: StudyResults) -> str:
    named = results.named
    assert named is not None
    area = _short(_area_title(results, named.launch_area))
    return f"{class_title(results.scenario, named.threat)}, {area} to {named.place}"


def _timelines(results: StudyResults) -> Picture:
    named = results.named
    assert named is not None
    names = {line.architecture: _plan(results, line.architecture) for line in named.timelines}
    titles = {key: _element_title(results, key) for key in results.scenario.elements}
    heads = (
        "Who sees and who shoots, when",
        f"{_flight_words(results)}; base values. Radars that never have the flight in cover are left out",
    )
    return timelines_figure(named, names, titles, heads, _source(results), "timelines")


def _element_title(results: StudyResults, name: str) -> str:
    """Return an element's title with what it is: with its interceptors, or the word radar."""
    item = results.scenario.elements[name]
    title = _short(item.title or name)
    if item.battery is not None:
        return (item.title or name).split(" (")[0]
    return title if item.radar is None or "radar" in title.lower() else f"{title}, radar"


def _accuracy(results: StudyResults) -> Picture:
    named = results.named
    assert named is not None
    names = {line.architecture: _plan(results, line.architecture) for line in named.timelines}
    heads = (
        "How well the net knows where the flight is",
        f"{_flight_words(results)}; root of the trace of the place's covariance (Cramér-Rao bound), fused as the "
        "plan's command does it, latencies included",
    )
    return accuracy_figure(named, names, heads, _source(results), "track-accuracy")


def _assumed(results: StudyResults) -> str:
    return _source(
        results,
        "Assumed: every class's number of objects, d' of radars and seekers, seeker, divert, reliability and hit "
        "probability; none is the value of a real system.",
    )


def representative(shots: SelectedShots) -> int:
    """Return the place of the shot whose single-shot kill probability is the median of a plan's shots."""
    chance = np.round(shots.chance("both", SHOWN_OBJECTS), 9)
    return int(np.argsort(chance, kind="stable")[(len(chance) - 1) // 2])


def _waterfall(results: StudyResults) -> Picture:
    assert results.selection is not None
    sample, chains = results.selection.sample, []
    for name, shots in results.selection.shots.items():
        place = representative(shots)
        flight = int(shots.flights[place])
        point, area = int(sample.flights.points[flight]), int(sample.flights.areas[flight])
        selection = float(shots.selection("both", SHOWN_OBJECTS)[place])
        kind = results.scenario.threats[sample.threats[int(sample.flights.classes[flight])]]
        battery = results.scenario.elements[shots.battery[place]].title or shots.battery[place]
        under = (
            f"{_short(battery)}: {kind.max_range_km.value:,.0f} km, "
            f"{_short(_area_title(results, sample.areas[area]))} to {sample.places.name[point]}"
        )
        factors = (
            ("works", float(shots.reliability[place])),
            ("handover", float(shots.handover[place])),
            ("selects", selection),
            ("hits", float(shots.hit[place])),
        )
        chains.append(Chain(_plan(results, name), under, factors))
    heads = (
        "The kill chain of one shot",
        f"Chance left after each step, the median of each plan's main shots; {SHOWN_OBJECTS} objects that look alike, "
        "told apart by radars and seeker",
    )
    return waterfall(chains, heads, _assumed(results), "kill-chain")


def _shots_words(results: StudyResults) -> str:
    assert results.selection is not None
    sample = results.selection.sample
    return (
        f"best first shot at each of {len(sample.flights):,} flights to {len(sample.places)} capitals and large cities"
    )


def _objects(results: StudyResults) -> Picture:
    assert results.selection is not None
    chances = {
        _plan(results, name): {
            key: np.array([float(np.mean(shots.selection(key, number))) for number in OBJECTS]) for key in SOURCES
        }
        for name, shots in results.selection.shots.items()
    }
    heads = ("Telling the warhead apart", f"Mean over the {_shots_words(results)}, where a plan has one")
    return objects_figure(OBJECTS, chances, heads, _assumed(results), "selection-objects")


def _sources(results: StudyResults) -> Picture:
    assert results.selection is not None
    chances = {
        _plan(results, name): {key: float(np.mean(shots.chance(key, SHOWN_OBJECTS))) for key in SOURCES}
        for name, shots in results.selection.shots.items()
    }
    heads = (
        f"Single-shot kill probability against {SHOWN_OBJECTS} objects, by who tells them apart",
        f"Mean over the {_shots_words(results)}, where a plan has one",
    )
    return source_bars(chances, heads, _assumed(results), "selection-plans")


def _told(results: StudyResults) -> Picture:
    assert results.selection is not None
    sample, bars = results.selection.sample, []
    for name, shots in results.selection.shots.items():
        classes = sample.flights.classes[shots.flights]
        rows: list[tuple[str, NDArray[np.bool_]]] = [("every class", np.ones(len(classes), dtype=np.bool_))]
        rows += [
            (f"{results.scenario.threats[sample.threats[int(kind)]].max_range_km.value:,.0f} km", classes == kind)
            for kind in np.unique(classes)
        ]
        for label, chosen in rows:
            margin = shots.before_launch[chosen]
            before, never = float(np.mean(margin >= 0.0)), float(np.mean(~np.isfinite(margin)))
            bars.append(ToldBar(_plan(results, name), label, before, 1.0 - before - never, never, int(chosen.sum())))
    heads = (
        "Is the radars' word there before the launch?",
        f"The {_shots_words(results)}; the first radar with a separation, its latency included",
    )
    return told_bars(bars, heads, _assumed(results), "selection-time")


def radar_loss(sample: Sample, shots: SelectedShots) -> NDArray[np.float64]:
    """Return what each place's shots lose on average without the radars' separation; NaN where there is no shot."""
    loss = shots.chance("both", SHOWN_OBJECTS) - shots.chance("seeker", SHOWN_OBJECTS)
    at = sample.flights.points[shots.flights]
    number = np.bincount(at, minlength=len(sample.places))
    total = np.bincount(at, loss, minlength=len(sample.places))
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _loss_maps(results: StudyResults) -> Picture:
    assert results.selection is not None
    sample = results.selection.sample
    panels = []
    for name, shots in results.selection.shots.items():
        mean = float(np.mean(shots.chance("both", SHOWN_OBJECTS) - shots.chance("seeker", SHOWN_OBJECTS)))
        elements = {
            key: item
            for key, item in results.scenario.architecture(name).elements.items()
            if item.radar is not None and _discriminates(results, item.radar)
        }
        panels.append(
            Panel(f"{_plan(results, name)}: {points(mean)}", radar_loss(sample, shots), results.europe(name), elements)
        )
    heads = (
        "Where the radars do the work",
        f"Single-shot kill probability lost without the radars' separation, {SHOWN_OBJECTS} objects; mean over the "
        "main shots at each place",
    )
    note = (
        "Radars that have a separation are marked; places without a shot are left out. "
        "Number of objects, d', seekers: assumed."
    )
    return value_maps(results.scenario, sample.places, panels, _LOSS_STEPS, heads, "selection-map", note, 26.0)


def _discriminates(results: StudyResults, radar: str) -> bool:
    known = results.scenario.radars[radar].discrimination
    return known is not None and float(known.separation) > 0.0
