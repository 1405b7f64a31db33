"""Colours that readers with a colour-vision deficiency can tell apart."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.presentation import colours

# Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(colour: str, deficiency: str) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of a colour as seen with a deficiency."""
    srgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(DEFICIENCIES[deficiency] @ linear, 0.0, 1.0)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    ratio = xyz / np.array([0.9505, 1.0, 1.089])
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16.0 / 116.0)
    return np.array([116.0 * root[1] - 16.0, 500.0 * (root[0] - root[1]), 200.0 * (root[1] - root[2])])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize(
    ("palette", "least"), [(colours.STATES, 20.0), (colours.CAUSES, 12.0), (colours.CERTAINTY, 12.0)]
)
def test_colours_of_a_palette_stay_apart(palette: dict[str, str], least: float, deficiency: str) -> None:
    for (one, first), (other, second) in combinations(palette.items(), 2):
        distance = float(np.linalg.norm(lab(first, deficiency) - lab(second, deficiency)))
        assert distance >= least, f"{one} and {other} with {deficiency}: {distance:.1f}"


@pytest.mark.parametrize(("palette", "least"), [(colours.CAUSES, 8.0), (colours.CERTAINTY, 8.0)])
def test_a_palette_printed_in_grey_keeps_its_steps(palette: dict[str, str], least: float) -> None:
    lightness = sorted(float(lab(colour, "none")[0]) for colour in palette.values())
    assert float(np.min(np.diff(lightness))) >= least


@pytest.mark.parametrize("colour", [*colours.STATES.values(), *colours.CERTAINTY.values(), *colours.SEQUENCE])
def test_ink_on_a_colour_has_the_contrast_of_readable_text(colour: str) -> None:
    light, dark = sorted((colours.luminance(colour), colours.luminance(colours.ink_on(colour))), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_sequence_is_interpolated_between_its_colours() -> None:
    assert colours.along(("#000000", "#FFFFFF"), 3) == ["#000000", "#808080", "#FFFFFF"]
    assert colours.along(colours.SEQUENCE, len(colours.SEQUENCE)) == list(colours.SEQUENCE)


def test_every_state_and_cause_has_a_label() -> None:
    assert set(colours.STATES) == set(colours.STATE_LABELS)
    assert set(colours.CAUSES) == set(colours.CAUSE_LABELS)
    assert set(colours.CERTAINTY) == set(colours.CERTAINTY_LABELS)
