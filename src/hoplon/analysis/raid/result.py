"""A raid asked for by names: laid out, run, and compared with perfect command."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.analysis.raid.event_log import write_log
from hoplon.analysis.raid.levels import KillBounds, KillTables, bounds_of
from hoplon.analysis.raid.perfect_command import PerfectCommand, perfect_command
from hoplon.analysis.raid.setup import RaidAnswer, RaidSetup, raid, set_up
from hoplon.analysis.records import Answer, Row
from hoplon.extras import require
from hoplon.progress import Progress, silent
from hoplon.scenario.conditions import Conditions
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.backbone.statistics import Estimate
    from hoplon.scenario.model import Level, Scenario


@dataclass(frozen=True, repr=False)
class RaidResult(Answer):
    """What a raid came to, beside the least that perfect command would let through.

    Attributes
    ----------
    answer : RaidAnswer
    perfect : PerfectCommand or None
        None when no missile of the raid flies.
    logged_events : int or None
        Events of the first replication that were written to a file.
    bounds : mapping of str to KillBounds or None
        Of each measure over the bounds of kill probability, with the same replications; None where they were not asked
        for, or no kill probability has bounds.
    """

    answer: RaidAnswer
    perfect: PerfectCommand | None
    logged_events: int | None = None
    bounds: Mapping[str, KillBounds] | None = None

    @property
    def estimates(self) -> dict[str, Estimate]:
        """Return every measure with its 95 % interval; none when no missile of the raid flies."""
        return self.answer.estimates

    @property
    def reachable(self) -> bool:
        """Tell whether any missile of the raid reaches its aim."""
        return self.answer.threats > 0

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        perfect = None if self.perfect is None else self.perfect.as_json()
        found = {**self.answer.as_json(), "perfect_command": perfect}
        if self.bounds is not None:
            found["bounds"] = {name: bounds.as_json() for name, bounds in self.bounds.items()}
        return found

    def line(self) -> str:
        """Return the leakage with its interval in one line."""
        answer = self.answer
        asked = f"{answer.raid} against {answer.architecture}, {answer.c2}, {answer.replications} replications"
        if not self.reachable:
            return f"{asked}: no missile of the raid reaches its aim"
        leakage = self.estimates["leakage"].as_json()
        shown = [f"{100.0 * value:.1f} %" if value is not None else "-" for value in leakage.values()]
        flown = "" if not answer.refused else f" of the {answer.threats} of {answer.threats_of_raid} missiles that fly"
        told = f"{asked}: leakage{flown} {shown[0]} ({shown[1]} to {shown[2]})"
        if self.bounds is None:
            return told
        bounds = self.bounds["leakage"]
        return f"{told} [bounds of kill probability: {100.0 * bounds.low:.1f} % to {100.0 * bounds.high:.1f} %]"

    def rows(self) -> list[Row]:
        """Return a row for each measure: mean, low, high, and the bounds of kill probability where they are known."""
        rows: list[Row] = []
        for name, estimate in self.estimates.items():
            known = None if self.bounds is None else self.bounds.get(name)
            ends = {} if known is None else {"bounds_low": known.low, "bounds_high": known.high}
            rows.append({"measure": name, **estimate.as_json(), **ends})
        return rows


def raid_setup(
    scenario: Scenario,
    architecture: str,
    name: str,
    *,
    lose: Sequence[str] = (),
    c2: str | None = None,
    doctrine: str | None = None,
    decision_s: float | None = None,
    level: Level = "base",
    links: Mapping[str, float] | None = None,
    **conditions: Any,
) -> RaidSetup:
    """Lay a raid out; the parameters are those of :func:`hoplon.api.raid`."""
    for condition in conditions:
        known_name("condition", condition, [item.name for item in fields(Conditions)])
    return set_up(
        scenario,
        architecture,
        name,
        losses=(lose,) if isinstance(lose, str) else lose,
        doctrine=doctrine,
        c2=c2,
        decision_s=decision_s,
        conditions=Conditions(**conditions),
        level=level,
        links=links,
    )


def raid_result(
    setup: RaidSetup,
    replications: int,
    seed: int,
    *,
    workers: int = 1,
    until_width: float | None = None,
    bounds: bool = True,
    log: Path | None = None,
    progress: Progress = silent,
) -> RaidResult:
    """Run a raid; the parameters are those of :func:`hoplon.api.raid`."""
    if log is not None:
        require("parquet", "a log in Parquet")
    answer = raid(setup, replications, seed, workers=max(1, workers), until_width=until_width, progress=progress)
    written = None if log is None else write_log(setup, seed, log)
    perfect = perfect_command(setup, answer.estimates["leakage"]) if answer.estimates else None
    found = _bounds(setup, answer, seed, workers) if bounds and setup.level == "base" and answer.estimates else None
    return RaidResult(answer, perfect, written, found)


def _bounds(setup: RaidSetup, base: RaidAnswer, seed: int, workers: int) -> Mapping[str, KillBounds] | None:
    """Return the range of each measure over the bounds of kill probability, with the replications of the base."""
    others = KillTables().at_bounds(setup).values()
    if not others:
        return None
    answers = [raid(other, base.replications, seed, workers=max(1, workers)) for other in others]
    return bounds_of(base.estimates, [answer.estimates for answer in answers])
