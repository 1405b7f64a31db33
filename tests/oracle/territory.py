"""Section 8 for a list of points."""

import dataclasses

from .engagement import engage
from .scenario import Architecture, number, resolve


def coverage(scenario, architecture, points_deg, threats=None, areas=None):
    """Return {threat: [{"threatened", "defended", "shots_min", "hardest"}, one per point]}.

    ``hardest`` is the launch area of the flight with fewest shots (the first such), None where not threatened.
    """
    if not isinstance(architecture, Architecture):
        architecture = resolve(scenario, architecture)
    timeless = dataclasses.replace(architecture, year=None)
    wanted = number(architecture.doctrine.get("shots_required"), 1.0)
    result = {}
    for threat in threats or scenario["threats"]:
        lofts = [number(loft) for loft in scenario["threats"][threat].get("lofts_deg", [0.0])]
        rows = []
        for aim in points_deg:
            flights = [
                (max([b["shots"] for b in answer["batteries"].values()], default=0), area)
                for area in areas or scenario["launch_areas"]
                for loft in lofts
                if (answer := engage(scenario, timeless, area, aim, threat, loft))["reachable"]
            ]
            least = min(flights, key=lambda f: f[0], default=(-1, None))
            rows.append(
                {
                    "threatened": bool(flights),
                    "defended": bool(flights) and all(f[0] >= wanted for f in flights),
                    "shots_min": least[0],
                    "hardest": least[1],
                }
            )
        result[threat] = rows
    return result
