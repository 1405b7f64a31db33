"""What consultation time costs: a small campaign, and its table as a data frame.

Run: python examples/campaign.py [FOLDER]; the chunks go into FOLDER, or into a temporary one. Run again with the same
FOLDER, it goes on from what is there.
"""

# %% Put the plan beside this file to the bundled study
import sys
import tempfile
from pathlib import Path

import pandas as pd

from hoplon.analysis.raid.campaign import ChunkTask, begin, campaign, plan_for
from hoplon.campaigns.executors import executor_asked
from hoplon.scenario.load import load_scenario

scenario = load_scenario("nato-europe")
plan = plan_for(scenario, Path(__file__).with_suffix(".yaml"))
folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="hoplon-"))
task = begin(ChunkTask.of(scenario, plan, folder))
answer = campaign(task, executor_asked("serial", 1, None)[0])
print(f"{plan.cells} cells of {plan.replications} replications, digest {answer.digest}")

# %% Leakage by release-decision time
results = pd.read_parquet(answer.files[0])
table = results.pivot_table(index=["architecture", "raid", "doctrine"], columns="decision_s", values="leakage_mean")
print(table.to_string(float_format="{:.3f}".format))
