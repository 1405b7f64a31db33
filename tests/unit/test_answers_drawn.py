"""One answer drawn: as a picture, into given axes, by the method and by the function; what has none is refused."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import hoplon
from hoplon.analysis import records
from hoplon.analysis.coverage_answer import CoverageAnswer
from hoplon.errors import InputError, OutputError
from hoplon.presentation import colours
from hoplon.presentation.picture import Picture
from hoplon.report.study_folder import StudyReport

FEW = """\
lat,lon,name,population,nation
44.43,26.10,Bucharest,100,ROU
41.0,29.0,Istanbul,300,TUR
52.2,21.0,Warsaw,50,POL
"""


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("points") / "few.csv"
    path.write_text(FEW, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def covered(few: Path) -> CoverageAnswer:
    return hoplon.coverage("toy", "fast", points=few, levels="base")


def test_a_coverage_is_drawn_into_axes_that_are_given(covered: CoverageAnswer) -> None:
    axes = Figure().add_subplot()
    assert covered.plot(ax=axes) is axes
    assert (
        axes.get_title(loc="left")
        == f"{covered.scenario.architecture('fast').title}: " + axes.get_title(loc="left").rpartition(": ")[2]
    )
    assert axes.get_xlim()[1] - axes.get_xlim()[0] > 1e6, "metres of the map"
    faces = {to_hex(face).upper() for drawn in axes.collections for face in drawn.get_facecolor()}
    assert colours.STATES["defended"].upper() in faces


def test_method_and_function_draw_the_same_picture(covered: CoverageAnswer) -> None:
    alone = covered.plot()
    assert isinstance(alone, Picture)
    assert alone.svg == hoplon.plot(covered).svg
    assert covered.plot("irbm").title != alone.title or covered.plot("irbm").svg != alone.svg


def test_losses_are_drawn_at_their_numbers(few: Path) -> None:
    survived = hoplon.survive("toy", "fast", points=few)
    axes = survived.plot(ax=Figure().add_subplot())
    worst = axes.lines[-1]
    rows = [row for row in survived.by_losses if row.worst is not None]
    assert list(worst.get_xdata()) == [row.losses for row in rows]
    assert list(worst.get_ydata()) == [row.worst.value for row in rows if row.worst is not None]
    assert isinstance(survived.plot(), Picture)


def test_costs_are_drawn_year_by_year(few: Path) -> None:
    spent = hoplon.cost("nato-europe", ["phase-1", "phase-2"], samples=10, points=few)
    assert isinstance(spent.plot(), Picture)
    with pytest.raises(InputError, match="2 architectures need 2 panels; leave ax out, or ask cost of one"):
        spent.plot(ax=Figure().add_subplot())
    alone = dataclasses.replace(spent, costs={"phase-1": spent.costs["phase-1"]})
    axes = alone.plot(ax=Figure().add_subplot())
    told = spent.costs["phase-1"]
    drawn: dict[int, float] = {}
    for bar in axes.patches:
        year = round(bar.get_x() + bar.get_width() / 2.0)
        drawn[year] = drawn.get(year, 0.0) + 1000.0 * bar.get_height()
    total = told.undiscounted.base
    assert sum(drawn.values()) + told.as_json()["development_musd"] == pytest.approx(total, rel=1e-9)
    assert list(drawn) == [item.year for item in told.by_year]


def test_stability_is_drawn_at_the_speeds_that_were_asked(few: Path) -> None:
    found = hoplon.stability("nato-europe", "phase-1", speeds_km_s=[3, 5], trajectories=["Kozelsk to Washington"])
    axes = found.plot(ax=Figure().add_subplot())
    judged = axes.lines[-1]
    assert list(judged.get_xdata()) == [3.0, 5.0]
    assert list(judged.get_ydata()) == [shares["judged"].share for shares in found.answers[0].speeds.values()]
    assert isinstance(found.plot(), Picture)


def test_an_answer_without_a_picture_or_a_place_says_what_has_one(covered: CoverageAnswer, few: Path) -> None:
    reached = hoplon.threat("toy", points=few)
    with pytest.raises(InputError, match=r"plot: what coverage\(\), .* was expected, got ThreatAssessment"):
        reached.plot()
    with pytest.raises(InputError, match=r"explore: what coverage\(\) returns was expected, got ThreatAssessment"):
        reached.explore()
    with pytest.raises(InputError, match="nothing of it has a place on a map"):
        hoplon.scenarios().to_geodataframe()
    with pytest.raises(InputError, match="threats and level are of a coverage alone"):
        hoplon.plot(reached, "mrbm")


def test_without_geopandas_the_extra_is_named(covered: CoverageAnswer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geopandas", None)
    with pytest.raises(OutputError, match=r"pip install 'hoplon\[geo\]'"):
        covered.to_geodataframe()


def test_an_answer_from_a_pickle_says_which_function_draws_it(
    covered: CoverageAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = pickle.loads(pickle.dumps(covered))
    monkeypatch.setattr(records, "_VIEWS", {})
    with pytest.raises(InputError, match=r"explore: .* import hoplon\.api first"):
        again.explore()


def test_a_picture_of_a_coverage_adds_kilobytes_to_a_notebook(covered: CoverageAnswer) -> None:
    assert len(covered.plot()._repr_svg_()) < 400_000
    assert not hasattr(Picture, "_repr_png_"), "a notebook keeps every form that it is offered"


def test_the_report_of_a_study_is_a_line_and_not_its_hundred_paths() -> None:
    files = tuple(Path(f"{place}.csv") for place in range(30))
    study = SimpleNamespace(scenario=hoplon.load("toy"))
    made = StudyReport(study, Path("report.html"), Path("c.html"), None, (), Path("r.nc"), files, files, files)  # type: ignore[arg-type]
    assert repr(made) == "<StudyReport of toy: report.html; 30 tables, 30 files of maps, 30 of figures>"


def test_a_script_needs_no_main_guard(few: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import hoplon\n"
        f"found = hoplon.coverage('toy', 'fast', points={str(few)!r}, levels='base')\n"
        "found.explore('map.html')\n"
        "print(found.plot().title)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "defended" in done.stdout
    assert (tmp_path / "map.html").stat().st_size > 50_000
