"""The predicted intercept point of a kill chain against the dense computation of every look."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hoplon.analysis.engagement import engagement
from hoplon.analysis.kill_chain import kill_chains
from hoplon.earth.geodesy import normal_and_altitude, normal_of, position_of_normal
from hoplon.flight.arc import IMPACT_TIME, solve_flights
from hoplon.flight.sensitivity import inertial_state
from hoplon.scenario.load import load_scenario
from verification import dense_information as dense

AIM = (50.0, 10.1)
CLOSE = 1e-3  # relative; the direction across which the error is taken comes from a search over 8,000 elevations


@pytest.mark.parametrize("battery", ["ship-east-iia", "deveselu-iia", "redzikowo"])
def test_the_error_of_the_predicted_intercept_is_that_of_every_look(battery: str) -> None:
    scenario = load_scenario("nato-europe")
    resolved, threat = scenario.architecture("phase-3"), scenario.threats["irbm-3500"]
    judged = engagement(scenario, "phase-3", "tabriz", AIM, "irbm-3500")
    chain = kill_chains(scenario, "phase-3", "tabriz", AIM, "irbm-3500").batteries[battery]
    assert chain.handover is not None
    assert chain.intercept_s is not None
    area = scenario.launch_areas["tabriz"].at
    burn = float(threat.burn_time_s)
    numbers = (burn, 1e3 * float(threat.burnout_altitude_km), 1e3 * float(threat.burnout_ground_range_km), 0.0)
    launch = np.radians([[area.latitude_deg, area.longitude_deg]])
    row = solve_flights(launch, np.radians([AIM]), *(np.array([number]) for number in numbers))[0]
    arc = dense.Arc(inertial_state(row, burn), burn, float(row[IMPACT_TIME]))
    lookers = []
    for name, answer in judged.radars.items():
        element = resolved.elements[name]
        latency = float(resolved.network.latency_s if element.latency_s is None else element.latency_s)
        if element.satellite is not None:  # model section 3: each look adds information position_sigma^-2 I
            tracking = scenario.satellites[element.satellite].tracking
            assert tracking is not None
            update, sigma = float(tracking.update_s), float(tracking.position_sigma_m)
            lookers.append(dense.Looker(np.zeros(3), update, 0.0, 0.0, latency, answer.track_s, sigma))
            continue
        kind, at = scenario.radars[str(element.radar)], element.at
        assert at is not None
        lookers.append(
            dense.Looker(
                np.array(
                    position_of_normal(*normal_of(*np.radians([at.latitude_deg, at.longitude_deg])), at.altitude_m)
                ),
                float(kind.update_s),
                float(kind.range_sigma_m),
                1e-3 * float(kind.angle_sigma_mrad),
                0.0 if name in resolved.elements[battery].radars else latency,
                answer.track_s,
            )
        )
    assert any(looker.position_sigma is not None and looker.tracks for looker in lookers)
    time = chain.intercept_s
    state, _ = arc.at(time)
    fixed = dense.turned(state[:3], -time)
    *normal, altitude = normal_and_altitude(*fixed)
    place = resolved.elements[battery].at
    assert place is not None
    up, site = np.array(normal), np.array(normal_of(*np.radians([place.latitude_deg, place.longitude_deg])))
    angle = math.atan2(float(np.linalg.norm(np.cross(up, site))), float(up @ site))
    kind_of_interceptor = scenario.interceptors["sm3-iia"]
    velocity = dense.arrival_velocity(
        1e3 * float(kind_of_interceptor.burnout_speed_km_s),
        float(kind_of_interceptor.burn_time_s),
        math.radians(float(kind_of_interceptor.min_elevation_deg)),
        dense.RADIUS * angle,
        altitude,
    )
    assert velocity is not None
    meets = velocity[0] * (up * math.cos(angle) - site) / math.sin(angle) + velocity[1] * up
    closing = dense.turned(state[3:], -time) - np.cross([0.0, 0.0, dense.OMEGA], fixed) - meets
    until = time - float(resolved.doctrine.handover_s)
    expected = dense.Reference(arc, lookers).sigma_across(time, until, dense.turned(closing, time))
    assert chain.handover.pip_sigma_m == pytest.approx(expected, rel=CLOSE)
