"""Print the closed forms of a raid against the simulation: case, exact value, simulated value, 99.9 % interval.

``python tools/closed_form_table.py [--replications N] [--events M]`` runs every case that the tests hold N times by the
pure kill chain and M times by the event simulation; it exits with 1 if an exact value lies outside its interval.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from manual_tables import ROOT


def main() -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1_000_000, help="of the kill chain; default: 1000000")
    parser.add_argument("--events", type=int, default=20_000, help="of the event simulation; default: 20000")
    arguments = parser.parse_args()
    if min(arguments.replications, arguments.events) < 1:
        parser.error("1 replication or more was expected")
    sys.path.insert(0, str(ROOT / "tests"))
    forms = import_module("verification.raid_closed_forms")
    print("| case | form | replications | quantity | exact | simulated | 99.9 % interval | inside |")
    print("|---|---|---|---|---|---|---|---|")
    missed = 0
    for case in forms.CASES:
        exact = case.exact()
        runs = [("kill chain", arguments.replications, forms.by_chain)]
        if case.events:
            runs.append(("events", arguments.events, forms.by_events))
        for form, replications, run in runs:
            found = run(case, replications)
            inside = found.agrees(exact)
            missed += inside.count(False)
            for place, quantity in enumerate(forms.QUANTITIES):
                mean, half = found.means[place], found.halves[place]
                print(
                    f"| {case.name} | {form} | {replications:,} | {quantity} | {exact[place]:.6f} | {mean:.6f} | "
                    f"{mean - half:.6f} to {mean + half:.6f} | {'yes' if inside[place] else 'NO'} |"
                )
    print(f"\n{missed} outside" if missed else "\nevery exact value lies inside its interval")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
