"""Public statements about who is defended, with their sources.

These are data. A statement is never a conclusion of the study: :mod:`hoplon.questions.comparison.statements` compares
each one with the computed coverage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hoplon.scenario.model import Scenario

_WHITE_HOUSE: Final = "White House fact sheet, 17 September 2009"
_DOD: Final = "US Department of Defense briefing, 17 September 2009"


@dataclass(frozen=True)
class StatementRegion:
    """People and land of one nation, all of it or the part east or west of a meridian.

    Parameters
    ----------
    nation : str
        ISO 3166 code.
    title : str or None
        What a sentence calls it; None for the name of the nation.
    east_of_deg, west_of_deg : float or None
        Bounds in longitude [deg].
    """

    nation: str
    title: str | None = None
    east_of_deg: float | None = None
    west_of_deg: float | None = None


@dataclass(frozen=True)
class Statement:
    """A public statement about who is defended.

    Parameters
    ----------
    name : str
        Short name.
    year : int
        When it was made.
    text : str
        What was said, in our words.
    source : str
        Who said it where: a citation, or a key of the scenario's ``sources``.
    architecture : str
        Which architecture it is about.
    defended, undefended : tuple of StatementRegion
        Whom it puts inside and outside; a region is inside if most of its threatened people are defended.
    everyone : bool
        It puts every nation of the headline inside.
    only_part : bool
        It puts some of their people inside, not all.
    more_than : str or None
        Architecture than which it defends a larger share of the people of ``scope``.
    scope : tuple of str
        Nations that ``more_than`` counts; empty for those of the headline.
    """

    name: str
    year: int
    text: str
    source: str
    architecture: str
    defended: tuple[StatementRegion, ...] = ()
    undefended: tuple[StatementRegion, ...] = ()
    everyone: bool = False
    only_part: bool = False
    more_than: str | None = None
    scope: tuple[str, ...] = ()


_EASTERN_ROMANIA: Final = StatementRegion("ROU", "eastern Romania", east_of_deg=26.5)
_WESTERN_ROMANIA: Final = StatementRegion("ROU", "western Romania", west_of_deg=24.0)
STATEMENTS: Final = (
    Statement(
        "2007-outside",
        2007,
        "The site in Poland would leave Turkey, Greece, Bulgaria and eastern Romania outside.",
        "United States briefing map reported in 2007; Czech ambassador to NATO, HotNews.ro 2007; J. Rood, 2008",
        "programme-of-record",
        undefended=(
            StatementRegion("TUR", "Turkey"),
            StatementRegion("GRC", "Greece"),
            StatementRegion("BGR", "Bulgaria"),
            _EASTERN_ROMANIA,
        ),
    ),
    Statement(
        "2007-inside",
        2007,
        "It would defend Italy, Spain, Portugal, western Romania and the rest of western and central Europe.",
        "Czech ambassador to NATO, HotNews.ro 2007 (VOA and FT of 12 March 2007 differ on Italy)",
        "programme-of-record",
        defended=(
            StatementRegion("ITA", "Italy"),
            StatementRegion("ESP", "Spain"),
            StatementRegion("PRT", "Portugal"),
            _WESTERN_ROMANIA,
            StatementRegion("FRA", "France"),
            StatementRegion("GBR", "the United Kingdom"),
            StatementRegion("DEU", "Germany"),
            StatementRegion("POL", "Poland"),
            StatementRegion("CZE", "Czechia"),
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
    """Return the public statements that a scenario's results are compared with."""
    return STATEMENTS
