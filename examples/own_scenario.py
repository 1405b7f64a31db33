"""A scenario of one's own: release after three minutes, as in a consultation among capitals."""

# %% Write it: the bundled study with one input changed
import tempfile
from pathlib import Path

import pandas as pd

import hoplon
from hoplon.scenario.geography import capitals, places

path = Path(tempfile.mkdtemp(prefix="hoplon-")) / "slow-release.yaml"
path.write_text(
    """\
extends: nato-europe
hoplon: 1
name: slow-release
title: Release after three minutes
doctrine:
  decision_s: {value: 180, kind: assumed, note: three minutes of consultation}
""",
    encoding="utf-8",
)

# %% Judge both on the larger towns, phase by phase
shares = {}
for name, scenario in {"bundled": hoplon.load("nato-europe"), "slow release": hoplon.load(path)}.items():
    nations = [code for code in scenario.nations if code not in ("USA", "CAN")]
    towns = places(nations)
    towns = towns.subset(towns.population > 100_000)
    shares[name] = {
        phase: hoplon.coverage(scenario, phase, points=towns, levels=["base"]).summary().population_share
        for phase in ("phase-1", "phase-2", "phase-3")
    }
print(pd.DataFrame(shares).to_string(float_format="{:.3f}".format))

# %% Which capitals does the delay open, and why?
result = hoplon.coverage(path, "phase-3", points=towns, levels=["base"], explain=True)
names = {name for name, _, _ in capitals().values()}
for row in result.causes():
    if row["name"] in names and row["threat"] in result.threats:
        print(f"{row['name']}: {row['threat']} from {row['from']}: {row['cause']}")
