"""HTML: the after-action page of a raid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.report.after_action import after_action_page

if TYPE_CHECKING:
    from hoplon.analysis.raid.playback import Playback
    from hoplon.analysis.raid.setup import RaidSetup


def playback(setup: RaidSetup, played: Playback) -> bytes:
    """Return the after-action page of one replication."""
    scenario = setup.source.scenario
    return after_action_page(played, scenario.name, scenario.sha256).encode()
