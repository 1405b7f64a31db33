"""The oracle's engagement held against cases worked by hand and against the definitions, read back."""

import copy
import math

import numpy as np
import pytest

import oracle
from oracle import earth, sensors

# A radar that sees everything from ignition on, so that every time can be worked out on paper.
ALL_SEEING = """
hoplon: 1
name: paper
title: worked by hand
nations: [DEU]
launch_areas:
  east: {at: [36.0, 50.0]}
threats:
  mrbm: {max_range_km: 3000, min_range_km: 300, burn_time_s: 100.5, burnout_altitude_km: 90,
         burnout_ground_range_km: 90, rcs_m2: {X: 1.0}}
radars:
  eye: {band: X, search: {reference_range_km: 20000, reference_rcs_m2: 1},
        track: {reference_range_km: 20000, reference_rcs_m2: 1},
        elevation_deg: [-90, 90], acquisition_s: 10, cued_acquisition_s: 5}
satellites:
  warn: {alert_s: 2, detect_s: 40}
interceptors:
  round: {burnout_speed_km_s: 4.0, burn_time_s: 50, intercept_altitude_km: [80, 900], max_flight_time_s: 600}
elements:
  sat: {satellite: warn}
  near: {radar: eye, at: [44.0, 26.0, 5.0e+6], latency_s: 7}  # so high that the Earth hides nothing
  far: {radar: eye, at: [40.0, 40.0, 5.0e+6]}
  site: {battery: round, at: [44.0, 26.0], radars: [near], count: 3}
network: {latency_s: 1.5}
doctrine: {mode: launch_on_remote, firm_track_s: 20, decision_s: 30, reaction_s: 5, handover_s: 20,
           kill_assessment_s: 20}
architectures:
  all: {elements: [sat, near, far, site]}
  alone: {extends: all, without: [far], doctrine: {mode: organic}}
"""
AIM = (44.5, 24.0)


@pytest.fixture
def paper():
    return oracle.load(ALL_SEEING)


def test_times_worked_by_hand(paper):
    answer = oracle.engage(paper, "all", "east", AIM, "mrbm")
    # Alert 2 + 1.5 = 3.5 s; cued wait 5 s ends at 8.5 s: on the grid 9 s, a second before search finds it at 10 s.
    assert answer["radars"]["far"]["cue_s"] == 3.5
    assert answer["radars"]["far"]["track_s"] == [[9.0, math.floor(answer["flight_time_s"])]]
    # Firm at burnout (100.5) + 20; own radar without latency; decision 30 + reaction 5.
    assert answer["batteries"]["site"]["commit_s"] == 155.5
    assert answer["warning_s"] == pytest.approx(answer["flight_time_s"] - 3.5, abs=1e-9)
    assert answer["defended"] is True


def test_organic_hears_nothing(paper):
    answer = oracle.engage(paper, "alone", "east", AIM, "mrbm")
    assert answer["radars"]["near"] == {"cue_s": None, "track_s": [[10.0, math.floor(answer["flight_time_s"])]]}
    assert answer["batteries"]["site"]["commit_s"] == 155.5
    assert answer["warning_s"] is None


def test_a_network_track_commits_with_the_reporters_latency(paper):
    paper["elements"]["site"]["radars"] = []
    answer = oracle.engage(paper, "all", "east", AIM, "mrbm")
    # near reports with 7 s, far with the network's 1.5 s.
    assert answer["batteries"]["site"]["commit_s"] == 157.0
    assert answer["batteries"]["site"]["shots"] == 0  # launch on remote: no own radar, no support
    paper["doctrine"]["mode"] = "engage_on_remote"
    assert oracle.engage(paper, "all", "east", AIM, "mrbm")["batteries"]["site"]["shots"] > 0


def test_partners_are_not_cued_and_still_heard(paper):
    paper["elements"]["far"]["partner"] = True
    paper["elements"]["site"]["radars"] = []
    answer = oracle.engage(paper, "all", "east", AIM, "mrbm")
    assert answer["radars"]["far"]["cue_s"] is None
    assert answer["radars"]["far"]["track_s"][0][0] == 10.0
    assert answer["batteries"]["site"]["commit_s"] == 157.0
    paper["radars"]["eye"]["requires_cue"] = True
    assert oracle.engage(paper, "all", "east", AIM, "mrbm")["radars"]["far"]["track_s"] == []


def test_shots_obey_the_definitions_read_back(paper):
    answer = oracle.engage(paper, "all", "east", AIM, "mrbm")
    site, shots = paper["elements"]["site"], answer["batteries"]["site"]["intercepts"]
    one = oracle.fly(*(tuple(np.radians(p)) for p in (paper["launch_areas"]["east"]["at"], AIM)), 100.5, 9e4, 9e4)

    times = np.arange(101.0, one.flight_time)
    latitude, longitude, altitude = earth.geodetic(one.position(times))
    x = earth.ground_distance(*np.radians(site["at"])[:, None], latitude, longitude)
    flyouts = oracle.flyout_times(4e3, 50.0, x, altitude, math.radians(15.0), 1e3)

    def can(earliest):
        return times[(flyouts <= 600.0) & (altitude >= 80e3) & (altitude <= 900e3) & (times - flyouts >= earliest)]

    assert len(shots) == 3
    earliest = answer["batteries"]["site"]["commit_s"]
    for shot in shots:
        assert shot["intercept_s"] == can(earliest)[0]
        earliest = shot["intercept_s"] + 25.0
    assert answer["batteries"]["site"]["last_intercept_s"] == can(answer["batteries"]["site"]["commit_s"])[-1]


