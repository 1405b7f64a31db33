"""Events that the road map shows, and when architectures begin and end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from hoplon.analysis.architectures import baseline, successive_architectures
from hoplon.scenario.model import Scenario

_CRS: Final = "CRS report RL34051 (2007 to 2009)"
_WHITE_HOUSE: Final = "White House fact sheet, 17 September 2009"


@dataclass(frozen=True)
class Milestone:
    """One event of the road map.

    Parameters
    ----------
    date : float
        Calendar year with its fraction.
    lane : str
        ``decision``, ``command`` or ``fielded``.
    text : str
        What happened.
    source : str
        Where that is said.
    ends : tuple of str
        Architectures that it gave up.
    """

    date: float
    lane: Literal["decision", "command", "fielded"]
    text: str
    source: str
    ends: tuple[str, ...] = ()


_MILESTONES: Final = (
    Milestone(2007.1, "decision", "US proposes silos in Poland and a radar in the Czech Republic", _CRS),
    Milestone(
        2009.71,
        "decision",
        "Programme of record cancelled, phased approach announced",
        _WHITE_HOUSE,
        ("programme-of-record",),
    ),
    Milestone(
        2010.88, "decision", "Lisbon: Allies adopt territorial missile defence", "NATO, Lisbon Summit Declaration"
    ),
    Milestone(2013.2, "decision", "Phase 4 cancelled", "CRS report RL33745, 8 April 2013", ("phase-4",)),
    Milestone(2008.12, "command", "ALTBMD test bed, The Hague", "NATO press release (2008)020"),
    Milestone(2010.15, "command", "First ALTBMD capability", "NATO, overview of missile defence: early 2010"),
    Milestone(2012.38, "command", "Interim capability: Ramstein, Uedem", "NATO, Chicago Summit Declaration"),
    Milestone(2016.52, "command", "Initial operational capability", "NATO, Warsaw Summit Communiqué, 9 July 2016"),
    Milestone(
        2024.52, "command", "Enhanced operational capability", "NATO, Washington Summit Declaration, 10 July 2024"
    ),
    Milestone(2011.2, "fielded", "First Aegis ship on station", "CRS report RL33745, 2011"),
    Milestone(2012.0, "fielded", "Kürecik radar in operation", "press, 1 January 2012"),
    Milestone(2014.1, "fielded", "First of four destroyers at Rota", "NATO news, 11 February 2014"),
    Milestone(2016.36, "fielded", "Deveselu in operation", "US Embassy Bucharest, 12 May 2016"),
    Milestone(2024.52, "fielded", "Redzikowo in operation", "NATO, 10 July 2024"),
)


def milestones(_scenario: Scenario) -> tuple[Milestone, ...]:
    """Return the events of a scenario's road map."""
    return _MILESTONES


def ends(scenario: Scenario) -> Mapping[str, float]:
    """Return the architectures that an event gave up, with its date."""
    return {name: item.date for item in milestones(scenario) for name in item.ends}


def starts(scenario: Scenario) -> Mapping[str, float]:
    """Return when work on each architecture begins.

    Notes
    -----
    The baseline begins with the first event, and the architectures that succeed one another when the baseline was
    given up, or with the first event too.
    """
    events = milestones(scenario)
    if not events:
        return {}
    first, base = min(item.date for item in events), baseline(scenario)
    later = first if base is None else ends(scenario).get(base, first)
    begun = {} if base is None else {base: first}
    return begun | {name: later for name in successive_architectures(scenario) if name != base}
