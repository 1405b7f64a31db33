"""Coverages kept by a study: found by all that decides them, and computed again when a single bit is wrong."""

from __future__ import annotations

import hashlib
import json
import random
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import report_samples as samples
from hoplon.analysis import kept_coverages
from hoplon.analysis.coverage import CAUSES, Coverage
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.kept_coverages import CoverageRun, KeptCoverages
from hoplon.questions.study import Study
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Scenario

RUN = CoverageRun("phase-1", "base")
START = len(b"hoplon coverage 1\n") + 32
ARRAYS = ("threatened", "defended", "shots_min", "hardest", "cause")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return samples.scenario()


@pytest.fixture(scope="module")
def points() -> AimPoints:
    return samples.aim_points().subset(np.arange(len(samples.aim_points())) % 40 == 0)


@pytest.fixture
def kept(scenario: Scenario, points: AimPoints, tmp_path: Path) -> KeptCoverages:
    found = KeptCoverages(tmp_path, scenario, points)
    found.keep(RUN, covered(scenario, points))
    return found


def covered(scenario: Scenario, points: AimPoints) -> Coverage:
    return samples.coverage(scenario, RUN.architecture, RUN.level, points)


def forge(path: Path, change: Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]) -> None:
    """Change head and numbers of a kept file and give it the digest of what it then holds."""
    body = path.read_bytes()[START:]
    length = int.from_bytes(body[:4], "little")
    head, raw = change(json.loads(body[4 : 4 + length]), zlib.decompress(body[4 + length :]))
    text = json.dumps(head).encode()
    body = len(text).to_bytes(4, "little") + text + zlib.compress(raw)
    digest = hashlib.blake2b(path.stem.encode() + b"\0" + body, digest_size=32).digest()
    path.write_bytes(b"hoplon coverage 1\n" + digest + body)


def test_what_is_kept_is_found_as_it_was(kept: KeptCoverages, scenario: Scenario, points: AimPoints) -> None:
    expected, found = covered(scenario, points), kept.find(RUN)
    assert found is not None
    for name in ARRAYS:
        mine, theirs = getattr(found, name), getattr(expected, name)
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype
    arrays = dict.fromkeys(ARRAYS)
    assert replace(found, points=None, **arrays) == replace(expected, points=None, **arrays)  # type: ignore[arg-type]
    assert kept.notes == ()
    assert kept.find(CoverageRun("phase-1", "high")) is None
    assert kept.notes == ()


def test_every_turned_bit_is_noticed(kept: KeptCoverages) -> None:
    path = kept.path(RUN)
    content = path.read_bytes()
    draw = random.Random(20260101)
    for place in draw.sample(range(8 * len(content)), 600):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        assert kept.find(RUN) is None, place
    assert kept.notes == (f"{path}: the coverage kept there is damaged; it is computed again",)
    path.write_bytes(content)
    assert kept.find(RUN) is not None


def test_a_cut_a_longer_and_an_empty_file_and_a_folder_are_noticed(kept: KeptCoverages) -> None:
    path = kept.path(RUN)
    content = path.read_bytes()
    for damaged in (b"", content[:40], content[:-1], content + b"\0", content * 2, b"PK\x03\x04" + content):
        path.write_bytes(damaged)
        assert kept.find(RUN) is None
    path.unlink()
    path.mkdir()
    assert kept.find(RUN) is None
    assert len(kept.notes) == 1


def test_a_file_under_another_name_is_no_other_coverage(kept: KeptCoverages) -> None:
    other = CoverageRun("phase-2", "base")
    kept.path(RUN).rename(kept.path(other))
    assert kept.find(other) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda head, raw: (head, raw[:-1]),
        lambda head, raw: (head, raw + b"\0"),
        lambda head, raw: (head, b""),
        lambda head, raw: ({**head, "kinds": ["<i8", "<i8", "<i8"]}, raw),
        lambda head, raw: ({**head, "kinds": ["|O", "<i2", "|i1"]}, raw),
        lambda head, raw: ({**head, "kinds": 3}, raw),
        lambda head, raw: ({**head, "batteries": ["nowhere"]}, raw),
        lambda head, raw: ({}, raw),
        lambda head, raw: ([1] * 3, raw),
        lambda head, raw: (head, b"\xff" * len(raw)),
        lambda head, raw: (head, raw[:-1] + b"\x7f"),  # no such cause
        lambda head, raw: (head, bytes(len(raw) // 8) + raw[len(raw) // 8 :]),
    ],
)
def test_a_forged_file_with_its_right_digest_is_computed_again(kept: KeptCoverages, change: Any) -> None:
    path = kept.path(RUN)
    forge(path, lambda head, raw: (head, raw))
    assert kept.find(RUN) is not None  # the forger's digest is right
    forge(path, change)
    assert kept.find(RUN) is None
    assert len(kept.notes) == 1


