"""The results of a study as one labelled dataset, and as a NetCDF file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hoplon.files import replacing
from hoplon.questions.study import LEVELS, Study
from hoplon.version import VERSION

if TYPE_CHECKING:
    import xarray as xr


def dataset(study: Study) -> xr.Dataset:
    """Return people and land, threatened and defended, by architecture, level, class set and nation.

    Parameters
    ----------
    study : Study
        What the study computed.

    Returns
    -------
    xarray.Dataset
        Dimensions ``architecture``, ``level``, ``class_set``, ``nation``. Shares are NaN where nobody is threatened.
        ``in_headline`` marks the nations that the headline of an architecture counts (NATO Europe, members of its
        year); ``europe_people_share`` and ``europe_area_share`` are that headline.
    """
    import xarray as xr

    names = list(study.scenario.architectures)
    first = study.tally(names[0])
    shape = (len(names), len(LEVELS), len(first.sets), len(first.nations))
    dims = ("architecture", "level", "class_set", "nation")
    people, land = np.zeros((*shape, 2)), np.zeros((*shape, 2))
    europe = np.zeros((*shape[:3], 2))
    member = np.zeros((shape[0], shape[3]), dtype=bool)
    for row, name in enumerate(names):
        member[row] = np.isin(first.nations, study.headline_nations(name))
        for column, level in enumerate(LEVELS):
            tally = study.tally(name, level)
            people[row, column], land[row, column] = tally.people, tally.land
            for place, entry in enumerate(tally.sets):
                count = study.count(name, level, entry.key)
                europe[row, column, place] = [
                    np.nan if share is None else share for share in (count.population_share, count.area_share)
                ]
    years = [study.year(name) for name in names]
    return xr.Dataset(
        {
            "people_share": (dims, _share(people), {"long_name": "threatened people who are defended", "units": "1"}),
            "area_share": (dims, _share(land), {"long_name": "threatened land that is defended", "units": "1"}),
            "threatened_population": (dims, people[..., 0], {"units": "1"}),
            "defended_population": (dims, people[..., 1], {"units": "1"}),
            "threatened_area_km2": (dims, land[..., 0], {"units": "km2"}),
            "defended_area_km2": (dims, land[..., 1], {"units": "km2"}),
            "europe_people_share": (dims[:3], europe[..., 0], {"units": "1"}),
            "europe_area_share": (dims[:3], europe[..., 1], {"units": "1"}),
            "in_headline": (("architecture", "nation"), member.astype(np.int8)),
            "year": (("architecture",), np.array([-1 if year is None else year for year in years], dtype=np.int32)),
        },
        coords={
            "architecture": names,
            "level": list(LEVELS),
            "class_set": [entry.key for entry in first.sets],
            "nation": list(first.nations),
        },
        attrs={
            "title": study.scenario.title,
            "scenario": study.scenario.name,
            "scenario_sha256": study.scenario.sha256,
            "hoplon_version": VERSION,
            "seed": "none: the coverages that this file holds are not drawn at random",
            "sources": "borders Natural Earth 1:50m (public domain); places GeoNames (CC BY 4.0)",
        },
    )


def _share(
    counts: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    whole, part = counts[..., 0], counts[..., 1]
    share = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=share, where=whole > 0.0)
    return share


def write_dataset(study: Study, path: Path) -> Path:
    """Write the dataset as NetCDF, whole or not at all, and return its path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    content = dataset(study)
    compressed = {name: {"zlib": True, "complevel": 4} for name in content.data_vars}
    with replacing(path) as temporary:
        content.to_netcdf(temporary, engine="h5netcdf", encoding=compressed)
    return path
