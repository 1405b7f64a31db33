"""The endpoints of the web application, within the tests' process, on the scenario ``toy``."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyproj
import pytest
import yaml

from hoplon import api
from hoplon.analysis.radar_range import reference_range_km
from hoplon.cli import main
from hoplon.presentation.maps.windows import EUROPE
from hoplon.web import messages as on
from hoplon.web.endpoints import ENDPOINTS
from hoplon.web.guard import Guard
from hoplon.web.openapi import document
from hoplon.web.opened import OpenedScenario
from hoplon.web.routes import Application
from hoplon.web.served_files import report_files, static_files
from hoplon.web.work import Computing, Purpose
from web_server import Client, entered, planes

TOY = api.load("toy")
ARCHITECTURE = next(iter(TOY.architectures))
CLASS, AREA = next(iter(TOY.threats)), next(iter(TOY.launch_areas))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with entered("toy") as made:
        yield made


def what_if(**changes: Any) -> dict[str, Any]:
    return {"scenario": TOY.sha256, "architecture": ARCHITECTURE, **changes}


def battery() -> str:
    return next(name for name, element in TOY.elements.items() if element.battery)


def refused(answer: Any) -> tuple[int, str]:
    on.Refusal.model_validate(answer.json())
    return answer.status_code, answer.json()["error"]["kind"]


def test_the_scene_holds_what_a_map_needs(client: Client) -> None:
    scene = client.get("/api/scene").json()
    on.Scene.model_validate(scene)
    assert scene["scenario"]["sha256"] == TOY.sha256
    assert [row["name"] for row in scene["architectures"]] == list(TOY.architectures)
    assert {row["name"] for row in scene["bundled"]} == {"gulf", "nato-europe", "pacific", "toy"}
    assert scene["start"] == client.get("/api/alive").json()["start"]
    projection = scene["projection"]
    assert projection["extent"] == [EUROPE.x_min, EUROPE.y_min, EUROPE.x_max, EUROPE.y_max]
    forward = pyproj.Transformer.from_crs("EPSG:4326", projection["proj4"], always_xy=True)
    header, found = planes(client.get("/api/points/coarse").content)
    x, y = forward.transform(found["lon"], found["lat"])
    assert np.hypot(x - found["x"], y - found["y"]).max() < 1.0  # [m], f4 of 5e6 m
    assert header["sha256"] == scene["sets"]["coarse"]["sha256"]


def test_the_range_of_a_radar_is_that_of_the_radar_equation(client: Client) -> None:
    """Skolnik 2001, eq. 1.8: the fourth root of the cross-sections; no more than the instrumented range."""
    for row in client.get("/api/scene").json()["radars"]:
        kind = TOY.radars[row["name"]]
        for name, threat in TOY.threats.items():
            size = float(threat.rcs_m2[kind.band]) / float(kind.search.reference_rcs_m2)
            expected = min(float(kind.max_range_km), reference_range_km(kind.search) * size**0.25)
            assert row["range_km"][name]["search"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["gulf", "pacific"])
def test_a_scenario_elsewhere_has_a_map_of_its_own(client: Client, name: str) -> None:
    opened = client.post("/api/open", json={"name": name}).json()
    on.Opened.model_validate(opened)
    scene = client.get("/api/scene", params={"scenario": opened["sha256"]}).json()
    on.Scene.model_validate(scene)
    projection, scenario = scene["projection"], api.load(name)
    west, south, east, north = projection["extent"]
    forward = pyproj.Transformer.from_crs("EPSG:4326", projection["proj4"], always_xy=True)
    for area in scenario.launch_areas.values():
        x, y = forward.transform(area.at.longitude_deg, area.at.latitude_deg)
        assert west <= x <= east
        assert south <= y <= north
    _, found = planes(client.get("/api/borders", params={"scenario": opened["sha256"]}).content)
    assert np.isfinite(found["a"]).all()
    assert found["start"][-1] == len(found["a"]) == len(found["b"])


def test_exact_points_know_their_nearest_coarse_point(client: Client) -> None:
    coarse, exact = (planes(client.get(f"/api/points/{name}").content) for name in ("coarse", "exact"))
    nearest = exact[1]["nearest"]
    assert nearest.min() == 0
    assert nearest.max() == coarse[0]["n"] - 1
    assert (coarse[1]["kind"][nearest] == exact[1]["kind"]).all()


def test_what_a_browser_has_is_not_sent_again(client: Client) -> None:
    first = client.get("/api/points/coarse")
    again = client.get("/api/points/coarse", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_exact_verdict_is_what_the_command_line_says_to_the_last_digit(
    client: Client, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    changed = what_if(move={battery(): [45.0, 27.0]}, doctrine={"decision_s": 30})
    answer = client.post("/api/verdict", json={"seq": 7, "page": "one", "set": "exact", "what_if": changed})
    header, found = planes(answer.content)
    saved = client.post("/api/save", json={"what_if": changed, "name": "my study"}).json()
    on.SavedFile.model_validate(saved)
    file = tmp_path / saved["name"]
    file.write_text(saved["yaml"], encoding="utf-8")
    client.rest()
    assert main(["coverage", str(file), "--architecture", saved["architecture"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["headline"]["base"] == header["headline"]
    assert (header["seq"], header["page"], header["set"], header["about"]) == (7, "one", "exact", False)
    people = planes(client.get("/api/points/exact").content)[1]["people"]
    counted = people[found["threatened"]].sum()
    assert counted == pytest.approx(header["headline"]["threatened_population"], rel=1e-9)
    assert not (found["defended"] & ~found["threatened"]).any()
    assert ((found["shots"] == 255) == ~found["threatened"]).all()


def test_a_step_of_a_drag_has_what_its_end_needs_learnt_once() -> None:
    jobs: list[tuple[Any, ...]] = []

    class Waiting:
        def put(self, *job: Any) -> None:
            jobs.append(job)

    app = Application(OpenedScenario(TOY, "bundled"), Guard("127.0.0.1", 1), {}, cast(Computing, Waiting()))

    def step(latitude: float, hand: list[str]) -> int:
        changed = what_if(move={battery(): [latitude, 27.0]})
        asked = on.AskedVerdict.model_validate({"what_if": changed, "set": "coarse", "hand": hand, "page": "p" * 24})
        app.precompute_release(asked)
        return len(jobs)

    assert [step(44.0, [battery()]), step(45.0, [battery()])] == [1, 2]  # not learnt yet
    purpose, key, learn, _ = jobs[-1]
    assert (purpose, key) == (Purpose.RELEASE, ("p" * 24,))
    learn(lambda *told: None)
    assert step(46.0, [battery()]) == 2
    assert step(46.0, ["another"]) == 3


def test_a_saved_what_if_extends_the_bundled_scenario_and_opens_again(client: Client) -> None:
    saved = client.post("/api/save", json={"what_if": what_if(move={battery(): [45.0, 27.0]})}).json()
    assert yaml.safe_load(saved["yaml"])["extends"] == "toy"
    opened = client.post("/api/open", json={"text": saved["yaml"]}).json()
    assert opened["architecture"] == saved["architecture"]
    assert client.get("/api/scene", params={"scenario": opened["sha256"]}).status_code == 200


def test_plans_are_the_verdicts_of_each_architecture(client: Client) -> None:
    header, found = planes(client.post("/api/plans", json={"set": "coarse", "what_if": what_if()}).content)
    for place, plan in enumerate(header["plans"]):
        asked = {"set": "coarse", "what_if": {**what_if(), "architecture": plan["architecture"]}}
        alone = planes(client.post("/api/verdict", json=asked).content)
        assert alone[0]["headline"] == plan["headline"]
        assert (alone[1]["defended"] == found["defended"][place]).all()


def test_a_launch_area_alone_threatens_no_more(client: Client) -> None:
    area = AREA
    every = planes(client.post("/api/verdict", json={"set": "coarse", "what_if": what_if()}).content)
    alone = planes(client.post("/api/verdict", json={"set": "coarse", "what_if": what_if(), "areas": [area]}).content)
    assert not (alone[1]["threatened"] & ~every[1]["threatened"]).any()
    assert alone[0]["areas"] == [area]


def test_a_margin_says_at_which_decision_times_each_point_is_defended(client: Client) -> None:
    asked = {"set": "coarse", "what_if": what_if()}
    header, found = planes(client.post("/api/margin", json=asked).content)
    assert header["of"] == "decision_s"
    for decision_s in (0, 45, 200):
        changed = {"set": "coarse", "what_if": what_if(doctrine={"decision_s": decision_s})}
        judged = planes(client.post("/api/verdict", json=changed).content)[1]["defended"]
        assert (((found["margin"] != 255) & (found["margin"] >= decision_s)) == judged).all()


@pytest.mark.parametrize("subject", [{"place": [44.4, 26.1]}, {"element": "BATTERY"}, {"nation": "NATION"}])
def test_a_place_a_nation_and_an_element_are_explained(client: Client, subject: dict[str, Any]) -> None:
    named = {"BATTERY": battery(), "NATION": next(iter(TOY.nations))}
    asked = {key: named[value] if isinstance(value, str) else value for key, value in subject.items()}
    answer = client.post("/api/explain", json={"what_if": what_if(), **asked})
    on.Explained.model_validate(answer.json())
    assert answer.json()["explanation"]["words"]
    both = client.post("/api/explain", json={"what_if": what_if(), "place": [1, 2], "element": battery()})
    assert refused(both) == (400, "input")
    if "nation" in subject:
        assert answer.json()["explanation"]["nation"]["code"] == asked["nation"]
        assert refused(client.post("/api/explain", json={"what_if": what_if(), "nation": "XXX"})) == (400, "input")


def points_of_the_command(path: Path, scenario: str, *options: str) -> list[dict[str, str]]:
    """Return the points with their shots as the command line writes them."""
    assert main(["coverage", scenario, "--architecture", ARCHITECTURE, "--points-out", str(path), *options]) == 0
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_shots_and_the_undefended_places_of_a_nation_are_those_of_the_command(client: Client, tmp_path: Path) -> None:
    rows = points_of_the_command(tmp_path / "points.csv", "toy")
    header, found = planes(client.post("/api/shots", json={"what_if": what_if()}).content)
    expected = [int(row["shots_min"]) if row["threatened"] == "true" else 255 for row in rows]
    assert header["n"] == len(rows)
    assert found["shots"].tolist() == expected
    assert max(row for row in expected if row != 255) > 1  # counted on, not up to the one that is required
    nation = client.post("/api/explain", json={"what_if": what_if(), "nation": "TUR"}).json()["explanation"]["nation"]
    mine = [row for row in rows if row["nation"] == "TUR" and (row["threatened"], row["defended"]) == ("true", "false")]
    assert nation["undefended"] == len(mine)
    largest = sorted((row for row in mine if float(row["population"]) > 0), key=lambda row: -float(row["population"]))
    assert [row["name"] for row in nation["places"]] == [row["name"] for row in largest[:400]]
    blind = what_if(off=[name for name, element in TOY.elements.items() if element.radar])
    told = client.post("/api/explain", json={"what_if": blind, "nation": "TUR"}).json()["explanation"]["nation"]
    assert {row["cause"] for row in told["places"]} == {
        "never_seen",
        "out_of_reach",
        "too_low",
    }  # in whose way no radar stands
    reasons = {row["reason"] for row in told["places"] if row["cause"] == "never_seen"}
    assert reasons == {"no admitted radar ever forms a track"}


def test_the_files_of_a_coverage_are_those_of_the_command(client: Client, tmp_path: Path) -> None:
    own = tmp_path / "one.yaml"
    own.write_text("extends: toy\nname: one\nnations: [ROU]\n", encoding="utf-8")
    digest = client.post("/api/open", json={"text": own.read_text(encoding="utf-8")}).json()["sha256"]
    asked = {"what_if": {"scenario": digest, "architecture": ARCHITECTURE}}
    begun = client.post("/api/coverage-files", json=asked)
    assert begun.status_code == 202
    run = ended(client, begun.json())
    names = {row["name"] for row in run["files"]}
    assert {"points.csv", "map.svg", "map.png", "coverage.geojson"} <= names
    points_of_the_command(tmp_path / "points.csv", str(own), "--output", str(tmp_path / "command.geojson"))
    path = f"/api/runs/{run['id']}/files/"
    assert client.get(path + "points.csv").content == (tmp_path / "points.csv").read_bytes()
    features = json.loads((tmp_path / "command.geojson").read_text(encoding="utf-8"))["features"]
    assert len(client.get(path + "coverage.geojson").json()["features"]) == len(features)
    assert client.get(path + "map.svg").content.startswith(b"<?xml")
    assert refused(client.post("/api/coverage-files", json={"what_if": what_if(off=["nobody"])})) == (400, "input")


@pytest.mark.parametrize(
    ("path", "body", "model"),
    [
        ("/api/elements", {"what_if": what_if(), "level": "low"}, on.ShownElements),
        ("/api/tracks", {"what_if": what_if(), "place": [44.4, 26.1]}, on.FlightTracks),
        ("/api/first-out", {"what_if": what_if(), "set": "coarse"}, on.FirstOuts),
        ("/api/denied", {"what_if": what_if(), "aim": [44.4, 26.1], "threat": CLASS}, on.Feature),
        (
            "/api/footprint",
            {
                "what_if": what_if(),
                "battery": battery(),
                "threat": CLASS,
                "area": AREA,
            },
            on.Feature,
        ),
    ],
)
def test_an_answer_in_json_is_what_its_model_says(client: Client, path: str, body: dict[str, Any], model: Any) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    model.model_validate(answer.json())


def test_a_footprint_is_that_of_the_command(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    threat, area = CLASS, AREA
    asked = {"what_if": what_if(), "battery": battery(), "threat": threat, "area": area}
    feature = client.post("/api/footprint", json=asked).json()
    client.rest()
    words = ["footprint", "toy", "--architecture", ARCHITECTURE, "--battery", battery()]
    assert main([*words, "--threat", threat, "--from", area, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["area_km2"] == feature["area_km2"]


BAD = [
    ("no JSON", "/api/verdict", b"{", 422, "invalid"),
    ("a list", "/api/verdict", b"[]", 422, "invalid"),
    ("an unknown key", "/api/verdict", {"what_if": what_if(), "sequence": 1}, 422, "invalid"),
    ("a flag for a number", "/api/verdict", {"what_if": what_if(), "seq": False}, 422, "invalid"),
    ("half a number", "/api/verdict", {"what_if": what_if(), "seq": 1.5}, 422, "invalid"),
    ("a text for a place", "/api/tracks", {"what_if": what_if(), "place": ["44", "26"]}, 422, "invalid"),
    ("not a number", "/api/tracks", b'{"place": [NaN, 26]}', 422, "invalid"),
    ("no architecture", "/api/verdict", {"what_if": {"scenario": TOY.sha256}}, 422, "invalid"),
    ("another scenario", "/api/verdict", {"what_if": what_if(scenario="0" * 64)}, 409, "scenario"),
    ("an unknown architecture", "/api/verdict", {"what_if": what_if(architecture="none")}, 400, "input"),
    ("an unknown element", "/api/verdict", {"what_if": what_if(off=["nothing"])}, 400, "input"),
    ("beyond the pole", "/api/verdict", {"what_if": what_if(move={battery(): [91.0, 0.0]})}, 400, "input"),
    ("an unknown class", "/api/verdict", {"what_if": what_if(), "classes": ["none"]}, 400, "input"),
    ("a value of no format", "/api/verdict", {"what_if": what_if(doctrine={"decision_s": "soon"})}, 400, "input"),
    (
        "an unknown battery",
        "/api/footprint",
        {"what_if": what_if(), "battery": "x", "threat": "y", "area": "z"},
        400,
        "input",
    ),
    ("neither text nor name", "/api/open", {}, 400, "input"),
    ("a file of the machine", "/api/open", {"name": "/etc/passwd"}, 400, "input"),
    ("a text that extends a file", "/api/open", {"text": "extends: /etc/passwd\n"}, 400, "input"),
    ("a text that extends a file beside", "/api/open", {"text": "extends: toy.yaml\n"}, 400, "input"),
    ("an unknown raid", "/api/raids", {"what_if": what_if(), "raid": "none"}, 400, "input"),
    ("no file name", "/api/save", {"what_if": what_if(), "name": 5}, 422, "invalid"),
]


@pytest.mark.parametrize(("what", "path", "body", "status", "kind"), BAD, ids=[row[0] for row in BAD])
def test_bad_input_is_refused_in_words(client: Client, what: str, path: str, body: Any, status: int, kind: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert refused(answer) == (status, kind)
    assert "root:" not in answer.text
    assert "Traceback" not in answer.text


def test_a_scenario_that_is_refused_has_its_findings_with_line_and_column(client: Client) -> None:
    answer = client.post("/api/open", json={"text": "hoplon: 1\nname: x\nelements:\n  ship: {at: [91, 0]}\n"})
    assert refused(answer) == (400, "input")
    assert {row["line"] for row in answer.json()["error"]["findings"]} == {4}


def test_only_json_is_read(client: Client) -> None:
    body = json.dumps({"what_if": what_if()})
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert refused(client.post("/api/verdict", content=body, headers={"Content-Type": kind})) == (415, "media_type")


def test_a_pole_and_the_antimeridian_are_places(client: Client) -> None:
    for place in ([90.0, 0.0], [-90.0, 10.0], [0.0, 180.0], [0.0, -180.0]):
        asked = {"set": "coarse", "what_if": what_if(move={battery(): place})}
        assert client.post("/api/verdict", json=asked).status_code == 200
        assert client.post("/api/elements", json={"what_if": asked["what_if"]}).status_code == 200
        assert client.post("/api/tracks", json={"what_if": what_if(), "place": place}).status_code == 200


def test_two_hundred_elements_are_answered(client: Client) -> None:
    one = {"battery": TOY.elements[battery()].battery, "count": 10}
    added = {f"site-{n}": {**one, "at": [40 + n / 20, 20 + n / 20]} for n in range(200)}
    answer = client.post("/api/verdict", json={"set": "coarse", "what_if": what_if(add=added)})
    assert answer.status_code == 200, answer.text


def test_requests_out_of_order_say_what_they_answer(client: Client) -> None:
    ids = set()
    for seq in (3, 1, 2):
        asked = {"seq": seq, "page": "p", "set": "coarse", "what_if": what_if(move={battery(): [44.0 + seq, 26.0]})}
        header, _ = planes(client.post("/api/verdict", json=asked).content)
        assert header["seq"] == seq
        ids.add(header["id"])
    assert len(ids) == 3


def test_the_oldest_of_many_scenarios_is_closed_and_that_is_said(client: Client) -> None:
    digests = []
    for number in range(8):
        text = f"extends: toy\nname: study-{number}\n"
        digests.append(client.post("/api/open", json={"text": text}).json()["sha256"])
    assert client.get("/api/scene", params={"scenario": digests[-1]}).status_code == 200
    answer = client.get("/api/scene", params={"scenario": digests[0]})
    assert refused(answer) == (409, "scenario")
    assert TOY.sha256 in [row["sha256"] for row in answer.json()["error"]["open"]]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "/assets/..%2f..%2fpyproject.toml", 404),
        ("GET", "/report/report.html", 404),
        ("GET", "/api/points/other", 404),
        ("GET", "/api/runs/0123456789abcdef", 404),
        ("GET", "/api/runs/..%2f..", 404),
        ("GET", "/api/runs/0123456789abcdef/files/..%2f..%2fresult.json", 404),
        ("DELETE", "/api/runs/0123456789abcdef", 404),
        ("GET", "/api/verdict", 405),
        ("POST", "/api/scene", 405),
        ("POST", "/", 405),
        ("GET", "/api/scene?scenario=x", 422),
        ("GET", "/api/scene?other=1", 422),
        ("GET", "/api/borders?form=square", 422),
    ],
)
def test_what_is_not_there_is_said(client: Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def ended(client: Client, run: dict[str, Any]) -> dict[str, Any]:
    """Wait for the end of a run, by its events."""
    events = client.get(f"/api/runs/{run['id']}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    blocks = [
        dict(line.split(": ", 1) for line in block.split("\n"))
        for block in events.text.split("\n\n")
        if "data" in block
    ]
    numbers = [int(block["id"]) for block in blocks]
    assert numbers == sorted(set(numbers))
    last = json.loads(blocks[-1]["data"])
    on.RunTold.model_validate(last)
    assert blocks[-1]["event"] == last["state"]
    return dict(last)


def test_a_raid_is_run_told_of_and_played_back(client: Client) -> None:
    raid = next(iter(TOY.raids), None)
    if raid is None:
        text = (
            "extends: toy\nname: with-raid\nraids:\n  two:\n    threats:\n    - "
            f"{{threat: {CLASS}, from: {AREA}, aim: [44.4, 26.1], count: 2}}\n"
        )
        digest, raid = client.post("/api/open", json={"text": text}).json()["sha256"], "two"
    else:
        digest = TOY.sha256
    asked = {"what_if": {**what_if(), "scenario": digest}, "raid": raid, "replications": 5, "seed": 3}
    begun = client.post("/api/raids", json=asked)
    assert begun.status_code == 202, begun.text
    run = ended(client, begun.json())
    assert run["state"] == "done", run
    scenario = api.apply(client_scenario(client, digest), {**what_if(), "scenario": digest})
    client.rest()
    expected = api.raid(scenario, "what-if", raid, replications=5, seed=3).as_json()
    result = client.get(f"/api/runs/{run['id']}/result").json()
    assert result["leakage"] == expected["leakage"]
    played = client.get(f"/api/runs/{run['id']}/playback").json()
    assert played["ends_s"] > 0
    for threat in played["threats"]:
        path = threat["path"]
        assert len(path["time_s"]) == len(path["lat"]) == len(path["lon"]) == len(path["altitude_km"])
        assert path["time_s"][0] == pytest.approx(threat["launched_s"])
        assert path["time_s"][-1] == pytest.approx(threat["ends_s"], abs=0.01)
    assert [event["time_s"] for event in played["events"]] == sorted(event["time_s"] for event in played["events"])
    messages = played["messages"]
    assert all(sent <= heard for sent, heard in zip(messages["sent_s"], messages["heard_s"], strict=True))
    names = {file["name"] for file in run["files"]}
    assert {"events.csv", "raid.geojson"} <= names
    download = client.get(f"/api/runs/{run['id']}/files/events.csv")
    assert "attachment" in download.headers["content-disposition"]
    assert len(download.text.splitlines()) == 1 + len(played["events"])
    assert client.request("DELETE", f"/api/runs/{run['id']}").status_code == 200
    assert client.get(f"/api/runs/{run['id']}").status_code == 404


def client_scenario(client: Client, digest: str) -> Any:
    """Return the scenario of a digest: toy, or what a page sent."""
    if digest == TOY.sha256:
        return TOY
    saved = client.post("/api/save", json={"what_if": {"scenario": digest, "architecture": ARCHITECTURE}}).json()
    scenario = api.load_text(saved["yaml"])[0]
    return scenario.without()


def test_a_run_that_is_cancelled_ends_and_leaves_nothing(client: Client) -> None:
    begun = client.post("/api/questions", json={"scenario": TOY.sha256, "question": "coverage"}).json()
    cancelled = client.request("DELETE", f"/api/runs/{begun['id']}").json()
    assert cancelled["state"] == "cancelled"
    assert client.get(f"/api/runs/{begun['id']}/result").status_code == 404


def test_a_question_that_is_none_fails_in_words(client: Client) -> None:
    begun = client.post("/api/questions", json={"scenario": TOY.sha256, "question": "meaning-of-life"}).json()
    run = ended(client, begun)
    assert run["state"] == "failed"
    assert "meaning-of-life" in run["error"]


def test_the_document_of_the_interface_is_that_of_the_routes(client: Client) -> None:
    told = client.get("/openapi.json").json()
    assert told == document()
    described = {(method.upper(), path) for path, item in told["paths"].items() for method in item}
    assert described == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    for endpoint in ENDPOINTS:
        path = endpoint.path.replace("{set}", "coarse").replace("{id}", "0123456789abcdef").replace("{name}", "x")
        body = b"{}" if endpoint.request is not None else None
        headers = {"Content-Type": "application/json"} if body else {}
        answer = client.request(endpoint.method, path, content=body, headers=headers)
        operation = told["paths"][endpoint.path][endpoint.method.lower()]
        assert str(answer.status_code) in operation["responses"]
        wrong = "GET" if endpoint.method == "POST" and (("GET", endpoint.path) not in described) else None
        if wrong:
            assert client.request(wrong, path).status_code == 405


def test_a_report_is_served_from_a_list_and_with_the_scripts_that_it_states(tmp_path: Path) -> None:
    policy = "default-src 'none'; script-src 'sha256-AbC+/1='"
    page = f'<html><head><meta http-equiv="Content-Security-Policy" content="{policy}"></head></html>'
    (tmp_path / "tables").mkdir()
    (tmp_path / ".store").mkdir()
    for name in ("report.html", "tables/a.csv", ".store/secret", "secret.txt"):
        (tmp_path / name).write_text(page if name == "report.html" else name, encoding="utf-8")
    (tmp_path / "tables" / "link.csv").symlink_to("/etc/passwd")
    found = report_files(tmp_path)
    assert set(found) == {"/report/", "/report/report.html", "/report/tables/a.csv"}
    with entered("toy", study=tmp_path) as client:
        assert client.get("/report/tables/a.csv").text == "tables/a.csv"
        (tmp_path / "tables" / "a.csv").unlink()
        (tmp_path / "tables" / "a.csv").symlink_to("/etc/passwd")
        answer = client.get("/report/report.html")
        assert answer.text == page
        assert "script-src 'sha256-AbC+/1='" in answer.headers["content-security-policy"]
        assert "connect-src" not in answer.headers["content-security-policy"]
        assert client.get("/report/tables/a.csv").status_code == 404  # another file stands there now
        assert client.get("/report/secret.txt").status_code == 404
        assert client.get("/report/.store/secret").status_code == 404
        assert client.get("/api/scene").json()["report"] is True


def test_a_page_that_is_built_is_served_whole_from_memory(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "assets" / "a-1.js").write_text("1", encoding="utf-8")
    found = static_files(tmp_path)
    assert set(found) == {"/", "/index.html", "/assets/a-1.js"}
    (tmp_path / "assets" / "a-1.js").write_text("2", encoding="utf-8")
    assert found["/assets/a-1.js"].read() == b"1"
    assert set(found) == {"/", "/index.html", "/assets/a-1.js"}
