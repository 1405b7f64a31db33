"""A study's folder holds the files of one study, whatever was there before."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from hoplon.errors import OutputError
from hoplon.files import write_text
from hoplon.report.study_files import StudyFiles


def manifested(folder: Path, names: Sequence[str], sha256: str) -> None:
    """Write an older study: its files, manifest and report."""
    for name in names:
        write_text(folder / name, "old")
    rows = "".join(f"{name},-,0.1,old,{sha256},1\n" for name in names)
    write_text(folder / "manifest.csv", f"file,sha256,hoplon_version,scenario,scenario_sha256,random_seed\n{rows}")
    write_text(folder / "report.html", "old")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def written(folder: Path, names: Sequence[str], stop: bool = False) -> None:
    """Write a study of some files; or stop after the first."""
    place = StudyFiles(folder)
    with place.open_store(), place.replace(names, "new"):
        for name in names[: 1 if stop else None]:
            write_text(folder / name, "new", within=folder)
        if stop:
            raise KeyboardInterrupt
        write_text(place.report, "new", within=folder)


def test_files_of_an_older_study_are_removed_and_those_of_the_user_stay(tmp_path: Path) -> None:
    manifested(tmp_path, ("maps/old.svg", "figures/old.png", "tables/a.csv"), "old")
    write_text(tmp_path / "maps" / "mine.svg", "mine")
    written(tmp_path, ("results.nc", "tables/a.csv"))
    assert files(tmp_path) == {"maps/mine.svg", "results.nc", "tables/a.csv", "report.html"}
    assert not (tmp_path / "figures").exists()


def test_a_study_broken_off_shows_no_report_of_another_and_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    manifested(tmp_path, ("maps/old.svg",), "old")
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path, ("maps/half.svg", "maps/never.svg"), stop=True)
    assert "report.html" not in files(tmp_path)
    written(tmp_path, ("tables/a.csv",))
    assert files(tmp_path) == {"tables/a.csv", "report.html"}


def test_a_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    mine = [write_text(tmp_path / name, "mine") for name in ("mine", "elsewhere/mine.svg")]
    names = ("../mine", "maps/../../mine", str(mine[0]), "maps/mine.svg", "report.txt")
    folder.mkdir()
    (folder / "maps").symlink_to(tmp_path / "elsewhere")
    write_text(folder / "report.txt", "mine")
    rows = "".join(f"{name},,,,old,\n" for name in names)
    write_text(folder / "manifest.csv", f"file,sha256,hoplon_version,scenario,scenario_sha256,random_seed\n{rows}")
    written(folder, ("tables/a.csv",))
    assert [path.read_text() for path in (*mine, folder / "report.txt")] == ["mine"] * 3


def test_two_studies_at_once_are_refused_and_a_folder_in_the_place_of_a_file_before_anything_is_written(
    tmp_path: Path,
) -> None:
    with StudyFiles(tmp_path).open_store(), pytest.raises(OutputError, match="being written there"):
        written(tmp_path, ("tables/a.csv",))
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        written(tmp_path, ("tables/a.csv",))
    assert files(tmp_path) == set()
    assert os.listdir(tmp_path / ".store") == []
