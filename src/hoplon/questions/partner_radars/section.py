"""The section of question 7 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hoplon.analysis.architectures import partner_variants
from hoplon.presentation.wording import SAME
from hoplon.questions.question import Block, Commands, FigureRef, FindingList, Prose, Section, TableRef

if TYPE_CHECKING:
    from hoplon.questions.partner_radars.answer import PartnerRadars
    from hoplon.questions.study import Study


_COLUMNS = (
    "architecture",
    "feeds",
    "earlier_share",
    "gain_mean_s",
    "gain_90_s",
    "only_with_feed",
    "pip_sigma_without_m",
    "pip_sigma_with_m",
    "kill_probability_without",
    "kill_probability_with",
    "flights_engaged_more",
    "city_population_share_without",
    "city_population_share_early_track_alone",
    "city_population_share_with",
    "worse_than_without",
)


def _gains(row: Mapping[str, Any]) -> bool:
    return any(
        abs((row[f"population_share_with{end}"] or 0.0) - (row[f"population_share_without{end}"] or 0.0)) >= SAME
        for end in ("", "_low", "_high")
    )


def section(study: Study, answer: PartnerRadars) -> Section:
    """Return the section of question 7."""
    blocks: list[Block] = [
        Prose(
            "A partner radar is a read-only feed: it is never tasked, it takes no cue, and no architecture may depend "
            "on it. Each is evaluated without the feeds, with them, with them cut at every second of sampled "
            "flights, and with the latency of one more node added."
        ),
        FindingList(),
        FigureRef("partner-gains", "Earlier track"),
        TableRef("partner_radars", turned=True, columns=_COLUMNS),
    ]
    more: list[Block] = [
        FigureRef("partner-gain-map"),
        FigureRef("partner-accuracy", "More accurate track"),
        FigureRef("track-accuracy"),
        FigureRef("timelines"),
        FigureRef("partner-coverage", "Coverage"),
        FigureRef("partner-availability", "Partial availability"),
        FigureRef("partner-cuts", "Feed lost during a flight"),
        FigureRef("partner-latency", "A joint data-exchange centre"),
        TableRef("partner_latency", folded=True),
        TableRef("partner_gain", folded=True),
        TableRef(
            "partner_nations", folded=True, keep=_gains, kept="nations that gain half a point or more at some level"
        ),
    ]
    if answer.named is not None:
        more.append(TableRef("named_flight", folded=True))
    more.append(
        Prose(
            "Latency, availability and directions of the partner radars are assumed, and so is that a feed may carry a "
            "track up to the intercept. A cut is permanent: later reports never arrive.",
            note=True,
        )
    )
    if answer.named is not None:
        asked = answer.named.options()
        names = partner_variants(study.scenario)
        lines = (shlex.join(["hoplon", "track", study.scenario.name, "--architecture", name, *asked]) for name in names)
        more.append(Commands(tuple(lines)))
    return Section(tuple(blocks), tuple(more))
