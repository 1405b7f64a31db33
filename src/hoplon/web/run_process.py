"""What a run does in a process of its own: a raid, a question, a coverage; told of as it goes, its results in files."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon import api
from hoplon.errors import HoplonError, OutputError
from hoplon.files import json_text, write_bytes, write_text
from hoplon.processes import begin_no_more, end_with_parent
from hoplon.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

RESULT: Final = "result.json"
PLAYBACK: Final = "playback.json"
FILES: Final = "files"
"""Folder of what a user may download."""
_EVERY_S: Final = 0.1  # between two reports of progress
_COVERAGE_FILES: Final = ("coverage.geojson", "coverage.czml")
_RAID_FILES: Final = ("raid.czml", "raid.geojson", "raid.html")


def run(told: Connection, kind: str, scenario: Any, asked: Mapping[str, Any], folder: str) -> None:
    """Do the work of a run; what it comes to is said through a connection: progress, then done or failed.

    Parameters
    ----------
    told : Connection
    kind : {"raid", "question", "coverage"}
    scenario : Scenario
    asked : mapping
        Of a raid: architecture, raid and its options; of a question: its name; of a coverage: architecture, classes,
        launch areas and level.
    folder : str
        Where results are written; it is removed if the server ends before.
    """
    end_with_parent(Path(folder))
    begin_no_more()
    try:
        work = {"raid": _raid, "question": _question, "coverage": _coverage}
        work[kind](scenario, asked, Path(folder), _progress(told))
    except HoplonError as error:
        told.send(("failed", str(error)))
    except MemoryError:
        told.send(("failed", "out of memory: ask for less at once"))
    except Exception as error:
        told.send(("failed", f"a fault in hoplon ({type(error).__name__}: {error}); please report it"))
    else:
        told.send(("done", ""))


def _progress(told: Connection) -> Progress:
    last = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY_S:
            last = now
            told.send(("progress", int(done), int(total), str(text)))

    return tell


def _raid(scenario: Any, asked: Mapping[str, Any], folder: Path, progress: Progress) -> None:
    options = dict(asked["options"])
    play = options.pop("play")
    forms = {key: options[key] for key in ("seed", "lose", "c2", "doctrine")}
    answer = api.raid(scenario, asked["architecture"], asked["raid"], **options, progress=progress)
    write_text(folder / RESULT, json_text({**api.provenance(scenario, options["seed"]), **answer.as_json()}))
    if play is None or not answer.reachable:
        return
    progress(0, 1, "played back")
    played = api.play(scenario, asked["architecture"], asked["raid"], replication=play, **forms)
    document = api.scene.playback(played)
    write_text(folder / PLAYBACK, json_text(document))
    files = folder / FILES
    files.mkdir()
    write_text(files / "events.csv", _csv(document["events"]))
    for name in _RAID_FILES:
        try:
            played.to_file(files / name)
        except OutputError:  # of a format whose package is not installed
            continue


def _csv(events: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    keys = ("time_s", "stage", "who", "text", "threat")
    writer.writerow(keys)
    writer.writerows([["" if event[key] is None else event[key] for key in keys] for event in events])
    return stream.getvalue()


def _question(scenario: Any, asked: Mapping[str, Any], folder: Path, progress: Progress) -> None:
    answer = api.ask(scenario, asked["question"], progress=progress)
    write_text(folder / RESULT, json_text(answer.as_json()))
    answer.write(folder / FILES, progress)


def _coverage(scenario: Any, asked: Mapping[str, Any], folder: Path, progress: Progress) -> None:
    """Write a coverage as the command line does: its answer, its points, files of other tools, the map."""
    total = 3 + len(_COVERAGE_FILES)
    progress(0, total, "every point judged, every shot counted")
    answer = api.coverage(
        scenario,
        asked["architecture"],
        threats=asked["threats"],
        areas=asked["areas"],
        levels=asked["level"],
        count=True,
        what_if=False,
        for_points_csv=True,
    )
    write_text(folder / RESULT, json_text({**api.provenance(scenario), **answer.as_json()}))
    files = folder / FILES
    files.mkdir()
    progress(1, total, "points.csv")
    write_text(files / "points.csv", answer.points_csv())
    progress(2, total, "map.svg, map.png")
    picture = answer.plot(level=asked["level"])
    write_bytes(files / "map.svg", picture.svg)
    write_bytes(files / "map.png", picture.png)
    for at, name in enumerate(_COVERAGE_FILES, 3):
        progress(at, total, name)
        try:
            answer.to_file(files / name)
        except OutputError:  # of a format whose package is not installed
            continue
