"""What is allowed but hardly meant is a warning at the architecture, and never an error."""

import time
from pathlib import Path

import pytest

from hoplon.analysis.scenario_contents import check
from hoplon.scenario.load import checked

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


def warnings(folder: Path, architectures: str) -> list[str]:
    """Return the warnings, without the file's name, of the small scenario with other architectures, from line 9 on."""
    head = f"hoplon: 1\nname: s\nextends: {SMALL.name}\nquestions: {{Q3: }}\n"
    head += "architectures:\n  whole:\n  later:\n  alone:\n"
    file = folder / "s.yaml"
    (folder / SMALL.name).write_bytes(SMALL.read_bytes())
    file.write_text(head + architectures)
    return [f"{item.line}:{item.column}: {item.message}" for item in checked(file)[1]]


CASES = {
    "nothing to warn of": ("  a: {year: 2013, elements: [watch, eye, shield, hub]}\n", []),
    "an element before its first year": (
        "  a: {year: 2011, elements: [eye, shield, hub]}\n",
        [
            "9:3: architecture 'a': element 'eye' is inactive (from 2012, after 2011)",
            "9:3: architecture 'a': radar 'eye' of battery 'shield' is not active in it: ignored",
            "9:3: architecture 'a': no sensor can cue battery 'shield': no radar is active in it",
            "9:3: architecture 'a': nothing can cue it: it has neither radar nor satellite",
        ],
    ),
    "an element after its last year": (
        "  a: {year: 2015, elements: [watch, eye, shield, hub]}\n",
        ["9:3: architecture 'a': element 'watch' is inactive (until 2015, over in 2015)"],
    ),
    "no radar of its own where its own must support": (
        "  a: {elements: [other-eye, shield, hub]}\n"
        "elements: {other-eye: {radar: forward, at: [40, 30], owner: TUR}}\n",
        [
            "9:3: architecture 'a': radar 'eye' of battery 'shield' is not active in it: ignored",
            "9:3: architecture 'a': no sensor can cue battery 'shield': "
            "the mode is launch_on_remote, and it has no radar of its own to support the intercept",
        ],
    ),
    "no radar of its own where any may support": (
        "  a: {elements: [other-eye, shield, hub], doctrine: {mode: engage_on_remote}}\n"
        "elements: {other-eye: {radar: forward, at: [40, 30], owner: TUR}}\n",
        ["9:3: architecture 'a': radar 'eye' of battery 'shield' is not active in it: ignored"],
    ),
    "a radar of its own that supports no intercept": (
        "  a: {elements: [eye, shield, hub]}\nradars: {forward: {supports_intercept: false}}\n",
        [
            "9:3: architecture 'a': nothing can support the intercepts of battery 'shield': "
            "the mode is launch_on_remote, and no radar of its own supports intercepts (supports_intercept)"
        ],
    ),
    "no radar that supports an intercept where any may": (
        "  a: {elements: [eye, shield, hub], doctrine: {mode: engage_on_remote}}\n"
        "radars: {forward: {supports_intercept: false}}\n",
        [
            "9:3: architecture 'a': nothing can support the intercepts of battery 'shield': "
            "no radar active in it supports intercepts (supports_intercept), and no satellite tracks"
        ],
    ),
    "a satellite that supports where any may": (
        "  a: {elements: [eye, shield, hub, follower], doctrine: {mode: engage_on_remote}}\n"
        "radars: {forward: {supports_intercept: false}}\n"
        "satellites: {track: {tracking: {acquisition_s: 9, update_s: 1, position_sigma_m: 99}}}\n"
        "elements: {follower: {satellite: track, owner: USA}}\n",
        [],
    ),
    "a satellite that tracks, and no radar": (
        "  a: {elements: [shield, hub, follower], doctrine: {mode: engage_on_remote}}\n"
        "satellites: {track: {tracking: {acquisition_s: 9, update_s: 1, position_sigma_m: 99}}}\n"
        "elements: {follower: {satellite: track, owner: USA}}\n",
        ["9:3: architecture 'a': radar 'eye' of battery 'shield' is not active in it: ignored"],
    ),
    "a prediction that supports": (
        "  a: {elements: [eye, shield, hub], doctrine: {support: predicted, handover_error_km: 1}}\n"
        "radars: {forward: {supports_intercept: false}}\n",
        [],
    ),
    "batteries side by side": (
        "  a: {elements: [eye, shield], doctrine: {mode: organic}}\n",
        ["9:3: architecture 'a': nothing commands it as a whole (organic: every battery alone)"],
    ),
    "no node": (
        "  a: {elements: [eye, shield]}\n",
        ["9:3: architecture 'a': nothing can command it: it has no node"],
    ),
    "no alternate to switch over to": (
        "  a: {elements: [eye, shield, hub], c2: hub_cold}\n",
        ["9:3: architecture 'a': its command form hub_cold has no node of form alternate"],
    ),
    "nothing that shoots": ("  a: {elements: [eye, hub]}\n", ["9:3: architecture 'a': it has no battery"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_warning_names_the_architecture_and_the_reason(tmp_path: Path, case: str) -> None:
    architectures, expected = CASES[case]
    assert warnings(tmp_path, architectures) == expected


def test_a_class_that_a_radar_cannot_see_is_a_warning_where_its_cross_sections_stand(tmp_path: Path) -> None:
    more = "  a: {elements: [eye, shield, hub]}\nthreats:\n  medium: {rcs_m2: {X: }}\n"
    assert warnings(tmp_path, more) == [
        "11:20: threats.medium.rcs_m2: band X is missing: radars in it, as 'eye', do not see the class"
    ]


def test_an_interceptor_without_a_kill_probability_is_a_warning(tmp_path: Path) -> None:
    more = (
        "  a: {elements: [eye, shield, hub]}\n"
        "interceptors:\n  exo: {single_shot_kill_probability: , reliability: 0.9}\n"
    )
    assert warnings(tmp_path, more) == [
        "11:3: interceptors.exo: raids need `single_shot_kill_probability`, or all of reliability, hit_probability, "
        "seeker, divert_km; missing: hit_probability, seeker, divert_km"
    ]


def test_angles_that_look_like_radians_are_a_warning_and_small_whole_degrees_are_not(tmp_path: Path) -> None:
    more = (
        "  a: {elements: [eye, shield, hub]}\n"
        "interceptors:\n  exo: {min_elevation_deg: 0.26}\n"
        "elements:\n  eye: {boresights_deg: [1.83, -2.5]}\n"
    )
    assert warnings(tmp_path, more) == [
        "11:28: interceptors.exo.min_elevation_deg: 0.26 degrees; written in radians? Then 14.8969 degrees",
        "13:25: elements.eye.boresights_deg: 1.83, -2.5 degrees; written in radians? Then 104.851, -143.239 degrees",
    ]
    whole = (
        "  a: {elements: [eye, shield, hub]}\n"
        "interceptors:\n  exo: {min_elevation_deg: 0}\n"
        "elements:\n  eye: {boresights_deg: [1.83, 181.83]}\n"
    )
    assert warnings(tmp_path, whole) == []


@pytest.mark.parametrize("own", ["", ", without: [eNUMBER]"])
def test_of_millions_of_warnings_the_first_hundred_are_listed_and_the_rest_counted(tmp_path: Path, own: str) -> None:
    many = 1900
    elements = ", ".join(f"e{number}: {{node: hub, at: [1, 2], from: 2100}}" for number in range(many))
    base = f"base: {{year: 2000, elements: [{', '.join(f'e{number}' for number in range(many))}]}}"
    others = ", ".join(f"a{number}: {{extends: base{own.replace('NUMBER', f'{number}')}}}" for number in range(many))
    file = tmp_path / "s.yaml"
    file.write_text(
        f"hoplon: 1\nname: s\nextends: toy\nelements: {{{elements}}}\narchitectures: {{{base}, {others}}}\n"
    )
    before = time.process_time()
    found = check(file)
    assert time.process_time() - before < 5.0  # two seconds on a machine that does nothing else
    assert len(found.warnings) == 101
    # Each element of each architecture, and that it has no battery, no sensor and no node; and the toy's own warning.
    expected = (many + 1) * (many + 3) - (many if own else 0) + len(checked("toy")[1])
    assert found.warnings[-1].message == f"{expected - 100:,} warnings more, from here on; the first 100 are listed"
    assert f"no errors, {expected} warnings" in found.line()


def test_architectures_compared_in_a_long_circle_are_named_in_part(tmp_path: Path) -> None:
    many = 1500
    others = "".join(
        f"  a{n}: {{elements: [eye, shield, hub], compare_with: a{(n + 1) % many}}}\n" for n in range(many)
    )
    before = time.process_time()
    found = warnings(tmp_path, others)
    assert time.process_time() - before < 5.0
    circle = " -> ".join(f"a{n}" for n in range(12))
    assert found[0].endswith(f"compared in a circle, so that none is the baseline: {circle} -> ... (1500 in all)")
