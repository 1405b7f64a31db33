"""The map to look around in: what the page holds is what was judged, and it asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

import hoplon
from hoplon.analysis.coverage_answer import CoverageAnswer
from hoplon.errors import InputError
from hoplon.report.views import interactive_map as subject
from hoplon.scenario import geography

FEW = """\
lat,lon,name,population,nation
44.43,26.10,Bucharest,100,ROU
41.0,29.0,"Istanbul </script><b>",300,TUR
52.2,21.0,Warsaw,50,POL
38.7,-9.1,Lisboa,70,PRT
"""


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> CoverageAnswer:
    path = tmp_path_factory.mktemp("points") / "few.csv"
    path.write_text(FEW, encoding="utf-8")
    return hoplon.coverage("toy", "slow", points=path, levels="base", explain=True)


@pytest.fixture(scope="module")
def page(covered: CoverageAnswer) -> str:
    return hoplon.explore(covered).html


def held(page: str) -> dict[str, Any]:
    packed = re.search(r'id="data">([^<]*)</script>', page)
    assert packed is not None
    return json.loads(zlib.decompress(base64.b64decode(packed[1])))


class Addresses(HTMLParser):
    """Collects what a browser would fetch, and what is written into the page's text."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.asked += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "srcset", "data", "action")]
        self.asked += [
            f"{tag} {value}" for name, value in attrs if name == "href" and not (value or "").startswith("#")
        ]


def test_every_point_stands_there_with_what_was_judged_of_it(covered: CoverageAnswer, page: str) -> None:
    data = held(page)
    points = data["points"]
    rows = covered.points_table()
    assert len(points["x"]) == len(rows) == 4
    states = set()
    for place, row in enumerate(rows):
        assert points["name"][place] == row["name"]
        assert points["people"][place] == row["population"]
        assert points["lat"][place] == pytest.approx(100 * row["lat"], abs=0.5)
        assert points["lon"][place] == pytest.approx(100 * row["lon"], abs=0.5)
        wanted = 0 if not row["threatened"] else 2 if row["defended"] else 1
        assert points["state"][place] == wanted
        states.add(wanted)
        if row["threatened"]:
            assert points["shots"][place] == row["shots_min"]
            assert covered.base.areas[points["area"][place]] == row["hardest_area"]
            assert covered.base.threats[points["class"][place]] == row["hardest_threat"]
        assert bool(points["cause"][place]) == (wanted == 1), "an undefended point, and no other, tells its cause"
    assert states == {0, 1, 2}, "the points must hold every state"


def test_places_are_those_of_the_projection(page: str) -> None:
    data = held(page)
    there = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True)
    x, y = there.transform(26.10, 44.43)
    assert (data["points"]["x"][0], data["points"]["y"][0]) == (round(x / 100), round(y / 100))


def test_borders_are_the_outlines_of_the_nations(page: str) -> None:
    there = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True)
    rings = [
        np.cumsum(np.reshape(ring, (-1, 2)), axis=0) * 100.0
        for country in held(page)["borders"]
        if country["member"]
        for ring in country["rings"]
    ]
    warsaw = shapely.Point(there.transform(21.0, 52.2))
    (drawn,) = (shape for shape in map(shapely.Polygon, rings) if shape.buffer(0.0).contains(warsaw))
    (outline,) = (shape for code, _, shape in geography.borders() if code == "POL")
    given = shapely.transform(outline, lambda degrees: np.column_stack(there.transform(*degrees.T)))
    assert drawn.buffer(0.0).symmetric_difference(given).area < 0.01 * given.area


def test_borders_of_a_map_of_the_world_end_at_its_edges(tmp_path: Path) -> None:
    far = tmp_path / "far.csv"
    far.write_text("name,lat,lon\nFiji,-18,178\nHonolulu,21.3,-157.8\nLondon,51.5,0\nMcMurdo,-77.8,166.7\n")
    data = held(hoplon.explore(hoplon.coverage("toy", "fast", points=far, levels="base")).html)
    assert not data["people"]
    steps = [np.reshape(ring, (-1, 2))[1:] for country in data["borders"] for ring in country["rings"]]
    long = np.abs(np.concatenate(steps)).max(axis=1) * data["unit_km"] > 3000.0
    assert long.sum() == 1, "the south pole is a line on this map; no other border crosses it"


def test_elements_of_the_architecture_and_launch_areas_are_marked(covered: CoverageAnswer, page: str) -> None:
    data = held(page)
    elements = covered.scenario.architecture("slow").elements
    marked = {name for site in data["sites"] for name in site["elements"]}
    assert marked == {name for name, element in elements.items() if element.at is not None}
    assert len(data["launches"]) == len(covered.scenario.launch_areas)


def test_the_page_asks_nothing_and_runs_its_own_script_alone(page: str) -> None:
    seen = Addresses()
    seen.feed(page)
    assert seen.asked == []
    assert "b" not in seen.tags, "a name of a point became a tag"
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1]
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy[1]


def test_the_table_of_nations_needs_no_script(covered: CoverageAnswer, page: str) -> None:
    rows = re.findall(r"<tr><th scope=\"row\"><button[^>]*>([^<]*)</button></th><td>([^<]*)</td><td>([^<]*)</td>", page)
    by_name = {name: (float(people.replace(",", "")), float(left.replace(",", ""))) for name, people, left in rows}
    nations = covered.summary().nations
    assert by_name["Romania"] == (
        nations["ROU"].threatened_population,
        nations["ROU"].threatened_population - nations["ROU"].defended_population,
    )
    assert len(by_name) == len(nations)


def test_a_notebook_shows_it_in_a_frame_and_a_file_holds_the_page(covered: CoverageAnswer, tmp_path: Path) -> None:
    shown = covered.explore(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == shown.html
    frame = shown._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts"')
    assert frame.count("<") == 2, "the page is text within an attribute"
    assert len(frame) < 1_000_000


def test_thirty_thousand_points_stay_below_three_megabytes(
    covered: CoverageAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = held(hoplon.explore(covered).html)
    random = np.random.default_rng(1)
    size = 30_000
    data["points"] = {
        key: [f"place {number}" for number in random.integers(0, 10**7, size)]
        if key == "name"
        else random.integers(0, 60_000 if key in ("x", "y", "people", "lat", "lon") else 3, size).tolist()
        for key in data["points"]
    }
    monkeypatch.setattr(subject, "map_data", lambda _: data)
    assert len(hoplon.explore(covered).html) < 3_000_000


def test_what_is_no_coverage_is_refused() -> None:
    with pytest.raises(InputError, match=r"explore: what coverage\(\) returns was expected, got Scenario"):
        hoplon.explore(hoplon.load("toy"))  # type: ignore[arg-type]
