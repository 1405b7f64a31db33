"""Who is defended in phase 3, nation by nation, and a map of it.

Run: python examples/who_is_defended.py [FOLDER]; the map goes into FOLDER, or into a temporary one.
"""

# %% Load the bundled study and judge every populated place and cell of land
import sys
import tempfile
from pathlib import Path

import hoplon

scenario = hoplon.load("nato-europe")
result = hoplon.coverage(scenario, "phase-3", levels=["base"])
summary = result.summary()
print(f"{scenario.title}: {summary.population_share:.1%} of the threatened people are defended in phase 3")

# %% The nations that are worst served, as a data frame
print(result.as_frame().sort_values("population_share_base").head(8).to_string(float_format="{:.2f}".format))

# %% The same answer as labelled arrays: millions of people in the open, by class, North America included
points = result.as_dataset()
is_open = points.threatened.sel(level="base") & ~points.defended.sel(level="base")
print((points.population.where(is_open, 0.0).sum("point") / 1e6).round(1).to_series().to_string())

# %% A map: a notebook shows it as it is, and its bytes go into a file
picture = hoplon.plot(result)
folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="hoplon-"))
(folder / "phase-3.png").write_bytes(picture.png)
print(f"{picture.alternative}\nmap: {folder / 'phase-3.png'}")
