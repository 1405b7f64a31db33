"""Imported by a worker of raids, or by the process that workers are forked from: all that the first chunk waits for."""

from __future__ import annotations

from hoplon.processes import load_for_workers

(_work,) = load_for_workers("hoplon.campaigns.work")
_work.make_ready()
