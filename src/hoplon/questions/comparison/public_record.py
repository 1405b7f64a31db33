"""What was said and done in public from 2007 to 2024: milestones of the road map, statements to hold results against.

These are data with their sources. A statement is never a conclusion of the study: ``statements`` tests each one against
the computed coverage and says what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from hoplon.scenario.model import Scenario

_CRS: Final = "CRS report RL34051 (2007 to 2009)"
_WHITE_HOUSE: Final = "White House fact sheet, 17 September 2009"
_DOD: Final = "US Department of Defense briefing, 17 September 2009"


@dataclass(frozen=True)
class Milestone:
    """One event of the road map.

    Parameters
    ----------
    year : float
        Calendar year with its fraction.
    lane : str
        ``decision``, ``command`` or ``fielded``.
    text : str
        What happened.
    source : str
        Where that is said.
    """

    year: float
    lane: Literal["decision", "command", "fielded"]
    text: str
    source: str


MILESTONES: Final = (
    Milestone(2007.1, "decision", "US proposes silos in Poland and a radar in the Czech Republic", _CRS),
    Milestone(2009.71, "decision", "Programme of record cancelled, phased approach announced", _WHITE_HOUSE),
    Milestone(
        2010.88, "decision", "Lisbon: Allies adopt territorial missile defence", "NATO, Lisbon Summit Declaration"
    ),
    Milestone(2013.2, "decision", "Phase 4 cancelled", "CRS report RL33745, 8 April 2013"),
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
CANCELLED: Final = {"programme-of-record": 2009.71, "phase-4": 2013.2}
"""When a planned architecture was given up (the milestones above name the sources)."""


@dataclass(frozen=True)
class Region:
    """People and land of one nation, all of it or the part east or west of a meridian.

    Parameters
    ----------
    nation : str
        ISO 3166 code.
    name : str
        How a sentence calls it.
    east_of_deg, west_of_deg : float or None
        Bounds in longitude [deg].
    """

    nation: str
    name: str
    east_of_deg: float | None = None
    west_of_deg: float | None = None


@dataclass(frozen=True)
class Statement:
    """A public statement about who is defended.

    Parameters
    ----------
    key : str
        Short name.
    year : int
        When it was made.
    text : str
        What was said, in our words.
    source : str
        Who said it where.
    architecture : str
        Which architecture it is about.
    defended, undefended : tuple of Region
        Whom it puts inside and outside; a region is inside if most of its threatened people are defended.
    everyone : bool
        It puts every Ally in Europe inside.
    only_part : bool
        It puts part of Europe inside, not all.
    more_than : str or None
        Architecture than which it defends a larger share of the people of ``scope``.
    scope : tuple of str
        Nations that ``more_than`` counts; empty for NATO Europe.
    """

    key: str
    year: int
    text: str
    source: str
    architecture: str
    defended: tuple[Region, ...] = ()
    undefended: tuple[Region, ...] = ()
    everyone: bool = False
    only_part: bool = False
    more_than: str | None = None
    scope: tuple[str, ...] = ()

    @property
    def architectures(self) -> tuple[str, ...]:
        """The architectures that it is about."""
        return (self.architecture,) if self.more_than is None else (self.architecture, self.more_than)


_EASTERN_ROMANIA: Final = Region("ROU", "eastern Romania", east_of_deg=26.5)
_WESTERN_ROMANIA: Final = Region("ROU", "western Romania", west_of_deg=24.0)
STATEMENTS: Final = (
    Statement(
        "2007-outside",
        2007,
        "The site in Poland would leave Turkey, Greece, Bulgaria and eastern Romania outside.",
        "United States briefing map reported in 2007; Czech ambassador to NATO, HotNews.ro 2007; J. Rood, 2008",
        "programme-of-record",
        undefended=(Region("TUR", "Turkey"), Region("GRC", "Greece"), Region("BGR", "Bulgaria"), _EASTERN_ROMANIA),
    ),
    Statement(
        "2007-inside",
        2007,
        "It would defend Italy, Spain, Portugal, western Romania and the rest of western and central Europe.",
        "Czech ambassador to NATO, HotNews.ro 2007 (VOA and FT of 12 March 2007 differ on Italy)",
        "programme-of-record",
        defended=(
            Region("ITA", "Italy"),
            Region("ESP", "Spain"),
            Region("PRT", "Portugal"),
            _WESTERN_ROMANIA,
            Region("FRA", "France"),
            Region("GBR", "the United Kingdom"),
            Region("DEU", "Germany"),
            Region("POL", "Poland"),
            Region("CZE", "Czechia"),
        ),
    ),
    Statement(
        "2009-phase-1", 2009, "Phase 1 defends parts of southern Europe.", _WHITE_HOUSE, "phase-1", only_part=True
    ),
    Statement(
        "2009-phase-2",
        2009,
        "Phase 2 expands the defended area.",
        _WHITE_HOUSE,
        "phase-2",
        more_than="phase-1",
    ),
    Statement(
        "2009-phase-3", 2009, "Phase 3 covers all NATO Allies in Europe.", _WHITE_HOUSE, "phase-3", everyone=True
    ),
    Statement(
        "2009-better",
        2009,
        "The phased approach defends Europe better than the programme that it replaces.",
        f"{_DOD}; {_WHITE_HOUSE}",
        "phase-3",
        more_than="programme-of-record",
    ),
    Statement(
        "2009-phase-4",
        2009,
        "Phase 4 adds to the protection of the United States against intercontinental missiles.",
        _WHITE_HOUSE,
        "phase-4",
        more_than="phase-3",
        scope=("USA",),
    ),
)


def statements(scenario: Scenario) -> tuple[Statement, ...]:
    """Return the public statements to hold a scenario's results against."""
    return STATEMENTS
