"""Tables of questions 7 and 8: partner radars, discrimination, the named flight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, SOURCES, done_by
from hoplon.questions.study import LEVELS, StudyResults

_PLAN: Final = Column("architecture", "plan")
_WORKERS: Final = ("both", "radars", "seeker", "either", "nobody")


def net_tables(results: StudyResults) -> tuple[Table, ...]:
    """Return every table of questions 7 and 8; without rows where the study did not ask."""
    return (
        partner_table(results),
        partner_latency_table(results),
        partner_gain_table(results),
        partner_nations_table(results),
        discrimination_table(results),
        discrimination_by_threat_table(results),
        named_flight_table(results),
    )


def partner_table(results: StudyResults) -> Table:
    """Return what partner radars add to each plan, and what cutting them does."""
    rows: list[tuple[Any, ...]] = []
    for name, answer in results.partners.answers.items() if results.partners is not None else ():
        gain, shots, cuts, latency = answer.early.known, answer.shots, answer.cuts, answer.latency
        has = shots.chance_without > 0.0
        both = np.isfinite(shots.sigma_without) & np.isfinite(shots.sigma_with)
        rows.append(
            (
                name,
                " ".join(answer.feeds),
                len(answer.early.without),
                _mean(gain >= 1.0),
                _mean(gain),
                *_percentiles(gain, (50, 90)),
                int(np.sum(np.isinf(answer.early.without) & np.isfinite(answer.early.with_feed))),
                *_percentiles(shots.sigma_without[both], (50,)),
                *_percentiles(shots.sigma_with[both], (50,)),
                _mean(shots.chance_without[has]),
                _mean(shots.chance_with[has]),
                int(np.sum((shots.chance_with > 0.0) & ~has)),
                latency.people_without,
                latency.people_early,
                float(latency.people[0]),
                cuts.flights,
                cuts.cuts,
                cuts.judged,
                cuts.worse_tracks + cuts.worse_shots + cuts.worse_predictions,
                cuts.different_at_zero,
                *(answer.gains[level].early for level in LEVELS),
                *(answer.gains[level].chance for level in LEVELS),
                *(answer.availability or (None, None, None)),
                *(None if share is None else answer.people_expected(share) for share in answer.availability or ()),
                *(() if answer.availability else (None, None, None)),
            )
        )
    heads = (
        _PLAN,
        Column("feeds", "feeds"),
        Column("flights", "flights", "number"),
        Column("earlier_share", "earlier by 1 s or more", "share"),
        Column("gain_mean_s", "mean gain, s", "number"),
        Column("gain_median_s", "median gain, s", "number"),
        Column("gain_90_s", "gain of one in ten, s", "number"),
        Column("only_with_feed", "flights tracked with the feed alone", "number"),
        Column("pip_sigma_without_m", "intercept point without, m", "number"),
        Column("pip_sigma_with_m", "with, m", "number"),
        Column("kill_probability_without", "kill probability without", "share"),
        Column("kill_probability_with", "with", "share"),
        Column("flights_met_more", "more flights met", "number"),
        Column("city_people_without", "city people defended without", "share"),
        Column("city_people_early_track_alone", "feeds end once firm", "share"),
        Column("city_people_with", "with", "share"),
        Column("cut_flights", "flights cut", "number"),
        Column("cuts", "cuts", "number"),
        Column("cuts_judged", "cuts that change a track", "number"),
        Column("worse_than_without", "worse than without", "number"),
        Column("different_at_ignition", "different if cut at ignition", "number"),
        *(Column(f"gain_mean_{level}_s", f"mean gain, {level}, s", "number") for level in LEVELS),
        *(
            Column(f"kill_probability_gain_{level}", f"kill probability gained, {level}", "difference")
            for level in LEVELS
        ),
        *(Column(f"availability_{level}", f"feeds there, {level}", "share") for level in LEVELS),
        *(Column(f"city_people_expected_{level}", f"city people expected, {level}", "share") for level in LEVELS),
    )
    return Table("partner_radars", "What partner radars add, and what cutting their feeds does", heads, tuple(rows))


def _mean(values: NDArray[Any]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _percentiles(values: NDArray[np.float64], wanted: tuple[int, ...]) -> tuple[float | None, ...]:
    return tuple(float(np.percentile(values, share)) if len(values) else None for share in wanted)


def partner_latency_table(results: StudyResults) -> Table:
    """Return what a joint data-exchange centre's latency leaves of the gain."""
    rows = [
        (name, added, float(latency.gain[place]), float(latency.earlier[place]), float(latency.people[place]))
        for name, answer in (results.partners.answers.items() if results.partners is not None else ())
        for latency in (answer.latency,)
        for place, added in enumerate(latency.added)
    ]
    heads = (
        _PLAN,
        Column("added_latency_s", "added, s", "number"),
        Column("gain_mean_s", "mean gain, s", "number"),
        Column("earlier_share", "earlier by 1 s or more", "share"),
        Column("city_people", "city people defended", "share"),
    )
    return Table("partner_latency", "A joint data-exchange centre: latency added to the feeds", heads, tuple(rows))


