"""The command doctor: what hoplon runs on, what is wrong with it, and how fast it is."""

from __future__ import annotations

import argparse

from hoplon import api
from hoplon.cli.output import print_json, say, shown_progress, table
from hoplon.version import VERSION


def add_doctor(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("--warm", action="store_true", help="compile every kernel first, on every core, with a bar")


def answer_doctor(arguments: argparse.Namespace) -> int:
    """Look at the installation; 1 when something is wrong with it."""
    with shown_progress() as progress:
        found = api.doctor(warm=arguments.warm, progress=progress)
    if arguments.json:
        print_json({**api.provenance(), **found.as_json()})
        return 0 if found.passed else 1
    kernels, measured = found.kernels, found.benchmark
    kept = f"{kernels.folder}, {'writable' if kernels.writable else 'not writable'}" if kernels.folder else "nowhere"
    compiled = ", ".join(name for name, done in kernels.parts.items() if done) or "no part"
    rows = [
        ("hoplon", VERSION),
        ("Python", found.python),
        ("system", f"{found.system}, {found.machine}"),
        ("processor", f"{found.processor}, {found.cores} cores"),
        ("threads", f"{found.threads}, {found.threading_layer or 'none has run in parallel yet'}"),
        ("compiled kernels", f"{kernels.kernels} kept in {kept}"),
        ("compiled whole", compiled),
        ("browser for PDF", found.browser or "none"),
        *((f"extra {name}", "installed" if there else "not installed") for name, there in found.extras.items()),
    ]
    if measured is not None:
        rows += [
            ("coverage", f"{measured.ms_per_1000_flights:.1f} ms per 1,000 flights, {measured.flights:,} flights"),
            ("NumPy alone", f"{measured.reference_ms:.1f} ms per million great-circle angles"),
            ("ratio", f"{measured.ratio:.2f}"),
        ]
    width = max(len(name) for name, _ in rows)
    for name, told in rows:
        say(f"{name:{width}}  {told}")
    say()
    packages = [(one.name, one.version or "none", one.needed or "any", one.extra or "base") for one in found.packages]
    table(("package", "version", "needed", "for"), packages)
    say()
    for text in found.notes:
        say(f"note: {text}")
    for text in found.problems:
        say(f"problem: {text}")
    say(found.line())
    return 0 if found.passed else 1
