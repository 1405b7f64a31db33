"""What a scenario says about how it is reported: what the headline counts, milestones, and public statements.

These are data with their sources. A statement is never a conclusion of a study: it is tested against the computed
coverage, and the study says what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What the headline counts; None in a field stands for the rule of the format.

    Parameters
    ----------
    title : str or None
        What the nations counted are called together.
    nations : tuple of str or None
        ISO 3166 codes; by rule (:func:`hoplon.analysis.coverage.headline_nations`) every nation, or those in Europe of
        the members of the North Atlantic Treaty on both sides of the ocean.
    classes : tuple of str or None
        Threat classes; by rule, those of 2,000 km and more that are launched from somewhere.
    classes_title : str or None
        What the classes counted are called together.
    note : str
        Free text.
    """

    title: str | None = None
    nations: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    classes_title: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
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
        Where that is said: a citation, or a key of the scenario's ``sources``.
    begins, builds, ends : tuple of str
        Architectures that are decided upon, stand as built, and are given up with it.
    note : str
        Free text.
    """

    date: float
    lane: Literal["decision", "command", "fielded"]
    text: str
    source: str = ""
    begins: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRegion:
    """People and land of one nation, all of it or the part on one side of meridians and parallels.

    Parameters
    ----------
    nation : str
        ISO 3166 code.
    title : str or None
        How a sentence calls it; None for the name of the nation.
    east_of_deg, west_of_deg : float or None
        Bounds in longitude [deg].
    north_of_deg, south_of_deg : float or None
        Bounds in latitude [deg].
    """

    nation: str
    title: str | None = None
    east_of_deg: float | None = None
    west_of_deg: float | None = None
    north_of_deg: float | None = None
    south_of_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
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
        It puts every nation that the headline counts inside.
    only_part : bool
        It puts a part of them inside, not all.
    more_than : str or None
        Architecture than which it defends a larger share of the people of ``scope``.
    scope : tuple of str
        Nations that ``more_than`` counts; empty for those of the headline.
    note : str
        Free text.
    """

    name: str
    year: int
    text: str
    source: str = ""
    architecture: str
    defended: tuple[StatementRegion, ...] = ()
    undefended: tuple[StatementRegion, ...] = ()
    everyone: bool = False
    only_part: bool = False
    more_than: str | None = None
    scope: tuple[str, ...] = ()
    note: str = ""
