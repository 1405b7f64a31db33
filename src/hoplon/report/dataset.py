"""The answers of a study as labelled arrays, and as one NetCDF file with a group for each question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.architectures import judged_architectures
from hoplon.extras import extra
from hoplon.files import replacing
from hoplon.questions.requests import LEVELS, levels_of
from hoplon.questions.study import Study
from hoplon.version import VERSION

if TYPE_CHECKING:
    import xarray as xr

    from hoplon.questions.asked import QuestionAnswer
COVERAGES: Final = "coverages"
"""The group of the coverages in ``results.nc``."""


def dataset(study: Study) -> xr.Dataset:
    """Return people and land, threatened and defended, by architecture, level, class set and nation.

    Parameters
    ----------
    study : Study

    Returns
    -------
    xarray.Dataset
        Dimensions ``architecture``, ``level``, ``class_set``, ``nation``. Shares are NaN where nobody is threatened,
        and everything is at corners that an architecture is not judged at.
        ``in_headline`` marks the nations that the headline of an architecture counts; ``headline_people_share`` and
        ``headline_area_share`` are that headline.
    """
    with extra("netcdf", "as_dataset"):
        import xarray as xr

    names = list(judged_architectures(study.scenario))
    first = study.tally(names[0]) if names else None
    sets, nations = ((), ()) if first is None else (first.sets, first.nations)
    shape = (len(names), len(LEVELS), len(sets), len(nations))
    dims = ("architecture", "level", "class_set", "nation")
    people, land = np.full((*shape, 2), np.nan), np.full((*shape, 2), np.nan)
    headline = np.full((*shape[:3], 2), np.nan)
    counted = np.zeros((shape[0], shape[3]), dtype=bool)
    for row, name in enumerate(names):
        counted[row] = np.isin(nations, study.headline_nations(name))
        judged = levels_of(study.scenario, name)
        for column, level in enumerate(LEVELS):
            if level not in judged:
                continue
            tally = study.tally(name, level)
            people[row, column], land[row, column] = tally.people, tally.land
            for place, entry in enumerate(tally.sets):
                count = study.count(name, level, entry.key)
                headline[row, column, place] = [
                    np.nan if share is None else share for share in (count.population_share, count.area_share)
                ]
    years = [study.year(name) for name in names]
    variables = {
        "people_share": (dims, _share(people), "1", "share of the threatened people who are defended"),
        "area_share": (dims, _share(land), "1", "share of the threatened land that is defended"),
        "threatened_population": (dims, people[..., 0], "1", "threatened people"),
        "defended_population": (dims, people[..., 1], "1", "defended people"),
        "threatened_area_km2": (dims, land[..., 0], "km2", "threatened land"),
        "defended_area_km2": (dims, land[..., 1], "km2", "defended land"),
        "headline_people_share": (dims[:3], headline[..., 0], "1", "people_share of the nations of the headline"),
        "headline_area_share": (dims[:3], headline[..., 1], "1", "area_share of the nations of the headline"),
    }
    coordinates = {
        "architecture": (names, "architecture"),
        "level": (list(LEVELS), "level of the disputed inputs"),
        "class_set": ([entry.key for entry in sets], "set of threat classes"),
        "nation": (list(nations), "nation, ISO 3166-1 alpha-3"),
    }
    flags = {"flag_values": np.array([0, 1], dtype=np.int8), "flag_meanings": "not_counted counted"}
    return xr.Dataset(
        {
            **{
                key: (on, data, {"long_name": told, "units": unit}) for key, (on, data, unit, told) in variables.items()
            },
            "in_headline": (
                ("architecture", "nation"),
                counted.astype(np.int8),
                {"long_name": "whether the headline counts the nation", **flags},
            ),
            "year": (
                ("architecture",),
                np.array([-1 if year is None else year for year in years], dtype=np.int32),
                {"long_name": "year of the architecture, -1 for none", "units": "year"},
            ),
        },
        coords={key: (key, values, {"long_name": told}) for key, (values, told) in coordinates.items()},
    )


def results_tree(study: Study, answers: Sequence[QuestionAnswer]) -> xr.DataTree:
    """Return every answer of a study as labelled arrays.

    Parameters
    ----------
    study : Study
    answers : sequence of QuestionAnswer

    Returns
    -------
    xarray.DataTree
        Where it comes from at the root; the arrays of :func:`dataset` in the group ``coverages``; and a group for each
        question, with a group for each of its tables (:meth:`hoplon.questions.asked.QuestionAnswer.as_dataset`). They
        are not at the root, for groups inherit coordinates, which would hide columns of the same names.
    """
    with extra("netcdf", "results.nc"):
        import xarray as xr

    made = {
        "Conventions": "CF-1.8",
        "title": study.scenario.title,
        "source": f"hoplon {VERSION}, scenario {study.scenario.name}",
        "scenario": study.scenario.name,
        "scenario_sha256": study.scenario.sha256,
        "hoplon_version": VERSION,
        "seed": "of each group; the coverages are not drawn at random",
        "references": "borders Natural Earth 1:50m (public domain); places GeoNames (CC BY 4.0)",
    }
    tree = xr.DataTree(xr.Dataset(attrs=made))
    tree[COVERAGES] = xr.DataTree(dataset(study))
    for answer in answers:
        tree[answer.name] = answer.as_dataset()
    return tree


def _share(
    counts: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    whole, part = counts[..., 0], counts[..., 1]
    share = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=share, where=whole > 0.0)
    return share


def write_results(study: Study, answers: Sequence[QuestionAnswer], path: Path, *, within: Path | None = None) -> Path:
    """Write every answer as NetCDF, whole or not at all, and return its path.

    Parameters
    ----------
    study : Study
    answers : sequence of QuestionAnswer
    path : Path
    within : Path, optional
        A folder under which no link is followed (:func:`hoplon.files.replacing`).

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    content = results_tree(study, answers)
    compressed = {f"/{COVERAGES}": {name: {"zlib": True, "complevel": 4} for name in content[COVERAGES].data_vars}}
    with replacing(path, within=within) as temporary:
        content.to_netcdf(temporary, engine="h5netcdf", encoding=compressed)
    return path
