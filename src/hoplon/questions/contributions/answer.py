"""What question 9 computes: shares of people defended without and with national contributions, by nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoplon.analysis.architectures import contribution_variants, counterpart
from hoplon.analysis.subsets.attribution import NO_OWNER, attribution
from hoplon.presentation.wording import MARKED
from hoplon.questions.requests import LEVELS, CoverageRequest, at_every_level
from hoplon.questions.study import Shares, Study
from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class Contribution:
    """What national contributions add to one architecture.

    Parameters
    ----------
    architecture : str
        With the contributions.
    counterpart : str
        The same without them.
    without, added : tuple of float
        Share of the threatened people of the headline's nations defended, without the contributions and with them
        added: low, base, high.
    people : tuple of float
        How many more people are defended with them: low, base, high.
    nations : mapping
        Nation to its shares without and with them; nations that nothing threatens are left out.
    """

    architecture: str
    counterpart: str
    without: Shares
    added: Shares
    people: Shares
    nations: Mapping[str, tuple[Shares, Shares]]

    def change(self, nation: str, level: int) -> float:
        """Return how much the share of a nation grows with the contributions at a level (0 low, 1 base, 2 high)."""
        without, added = self.nations[nation]
        return added[level] - without[level]

    def marked(self, level: int) -> tuple[str, ...]:
        """Return the nations whose share changes by 5 points or more at a level."""
        return tuple(code for code in self.nations if abs(self.change(code, level)) >= MARKED)


@dataclass(frozen=True)
class OwnerShare:
    """What the sites of one owner contribute to an architecture with national contributions.

    Parameters
    ----------
    owner : str
    sites, added : tuple of str
        Its sites, and those of them that the contributions add.
    owen : float
        Sum of the Owen values of its sites, owners as unions: the owner's Shapley value among owners.
    owen_added : float
        Of that, the added sites' part.
    last_in : float
        What is missed without all sites of the owner.
    own_people, other_people : float
        People credited with, of its own nation and of others.
    """

    owner: str
    sites: tuple[str, ...]
    added: tuple[str, ...]
    owen: float
    owen_added: float
    last_in: float
    own_people: float
    other_people: float


@dataclass(frozen=True)
class OwnerShares:
    """What each owner's sites contribute to one architecture.

    Parameters
    ----------
    architecture : str
    whole : float
        Share defended by all.
    owners : tuple of OwnerShare
    by_nation : mapping
        Owner to nation to the part of that nation's threatened people that the owner's sites are credited with.
    error : float
        Share of the places judged less that of all places.
    """

    architecture: str
    whole: float
    owners: tuple[OwnerShare, ...]
    by_nation: Mapping[str, Mapping[str, float]]
    error: float


@dataclass(frozen=True)
class ContributionsAnswer:
    """What national contributions add to each architecture that has a variant with them."""

    contributions: tuple[Contribution, ...]
    owners: tuple[OwnerShares, ...] = ()


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures with contributions and the same without them, at every level."""
    pairs = _pairs(scenario)
    return at_every_level([*pairs.values(), *pairs])


def answer(study: Study) -> ContributionsAnswer | None:
    """Return the answer; None for a scenario without architectures that have contributions added."""
    found = []
    for name, stem in _pairs(study.scenario).items():
        without, added = study.people(stem), study.people(name)
        if without is not None and added is not None:
            found.append(_contribution(study, name, stem, without, added))
    if not found:
        return None
    owners = (_owner_shares(study, item.architecture, item.counterpart) for item in found)
    return ContributionsAnswer(tuple(found), tuple(item for item in owners if item is not None))


def _pairs(scenario: Scenario) -> dict[str, str]:
    """Return the architectures with contributions, each with the same without them."""
    stems = {name: counterpart(scenario, name) for name in contribution_variants(scenario)}
    return {name: stem for name, stem in stems.items() if stem is not None}


def _owner_shares(study: Study, architecture: str, stem: str) -> OwnerShares | None:
    """Return what each owner's sites contribute to an architecture; None where it defends nobody."""
    game = study.site_game(architecture)
    if game is None or game.error is None or not len(game.players):
        return None
    support = study.scenario.architecture(architecture).doctrine.support
    found = attribution(game.values, game.players, support=support)
    before = set(study.scenario.architecture(stem).elements)
    everyone, whole = game.values.by.roster.everyone, found.whole or 0.0
    threatened = dict(zip(game.values.by.scope.nations, game.values.threatened.tolist(), strict=True))
    owners, by_nation = [], {}
    for owner in found.owners:
        mine = [place for place, item in enumerate(found.contributions) if (item.owner or NO_OWNER) == owner]
        players = [game.players.players[place] for place in mine]
        added = [place for place in mine if not before & set(game.players.players[place].elements)]
        people = {code: sum(found.contributions[place].by_nation[code] for place in mine) for code in threatened}
        owners.append(
            OwnerShare(
                owner=owner,
                sites=tuple(player.name for player in players),
                added=tuple(game.players.names[place] for place in added),
                owen=found.owners[owner],
                owen_added=sum(found.contributions[place].owen or 0.0 for place in added),
                last_in=whole - game.values.value(everyone & ~sum(1 << place for place in mine)),
                own_people=people.get(owner, 0.0),
                other_people=sum(amount for code, amount in people.items() if code != owner),
            )
        )
        by_nation[owner] = {code: people[code] / amount for code, amount in threatened.items() if amount > 0.0}
    return OwnerShares(architecture, whole, tuple(owners), by_nation, game.error)


def _contribution(study: Study, name: str, stem: str, without: Shares, added: Shares) -> Contribution:
    low, base, high = (
        study.count(name, level).defended_population - study.count(stem, level).defended_population for level in LEVELS
    )
    nations = {}
    for code in study.common_nations((stem, name)):
        before, after = _nation(study, stem, code), _nation(study, name, code)
        if before is not None and after is not None:
            nations[code] = (before, after)
    return Contribution(name, stem, without, added, (low, base, high), nations)


def _nation(study: Study, name: str, code: str) -> Shares | None:
    low, base, high = (study.tally(name, level).nation("headline", code).population_share for level in LEVELS)
    return None if low is None or base is None or high is None else (low, base, high)
