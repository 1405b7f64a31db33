"""Figures and maps of what partner radars add, and of the named flight."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.architectures import figure_title
from hoplon.analysis.tally import class_title
from hoplon.presentation.charts.lines import PlanLine
from hoplon.presentation.charts.timelines import accuracy_figure, timelines_figure
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.values import Panel, Steps, added_maps, value_maps
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import percent
from hoplon.questions.partner_radars.charts import (
    Between,
    accuracy_bars,
    between_figure,
    cuts_figure,
    gains_figure,
    latency_figure,
)
from hoplon.questions.question import FigureSpec

if TYPE_CHECKING:
    from hoplon.analysis.city_sample import Sample
    from hoplon.analysis.named_flight import NamedFlight
    from hoplon.questions.partner_radars.answer import PartnerRadars
    from hoplon.questions.study import Study

_GAIN_STEPS: Final = Steps(
    (0.0, 1.0, 10.0, 30.0, 60.0),
    ("#FFFFFF", "#DCD2EA", "#B39BD0", "#7B5EA7", "#33235A"),
    ("under 1 s", "1 to 10 s", "10 to 30 s", "30 to 60 s", "60 s and more"),
)


def figures(study: Study, answer: PartnerRadars) -> list[FigureSpec]:
    """Return the figures and maps of question 7, to be drawn."""
    specs = [
        FigureSpec("partner-gains", "figures", partial(_gains, study, answer)),
        FigureSpec("partner-gain-map", "maps", partial(_gain_maps, study, answer)),
        FigureSpec("partner-accuracy", "figures", partial(_accuracy_gain, study, answer)),
    ]
    if answer.named is not None:
        specs += [
            FigureSpec("track-accuracy", "figures", partial(_accuracy, study, answer.named)),
            FigureSpec("timelines", "figures", partial(_timelines, study, answer.named)),
        ]
    specs.append(FigureSpec("partner-coverage", "maps", partial(_added, study, answer)))
    if any(effect.availability is not None for effect in answer.effects.values()):
        specs.append(FigureSpec("partner-availability", "figures", partial(_availability, study, answer)))
    return [
        *specs,
        FigureSpec("partner-cuts", "figures", partial(_cuts, study, answer)),
        FigureSpec("partner-latency", "figures", partial(_latency, study, answer)),
    ]


def _source(study: Study) -> str:
    return source_line(study.scenario.name, study.scenario.sha256)


def _sampled(sample: Sample) -> str:
    return f"{len(sample.flights):,} flights to {len(sample.places):,} European cities, classes of 2,000 km and more"


def _area_title(study: Study, name: str) -> str:
    return study.scenario.launch_areas[name].title or name.replace("-", " ").capitalize()


def _short(title: str) -> str:
    return title.split(" (")[0].split(",")[0].removesuffix(" area")


def _gains(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    lines = [
        PlanLine(figure_title(study.scenario, name), effect.early.known) for name, effect in answer.effects.items()
    ]
    number = len(sample.areas)
    medians = np.stack(
        [effect.early.median_by(sample.flights.areas, number) for effect in answer.effects.values()], axis=1
    )
    flown = np.flatnonzero(np.isfinite(medians).any(axis=1))
    areas = [_short(_area_title(study, sample.areas[place])) for place in flown]
    heads = (
        "How much earlier partner radars make the first firm track in the net",
        f"{_sampled(sample)}; base values, latencies included",
    )
    return gains_figure(lines, (areas, medians[flown]), heads, _source(study), "partner-gains")


def _gain_maps(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    panels = []
    for name, effect in answer.effects.items():
        elements = {key: study.scenario.elements[key] for key in effect.feeds}
        medians = effect.early.median_by(sample.flights.points, len(sample.places))
        known = medians[np.isfinite(medians) & np.isin(sample.places.nation, study.headline_nations(name))]
        most = f": up to {known.max():.0f} s" if known.size else ""
        panels.append(
            Panel(f"{figure_title(study.scenario, name)}{most}", medians, study.headline_nations(name), elements)
        )
    heads = (
        "Early-track gain by place",
        "Median over every class and launch area that reaches the place, seconds; sampled cities; base values",
    )
    return value_maps(study.scenario, sample.places, panels, _GAIN_STEPS, heads, "partner-gain-map")


def _accuracy_gain(study: Study, answer: PartnerRadars) -> Picture:
    sigmas = {}
    for name, effect in answer.effects.items():
        both = np.isfinite(effect.shots.sigma_without) & np.isfinite(effect.shots.sigma_with)
        sigmas[figure_title(study.scenario, name)] = (effect.shots.sigma_without[both], effect.shots.sigma_with[both])
    sample = answer.large
    heads = (
        "How well the intercept point is predicted, without and with the feeds",
        f"The plan's best first shot at each of {len(sample.flights):,} flights to {len(sample.places)} capitals and "
        "large cities, where it has one; Cramér-Rao bound",
    )
    return accuracy_bars(sigmas, heads, _source(study), "partner-accuracy")


def _added(study: Study, answer: PartnerRadars) -> Picture:
    pairs, elements, captions = [], [], []
    for name, effect in answer.effects.items():
        before, after = study.shown(name), study.shown(effect.variant)
        pairs.append((before, after))
        elements.append({key: study.scenario.elements[key] for key in effect.feeds})
        shares = [percent(shown.population_share) for shown in (before, after)]
        change = f"{shares[0]} with or without" if shares[0] == shares[1] else f"{shares[0]} to {shares[1]}"
        captions.append(f"{figure_title(study.scenario, name)}: {change}")
    heads = (
        "What partner radars change in coverage",
        "NATO Europe, members of each year, classes of 2,000 km and more; share of threatened people, base values",
    )
    return added_maps(Ground(study.points), study.scenario, pairs, elements, heads, captions, "partner-coverage")


def _availability(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    known = {name: effect for name, effect in answer.effects.items() if effect.availability is not None}
    early, people = [], []
    for name, effect in known.items():
        assert effect.availability is not None
        low, base, high = effect.availability
        gain, plan = (
            float(np.mean(effect.early.known)) if len(effect.early.known) else 0.0,
            figure_title(study.scenario, name),
        )
        early.append(Between(plan, 0.0, gain, (low * gain, base * gain, high * gain)))
        ends = effect.latency.people_without, float(effect.latency.people[0])
        expected = (effect.people_expected(low), effect.people_expected(base), effect.people_expected(high))
        people.append(Between(plan, *ends, expected))
    said = dict.fromkeys(
        f"{percent(base)} of the time ({percent(low)} to {percent(high)})"
        for low, base, high in (effect.availability for effect in known.values() if effect.availability is not None)
    )
    heads = (
        "Feeds that are there some of the time",
        f"{_sampled(sample)}; the feeds come and go together, there {' or '.join(said)}, as assumed",
    )
    return between_figure(early, people, heads, _source(study), "partner-availability")


def _cuts(study: Study, answer: PartnerRadars) -> Picture:
    every = [effect.cuts for effect in answer.effects.values()]
    lines = [PlanLine(figure_title(study.scenario, name), effect.cuts.gain) for name, effect in answer.effects.items()]
    judged, flights = sum(cut.cuts for cut in every), every[0].flights
    worse = sum(cut.worse_tracks + cut.worse_shots + cut.worse_predictions + cut.different_at_zero for cut in every)
    kinds = [study.scenario.threats[key] for key in study.headline_threats(next(iter(answer.effects)))]
    burns = sorted({float(kind.burn_time_s) for kind in kinds})
    heads = (
        "What is left when the feeds are cut in the middle of a flight",
        f"{flights} flights to capitals, cut at every second: {judged:,} cuts over all plans, "
        f"{worse or 'none'} worse than the plan that never had the feeds",
    )
    marks = [("first burnout", burns[0]), ("last burnout", burns[-1])] if burns else []
    return cuts_figure(every[0].second, lines, marks, heads, _source(study), "partner-cuts")


def _latency(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    gains = [
        PlanLine(figure_title(study.scenario, name), effect.latency.gain) for name, effect in answer.effects.items()
    ]
    more = [
        PlanLine(figure_title(study.scenario, name), effect.latency.people - effect.latency.people_without)
        for name, effect in answer.effects.items()
    ]
    added = next(iter(answer.effects.values())).latency.added
    heads = (
        "One more node: a joint data-exchange centre between the partner and the net",
        f"{_sampled(sample)}; on top of the latency that the scenario gives the feeds",
    )
    return latency_figure(added, gains, more, heads, _source(study), "partner-latency")


def _flight_words(study: Study, named: NamedFlight) -> str:
    area = _short(_area_title(study, named.launch_area))
    return f"{class_title(study.scenario, named.threat)}, {area} to {named.place}"


def _timelines(study: Study, named: NamedFlight) -> Picture:
    names = {line.architecture: figure_title(study.scenario, line.architecture) for line in named.timelines}
    titles = {key: _element_title(study, key) for key in study.scenario.elements}
    heads = (
        "Who sees and who shoots, when",
        f"{_flight_words(study, named)}; base values. Radars that never have the flight in cover are left out",
    )
    return timelines_figure(named, names, titles, heads, _source(study), "timelines")


def _element_title(study: Study, name: str) -> str:
    """Return an element's title with what it is: with its interceptors, or the word radar."""
    item = study.scenario.elements[name]
    title = _short(item.title or name)
    if item.battery is not None:
        return (item.title or name).split(" (")[0]
    return title if item.radar is None or "radar" in title.lower() else f"{title}, radar"


def _accuracy(study: Study, named: NamedFlight) -> Picture:
    names = {line.architecture: figure_title(study.scenario, line.architecture) for line in named.timelines}
    heads = (
        "How well the net knows where the flight is",
        f"{_flight_words(study, named)}; root of the trace of the place's covariance (Cramér-Rao bound), fused as the "
        "plan's command does it, latencies included",
    )
    return accuracy_figure(named, names, heads, _source(study), "track-accuracy")
