"""One flight from Tabriz to Bucharest: how it flies, who sees it when, who can shoot, and from when on."""

# %% The flight
import hoplon

scenario = hoplon.load("nato-europe")
threat = scenario.threats["mrbm-2000"]
launch, bucharest = scenario.launch_areas["tabriz"].at, (44.43, 26.10)
flight = hoplon.trajectory(
    (launch.latitude_deg, launch.longitude_deg),
    bucharest,
    burn_time_s=float(threat.burn_time_s),
    burnout_altitude_km=float(threat.burnout_altitude_km),
    burnout_ground_range_km=float(threat.burnout_ground_range_km),
)
print(f"{flight.ground_range_km:.0f} km in {flight.flight_time_s:.0f} s, {flight.apogee_km:.0f} km high")

# %% How long an interceptor needs to a point of it
interceptor = scenario.interceptors["sm3-ib"]
for altitude_km in (100.0, 200.0, 300.0):
    found = hoplon.flyout(
        burnout_speed_km_s=float(interceptor.burnout_speed_km_s),
        burn_time_s=float(interceptor.burn_time_s),
        ground_range_km=300.0,
        altitude_km=altitude_km,
    )
    told = "out of reach" if found.time_s is None else f"{found.time_s:.0f} s"
    print(f"300 km out and {altitude_km:.0f} km up: {told}")

# %% The engagement in every phase: tracks, the earliest launch, the intercepts
for architecture in ("phase-1", "phase-2", "phase-3"):
    answer = hoplon.engage(scenario, architecture, "tabriz", bucharest, "mrbm-2000", year=2018)
    print(f"{architecture}: {'defended' if answer.defended else 'not defended'}")
    for name, radar in answer.radars.items():
        tracks = ", ".join(f"{on:.0f} to {off:.0f} s" for on, off in radar.track_s)
        print(f"  radar {name}: track {tracks or 'never'}")
    for name, battery in answer.batteries.items():
        shots = ", ".join(f"{shot.intercept_s:.0f} s at {shot.altitude_km:.0f} km" for shot in battery.intercepts)
        print(f"  battery {name}: {shots or 'no shot'}")
