"""Print every verification case: what was expected, what hoplon got, and whether that is within the tolerance.

``python tools/verification_table.py [ID ...]`` prints all cases, or those whose id begins with one of the words; it
exits with 1 if one is missed.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from manual_tables import CASES, ROOT


def main() -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="only cases whose id begins so: DET, BAL-01")
    wanted = tuple(parser.parse_args().ids)
    sys.path.insert(0, str(ROOT / "tests"))
    missed = 0
    print(f"{'id':8} {'expected':>14} {'got':>14} {'tolerance':>10}     quantity, unit")
    for module in CASES:
        for case in import_module(module).CASES:
            if wanted and not case.id.startswith(wanted):
                continue
            got, width = case.compute(), case.tolerance.width(case.expected)
            within = abs(got - case.expected) <= width
            missed += not within
            mark = "  " if within else "NO"
            print(f"{case.id:8} {case.expected:14.7g} {got:14.7g} {width:10.2g} {mark}  {case.quantity}, {case.unit}")
    print(f"{missed} missed" if missed else "every case is within its tolerance")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
