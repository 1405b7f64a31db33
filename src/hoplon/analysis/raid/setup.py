"""A raid against an architecture: what leaks, at what cost in interceptors, with intervals."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of
from hoplon.analysis.raid.inputs import RaidFlights, missiles_of, raid_flights, raid_inputs
from hoplon.analysis.raid.kill import kill_table, kill_words
from hoplon.analysis.raid.links import chances_of
from hoplon.analysis.raid.settings import RaidSettings
from hoplon.backbone.doctrine import RaidDoctrine, form_named
from hoplon.backbone.losses import NamedLoss, loss_of
from hoplon.backbone.raid_model import Loss, RaidInputs, RaidModel, build_raid_model
from hoplon.backbone.replications import CHUNK, log_of, many_rows
from hoplon.backbone.statistics import Estimate, PairedTally, ReplicationTally
from hoplon.errors import InputError, UnknownNameError
from hoplon.progress import Progress, silent
from hoplon.scenario.conditions import Conditions
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import Level, Raid, ResolvedArchitecture, Scenario

MOST_REPLICATIONS: Final = 1 << 31
"""Of one raid; a campaign runs more."""
BLOCK: Final = 16 * CHUNK
"""Replications between two words on the progress."""
_NO_PART: Final = "plays no part in this information architecture"
_FEWEST: Final = 2 * CHUNK  # before the width of an interval is believed


@dataclass(frozen=True)
class SetupSource:
    """What a raid was laid out from: another that shares it need not work it out again."""

    scenario: Scenario
    raid: Raid
    architecture: ResolvedArchitecture
    defence: Defence

    def same_types(self, scenario: Scenario) -> bool:
        """Tell whether another scenario has the very same threats, areas, sensors and interceptors."""
        kept = ("threats", "launch_areas", "radars", "satellites", "interceptors")
        return all(getattr(self.scenario, key) is getattr(scenario, key) for key in kept)


@dataclass(frozen=True)
class RaidSetup:
    """A raid laid out, ready to be run.

    Attributes
    ----------
    architecture, raid, c2 : str
    model : RaidModel
    flights : RaidFlights
    elements : tuple of str
        Names of the raid model's elements after the threats.
    doctrine : RaidDoctrine
    conditions : Conditions
    kill : mapping of str to float or dict
        Single-shot kill probability of each battery, by flight where it differs.
    notes : tuple of str
    inputs : RaidInputs
        What the raid model was built from.
    mode : str
        Whose tracks a battery may launch on.
    level : str
        Of kill probability.
    source : SetupSource
    links : mapping of str to float
        Chance that a message passes the link of an element, for those that were given one.
    """

    architecture: str
    raid: str
    c2: str
    model: RaidModel
    flights: RaidFlights
    elements: tuple[str, ...]
    doctrine: RaidDoctrine
    conditions: Conditions
    kill: Mapping[str, float | dict[str, float]]
    notes: tuple[str, ...]
    inputs: RaidInputs = field(repr=False)
    mode: str
    level: Level
    source: SetupSource = field(repr=False)
    links: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def threats_of_raid(self) -> int:
        """Return how many missiles the raid has, those included that do not fly against this architecture."""
        return missiles_of(self.source.raid.threats)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name of every element by its number in the event log; the last ones are the raid's own clock."""
        missiles = tuple(
            f"{missile.threat} from {missile.area} #{number + 1}"
            for number, missile in enumerate(self.flights.missiles)
        )
        return (*missiles, *self.elements, "schedule", "failures")


