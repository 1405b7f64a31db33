"""Tables of what partner radars add, and of the named flight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import LEVELS
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation

if TYPE_CHECKING:
    from hoplon.analysis.named_flight import NamedFlight
    from hoplon.questions.partner_radars.answer import PartnerRadars
    from hoplon.questions.study import Study

_ARCHITECTURE: Final = Column("architecture", "architecture")


def tables(study: Study, answer: PartnerRadars) -> tuple[Table, ...]:
    """Return the tables of question 7; that of the named flight if there is one."""
    named = () if answer.named is None else (named_flight_table(answer.named),)
    return (
        partner_table(answer),
        partner_latency_table(answer),
        partner_gain_table(answer),
        partner_nations_table(study, answer),
        *named,
    )


def partner_table(answer: PartnerRadars) -> Table:
    """Return the table of what partner radars add to each architecture, and of the effect of cutting them."""
    rows: list[tuple[Any, ...]] = []
    for name, effect in answer.effects.items():
        gain, shots, cuts, latency = effect.early.known, effect.shots, effect.cuts, effect.latency
        has = shots.chance_without > 0.0
        both = np.isfinite(shots.sigma_without) & np.isfinite(shots.sigma_with)
        rows.append(
            (
                name,
                " ".join(effect.feeds),
                len(effect.early.without),
                _mean(gain >= 1.0),
                _mean(gain),
                *_percentiles(gain, (50, 90)),
                int(np.sum(np.isinf(effect.early.without) & np.isfinite(effect.early.with_feed))),
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
                cuts.evaluated,
                cuts.worse_tracks + cuts.worse_shots + cuts.worse_predictions,
                cuts.different_at_zero,
                *(effect.gains[level].early for level in LEVELS),
                *(effect.gains[level].chance for level in LEVELS),
                *(effect.availability or (None, None, None)),
                *(None if share is None else effect.people_expected(share) for share in effect.availability or ()),
                *(() if effect.availability else (None, None, None)),
            )
        )
    columns = (
        _ARCHITECTURE,
        Column("feeds", "feeds"),
        Column("flights", "flights", "number"),
        Column("earlier_share", "earlier by 1 s or more", "share"),
        Column("gain_mean_s", "mean gain, s", "number"),
        Column("gain_median_s", "median gain, s", "number"),
        Column("gain_90_s", "90th percentile of the gain, s", "number"),
        Column("only_with_feed", "flights tracked with the feed alone", "number"),
        Column("pip_sigma_without_m", "error of the predicted intercept point without, m", "number"),
        Column("pip_sigma_with_m", "with, m", "number"),
        Column("kill_probability_without", "kill probability without", "share"),
        Column("kill_probability_with", "with", "share"),
        Column("flights_engaged_more", "more flights engaged", "number"),
        Column("city_population_share_without", "city people defended without", "share"),
        Column("city_population_share_early_track_alone", "with feeds that end once firm", "share"),
        Column("city_population_share_with", "with", "share"),
        Column("cut_flights", "flights cut", "number"),
        Column("cuts", "cuts", "number"),
        Column("cuts_evaluated", "cuts that change a track", "number"),
        Column("worse_than_without", "worse than without", "number"),
        Column("different_at_ignition", "different if cut at ignition", "number"),
        *(Column(f"gain_mean_{level}_s", f"mean gain, {level}, s", "number") for level in LEVELS),
        *(
            Column(f"kill_probability_gain_{level}", f"kill probability gained, {level}", "difference")
            for level in LEVELS
        ),
        *(Column(f"availability_{level}", f"availability, {level}", "share") for level in LEVELS),
        *(
            Column(f"city_population_share_expected_{level}", f"city people defended, expected, {level}", "share")
            for level in LEVELS
        ),
    )
    return Table(
        "partner_radars", "What partner radars add, and the effect of cutting their feeds", columns, tuple(rows)
    )


def _mean(values: NDArray[Any]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _percentiles(values: NDArray[np.float64], wanted: tuple[int, ...]) -> tuple[float | None, ...]:
    return tuple(float(np.percentile(values, share)) if len(values) else None for share in wanted)


def partner_latency_table(answer: PartnerRadars) -> Table:
    """Return the table of the gain that remains with the latency of a joint data-exchange centre."""
    rows = [
        (name, added, float(latency.gain[place]), float(latency.earlier[place]), float(latency.people[place]))
        for name, effect in answer.effects.items()
        for latency in (effect.latency,)
        for place, added in enumerate(latency.added)
    ]
    columns = (
        _ARCHITECTURE,
        Column("added_latency_s", "added, s", "number"),
        Column("gain_mean_s", "mean gain, s", "number"),
        Column("earlier_share", "earlier by 1 s or more", "share"),
        Column("city_population_share", "city people defended", "share"),
    )
    return Table("partner_latency", "A joint data-exchange centre: latency added to the feeds", columns, tuple(rows))


def partner_gain_table(answer: PartnerRadars) -> Table:
    """Return the table of the early-track gain by architecture, class and launch area."""

    def lines() -> Iterator[tuple[Any, ...]]:
        sample = answer.cities
        pairs = np.unique(np.stack([sample.flights.classes, sample.flights.areas], axis=1), axis=0)
        for name, effect in answer.effects.items():
            gain = effect.early.gain
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

    columns = (
        _ARCHITECTURE,
        Column("threat", "class"),
        Column("launch_area", "from"),
        Column("flights", "flights", "number"),
        Column("gain_mean_s", "mean gain, s", "number"),
        Column("gain_10_s", "10th percentile, s", "number"),
        Column("gain_median_s", "median, s", "number"),
        Column("gain_90_s", "90th percentile, s", "number"),
        Column("only_with_feed", "tracked with the feed alone", "number"),
    )
    return Table("partner_gain", "Early-track gain by class and launch area", columns, tuple(lines()))


def partner_nations_table(study: Study, answer: PartnerRadars) -> Table:
    """Return the table of coverage without and with the feeds, nation by nation."""
    rows = []
    for name, effect in answer.effects.items():
        for code in study.headline_nations(name):
            without, fed = (
                [study.tally(key, level).nation("headline", code).population_share for level in LEVELS]
                for key in (name, effect.variant)
            )
            step = None if without[1] is None or fed[1] is None else fed[1] - without[1]
            rows.append((name, code, nation(code), without[1], fed[1], step, without[0], fed[0], without[2], fed[2]))
    columns = (
        _ARCHITECTURE,
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
    return Table("partner_nations", "Threatened people defended without and with the feeds", columns, tuple(rows))


def named_flight_table(named: NamedFlight) -> Table:
    """Return the table of tracks and shots in time for the named flight."""
    rows: list[tuple[Any, ...]] = []
    for line in named.timelines:
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
    columns = (
        _ARCHITECTURE,
        Column("element", "element"),
        Column("form", "form"),
        Column("track_from_s", "track from", "seconds"),
        Column("track_to_s", "to", "seconds"),
        Column("firm_s", "firm", "seconds"),
        Column("commit_s", "may launch from", "seconds"),
        Column("launch_s", "launch", "seconds"),
        Column("intercept_s", "first intercept", "seconds"),
    )
    flight = f"{named.threat} from {named.launch_area} to {named.place}"
    return Table("named_flight", f"One flight under every architecture: {flight}", columns, tuple(rows))
