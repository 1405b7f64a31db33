"""The reference range of a radar type, whether the file states it or gives what the range equation needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.sensing.range_equation import REFERENCE_SIGNAL_TO_NOISE, radar_of_aperture, ratio_of
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from hoplon.scenario.model import Cited, ReferenceRange


def reference_range_km(reference: ReferenceRange) -> float:
    """Return the range [km] at which a radar sees its reference cross-section.

    A stated range is returned as it stands; otherwise the radar range equation is solved for ``required_snr_db``, by
    default the signal-to-noise ratio that the model anchors its reference range at (model section 3).
    """
    if reference.reference_range_km is not None:
        return float(reference.reference_range_km)
    radar = radar_of_aperture(
        average_power=_given(reference.average_power_kw) * 1e3,
        dwell=_given(reference.dwell_s),
        aperture=_given(reference.aperture_m2),
        efficiency=_given(reference.efficiency),
        frequency=_given(reference.frequency_ghz) * 1e9,
        system_temperature=_given(reference.system_temperature_k),
        losses=ratio_of(_given(reference.losses_db)),
    )
    wanted = reference.required_snr_db
    ratio = REFERENCE_SIGNAL_TO_NOISE if wanted is None else ratio_of(float(wanted))
    return radar.range_for(ratio, float(reference.reference_rcs_m2)) / KILOMETRE


def _given(number: Cited | None) -> float:
    if number is None:
        raise ValueError("a reference range with neither the range nor the whole of the range equation")
    return float(number)