@dataclass(frozen=True)
class RaidAnswer:
    """What a raid came to.

    Attributes
    ----------
    architecture, raid, c2 : str
    level : str
        Of kill probability.
    replications, seed, threats, threats_of_raid, magazine : int
        Of the missiles of the raid ``threats`` fly.
    estimates : dict of str to Estimate
        Empty when no missile of the raid flies.
    leaker_shares : tuple of float
        Share of the replications with 0, 1, 2, ... leakers.
    refused, notes : tuple of str
        Groups of the raid that do not fly, with the reason; what plays no part.
    assumed : dict
        The conditions and doctrine used.
    """

    architecture: str
    raid: str
    c2: str
    level: Level
    replications: int
    seed: int
    threats: int
    threats_of_raid: int
    magazine: int
    estimates: dict[str, Estimate]
    leaker_shares: tuple[float, ...]
    refused: tuple[str, ...]
    notes: tuple[str, ...]
    assumed: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract; every estimate as mean, low, high at 95 %."""
        return {
            "architecture": self.architecture,
            "raid": self.raid,
            "c2": self.c2,
            "level": self.level,
            "replications": self.replications,
            "threats": self.threats,
            "threats_of_raid": self.threats_of_raid,
            "magazine": self.magazine,
            "reachable": self.threats > 0,
            **{name: estimate.as_json() for name, estimate in self.estimates.items()},
            "leaker_shares": list(self.leaker_shares),
            "refused": list(self.refused),
            "notes": list(self.notes),
            "assumed": deepcopy(self.assumed),
        }


def set_up(
    scenario: Scenario,
    architecture: str,
    raid: str,
    *,
    losses: Sequence[str] = (),
    doctrine: str | None = None,
    c2: str | None = None,
    conditions: Conditions | None = None,
    decision_s: float | None = None,
    level: Level = "base",
    latency_s: float | None = None,
    links: Mapping[str, float] | None = None,
    like: RaidSetup | None = None,
) -> RaidSetup:
    """Lay a raid out against an architecture, from single settings; see :class:`RaidSettings` and :func:`lay_out`."""
    settings = RaidSettings(
        tuple(losses), doctrine, c2, conditions or Conditions(), decision_s, level, latency_s, links or {}
    )
    return lay_out(scenario, architecture, raid, settings, like)


def lay_out(
    scenario: Scenario, architecture: str, raid: str, settings: RaidSettings, like: RaidSetup | None = None
) -> RaidSetup:
    """Lay a raid out against an architecture.

    Parameters
    ----------
    scenario : Scenario
    architecture, raid : str
        Names in the scenario.
    settings : RaidSettings
    like : RaidSetup, optional
        The same raid against the same elements, laid out before with other doctrine, conditions or mode: what the
        flights and the sites decide is taken from it, and the kill probabilities where mode and level are the same.

    Raises
    ------
    UnknownNameError
    InputError
        Also if ``like`` has other elements, flights or sensing.
    """
    resolved = settings.architecture_of(scenario, architecture)
    raid = known_name("raid", raid, scenario.raids)
    conditions, level = settings.conditions, settings.level
    c2 = (settings.c2 or resolved.c2).replace("-", "_")
    form = form_named(c2)
    chosen = settings.doctrine_for(resolved, c2, scenario.raids[raid].doctrine)
    shared = None if like is None or not like.source.same_types(scenario) else like
    flights = _flights(scenario, scenario.raids[raid], resolved, shared)
    if like is not None:
        _refuse_unlike(like, resolved.name, flights, conditions)
    if like is not None and (like.mode, like.level) == (resolved.mode, level):
        kill, shown = like.inputs.kill, like.kill
    else:
        batteries, kill = kill_table(scenario, resolved, flights.flown, level)
        shown = kill_words(batteries, flights.flown, kill)
    known = None if like is None else like.inputs
    if shared is not None and shared.source.architecture == resolved:
        defence = shared.source.defence
    else:
        defence = defence_of(scenario, resolved)
    links = chances_of(settings.links, resolved)
    inputs, elements, notes = raid_inputs(
        scenario, resolved, defence, flights, form, chosen, conditions, kill, known, links
    )
    wanted = _named(settings.losses)
    if resolved.doctrine.support == "predicted":
        notes = (*notes, "support by prediction is not simulated: a held track supports each intercept")
    lost, without_part = _losses(wanted, resolved, elements, len(flights.missiles))
    without_part += [f"{name} {_NO_PART}: its link changes nothing" for name in links if name not in elements]
    return RaidSetup(
        resolved.name,
        raid,
        c2,
        build_raid_model(inputs, lost),
        flights,
        elements,
        chosen,
        conditions,
        shown,
        (*notes, *without_part),
        inputs,
        resolved.mode,
        level,
        SetupSource(scenario, scenario.raids[raid], resolved, defence),
        links,
    )


def _flights(
    scenario: Scenario, raid: Raid, architecture: ResolvedArchitecture, known: RaidSetup | None
) -> RaidFlights:
    """Return the flights of a raid; those of a known setup if it is the same raid in the same year."""
    if known is None:
        return raid_flights(scenario, raid, architecture.year)
    if known.source.raid == raid and known.source.architecture.year == architecture.year:
        return known.flights
    return raid_flights(scenario, raid, architecture.year, known.flights)


def _refuse_unlike(like: RaidSetup, name: str, flights: RaidFlights, conditions: Conditions) -> None:
    sensing = ("false_alarm", "perfect_sensing")
    same = like.architecture == name and like.flights.flown == flights.flown
    if not same or any(getattr(like.conditions, key) != getattr(conditions, key) for key in sensing):
        raise InputError(f"{name}: a setup of {like.architecture} with other flights or sensing does not serve it")


def _named(losses: Sequence[str]) -> list[NamedLoss]:
    """Read losses of the command line."""
    try:
        return [loss_of(text) for text in losses]
    except InputError as error:
        raise InputError(f"--lose {error}") from None


def _losses(
    wanted: list[NamedLoss],
    architecture: ResolvedArchitecture,
    elements: tuple[str, ...],
    threats: int,
) -> tuple[list[Loss], list[str]]:
    """Return the losses by number, and a note on each element that plays no part."""
    lost, notes = [], []
    known = dict.fromkeys((*elements, *architecture.elements))
    for asked in wanted:
        try:
            element = known_name("element", asked.element, known)
        except UnknownNameError:
            raise UnknownNameError(f"element of {architecture.name} in --lose", asked.element, known) from None
        if element in elements:
            lost.append(Loss(threats + elements.index(element), asked.time, asked.repair, asked.until, asked.link))
        else:
            notes.append(f"{element} {_NO_PART}: its loss changes nothing")
    return lost, notes


def raid(
    setup: RaidSetup,
    replications: int,
    seed: int,
    *,
    workers: int = 1,
    until_width: float | None = None,
    progress: Progress = silent,
) -> RaidAnswer:
    """Run a raid.

    Parameters
    ----------
    setup : RaidSetup
    replications : int
        At most, when ``until_width`` is given.
    seed : int
        Of every draw; settings with the same seed use common random numbers.
    workers : int
        Threads; the digits do not depend on them.
    until_width : float, optional
        Stop when the interval of the leakage is no wider.
    progress : callable
        Told of the replications done.

    Raises
    ------
    InputError
        If ``replications`` or ``until_width`` is not above zero, or there are too many replications.
    """
    _refuse_counts(replications, seed, until_width)
    tally = ReplicationTally(len(setup.flights.missiles))
    done = 0
    while tally.threats and done < replications:
        count = min(replications - done, BLOCK if until_width is None else _FEWEST)
        tally.add(many_rows(setup.model, seed, done, count, workers))
        done += count
        progress(done, replications, "replications")
        if until_width is not None and done >= _FEWEST and tally.leakage().width <= until_width:
            break
    return _answer(setup, tally, seed)


def _refuse_counts(replications: int, seed: int, until_width: float | None) -> None:
    if not 0 < replications <= MOST_REPLICATIONS:
        raise InputError(f"replications must be from 1 to {MOST_REPLICATIONS:,}, got {replications}")
    if not 0 <= seed < 1 << 63:
        raise InputError(f"a seed from 0 to 2^63 - 1 was expected, got {seed}")
    if until_width is not None and not until_width > 0.0:
        raise InputError(f"the width of an interval must be above 0, got {until_width}")


def _answer(setup: RaidSetup, tally: ReplicationTally, seed: int) -> RaidAnswer:
    n = tally.replications
    return RaidAnswer(
        architecture=setup.architecture,
        raid=setup.raid,
        c2=setup.c2,
        level=setup.level,
        replications=n,
        seed=seed,
        threats=tally.threats,
        threats_of_raid=setup.threats_of_raid,
        magazine=setup.model.magazine,
        estimates=tally.estimates(setup.model.magazine) if n else {},
        leaker_shares=tuple(count / n for count in tally.leakers) if n else (),
        refused=setup.flights.refused,
        notes=setup.notes,
        assumed={
            "doctrine": asdict(setup.doctrine),
            "conditions": asdict(setup.conditions),
            "link_availability_of": dict(setup.links),
            "single_shot_kill_probability": dict(setup.kill),
        },
    )


def compare(one: RaidSetup, other: RaidSetup, replications: int, seed: int, *, workers: int = 1) -> dict[str, Estimate]:
    """Return the paired difference of two architectures, ``one`` less ``other``, with its own intervals.

    Raises
    ------
    InputError
        If they do not face the same missiles.
    """
    _refuse_counts(replications, seed, None)
    if [m.key for m in one.flights.missiles] != [m.key for m in other.flights.missiles] or one.raid != other.raid:
        raise InputError(
            f"{one.architecture} faces {len(one.flights.missiles)} missiles of {one.raid}, {other.architecture} "
            f"{len(other.flights.missiles)} of {other.raid}: a paired difference needs the same raid in one year"
        )
    paired = PairedTally(len(one.flights.missiles))
    for first in range(0, replications, BLOCK):
        count = min(BLOCK, replications - first)
        paired.add(*(many_rows(setup.model, seed, first, count, workers) for setup in (one, other)))
    return paired.estimates()


def aim_titles(raid: Raid) -> dict[tuple[float, float], str]:
    """Return what each aim of a raid, (latitude, longitude) in degrees, is called: its title, or the place itself."""
    aims = [(group.aim.latitude_deg, group.aim.longitude_deg, group.title) for group in raid.threats]
    return {(latitude, longitude): title or f"{latitude:.2f}, {longitude:.2f}" for latitude, longitude, title in aims}


def event_log(setup: RaidSetup, seed: int, replication: int = 0) -> NDArray[np.int64]:
    """Return the events of one replication as they were handled, shape (events, 9)."""
    return log_of(setup.model, seed, replication)
