"""Write the generated tables of the manual.

They are in docs/model.md and docs/dynamic-flight.md; what raids assume in docs/backbone.md,
docs/campaigns.md and docs/command-line.md.

``python tools/manual_tables.py`` rewrites them in place; with ``--check`` it changes nothing and exits with 1 if one is
out of date.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from pathlib import Path

import numpy as np
from dynamic_tables import boosts, kinematic_errors
from numpy.typing import NDArray
from pyproj import Geod

from hoplon.constants import MEAN_RADIUS
from hoplon.flight.arc import STATUS, flight_position, solve_flights
from hoplon.scenario.conditions import ASSUMPTIONS, parameter_words, parameters
from hoplon.scenario.conditions import assumptions as assumed_options
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import LaunchArea, Threat
from hoplon.scenario.quantities import Number
from hoplon.validation.methods import Equation, methods

ROOT = Path(__file__).resolve().parents[1]
DIVIDER = "\n\f\n"  # between the parts of a page
BEGIN, END = "<!-- made by tools/manual_tables.py -->\n", "<!-- end -->\n"
_WIDE = 110  # characters of LaTeX
_STEP = 1e-3  # [s] of the one-sided differences: an error of g/2 times that, millimetres a second


def velocity_jump() -> str:
    """Return the table of the jump at burnout: one flight a class, of nine tenths of its greatest range."""
    scenario = load_scenario("nato-europe")
    area = scenario.launch_areas["semnan"]
    head = "| class | burnout, s | end of boost, km/s | angle, deg | start of arc, km/s | angle, deg | jump, km/s |"
    lines = [_jump(name, threat, area) for name, threat in scenario.threats.items()]
    return "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|", *lines, ""])


def _jump(name: str, threat: Threat, area: LaunchArea) -> str:
    launch = (area.at.latitude_deg, area.at.longitude_deg)
    sphere = Geod(a=MEAN_RADIUS, b=MEAN_RADIUS)
    longitude, latitude, _ = sphere.fwd(launch[1], launch[0], 310.0, 900.0 * float(threat.max_range_km))
    burn = float(threat.burn_time_s)
    burnout = 1e3 * float(threat.burnout_altitude_km), 1e3 * float(threat.burnout_ground_range_km)
    columns = (np.array([value]) for value in (burn, *burnout, 0.0))
    row = solve_flights(np.radians([launch]), np.radians([(latitude, longitude)]), *columns)[0]
    if row[STATUS] != 0.0:
        raise ValueError(f"{name} does not fly that far")
    before, at, after = (np.array(flight_position(row, burn + step)) for step in (-_STEP, 0.0, _STEP))
    boost, arc = (at - before) / _STEP, (after - at) / _STEP
    up = at / np.linalg.norm(at)

    def cells(velocity: NDArray[np.float64]) -> str:
        speed = float(np.linalg.norm(velocity))
        return f"{speed / 1e3:.2f} | {math.degrees(math.asin(velocity @ up / speed)):.0f}"

    return f"| {name} | {burn:.0f} | {cells(boost)} | {cells(arc)} | {np.linalg.norm(arc - boost) / 1e3:.2f} |"


def model_tables() -> str:
    """Return the model in words, its equations, the jump at burnout and what is left out, divided by blank lines."""
    told = methods()
    words = "\n".join(f"- {paragraph}" for paragraph in told.words)
    equations = "\n\n".join(_equation(one) for one in told.equations)
    left = [f"| {what} | {effect} |" for what, effect in told.left_out]
    left_out = "\n".join(("| left out | effect |", "|---|---|", *left))
    return DIVIDER.join((words, equations, velocity_jump().rstrip("\n"), left_out))


def _equation(one: Equation) -> str:
    """Return an equation as a section of the page: the formula, what its symbols are, code, test and source."""
    name, _, note = one.code.partition("` (")
    code = re.sub(r"`(\w[\w.]+\.\w+)`", _linked, f"{name}`" if note else name) + (f" ({note}" if note else "")
    told = one.where if one.latex else one.equation
    parts = [
        f"### {one.quantity[0].upper()}{one.quantity[1:]}",
        *(f"$$\n{part}\n$$" for part in _rows_of(one.latex)),
        f"{told[0].upper()}{told[1:]}.",
        f"Code: {code}. Test: {one.test}. Source: {one.source or 'definition'}.",
    ]
    return "\n\n".join(parts)


def _rows_of(latex: str) -> list[str]:
    """Return a formula, or its parts where it is too wide for one row."""
    wide = len(latex) > _WIDE
    return [part for part in (latex.split(r", \quad ") if wide else [latex]) if part]


def _linked(found: re.Match[str]) -> str:
    """Return the name of a function with a link to what its docstring says."""
    name = f"hoplon.{found[1]}"
    target = f"model-code.md#{name}"
    return f"[`{found[1]}`]({target})"


def dynamic_tables() -> str:
    """Return the tables of the dynamic tier, with their divider."""
    return kinematic_errors() + DIVIDER + boosts()


def assumptions() -> str:
    """Return everything that a raid assumes."""
    head = "| field | what it is | limits | default | option | campaign parameter | question |"
    lines = []
    for name, one in ASSUMPTIONS.items():
        limits = one.kind.limits if isinstance(one.kind, Number) else "yes or no"
        named = [f"`{text}`" if text else "" for text in (one.option, one.parameter)]
        lines.append(f"| `{name}` | {one.text} | {limits} | {one.usual} | {' | '.join(named)} | {one.question} |")
    return "\n".join([head, "|---|---|---|---|---|---|---|", *lines, ""])


def campaign_parameters() -> str:
    """Return what the plan of a campaign may vary beside names."""
    texts = parameter_words()
    lines = [
        f"| `{name}` | {texts[name][0]} | {number.limits} | {texts[name][1]} |" for name, number in parameters().items()
    ]
    return "\n".join(["| parameter | what it is | limits | default |", "|---|---|---|---|", *lines, ""])


def raid_options() -> str:
    """Return the options of the commands on raids that set what a raid assumes."""
    lines = []
    for option, assumed in assumed_options().items():
        first, text = assumed[0], " and ".join(one.text for one in assumed)
        value, limits = "", ""
        if isinstance(first.kind, Number):
            letter, limits = "S" if first.unit == "s" else "P", first.kind.limits
            value = f" [ELEMENT=]{letter}" if first.by_element else f" {letter}"
        lines.append(f"| `{option}{value}` | {text} | {limits} | {first.usual} |")
    return "\n".join(["| option | what it sets | limits | default |", "|---|---|---|---|", *lines, ""])


PAGES = (
    ("model.md", model_tables),
    ("dynamic-flight.md", dynamic_tables),
    ("backbone.md", assumptions),
    ("campaigns.md", campaign_parameters),
    ("command-line.md", raid_options),
)


def rewritten(page: str, table: str) -> str:
    """Return a page with its generated tables replaced, in order."""
    parts = page.split(BEGIN)
    made = [before_end(part, new) for part, new in zip(parts[1:], table.split(DIVIDER), strict=True)]
    return parts[0] + "".join(made)


def before_end(part: str, table: str) -> str:
    """Return what follows a beginning, with the table up to the end replaced."""
    return BEGIN + table.rstrip("\n") + "\n" + END + part.split(END, 1)[1]


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a table is out of date")
    check = parser.parse_args().check
    stale = []
    for name, table in PAGES:
        page = ROOT / "docs" / name
        old = page.read_text(encoding="utf-8")
        new = rewritten(old, table())
        if new != old:
            stale.append(name)
            if not check:
                page.write_text(new, encoding="utf-8")
    print(f"out of date: {', '.join(stale)}" if stale else "every table is up to date")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
