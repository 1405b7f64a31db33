"""Print every verification case: what was expected, what hoplon got, and whether that is within the tolerance.

``python tools/verification_table.py [ID ...]`` prints all cases, or those whose id begins with one of the words; it
exits with 1 if one is missed. ``--record`` writes the record that the package carries and the comprehensive report
shows, src/hoplon/validation/record.csv.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from manual_tables import CASES, ROOT

from hoplon.validation.record import HEAD

RECORD = ROOT / "src" / "hoplon" / "validation" / "record.csv"
DIGITS = 9


def every_case() -> Iterator[Any]:
    """Yield the cases in the order of the manual."""
    sys.path.insert(0, str(Path(ROOT) / "tests"))
    for module in CASES:
        yield from import_module(module).CASES


def recorded(case: Any) -> tuple[str, ...]:
    """Return a case with its outcome as a row of the record."""
    width = case.tolerance.width(case.expected)
    numbers = (f"{case.expected:.{DIGITS}g}", f"{case.compute():.{DIGITS}g}", f"{width:.3g}")
    return (case.id, case.quantity, case.unit, *numbers, case.tolerance.reason, case.source)


def main() -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="only cases whose id begins so: DET, BAL-01")
    parser.add_argument("--record", action="store_true", help="write the record that the package carries")
    given = parser.parse_args()
    if given.record:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([HEAD, *map(recorded, every_case())])
        RECORD.write_text(text.getvalue(), encoding="utf-8")
        return 0
    missed = 0
    print(f"{'id':8} {'expected':>14} {'got':>14} {'tolerance':>10}     quantity, unit")
    for case in every_case():
        if given.ids and not case.id.startswith(tuple(given.ids)):
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
