"""Section 3: cover, tracks and cues on the one-second grid."""

import math

import numpy as np

from . import earth
from .scenario import INFINITE, number


def detection_range(radar_type, way, threat):
    """Return the range against a class in ``search`` or ``track`` [m]; zero without a cross-section in the band."""
    beam = radar_type.get(way) or radar_type["search"]
    section = number(threat.get("rcs_m2", {}).get(radar_type["band"]))
    if section is None:
        return 0.0
    reach = number(beam["reference_range_km"]) * (section / number(beam["reference_rcs_m2"])) ** 0.25
    return 1e3 * min(number(radar_type.get("max_range_km"), INFINITE), reach)


def covers(element, radar_type, threat, positions):
    """Return search and track cover (n,) bool of one placed radar over ECEF positions (n, 3)."""
    place = element["at"]
    altitude = float(place[2]) if len(place) > 2 else 0.0
    slant, elevation, bearing = earth.look_angles(math.radians(place[0]), math.radians(place[1]), altitude, positions)
    low, high = (math.radians(number(limit)) for limit in radar_type.get("elevation_deg", [0.0, 90.0]))
    seen = (elevation >= low) & (elevation <= high) & (slant >= 1e3 * number(radar_type.get("min_range_km"), 0.0))
    if low < 0.0:
        seen &= earth.in_sight(math.radians(place[0]), math.radians(place[1]), altitude, positions)
    boresights, halfwidth = element.get("boresights_deg") or [], number(radar_type.get("sector_halfwidth_deg"))
    if boresights and halfwidth is not None:
        inside = np.zeros(seen.shape, dtype=bool)
        for boresight in boresights:
            off = np.abs((np.degrees(bearing) - number(boresight) + 180.0) % 360.0 - 180.0)
            inside |= off <= halfwidth
        seen &= inside
    reaches = [detection_range(radar_type, way, threat) for way in ("search", "track")]
    return tuple(seen & (reach > 0.0) & (slant <= reach) for reach in reaches)


def tracks(times, search, track, radar_type, cue, on_grid=True):
    """Return the track intervals [[on, off], ...] of one radar, walking the grid second by second.

    With ``on_grid`` a track begins at the first whole second at which a wait is over, else when the wait is over.
    """
    wait_search = number(radar_type.get("acquisition_s"), 0.0)
    wait_cued = number(radar_type.get("cued_acquisition_s"), 0.0)
    needs_cue = bool(radar_type.get("requires_cue", False))
    intervals = []
    holding, both_since, cover_since = False, None, None
    for t, in_search, in_track in zip(times, search, track, strict=True):
        if not in_track:
            holding, both_since, cover_since = False, None, None
            continue
        cover_since = t if cover_since is None else cover_since
        if not in_search:
            both_since = None
        elif both_since is None:
            both_since = t
        if holding:
            intervals[-1][1] = t
            continue
        over = max(cue, cover_since) + wait_cued
        if not needs_cue and both_since is not None:
            over = min(over, both_since + wait_search)
        if over <= t:
            holding = True
            intervals.append([t if on_grid else over, t])
    return [[float(on), float(off)] for on, off in intervals]


SUPPORTING_BANDS = ("X", "C", "S")


def may_support(radar_type):
    """Tell whether a radar type's held track supports an intercept: as it says, else by its band."""
    return radar_type.get("supports_intercept", radar_type["band"] in SUPPORTING_BANDS)


def satellite_tracks(tracking, threat, times, positions, on_grid=True):
    """Return the track intervals of a tracking satellite: every second after burnout and the wait, and high enough.

    The altitude of a body rises and falls once, so that there is one interval at most. With ``on_grid`` it begins on a
    whole second, else when the wait after burnout is over if the body is high enough at once.
    """
    burnout = number(threat["burn_time_s"])
    begins = burnout + number(tracking["acquisition_s"])
    high = earth.geodetic(positions)[2] >= 1e3 * number(tracking.get("min_altitude_km"), 100.0)
    held = times[(times >= begins) & high]
    if len(held) == 0:
        return []
    free = times >= burnout
    risen = burnout if high[free][0] else float(times[free & high][0])
    return [[float(held[0]) if on_grid else max(begins, risen), float(held[-1])]]


def first_alert(architecture, threat):
    """Return the earliest alert plus latency over the satellites that see the burn, infinite if none does."""
    arrivals = [INFINITE]
    for name, element in architecture.of_kind("satellite").items():
        satellite = architecture.scenario["satellites"][element["satellite"]]
        if "alert_s" in satellite and number(threat["burn_time_s"]) > number(satellite.get("detect_s"), 0.0):
            arrivals.append(number(satellite["alert_s"]) + architecture.latency(name))
    return min(arrivals)


def picture(architecture, threat, flight):
    """Return {sensor: {"cue": s or inf, "tracks": [[on, off], ...]}} for one flight: the cues' fixed point.

    The tracking satellites stand after the radars; in organic mode there are none.
    """
    times = np.arange(0.0, math.floor(flight.flight_time) + 1.0)
    positions = flight.position(times)
    radars = architecture.of_kind("radar")
    types = {name: architecture.scenario["radars"][e["radar"]] for name, e in radars.items()}
    cover = {name: covers(e, types[name], threat, positions) for name, e in radars.items()}
    tasked = {name for name, e in radars.items() if not architecture.organic and not e.get("partner", False)}
    alert = first_alert(architecture, threat) if not architecture.organic else INFINITE
    grid = architecture.on_grid
    cues = dict.fromkeys(radars, INFINITE)
    held = {name: tracks(times, *cover[name], types[name], INFINITE, grid) for name in radars}
    above = {
        name: satellite_tracks(tracking, threat, times, positions, grid)
        for name, tracking in architecture.tracking_satellites().items()
    }
    while True:
        reports = {
            name: found[0][0] + architecture.latency(name) if found else INFINITE
            for name, found in (held | above).items()
        }
        new = {
            name: min([alert] + [reports[other] for other in reports if other != name]) if name in tasked else INFINITE
            for name in radars
        }
        if new == cues:
            seen = {name: {"cue": cues[name], "tracks": held[name]} for name in radars}
            return seen | {name: {"cue": INFINITE, "tracks": found} for name, found in above.items()}
        cues = new
        held = {name: tracks(times, *cover[name], types[name], cues[name], grid) for name in radars}
