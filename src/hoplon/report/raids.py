"""Raids asked for by names, for :mod:`hoplon.api`: Monte Carlo, playback, many processes, campaigns.

Nothing heavy is imported until a function needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.errors import InputError
from hoplon.progress import Progress, silent
from hoplon.report.formats import PLAYBACK
from hoplon.report.formats.layer_files import ENDINGS, to_file
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in

if TYPE_CHECKING:
    from hoplon.analysis.raid.campaign import CampaignAnswer
    from hoplon.analysis.raid.federation import FederationAnswer, JoinAnswer
    from hoplon.analysis.raid.playback import PlayedRaid
    from hoplon.analysis.raid.result import RaidResult
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.campaigns.driver import State
    from hoplon.scenario.model import Level


def _quiet(text: str) -> None:
    """Say nothing."""


def _setup(scenario: GivenScenario, architecture: str, raid: str, options: Mapping[str, Any]) -> RaidSetup:
    loaded = loaded_scenario(scenario)
    architecture, raid = name_in(loaded, "architecture", architecture), name_in(loaded, "raid", raid)
    from hoplon.analysis.raid.result import raid_setup

    return raid_setup(loaded, architecture, raid, **options)


def raid(
    scenario: GivenScenario,
    architecture: str,
    raid: str,
    *,
    replications: int = 1000,
    seed: int = 1,
    lose: Sequence[str] | str = (),
    c2: str | None = None,
    doctrine: str | None = None,
    decision_s: float | None = None,
    level: Level = "base",
    bounds: bool = True,
    links: Mapping[str, float] | None = None,
    until_width: float | None = None,
    workers: int = 1,
    log: str | Path | None = None,
    progress: Progress | None = None,
    **conditions: Any,
) -> RaidResult:
    """Run a raid against an architecture many times: what leaks, and what it costs in interceptors.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture, raid : str
    replications : int
        At most, when ``until_width`` is given.
    seed : int
        Of every draw: with the same seed two settings are compared under common random numbers.
    lose : sequence of str or str
        ``ELEMENT[/link]@T``: lost T seconds after the first launch.
    c2 : str, optional
        organic, hub, hub_hot, hub_cold, regional or mesh, in place of the architecture's own.
    doctrine : str, optional
        single, salvo-N, shoot-look-shoot, salvo-look-salvo or share, in place of the raid's own and the scenario's.
    decision_s : float, optional
        Time to decide in place of the scenario's [s].
    level : {"low", "base", "high"}
        Of kill probability: every factor at the bound worse for the defence, as stated, or at the better one.
    bounds : bool
        At base, run both bounds as well, with the same replications, so that the answer has their range.
    links : mapping of str to float, optional
        Chance that a message passes the link of an element.
    until_width : float, optional
        Stop when the interval of the leakage is no wider.
    workers : int
        Threads; they do not affect results.
    log : path, optional
        Parquet file for the events of the first replication.
    progress : callable, optional
        Told of the replications done.
    **conditions
        What the scenario does not give: fields of :class:`hoplon.scenario.conditions.Conditions`, as
        ``link_availability=0.9``, ``false_kill=0.1``, ``perfect_sensing=True``.

    Raises
    ------
    UnknownNameError, InputError
        For a name, a number or a condition that is none.
    """
    options: dict[str, Any] = {"lose": lose, "c2": c2, "doctrine": doctrine, "decision_s": decision_s}
    options |= {"links": links, "level": level, **conditions}
    setup = _setup(scenario, architecture, raid, options)
    from hoplon.analysis.raid.result import raid_result

    found = raid_result(
        setup,
        replications,
        seed,
        workers=workers,
        until_width=until_width,
        bounds=bounds,
        log=None if log is None else Path(log),
        progress=progress or silent,
    )
    return found.made_from(setup.source.scenario, seed)


def playback_formats() -> tuple[str, ...]:
    """Return the endings of the files that :func:`play` writes."""
    return tuple(dict.fromkeys((*(f".{name}" for name in PLAYBACK), *ENDINGS)))


def play(
    scenario: GivenScenario,
    architecture: str,
    raid: str,
    path: str | Path | None = None,
    *,
    seed: int = 1,
    replication: int = 0,
    **options: Any,
) -> PlayedRaid:
    """Play one replication of a raid back: who knew what when, who fired, what leaked.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture, raid : str
    path : path, optional
        File to write; its ending decides what: after-action page (``.html``), ``.czml``, ``.kml``, event log
        (``.parquet``); the paths as ``.gpkg``, ``.geojson``, ``.nc`` or ``.kmz``.
    seed, replication : int
    **options
        As of :func:`raid`: ``lose``, ``c2``, ``doctrine``, ``decision_s``, conditions.

    Raises
    ------
    InputError
        If no missile of the raid reaches its aim, or the file has another ending.
    OutputError
        If the file cannot be written; it is written whole or not at all.
    """
    file = None if path is None else Path(path)
    if file is not None and file.suffix.lower() not in playback_formats():
        raise InputError(f"{file}: a file ending in {', '.join(playback_formats())} was expected")
    setup = _setup(scenario, architecture, raid, options)
    from hoplon.analysis.raid.playback import PlayedRaid, play

    found = PlayedRaid(play(setup, seed, replication), setup.flights.refused, setup.notes, file, setup)
    if file is not None:
        to_file(found, file)
    return found


def federate(
    scenario: GivenScenario,
    architecture: str,
    raid: str,
    *,
    seed: int = 1,
    replication: int = 0,
    pace: float | None = None,
    patience_s: float = 10.0,
    wait_s: float = 300.0,
    bind: str | None = None,
    remote: Sequence[str] = (),
    keys: str | Path | None = None,
    note: Callable[[str], None] = _quiet,
    **options: Any,
) -> FederationAnswer:
    """Run one replication of a raid with every element its own process, then again in one.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture, raid : str
    seed, replication : int
    pace : float, optional
        Simulated seconds per second; as fast as it goes when left out.
    patience_s, wait_s : float
        How long an element may be silent before it is lost; how long those from elsewhere are waited for [s].
    bind : str, optional
        ``tcp://ADDRESS:PORT`` where the elements reach the time manager; this machine alone by default.
    remote : sequence of str
        Elements that join from elsewhere, by :func:`join`.
    keys : path, optional
        Folder that the keys of those are written to, a file an element; they are removed when the run ends.
    note : callable
        Told where the time manager is.
    **options
        As of :func:`raid`: ``lose``, ``c2``, ``doctrine``, ``decision_s``, conditions.
    """
    if bool(remote) != (keys is not None):
        raise InputError("remote and keys go together: a folder for the keys of the elements from elsewhere")
    setup = _setup(scenario, architecture, raid, options)
    from hoplon.analysis.raid import federation
    from hoplon.backbone.federation.manager import LOOPBACK

    folder = None if keys is None else Path(keys)
    found = federation.federate(
        setup,
        seed,
        replication,
        pace=pace,
        bind=bind or LOOPBACK,
        patience=patience_s,
        watch=federation.notes_of(setup, remote, folder, pace, note),
        remote=remote,
        keys=folder,
        patience_to_join=wait_s,
    )
    return found.made_from(setup.source.scenario, seed)


def join(
    scenario: GivenScenario,
    architecture: str,
    raid: str,
    element: str,
    address: str,
    key_file: str | Path | None = None,
    *,
    wait_s: float = 300.0,
    **options: Any,
) -> JoinAnswer:
    """Be one element of a raid whose time manager is elsewhere; see :func:`federate`.

    Parameters
    ----------
    scenario, architecture, raid
        The same as the time manager's.
    element : str
    address : str
        ``tcp://ADDRESS:PORT`` of the time manager.
    key_file : path, optional
        The element's key, which the time manager wrote; the variable ``HOPLON_FEDERATION_KEY`` when left out.
    wait_s : float
        How long the manager, and then the beginning of the raid, is waited for [s].
    **options
        As of :func:`raid`, and the same as the time manager's.
    """
    setup = _setup(scenario, architecture, raid, options)
    from hoplon.analysis.raid import federation

    key = None if key_file is None else Path(key_file)
    return federation.join_federation(setup, element, address, key, wait_s).made_from(setup.source.scenario)


def campaign(
    scenario: GivenScenario,
    plan: str | Path,
    folder: str | Path,
    *,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    agreed: bool = False,
    progress: Progress | None = None,
    note: Callable[[str], None] = _quiet,
    watch: Callable[[State], None] = lambda state: None,
) -> CampaignAnswer:
    """Run a plan of many raids on a scenario; an existing folder is resumed.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    plan : path
        What is varied, and how often each runs (YAML).
    folder : path
        Of the chunks and results.
    executor : {"serial", "process", "dask"}, optional
        process by default; dask with a scheduler.
    workers : int, optional
        One per core by default.
    scheduler : str, optional
        Address of a Dask scheduler.
    shard : str, optional
        ``I/N``: do part I of N alone, and add nothing up.
    agreed : bool
        Run a plan that will take long.
    progress, note, watch : callable, optional
        Told of each step; of the cost of a large plan; of the state after each chunk.

    Raises
    ------
    HoplonError
        Whatever stopped it; what is done stays, and the same call resumes it.
    """
    loaded = loaded_scenario(scenario)
    from hoplon.analysis.raid.plan_run import run_plan

    found = run_plan(
        loaded,
        plan,
        Path(folder),
        executor=executor,
        workers=workers,
        scheduler=scheduler,
        shard=shard,
        agreed=agreed,
        progress=progress or silent,
        note=note,
        watch=watch,
    )
    return found.made_from(loaded, found.plan.seed)
