"""What a log of events is told as: made-up logs whose every word is known."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from czml3 import Document

from hoplon.analysis.raid.paths import interceptor_track, threat_track
from hoplon.analysis.raid.playback import play, told
from hoplon.analysis.raid.setup import RaidSetup, set_up
from hoplon.backbone import messages as on
from hoplon.backbone.layout import ELEMENTS, FIRST_BATTERY, FIRST_NODE, FIRST_RADAR, FIRST_SATELLITE
from hoplon.errors import InputError
from hoplon.report.after_action import after_action_page
from hoplon.report.formats import czml, kml
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Place

SECOND = on.SECOND_US


@pytest.fixture(scope="module")
def setup() -> RaidSetup:
    return set_up(load_scenario("toy"), "fast", "four")


def numbers(setup: RaidSetup) -> tuple[int, int, int]:
    """Return the first radar, node and battery of the raid model."""
    fixed = setup.model.fixed
    assert fixed[FIRST_RADAR] < fixed[FIRST_SATELLITE] <= fixed[FIRST_NODE] < fixed[FIRST_BATTERY] < fixed[ELEMENTS]
    return int(fixed[FIRST_RADAR]), int(fixed[FIRST_NODE]), int(fixed[FIRST_BATTERY])


def event(
    time: float, to: int, by: int, kind: int, threat: int, first: int = 0, second: int = 0, out: int = 0
) -> list[int]:
    return [round(time * SECOND), to, by, 0, kind, threat, first, second, out]


def story_log(setup: RaidSetup) -> np.ndarray:
    """The first threat: tracked at 100 s, ordered at 170 s, shot at 200 s, killed at 300 s. The second leaks."""
    radar, node, battery = numbers(setup)
    return np.array(
        [
            event(50, node, 9, on.ALERT, 0),
            event(100, radar, radar, on.CONFIRM, 0, out=1),
            event(102, node, radar, on.TRACK_ON, 0, 0, 100 * SECOND),
            event(115, node, node, on.FIRM, 0, 0, out=1),
            event(165, node, node, on.DECIDE, 0, out=1),
            event(170, battery, node, on.ORDER, 0, out=40 * SECOND),
            event(200, battery, battery, on.LAUNCH, 0, 300 * SECOND, out=on.LAUNCHED),
            event(300, 0, battery, on.INTERCEPT, 0, 0, 1, out=on.KILLED),
            event(300.1, radar, 0, on.GONE, 0),
            event(320, node, node, on.ASSESS, 0, out=on.BELIEVED_KILLED),
            event(400, radar, 99, on.FAIL, -1),
            event(600, 1, 1, on.IMPACT, 1, out=on.LEAKED),
        ],
        dtype=np.int64,
    )


def test_each_threat_is_told_from_launch_to_outcome(setup: RaidSetup) -> None:
    first, second = told(setup, story_log(setup), 1, 0).threats[:2]
    stages = ["launched", "alert", "track", "told", "firm", "assigned", "order", "launch", "intercept", "assessment"]
    assert [moment.stage for moment in first.moments] == stages
    assert [moment.time_s for moment in first.moments] == [0.0, 50, 100, 102, 115, 165, 170, 200, 300, 320]
    assert not first.leaked
    assert first.ends_s == 300.0
    assert "40 s before its latest launch" in first.moments[6].text
    assert second.leaked
    assert second.ends_s == 600.0
    assert second.shots == ()


def test_a_track_lasts_until_the_radar_sees_the_threat_gone(setup: RaidSetup) -> None:
    (track,) = told(setup, story_log(setup), 1, 0).threats[0].tracks
    assert (track.radar, track.begins_s, track.ends_s) == (setup.names[numbers(setup)[0]], 100.0, 300.1)


def test_a_shot_has_its_launch_its_intercept_and_its_outcome(setup: RaidSetup) -> None:
    (shot,) = told(setup, story_log(setup), 1, 0).threats[0].shots
    assert (shot.launch_s, shot.intercept_s, shot.outcome) == (200.0, 300.0, "killed")


def test_a_radar_that_is_lost_drops_its_tracks(setup: RaidSetup) -> None:
    log = story_log(setup)
    log = log[~np.isin(log[:, on.KIND], (on.INTERCEPT, on.GONE))]
    played = told(setup, log, 1, 0)
    assert played.threats[0].tracks[0].ends_s == 400.0
    assert [(moment.who, moment.text) for moment in played.lost] == [(setup.names[numbers(setup)[0]], "lost")]


def test_the_story_agrees_with_the_measures_of_the_same_replication(setup: RaidSetup) -> None:
    from hoplon.backbone.measures import LEAKERS, SHOTS
    from hoplon.backbone.replications import rows_of

    for replication in range(5):
        row = rows_of(setup.model, 3, replication, 1)[0]
        played = play(setup, 3, replication)
        assert (played.leakers, played.shots) == (row[LEAKERS], row[SHOTS])


def test_a_drawn_interceptor_begins_at_its_battery_and_ends_at_the_intercept() -> None:
    meets = np.array([0.0, 6_378_137.0 + 200e3, 0.0])  # over the equator at 90 degrees east
    times = np.array([100.0, 150.0, 200.0])
    path = interceptor_track(Place(0.0, 80.0), meets, 100.0, 200.0, times)
    radius = np.linalg.norm(path, axis=1)
    longitude = np.degrees(np.arctan2(path[:, 1], path[:, 0]))
    assert longitude == pytest.approx([80.0, 85.0, 90.0], abs=1e-9)
    assert radius == pytest.approx(6_378_137.0 + np.array([0.0, 200e3 * math.sqrt(0.5), 200e3]), abs=1e-2)


def test_a_threat_is_drawn_from_the_ground_to_the_ground(setup: RaidSetup) -> None:
    end = setup.flights.missiles[0].ignition + float(play(setup, 1).threats[0].ends_s)
    path = threat_track(setup, 0, np.array([setup.flights.missiles[0].ignition, end]))
    assert 6.3e6 < np.linalg.norm(path[0]) < 6.4e6


def test_an_aim_is_called_by_its_name_where_the_raid_gives_one(setup: RaidSetup) -> None:
    log = story_log(setup)
    assert told(setup, log, 1, 0).threats[0].aim == "44.43, 26.10"
    raid = setup.source.raid
    named = replace(raid, threats=tuple(replace(group, title="Bucharest") for group in raid.threats))
    with_names = replace(setup, source=replace(setup.source, raid=named))
    assert told(with_names, log, 1, 0).threats[0].aim == "Bucharest"


def test_the_page_needs_nothing_but_itself_and_escapes_names(setup: RaidSetup) -> None:
    played = replace(told(setup, story_log(setup), 1, 0), raid="<four>")
    page = after_action_page(played, "toy", "0" * 64)
    assert not re.findall(r"(?:src|href)=|@import|url\(", page)
    assert "&lt;four&gt;" in page
    assert "<four>" not in page
    assert page.count("<details") == len(played.threats)
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(svg)


def test_czml_is_read_back_with_clock_threats_interceptors_tracks_and_engagements(setup: RaidSetup) -> None:
    played = play(setup, 1)
    text = czml.playback(setup, played).decode()
    packets = Document.model_validate_json(f'{{"packets":{text}}}').packets
    assert packets[0].id == "document"
    assert setup.source.scenario.sha256 in str(packets[0].description)
    assert packets[0].clock is not None
    names = [str(packet.id) for packet in packets]
    assert len(set(names)) == len(names)
    assert sum(name.startswith("threat/") for name in names) == len(played.threats)
    assert sum(name.startswith("interceptor/") for name in names) == played.shots
    assert any(name.startswith("track/") for name in names)
    assert any(name.startswith("engagement/") for name in names)
    referred = {item.split("#")[0] for item in re.findall(r'"((?:place|threat)/[^"]*#position)"', text)}
    assert referred <= set(names)


def test_kml_holds_a_track_a_threat_and_an_interceptor(setup: RaidSetup) -> None:
    played = play(setup, 1)
    text = kml.playback(setup, played).decode()
    assert f"{setup.source.scenario.sha256}, seed {played.seed}" in text
    root = ElementTree.fromstring(text)
    tracks = root.findall(".//{http://www.google.com/kml/ext/2.2}Track")
    assert len(tracks) == len(played.threats) + played.shots


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (1, -1)])
def test_a_negative_seed_or_replication_is_refused(setup: RaidSetup, seed: int, replication: int) -> None:
    with pytest.raises(InputError, match="from 0 to"):
        play(setup, seed, replication)


@pytest.mark.parametrize("made", ["places", "playback"])
def test_kml_keeps_to_its_schema(setup: RaidSetup, made: str) -> None:
    """OGC 07-147r2: an id is an xs:ID, which begins with a letter or underscore; name, styles, then what is in it."""
    text = kml.playback(setup, play(setup, 1)) if made == "playback" else kml.places(load_scenario("toy"), "fast")
    root = ElementTree.fromstring(text)
    space = "{http://www.opengis.net/kml/2.2}"
    names = [element.get("id", "") for element in root.iter() if "id" in element.attrib]
    assert names
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in names)
    referred = {str(element.text) for element in root.iter(f"{space}styleUrl")}
    assert referred <= {f"#{name}" for name in names}
    order = {"name": 0, "description": 1, "Style": 2, "StyleMap": 2, "Folder": 3, "Placemark": 3}
    for folder in (*root.iter(f"{space}Document"), *root.iter(f"{space}Folder")):
        places = [order[element.tag.removeprefix(space)] for element in folder]
        assert places == sorted(places)


def test_the_page_and_the_answer_say_which_groups_of_the_raid_do_not_fly() -> None:
    left_out = set_up(load_scenario("nato-europe"), "phase-3", "spread")
    played = play(left_out, 1)
    page = after_action_page(played, "nato-europe", "0" * 64)
    assert "8 of the raid&#x27;s 12 threats" in page
    assert "<li>group 5 of the raid: irbm-5500 exists from 2020, after 2018</li>" in page
    assert "group 6 of the raid: irbm-5500 exists from 2020, after 2018" in kml.playback(left_out, played).decode()