@pytest.mark.parametrize(
    ("change", "shots"),
    [({"look": False}, 1), ({"salvo": 2}, 1), ({"salvo": 3}, 1), ({"salvo": 4}, 0), ({"kill_assessment_s": 4000}, 1)],
)
def test_doctrine_limits_the_shots(paper, change, shots):
    paper["doctrine"].update(change)
    site = oracle.engage(paper, "all", "east", AIM, "mrbm")["batteries"]["site"]
    assert site["shots"] == shots
    assert site["last_intercept_s"] is not None


@pytest.mark.parametrize(
    ("change", "loft", "aim"),
    [
        ({"launch_areas": ["west"]}, 0.0, AIM),
        ({"from": {"value": 2015, "low": 2010, "high": 2020}}, 0.0, AIM),
        ({"lofts_deg": [5]}, 0.0, AIM),
        ({}, 5.0, AIM),
        ({}, 0.0, (36.5, 49.0)),
        ({}, 0.0, (60.0, -10.0)),
    ],
)
def test_refused_pairs_say_why_and_hold_no_batteries(paper, change, loft, aim):
    paper["threats"]["mrbm"].update(change)
    paper["architectures"]["all"]["year"] = 2012
    answer = oracle.engage(paper, "all", "east", aim, "mrbm", loft)
    assert answer["reachable"] is False
    assert answer["reason"]
    assert answer["batteries"] == {}


def test_tracks_follow_search_wait_and_cue_by_hand():
    times = np.arange(0.0, 20.0)
    everything = np.ones(20, dtype=bool)
    broken = everything.copy()
    broken[4] = False
    kind = {"acquisition_s": 5, "cued_acquisition_s": 3}
    assert sensors.tracks(times, everything, everything, kind, math.inf) == [[5.0, 19.0]]
    # Search broken at 4: the wait starts again at 5. The track itself is broken likewise.
    assert sensors.tracks(times, broken, everything, kind, math.inf) == [[10.0, 19.0]]
    assert sensors.tracks(times, everything, broken, kind, math.inf) == [[10.0, 19.0]]
    assert sensors.tracks(times, everything, broken, kind, 0.0) == [[3.0, 3.0], [8.0, 19.0]]
    assert sensors.tracks(times, ~everything, everything, kind, 6.5) == [[10.0, 19.0]]
    assert sensors.tracks(times, everything, everything, kind | {"requires_cue": True}, math.inf) == []


def test_cover_limits_are_where_they_should_be():
    kind = {
        "band": "X",
        "search": {"reference_range_km": 1000, "reference_rcs_m2": 1.0},
        "track": {"reference_range_km": 2000, "reference_rcs_m2": 1.0},
        "max_range_km": 1500,
        "min_range_km": 10,
        "elevation_deg": [5, 80],
        "sector_halfwidth_deg": 30,
    }
    threat = {"rcs_m2": {"X": 0.0625}}  # a fourth root of one half
    assert sensors.detection_range(kind, "search", threat) == pytest.approx(500e3, rel=1e-12)
    assert sensors.detection_range(kind, "track", threat) == pytest.approx(1000e3, rel=1e-12)
    assert sensors.detection_range(kind, "track", {"rcs_m2": {"X": 1.0}}) == 1500e3
    assert sensors.detection_range(kind, "track", {"rcs_m2": {"S": 1.0}}) == 0.0
    element = {"at": [0.0, 0.0, 100.0], "boresights_deg": [350.0]}

    def cover(slant, elevation, azimuth):
        e, a = math.radians(elevation), math.radians(azimuth)
        line = slant * np.array([math.sin(e), math.cos(e) * math.sin(a), math.cos(e) * math.cos(a)])
        return tuple(
            bool(c[0]) for c in sensors.covers(element, kind, threat, earth.ecef(0.0, 0.0, 100.0)[None] + line)
        )

    assert cover(400e3, 45, 10) == (True, True)
    assert cover(600e3, 45, 10) == (False, True)
    assert cover(9e3, 45, 10) == (False, False)
    assert cover(400e3, 81, 10) == (False, False)
    assert cover(400e3, 4, 10) == (False, False)
    assert cover(400e3, 45, 19.9) == (True, True)
    assert cover(400e3, 45, 20.1) == (False, False)
    assert cover(400e3, 45, 319.9) == (False, False)


def test_coverage_takes_the_worst_flight(paper):
    wide = copy.deepcopy(paper)
    wide["launch_areas"]["blocked"] = {"at": [44.0, 40.0]}
    wide["threats"]["mrbm"]["lofts_deg"] = [0, 5]
    points = [AIM, (60.0, -40.0)]
    rows = oracle.coverage(wide, "all", points)["mrbm"]
    each = [
        oracle.engage(wide, "all", area, AIM, "mrbm", loft)["batteries"]["site"]["shots"]
        for area in ("east", "blocked")
        for loft in (0, 5)
    ]
    assert rows[0]["shots_min"] == min(each)
    assert rows[0]["hardest"] == ("east" if min(each[:2]) <= min(each[2:]) else "blocked")
    assert rows[0]["defended"] == (min(each) >= 1)
    assert rows[1] == {"threatened": False, "defended": False, "shots_min": -1, "hardest": None}
