"""The commands play and export through the real entry point."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import yaml
from czml3 import Document

from hoplon.cli import main

TOY = Path(__file__).parents[2] / "src/hoplon/scenario/catalogue/toy.yaml"
BASE = ["--architecture", "fast", "--raid", "four", "--seed", "7"]


def played(path: Path, *more: str) -> int:
    return main(["play", "toy", *BASE, "-o", str(path), *more])


def test_it_writes_a_page_czml_kml_and_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ending in ("html", "czml", "kml", "parquet"):
        assert played(tmp_path / f"a.{ending}", "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert found["threats"] == 4
        assert found["seed"] == 7
    assert "Every threat from launch to outcome" in (tmp_path / "a.html").read_text(encoding="utf-8")
    Document.model_validate_json(f'{{"packets":{(tmp_path / "a.czml").read_text(encoding="utf-8")}}}')
    ElementTree.fromstring((tmp_path / "a.kml").read_text(encoding="utf-8"))
    assert pq.read_table(tmp_path / "a.parquet").num_rows == found["events"]


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.html", "b.html", "a.czml", "b.czml"):
        played(tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.czml").read_bytes() == (tmp_path / "b.czml").read_bytes()


def test_a_lost_element_stands_on_the_page(tmp_path: Path) -> None:
    played(tmp_path / "a.html", "--lose", "kurecik@30")
    assert "kurecik lost at 30 s" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--lose", "kurecick@100"], "did you mean 'kurecik'"),
        (["--lose", "kurecik@-5"], "before the first launch"),
        (["--seed", "-1"], "a seed from 0 to"),
        (["--replication", "-1"], "a replication from 0 to"),
        (["--decision-s", "-10"], "from 0 to 86400 s"),
        (["--c2", "hubb"], "did you mean 'hub'"),
    ],
)
def test_bad_input_ends_with_a_remedy(
    options: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert played(tmp_path / "a.html", *options) == 1
    assert text in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()


def test_another_ending_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert played(tmp_path / "a.mp4") == 1
    assert ".html, .czml, .kml, .parquet" in capsys.readouterr().err


def test_a_raid_out_of_reach_is_refused_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = yaml.safe_load(TOY.read_text(encoding="utf-8"))
    group = {"threat": "mrbm", "from": "northwest", "aim": [51.5, -0.1], "count": 4}
    data["raids"]["four"] = {"threats": [group]}
    file = tmp_path / "far.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    assert main(["play", str(file), *BASE, "-o", str(tmp_path / "a.html")]) == 1
    assert "beyond the greatest range of mrbm" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["czml", "kml"])
def test_export_writes_every_place(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"places.{ending}"
    asked = ["export", "nato-europe", "--architecture", "phase-3", "--format", ending]
    assert main([*asked, "-o", str(path), "--json"]) == 0
    count = json.loads(capsys.readouterr().out)["features"]
    assert main(asked) == 0
    text = capsys.readouterr().out
    assert text == path.read_text(encoding="utf-8")
    if ending == "czml":
        assert len(Document.model_validate_json(f'{{"packets":{text}}}').packets) == count + 1
    else:
        assert len(ElementTree.fromstring(text).findall(".//{http://www.opengis.net/kml/2.2}Point")) == count