def partner_gain_table(results: StudyResults) -> Table:
    """Return the early-track gain by plan, class and launch area."""

    def lines() -> Iterator[tuple[Any, ...]]:
        if results.partners is None:
            return
        sample = results.partners.cities
        pairs = np.unique(np.stack([sample.flights.classes, sample.flights.areas], axis=1), axis=0)
        for name, answer in results.partners.answers.items():
            gain = answer.early.gain
            for kind, area in pairs:
                mine = gain[(sample.flights.classes == kind) & (sample.flights.areas == area)]
                known = mine[np.isfinite(mine)]
                yield (
                    name,
                    sample.threats[kind],
                    sample.areas[area],
                    len(mine),
                    _mean(known),
                    *_percentiles(known, (10, 50, 90)),
                    int(np.sum(np.isposinf(mine))),
                )

    heads = (
        _PLAN,
        Column("threat", "class"),
        Column("launch_area", "from"),
        Column("flights", "flights", "number"),
        Column("gain_mean_s", "mean gain, s", "number"),
        Column("gain_10_s", "10 %, s", "number"),
        Column("gain_median_s", "median, s", "number"),
        Column("gain_90_s", "90 %, s", "number"),
        Column("only_with_feed", "tracked with the feed alone", "number"),
    )
    return Table("partner_gain", "Early-track gain by class and launch area", heads, tuple(lines()))


def partner_nations_table(results: StudyResults) -> Table:
    """Return coverage without and with the feeds, nation by nation."""
    rows = []
    for name, answer in results.partners.answers.items() if results.partners is not None else ():
        for code in results.europe(name):
            without, fed = (
                [results.tallies[key, level].nation("headline", code).population_share for level in LEVELS]
                for key in (name, answer.variant)
            )
            step = None if without[1] is None or fed[1] is None else fed[1] - without[1]
            rows.append((name, code, nation(code), without[1], fed[1], step, without[0], fed[0], without[2], fed[2]))
    heads = (
        _PLAN,
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("population_share_without", "without", "share"),
        Column("population_share_with", "with", "share"),
        Column("difference", "difference", "difference"),
        Column("population_share_without_low", "without, low", "share"),
        Column("population_share_with_low", "with, low", "share"),
        Column("population_share_without_high", "without, high", "share"),
        Column("population_share_with_high", "with, high", "share"),
    )
    return Table("partner_nations", "Threatened people defended without and with the feeds", heads, tuple(rows))


