"""What is left of a defence without some of its parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hoplon.defence.assembly import Defence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hoplon.intercept.battery import Battery
    from hoplon.sensing.radar import Radar, Sensor


def reduced(defence: Defence, sensors: Collection[int], batteries: Collection[int]) -> Defence:
    """Return a defence with some of its sensors and batteries alone, as if the others had never been.

    Parameters
    ----------
    defence : Defence
    sensors, batteries : collection of int
        Places of those that stay.
    """
    stay = sorted(sensors)
    number = {place: new for new, place in enumerate(stay)}
    kept = [defence.batteries[place] for place in sorted(batteries)]
    reaches = list(dict.fromkeys(battery.reach for battery in kept))
    radars = [place for place in stay if place < len(defence.radars)]
    satellites = [place - len(defence.radars) for place in stay if place >= len(defence.radars)]
    return replace(
        defence,
        radars=tuple(defence.radars[place] for place in radars),
        radar_names=tuple(defence.radar_names[place] for place in radars),
        satellites=tuple(defence.satellites[place] for place in satellites),
        satellite_names=tuple(defence.satellite_names[place] for place in satellites),
        batteries=tuple(
            replace(
                battery,
                reach=reaches.index(battery.reach),
                own_radars=tuple(number[place] for place in battery.own_radars if place in number),
                supporters=tuple(number[place] for place in battery.supporters if place in number),
            )
            for battery in kept
        ),
        battery_names=tuple(defence.battery_names[place] for place in sorted(batteries)),
        interceptors=tuple(defence.interceptors[place] for place in reaches),
    )


def without(defence: Defence, names: Collection[str]) -> Defence:
    """Return a defence without the sensors and batteries of some names."""
    return reduced(
        defence,
        [place for place, name in enumerate(defence.sensor_names) if name not in names],
        [place for place, name in enumerate(defence.battery_names) if name not in names],
    )


def common_rest(defence: Defence, others: Sequence[Defence]) -> Defence | None:
    """Return what a defence has in common with another that differs from it in the places of some parts alone.

    Of several others with the one that fewest parts differ from, the first of those: what has been moved back since
    does not count as moved. None where none of them is such; where the parts that differ are most of it, for little
    would be bounded; and where no battery stays.
    """
    best: tuple[list[int], list[int]] | None = None
    for other in others:
        if (other.timing, other.alerts, other.networked) != (defence.timing, defence.alerts, defence.networked):
            continue
        common = defence.sensor_set & other.sensor_set
        mine, theirs = _moved_sensors(defence, common), _moved_sensors(other, common)
        if Counter(mine) != Counter(theirs):
            continue
        batteries = _moved_batteries(defence, other, common)
        if batteries is None:
            continue
        stay = [place for place, sensor in enumerate(defence.sensors) if sensor in common]
        left = [place for place in range(len(defence.batteries)) if place not in batteries]
        moved, whole = len(mine) + len(batteries), len(defence.sensors) + len(defence.batteries)
        more = best is None or len(stay) + len(left) > len(best[0]) + len(best[1])
        if left and 0 < 2 * moved <= whole and more:
            best = stay, left
    return None if best is None else reduced(defence, *best)


def _moved_sensors(defence: Defence, common: frozenset[Sensor]) -> list[Radar]:
    """Return the radars of a defence that are none of some, wherever they stand."""
    return [replace(one, latitude=0.0, longitude=0.0, altitude=0.0) for one in defence.radars if one not in common]


def _moved_batteries(defence: Defence, other: Defence, common: frozenset[Sensor]) -> set[int] | None:
    """Return the batteries of a defence that another has elsewhere; None where it does not have the same ones."""
    mine = [_content(defence, battery, common) for battery in defence.batteries]
    theirs = Counter(_content(other, battery, common) for battery in other.batteries)
    moved, gone = set(), theirs.copy()
    for place, content in enumerate(mine):
        if gone[content] > 0:
            gone[content] -= 1
        else:
            moved.add(place)
    elsewhere = Counter(mine[place][1:] for place in moved)
    return moved if elsewhere == Counter(content[1:] for content in gone.elements()) else None


def _content(defence: Defence, battery: Battery, common: frozenset[Sensor]) -> tuple[object, ...]:
    """Return what a battery is, its place first, with those of its sensors that are common."""
    return (
        (battery.latitude, battery.longitude),
        defence.interceptors[battery.reach],
        frozenset(defence.radars[place] for place in battery.own_radars) & common,
        battery.remote_commit,
        frozenset(defence.sensors[place] for place in battery.supporters) & common,
        battery.shots,
    )
