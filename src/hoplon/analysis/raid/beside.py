"""The sweeps of raids in a process of their own, while another one computes coverages.

They keep one core busy. On a new machine their kernels, as many as those of coverage, are compiled there too.
"""

from __future__ import annotations

import os
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from hoplon.analysis.raid.sweeps import RaidSweeps, raid_sweeps
from hoplon.processes import begin_forking, beginning_processes, end_with_parent
from hoplon.scenario.model import Scenario


class SweepsBeside:
    """The sweeps of a scenario's raids, begun in another process; a context that ends it.

    Parameters
    ----------
    scenario : Scenario
        Without raids, or on a machine with one core, nothing is begun, and they are computed when asked for.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._process: BaseProcess | None = None
        self._result: Connection | None = None

    def __enter__(self) -> SweepsBeside:
        """Begin."""
        if self._scenario.raids and (os.cpu_count() or 1) > 1:
            context: Any = begin_forking()
            self._result, told = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(target=_tell, args=(self._scenario, told), daemon=True)
            with beginning_processes():
                process.start()
            told.close()
            self._process = process
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it has done."""
        if self._process is not None:
            self._process.terminate()
            self._process.join()
        if self._result is not None:
            self._result.close()

    def sweeps(self) -> RaidSweeps | None:
        """Return the sweeps; they are computed here where the process did not come to its end."""
        if self._result is not None:
            try:
                found: RaidSweeps | None = self._result.recv()
            except (EOFError, OSError):
                return raid_sweeps(self._scenario)
            return found
        return raid_sweeps(self._scenario)


def _tell(scenario: Scenario, told: Connection) -> None:
    """Compute the sweeps and send them; an error is left to the process that asks, which meets it itself."""
    end_with_parent()
    try:
        found = raid_sweeps(scenario)
    except Exception:
        return
    told.send(found)