@pytest.mark.parametrize("name", ["shots_min", "hardest", "cause"])
def test_a_number_of_no_launch_area_or_cause_is_refused_and_the_last_one_is_found(
    kept: KeptCoverages, scenario: Scenario, points: AimPoints, name: str
) -> None:
    least = {"shots_min": -1, "hardest": -1, "cause": 0}[name]
    most = {"shots_min": 1000, "hardest": len(scenario.launch_areas) - 1, "cause": len(CAUSES) - 1}[name]
    known = covered(scenario, points)
    for value, there in ((least, True), (most, True), (least - 1, False), (most + 1, name == "shots_min")):
        numbers = getattr(known, name).copy()
        numbers[0, 0] = value
        kept.keep(RUN, replace(known, **{name: numbers}))
        found = kept.find(RUN)
        assert (found is not None) == there, value
        if found is not None:
            np.testing.assert_array_equal(getattr(found, name), numbers)


def test_a_large_coverage_whose_numbers_do_not_compress_is_found(
    scenario: Scenario, points: AimPoints, tmp_path: Path
) -> None:
    many = points.subset(np.arange(60_000) % len(points))
    known, shape = covered(scenario, points), (len(many), len(scenario.threats))
    numbers = {name: np.zeros(shape, dtype=np.int16) for name in ("hardest", "cause")}
    numbers["shots_min"] = np.random.default_rng(1).integers(0, 2**62, shape)
    marks = {name: np.zeros(shape, dtype=np.bool_) for name in ("threatened", "defended")}
    kept = KeptCoverages(tmp_path, scenario, many)
    kept.keep(RUN, replace(known, points=many, **numbers, **marks))
    assert kept.path(RUN).stat().st_size > 7 * len(many) * len(scenario.threats)
    found = kept.find(RUN)
    assert found is not None
    np.testing.assert_array_equal(found.shots_min, numbers["shots_min"])


def test_what_unpacks_to_gigabytes_and_what_is_larger_than_any_coverage_take_little_memory(kept: KeptCoverages) -> None:
    path = kept.path(RUN)
    forge(path, lambda head, raw: (head, bytes(300_000_000)))
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        assert kept.find(RUN) is None
        for size in (30_000_000, 2_000_000_000):
            with path.open("ab") as stream:
                stream.truncate(size)
            assert kept.find(RUN) is None
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20_000_000  # of a file that may have 2 MB


def test_other_sources_scenario_or_points_find_nothing(
    kept: KeptCoverages, scenario: Scenario, points: AimPoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(scenario: Scenario = scenario, points: AimPoints = points) -> Coverage | None:
        return KeptCoverages(tmp_path, scenario, points).find(RUN)

    assert found() is not None
    assert found(replace(scenario, title="Another")) is None
    assert found(points=replace(points, population=points.population + 1.0)) is None
    monkeypatch.setattr(kept_coverages, "sources_digest", lambda: "of other sources")
    assert found() is None


class Weaker(samples.Covers):
    """The same covers after a change of the sources: nothing is defended."""

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        made = super().__call__(asked, points)
        return replace(made, defended=np.zeros_like(made.defended))


def test_a_study_after_a_change_of_the_sources_answers_by_the_new_ones(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def people(cover: samples.Covers, folder: Path | None) -> Any:
        return Study(scenario, samples.aim_points(), folder, cover).people("phase-1")

    old = people(samples.Covers(), tmp_path)
    assert people(Weaker(), tmp_path) == old  # kept: the sources are the same
    monkeypatch.setattr(kept_coverages, "sources_digest", lambda: "of other sources")
    assert people(Weaker(), tmp_path) == (0.0, 0.0, 0.0) != old


def test_a_study_of_a_changed_scenario_in_the_same_folder_is_its_own(scenario: Scenario, tmp_path: Path) -> None:
    points = samples.aim_points()
    Study(scenario, points, tmp_path, samples.Covers()).people("phase-1")
    without = replace(scenario.architectures["phase-1"], elements=())
    changed = replace(scenario, architectures={**scenario.architectures, "phase-1": without})
    in_folder = Study(changed, points, tmp_path, samples.Covers()).people("phase-1")
    assert in_folder == Study(changed, points, None, samples.Covers()).people("phase-1") == (0.0, 0.0, 0.0)


def test_a_coverage_in_another_mode_carries_the_digest_of_the_scenario_given(
    scenario: Scenario, tmp_path: Path
) -> None:
    study = Study(scenario, samples.aim_points(), tmp_path, samples.Covers())
    found = study._covered(CoverageRun("phase-1", "base", "organic"))
    assert found.scenario_sha256 == scenario.sha256