def discrimination_table(results: StudyResults) -> Table:
    """Return the chance to select and to kill by plan, number of objects and source."""
    known = results.selection
    rows = [
        (
            name,
            number,
            SOURCES[source],
            _mean(shots.selection(source, number)),
            *known.chance(name, source, number),
            len(shots.flights),
        )
        for name, shots in (known.shots.items() if known is not None else ())
        if known is not None
        for number in OBJECTS
        for source in SOURCES
    ]
    heads = (
        _PLAN,
        Column("objects", "objects", "number"),
        Column("source", "told apart by"),
        Column("selection_probability", "selects the warhead", "share"),
        Column("single_shot_kill_probability_low", "single-shot kill probability, low", "share"),
        Column("single_shot_kill_probability", "base", "share"),
        Column("single_shot_kill_probability_high", "high", "share"),
        Column("shots", "shots", "number"),
    )
    title = "Discrimination: means over each plan's main shots; objects, separations and factors are assumed"
    return Table("discrimination", title, heads, tuple(rows))


def discrimination_by_threat_table(results: StudyResults) -> Table:
    """Return who tells the warhead apart by plan, class and launch area, and whether before the launch."""

    def lines() -> Iterator[tuple[Any, ...]]:
        if results.selection is None:
            return
        sample = results.selection.sample
        for name, shots in results.selection.shots.items():
            words = np.array(done_by(shots, SHOWN_OBJECTS))
            chances = {source: shots.chance(source, SHOWN_OBJECTS) for source in SOURCES}
            kinds, areas = sample.flights.classes[shots.flights], sample.flights.areas[shots.flights]
            for kind, area in np.unique(np.stack([kinds, areas], axis=1), axis=0):
                mine = (kinds == kind) & (areas == area)
                margin = shots.before_launch[mine]
                yield (
                    name,
                    sample.threats[kind],
                    sample.areas[area],
                    int(mine.sum()),
                    *(_mean(values[mine]) for values in chances.values()),
                    *(_mean(words[mine] == word) for word in _WORKERS),
                    _mean(margin >= 0.0),
                    _mean(np.isfinite(margin)),
                    *_percentiles(margin[np.isfinite(margin)], (50,)),
                )

    heads = (
        _PLAN,
        Column("threat", "class"),
        Column("launch_area", "from"),
        Column("shots", "shots", "number"),
        *(Column(f"kill_probability_{source}", SOURCES[source], "share") for source in SOURCES),
        *(Column(f"done_by_{word}", f"done by {word}", "share") for word in _WORKERS),
        Column("told_before_launch", "a radar has told before the launch", "share"),
        Column("told_by_handover", "by handover", "share"),
        Column("before_launch_median_s", "median time before the launch, s", "number"),
    )
    title = f"Who tells the warhead apart, {SHOWN_OBJECTS} objects: by class and launch area"
    return Table("discrimination_by_threat", title, heads, tuple(lines()))


def named_flight_table(results: StudyResults) -> Table:
    """Return who tracks and shoots when, for the named flight."""
    rows: list[tuple[Any, ...]] = []
    for line in results.named.timelines if results.named is not None else ():
        for radar in line.radars:
            rows += [
                (line.architecture, radar.name, "radar", on, off, radar.firm_s, None, None, None)
                for on, off in radar.track
            ]
        for battery in line.batteries:
            rows.append(
                (
                    line.architecture,
                    battery.name,
                    "battery",
                    None,
                    None,
                    None,
                    battery.commit_s,
                    battery.launch_s,
                    battery.intercept_s,
                )
            )
    heads = (
        _PLAN,
        Column("element", "element"),
        Column("form", "form"),
        Column("track_from_s", "track from", "seconds"),
        Column("track_to_s", "to", "seconds"),
        Column("firm_s", "firm", "seconds"),
        Column("commit_s", "may launch from", "seconds"),
        Column("launch_s", "launch", "seconds"),
        Column("intercept_s", "first intercept", "seconds"),
    )
    named = results.named
    flight = "" if named is None else f": {named.threat} from {named.launch_area} to {named.place}"
    return Table("named_flight", f"One flight under every plan{flight}", heads, tuple(rows))
