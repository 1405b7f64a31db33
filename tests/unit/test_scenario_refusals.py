"""A wrong scenario is refused with file, line, column, what is wrong, what was expected; positions counted by hand."""

import os
import threading
import time
from pathlib import Path

import pytest

from hoplon.errors import ScenarioError
from hoplon.scenario.load import load_scenario

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text(encoding="utf-8")


def refusal(folder: Path, text: str | bytes) -> list[str]:
    """Return the lines of the refusal without the folder's name."""
    file = folder / "s.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def changed(*changes: tuple[str, str]) -> str:
    """Return the small scenario with parts of it replaced."""
    text = SMALL
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


REPLACED = {
    "unknown key": (
        ("title: A small", "titel: A small"),
        "s.yaml:3:1: unknown key 'titel'; did you mean 'title'?",
    ),
    "unknown key in a record": (
        ("    min_range_km: 600", "    min_range_km: 600\n    max_speed: 3"),
        "s.yaml:11:5: unknown key 'max_speed' in threats.medium",
    ),
    "duplicate key": (
        ("name: small", "name: small\nname: other"),
        "s.yaml:3:1: duplicate key 'name'; it stands already in line 2",
    ),
    "metres for kilometres": (
        ("max_range_km: 2000\n    elev", "max_range_km: 2000000\n    elev"),
        "s.yaml:22:19: radars.forward.max_range_km: must be from 5 to 20000 km, got 2000000; "
        "written in metres? Then 2000 km",
    ),
    "metres a second": (
        ("burnout_speed_km_s: 3.0", "burnout_speed_km_s: 3000"),
        "s.yaml:34:25: interceptors.exo.burnout_speed_km_s: must be from 0.2 to 11 km/s, got 3000; "
        "written in m/s? Then 3 km/s",
    ),
    "a least burnout speed above the burnout speed": (
        ("burnout_speed_km_s: 3.0", "burnout_speed_km_s: 3.0\n    min_burnout_speed_km_s: 3.5"),
        "s.yaml:35:29: interceptors.exo.min_burnout_speed_km_s: the least burnout speed must not exceed "
        "`burnout_speed_km_s`, got 3.5 and 3",
    ),
    "radians in a sector": (
        ("sector_halfwidth_deg: 60", "sector_halfwidth_deg: 1.047"),
        "s.yaml:24:27: radars.forward.sector_halfwidth_deg: must be from 4 to 180 degrees, got 1.047; "
        "written in radians? Then 59.9887 degrees",
    ),
    "radians in an elevation": (
        ("elevation_deg: [5, 80]", "elevation_deg: [0.087, 1.396]"),
        "s.yaml:23:20: radars.forward.elevation_deg: the highest elevation must be more than 1.6 degrees, got 1.396; "
        "written in radians? Then 80 degrees",
    ),
    "latitude and longitude swapped": (
        ("at: [38.35, 37.79, 2085]", "at: [118.35, 37.79]"),
        "s.yaml:41:30: elements.eye.at: latitude must be from -90 to 90 degrees north, got 118.35; "
        "latitude and longitude swapped? Then [37.79, 118.35]",
    ),
    "a sign too many": (
        ("interval_s: 15", "interval_s: -15"),
        "s.yaml:57:92: raids.four.threats[0].interval_s: must be from 0 to 86400 s, got -15; a sign too many?",
    ),
    "decibels for square metres": (
        ("{X: 0.02, S: 0.05}", "{X: -17, S: 0.05}"),
        "s.yaml:14:17: threats.medium.rcs_m2.X: must be more than 0 and at most 10000 m2, got -17; "
        "dBsm? A cross-section in m2 is 10^(dBsm/10)",
    ),
    "percent for a probability": (
        ("single_shot_kill_probability: 0.7", "single_shot_kill_probability: 70"),
        "s.yaml:38:35: interceptors.exo.single_shot_kill_probability: must be from 0 to 1, got 70; "
        "written in percent? Then 0.7",
    ),
    "the role of a radar on a satellite": (
        ("{alert_s: 60, detect_s: 40}", "{alert_s: 60, detect_s: 40, supports_intercept: true}"),
        "s.yaml:31:40: unknown key 'supports_intercept' in satellites.warning; it belongs to a radar type; "
        "a satellite with `tracking` supports intercepts wherever the mode admits remote tracks",
    ),
    "the role of a radar type on an element": (
        ("boresights_deg: [105]", "supports_intercept: true"),
        "s.yaml:41:51: unknown key 'supports_intercept' in elements.eye; it belongs to the type that the element "
        "names, not to the element",
    ),
    "a role that is no flag": (
        ("    band: X\n", "    band: X\n    supports_intercept: maybe\n"),
        "s.yaml:20:25: radars.forward.supports_intercept: true or false was expected, got the text 'maybe'",
    ),
    "tracking on a class": (
        ("burn_time_s: 100", "tracking: {acquisition_s: 20, update_s: 1, position_sigma_m: 200}\n    burn_time_s: 100"),
        "s.yaml:11:5: unknown key 'tracking' in threats.medium; it belongs to a satellite type",
    ),
    "tracking on a radar": (
        ("    band: X\n", "    band: X\n    tracking: {}\n"),
        "s.yaml:20:5: unknown key 'tracking' in radars.forward; it belongs to a satellite type",
    ),
    "half of an alert": (
        ("{alert_s: 60, detect_s: 40}", "{alert_s: 60}"),
        "s.yaml:31:12: satellites.warning: `detect_s` is missing: an alert needs `alert_s` and `detect_s`",
    ),
    "a satellite that does nothing": (
        ("{alert_s: 60, detect_s: 40}", "{title: Idle}"),
        "s.yaml:31:12: satellites.warning: `alert_s` and `detect_s`, or `tracking`, or all three were expected, "
        "got none",
    ),
    "tracking without its error": (
        ("{alert_s: 60, detect_s: 40}", "{tracking: {acquisition_s: 20, update_s: 1}}"),
        "s.yaml:31:23: `position_sigma_m` is missing in satellites.warning.tracking",
    ),
    "tracking before burnout": (
        ("{alert_s: 60, detect_s: 40}", "{tracking: {acquisition_s: -20, update_s: 1, position_sigma_m: 200}}"),
        "s.yaml:31:39: satellites.warning.tracking.acquisition_s: must be from 0 to 3600 s, got -20; a sign too many?",
    ),
    "tracking that discriminates": (
        (
            "{alert_s: 60, detect_s: 40}",
            "{tracking: {acquisition_s: 20, update_s: 1, position_sigma_m: 200, discrimination: 2}}",
        ),
        "s.yaml:31:79: unknown key 'discrimination' in satellites.warning.tracking; a satellite discriminates nothing",
    ),
    "a satellite as a battery's own radar": (
        ("radars: [eye]", "radars: [watch]"),
        "s.yaml:42:88: elements.shield.radars: 'watch' is a satellite; a radar was expected",
    ),
    "a look without an error in range": (
        ("range_sigma_m: 10", "range_sigma_m: 1.0e-160"),
        "s.yaml:26:20: radars.forward.range_sigma_m: must be from 0.001 to 10000 m, got 1.0e-160",
    ),
    "a look without an error in angle": (
        ("angle_sigma_mrad: 0.5", "angle_sigma_mrad: 5.0e-324"),
        "s.yaml:27:23: radars.forward.angle_sigma_mrad: must be from 1e-06 to 100 mrad, got 5.0e-324",
    ),
    "looks without a pause": (
        ("update_s: 1\n", "update_s: 1.0e-5\n"),
        "s.yaml:25:15: radars.forward.update_s: must be from 0.01 to 600 s, got 1.0e-5",
    ),
    "a raid of millions": (
        ("count: 4,", "count: 5000,"),
        "s.yaml:57:77: raids.four: at most 4,094 missiles in all its groups were expected, got 5,000",
    ),
    "not a number": (
        ("burn_time_s: 100", "burn_time_s: .nan"),
        "s.yaml:11:18: threats.medium.burn_time_s: a finite number was expected, got .nan",
    ),
    "infinite": (
        ("burn_time_s: 100", "burn_time_s: 1e999"),
        "s.yaml:11:18: threats.medium.burn_time_s: a finite number was expected, got 1e999",
    ),
    "a unit in the value": (
        ("burn_time_s: 100", "burn_time_s: 100 s"),
        "s.yaml:11:18: threats.medium.burn_time_s: a number from 5 to 1000 s was expected, got the text '100 s'; "
        "leave out the unit 's', which the key names",
    ),
    "quotes around a number": (
        ("burn_time_s: 100", 'burn_time_s: "100"'),
        "s.yaml:11:18: threats.medium.burn_time_s: a number from 5 to 1000 s was expected, got the text '100'; "
        "take the quotes off",
    ),
    "separators in a number": (
        ("max_range_km: 2000\n    elev", 'max_range_km: "2,000"\n    elev'),
        "s.yaml:22:19: radars.forward.max_range_km: a number from 5 to 20000 km was expected, got the text '2,000'; "
        "write the digits without separators, and the decimal point as .",
    ),
    "bounds out of order": (
        ("{value: 30, low: 15, high: 200}", "{value: 30, low: 35, high: 200}"),
        "s.yaml:48:15: doctrine.decision_s: low <= value <= high was expected, got value 30, low 35, high 200",
    ),
    "published without a source": (
        ("{value: 30, low: 15, high: 200}", "{value: 30, kind: published}"),
        "s.yaml:48:15: doctrine.decision_s: a published value names its `source`; without one it is assumed or derived",
    ),
    "an unknown type": (
        ("radar: forward, at", "radar: foward, at"),
        "s.yaml:41:16: elements.eye.radar: 'foward' is not in `radars`; did you mean 'forward'?",
    ),
    "an unknown interceptor": (
        ("battery: exo, ", "battery: endo, "),
        "s.yaml:42:21: elements.shield.battery: 'endo' is not in `interceptors`; known: exo",
    ),
    "an unknown element": (
        ("elements: [watch, eye, shield, hub]", "elements: [watch, eye, shield, hob]"),
        "s.yaml:53:72: architectures.whole.elements[3]: 'hob' is not in `elements`; did you mean 'hub'?",
    ),
    "another list's code": (
        ("nations: [DEU, NOR, ROU]", "nations: [GER, NO, ROU]"),
        "s.yaml:4:11: nations[0]: 'GER' is no ISO 3166-1 alpha-3 code; did you mean DEU?",
    ),
    "an unknown owner": (
        ("at: [49.44, 7.60], owner: DEU", "at: [49.44, 7.60], owner: UK"),
        "s.yaml:43:46: elements.hub.owner: 'UK' is no ISO 3166-1 alpha-3 code; did you mean GBR?",
    ),
    "two forms at once": (
        ("hub: {node: hub,", "hub: {node: hub, radar: forward,"),
        "s.yaml:43:8: elements.hub: exactly one of radar, battery, satellite, node was expected, got radar and node",
    ),
    "a magazine in a radar": (
        ("boresights_deg: [105]", "count: 3"),
        "s.yaml:41:51: elements.eye: `count` belongs to a battery, and this is a radar",
    ),
    "a battery without interceptors": (
        ("count: 24, ", ""),
        "s.yaml:42:11: elements.shield: `count` is missing in this battery",
    ),
    "an empty magazine": (
        ("count: 24, ", "count: 0, "),
        "s.yaml:42:33: elements.shield.count: must be a whole number from 1 to 100000 interceptors, got 0",
    ),
    "years out of order": (
        ("owner: USA, until: 2015", "from: 2016, until: 2015"),
        "s.yaml:40:50: elements.watch: `from` comes before `until`; got 2016 and 2015",
    ),
    "a flag of YAML 1.1": (
        ("boresights_deg: [105]", "partner: yes"),
        "s.yaml:41:60: elements.eye.partner: true or false was expected, got the text 'yes' "
        "(yes, no, on and off are texts in YAML 1.2)",
    ),
    "an unknown mode": (
        ("mode: launch_on_remote", "mode: launch-on-remote"),
        "s.yaml:46:9: doctrine.mode: one of organic, launch_on_remote, engage_on_remote was expected, "
        "got the text 'launch-on-remote'; did you mean 'launch_on_remote'?",
    ),
    "a missing key": (
        ("    acquisition_s: 10\n", ""),
        "s.yaml:18:5: `acquisition_s` is missing in radars.forward",
    ),
    "a format of the future": (("hoplon: 1", "hoplon: 2"), "s.yaml:1:9: hoplon: must be a whole number from 1 to 1"),
    "a merge key": (
        ("  hub: {node: hub,", "  hub: {<<: 1, node: hub,"),
        "s.yaml:43:9: unknown key '<<' in elements.hub; merge keys belong to YAML 1.1; use `extends`",
    ),
    "least range above the greatest": (
        ("min_range_km: 600", "min_range_km: 2600"),
        "s.yaml:10:19: threats.medium: min_range_km must be less than max_range_km, got 2600 and 2000",
    ),
    "a battery's radar that is no radar": (
        ("radars: [eye]", "radars: [hub]"),
        "s.yaml:42:88: elements.shield.radars: 'hub' is a node; a radar was expected",
    ),
    "prediction without a limit": (
        ("  mode: launch_on_remote", "  mode: launch_on_remote\n  support: predicted"),
        "s.yaml:46:3: doctrine: `support: predicted` needs `handover_error_km` in the doctrine",
    ),
    "a list at the end of a number": (
        ("burn_time_s: 100", "burn_time_s: [100]"),
        "s.yaml:11:18: threats.medium.burn_time_s: a number from 5 to 1000 s was expected, got a list of 1",
    ),
    "an element that replaces itself": (
        ("node: hub,", "node: hub, upgrade_of: hub,"),
        "s.yaml:43:32: elements.hub.upgrade_of: another element was expected, got the element itself",
    ),
    "a text that a terminal would obey": (
        ("title: A small scenario for tests", 'title: "\\e[31mA"'),
        "s.yaml:3:8: title: a text without control characters was expected, got U+001B in it",
    ),
    "a text that no XML holds": (
        ("title: A small scenario for tests", 'title: "A\\uFFFE"'),
        "s.yaml:3:8: title: a text without control characters was expected, got U+FFFE in it",
    ),
    "a text that turns the digits behind it": (
        ("title: A small scenario for tests", 'title: "A\\u202E"'),
        "s.yaml:3:8: title: a text without control characters was expected, got U+202E in it",
    ),
    "an escaped zero": (
        ("https://example.org/report", "https://example.org/\\0"),
        "s.yaml:62:45: sources.report.url: a text without control characters was expected, got U+0000 in it",
    ),
    "an address without a scheme": (
        ("https://example.org/report", "example.org"),
        "s.yaml:62:45: sources.report.url: an address that begins with https:// was expected, got 'example.org'",
    ),
}


@pytest.mark.parametrize("case", REPLACED)
def test_a_wrong_value_is_refused_with_place_and_remedy(tmp_path: Path, case: str) -> None:
    change, message = REPLACED[case]
    lines = refusal(tmp_path, changed(change))
    assert any(line.startswith(message) for line in lines), lines


def test_every_error_of_a_pass_is_reported_in_the_order_of_the_file(tmp_path: Path) -> None:
    wrong = changed(
        ("owner: DEU}", "owner: ZZZ}"), ("title: A small", "titel: A small"), ("burn_time_s: 100", "burn_time_s: -1")
    )
    assert [line.split(" ")[0] for line in refusal(tmp_path, wrong)] == [
        "s.yaml:3:1:",
        "s.yaml:11:18:",
        "s.yaml:43:46:",
    ]


def test_the_refusal_carries_its_findings_as_records(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(changed(("title: A small", "titel: A small")))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert [(item.line, item.column) for item in caught.value.findings] == [(3, 1)]


def test_errors_end_after_fifty(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "hoplon: 1\nname: a\n" + "".join(f"key{place}: 1\n" for place in range(70)))
    assert lines[-1] == "(stopped after 50 errors)"
    assert len(lines) == 51


def test_architectures_that_extend_each_other_are_refused_with_the_way_round(tmp_path: Path) -> None:
    lines = refusal(tmp_path, changed(("whole: {title: All of it,", "whole: {extends: alone,")))
    assert lines[0] == (
        "s.yaml:53:20: architectures.whole.extends: the architectures extend each other: "
        "whole -> alone -> later -> whole"
    )
    assert len(lines) == 3


def test_a_chain_of_architectures_has_an_end(tmp_path: Path) -> None:
    chain = "".join(f"  a{place}: {{extends: a{place + 1}}}\n" for place in range(100))
    wrong = changed(("architectures:\n", f"architectures:\n{chain}  a100: {{elements: [hub]}}\n"))
    assert "more than 32 architectures in a chain" in refusal(tmp_path, wrong)[0]


def test_only_what_is_inherited_can_be_removed(tmp_path: Path) -> None:
    lines = refusal(tmp_path, changed(("without: [eye]", "without: [eye, watch, eye2]")))
    assert lines == [
        "s.yaml:55:49: architectures.alone.without[2]: 'eye2' is not in `elements`; did you mean 'eye'?",
    ]
    lines = refusal(tmp_path, changed(("year: 2016,", "without: [eye],")))
    assert lines == ["s.yaml:55:37: architectures.alone.without: 'eye' is not among the elements inherited"]


def test_an_architecture_of_nothing_is_refused(tmp_path: Path) -> None:
    wrong = changed(("  alone: {extends: later,", "  empty: {year: 2010}\n  alone: {extends: later,"))
    assert refusal(tmp_path, wrong) == [
        "s.yaml:55:3: architectures.empty: `elements` or `extends` was expected; it has no element"
    ]


def test_architectures_need_a_doctrine_and_a_network(tmp_path: Path) -> None:
    text = "hoplon: 1\nname: a\nelements: {h: {node: hub, at: [1, 2]}}\narchitectures: {a: {elements: [h]}}\n"
    assert refusal(tmp_path, text) == ["s.yaml:1:1: `network` is missing", "s.yaml:1:1: `doctrine` is missing"]


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("hoplon: 1\nname: b\nextends: s.yaml\n")
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: b.yaml\n")
    assert lines == ["b.yaml:3:10: extends: the files extend each other: s.yaml -> b.yaml -> s.yaml"]


def test_a_message_holds_nothing_that_a_terminal_would_obey(tmp_path: Path) -> None:
    lines = refusal(tmp_path, changed(("  hub: {node: hub,", '  "\\e[2Jhub": {node: hob,')))
    assert len(lines) >= 3
    assert all(line.isprintable() for line in lines)
    assert any("known: watch, eye, shield, \\x1b[2Jhub" in line or "\\x1b[2Jhub.node" in line for line in lines), lines


def test_a_chain_of_files_has_an_end(tmp_path: Path) -> None:
    for place in range(20):
        (tmp_path / f"c{place}.yaml").write_text(f"hoplon: 1\nname: c\nextends: c{place + 1}.yaml\n")
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: c0.yaml\n")
    assert len(lines) == 1
    assert "extends: more than 8 files extend each other in a chain: s.yaml -> c0.yaml -> c1.yaml" in lines[0]


@pytest.mark.parametrize("name", ["a" * 5000, '"a\\0b"', '"a\\0b.yaml"', "a" * 5000 + ".yaml"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, f"hoplon: 1\nname: a\nextends: {name}\n")[0].startswith("s.yaml:3:10: extends: ")
    with pytest.raises(ScenarioError, match="1:1: "):
        load_scenario(name.strip('"').replace("\\0", "\0"))


def test_a_pipe_is_read_and_one_that_nothing_writes_to_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "s.yaml"
    os.mkfifo(pipe)
    begun = time.monotonic()
    with pytest.raises(ScenarioError, match=r"s\.yaml:1:1: cannot be read: a pipe that nothing writes to"):
        load_scenario(pipe)
    assert time.monotonic() - begun < 2.0
    writer = threading.Thread(target=pipe.write_text, args=(SMALL,))
    writer.start()
    assert load_scenario(pipe).name == "small"
    writer.join()


def test_a_text_that_an_alias_repeats_stands_where_the_alias_stands(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "hoplon: 1\nname: &a wrong\n*a : 1\n")
    assert lines[0].startswith("s.yaml:3:1: unknown key 'wrong'")


def test_an_error_in_an_extended_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("hoplon: 1\nname: b\ntitel: wrong\n")
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: b.yaml\n")
    assert lines == ["b.yaml:3:1: unknown key 'titel'; did you mean 'title'?"]


def test_what_a_file_extends_must_be_there(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: gone.yaml\n")
    assert lines == ["s.yaml:3:10: extends: there is no file 'gone.yaml'"]
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: no-such-study\n")
    assert lines[0].startswith("s.yaml:3:10: extends: 'no-such-study' is neither a file nor a bundled scenario")
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: [1]\n")
    assert lines[0].startswith("s.yaml:3:10: extends: the name of a bundled scenario or a file was expected")


@pytest.mark.parametrize(
    "content", ["root:x:0:0:root:/root\n", "secret: word\n", "hoplon: 1\nsecret: [word\n", "- word\n"]
)
def test_a_refusal_shows_nothing_of_what_is_no_scenario(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.yaml").write_text(content)
    lines = refusal(tmp_path, "hoplon: 1\nname: a\nextends: b.yaml\n")
    wanted = "is no scenario, which is YAML with `hoplon: 1` at its top; check it alone"
    assert lines == [f"s.yaml:3:10: extends: 'b.yaml' {wanted}"]


def test_a_file_extends_none_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    outside = tmp_path / "base.yaml"
    outside.write_text("hoplon: 1\nname: b\n")
    (tmp_path / "mine" / "link.yaml").symlink_to(outside)
    for name in ("../base.yaml", str(outside), "link.yaml", "/etc/passwd"):
        lines = refusal(tmp_path / "mine", f"hoplon: 1\nname: a\nextends: {name}\n")
        assert len(lines) == 1
        assert lines[0].startswith(f"s.yaml:3:10: extends: '{name[:30]}")
        assert lines[0].endswith("is not in the folder of the file that extends it, nor a bundled scenario")
    (tmp_path / "mine" / "parts").mkdir()
    (tmp_path / "mine" / "parts" / "base.yaml").write_text("hoplon: 1\nname: b\nnations: [NOR]\n")
    (tmp_path / "mine" / "s.yaml").write_text("hoplon: 1\nname: a\nextends: parts/base.yaml\n")
    assert list(load_scenario(tmp_path / "mine" / "s.yaml").nations) == ["NOR"]


BOMB = "hoplon: 1\nx0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
DEEP = 10_000
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "malformed": (
        "hoplon: 1\nthreats: {a: [1, 2}\n",
        "s.yaml:2:19: not well-formed YAML: did not find expected ',' or ']'",
    ),
    "a tab": (
        "hoplon: 1\nthreats:\n\ta: 1\n",
        "s.yaml:3:1: not well-formed YAML: found character that cannot start any token",
    ),
    "an unclosed quote": ('hoplon: 1\nname: "a\n', "s.yaml:3:1: not well-formed YAML"),
    "empty": ("", "s.yaml:1:1: the file is empty"),
    "comments alone": ("# nothing\n", "s.yaml:1:1: the file is empty"),
    "a list at the top": ("- a\n- b\n", "s.yaml:1:1: a list of 2 at the top; a mapping was expected"),
    "a text at the top": ("hello\n", "s.yaml:1:1: the text 'hello' at the top; a mapping was expected"),
    "two documents": ("hoplon: 1\n---\nhoplon: 1\n", "s.yaml:2:1: a second document begins"),
    "a tag": (
        'hoplon: 1\nname: !!python/object/apply:os.system ["touch executed"]\n',
        "s.yaml:2:7: tag 'tag:yaml.org,2002:python/object/apply:os.system': the scenario format has no tags",
    ),
    "a list as key": ("hoplon: 1\n? [1, 2]\n: 3\n", "s.yaml:2:3: a key must be a single text"),
    "an alias bomb": (BOMB, "s.yaml:6:55: more than 100000 values (aliases written out)"),
    "an alias in itself": (
        "hoplon: 1\nname: &a [*a]\n",
        "s.yaml:2:11: alias *a stands inside the value that it repeats",
    ),
    "an alias of nothing": (
        "hoplon: 1\nname: *a\n",
        "s.yaml:2:7: alias *a repeats an anchor that nothing before defines",
    ),
    "deep lists": (f"threats: {'[' * DEEP}{']' * DEEP}", "s.yaml:1:41: nested deeper than 32 levels"),
    "deep mappings": (f"threats: {'{a: ' * DEEP}{'}' * DEEP}", "s.yaml:1:134: nested deeper than 32 levels"),
    "deep blocks": (f"threats:\n  {'- ' * DEEP}1\n", "s.yaml:2:65: nested deeper than 32 levels"),
    "too many values": (
        "hoplon: 1\nthreats:\n" + "".join(f"  t{place}: 1\n" for place in range(150_000)),
        "s.yaml:50001:11: more than 100000 values",
    ),
    "no UTF-8": ("hoplon: 1\nname: \xd6l\n".encode("latin-1"), "s.yaml:2:7: byte 0xd6 is not UTF-8"),
    "UTF-16": (SMALL.encode("utf-16"), "s.yaml:1:1: byte 0xff is not UTF-8"),
    "zero bytes": (bytes(1000), "s.yaml:1:1: character U+0000 may not stand in a scenario"),
    "a bell": ("hoplon: 1\nname: a\ab\n", "s.yaml:2:8: character U+0007 may not stand in a scenario"),
    "every byte": (bytes(range(256)) * 100, "s.yaml:2:118: byte 0x80 is not UTF-8"),
    "half a surrogate pair": ('hoplon: 1\nname: "\\ud800"\n', "s.yaml:2:10: not well-formed YAML"),
    "an endless number": (
        changed(("burn_time_s: 100", f"burn_time_s: {'9' * 100_000}")),
        "s.yaml:11:18: threats.medium.burn_time_s: a finite number was expected, got 9999",
    ),
    "too large": (b"# " + b"x" * (5 * 2**20), "s.yaml:1:1: larger than 4 MiB"),
    "too many entries": (
        "hoplon: 1\nname: a\nsources:\n" + "".join(f"  s{place}: {{citation: x}}\n" for place in range(2001)),
        "s.yaml:4:3: sources: from 0 to 2000 entries were expected, got 2001",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_input_is_refused_at_its_place_and_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text, message = HOSTILE[case]
    begun = time.process_time()
    lines = refusal(tmp_path, text)
    assert lines[0].startswith(message), lines[0][:300]
    assert max(map(len, lines)) < 400
    assert time.process_time() - begun < 2.0  # the bound of the contract with users, not a measure of speed
    assert [file.name for file in tmp_path.iterdir()] == ["s.yaml"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is a folder; a scenario file"):
        load_scenario(f"{tmp_path}/")


def test_an_unknown_bundled_name_is_refused() -> None:
    with pytest.raises(ScenarioError, match="neither a file nor a bundled scenario"):
        load_scenario("no-such-study")


def test_the_group_that_makes_a_raid_too_large_is_named_at_once(tmp_path: Path) -> None:
    group = "{threat: medium, from: east, aim: [44.43, 26.10], count: 1000}"
    wrong = changed(
        ("{threat: medium, from: east, aim: [44.43, 26.10], count: 4, interval_s: 15}", ", ".join([group] * 5000))
    )
    before = time.process_time()
    (line,) = refusal(tmp_path, wrong)
    assert time.process_time() - before < 10.0  # two seconds on a machine that does nothing else
    place = wrong.splitlines()[56].index(", ".join([group] * 2)) + 4 * len(group + ", ") + group.index("1000") + 1
    assert line == (
        f"s.yaml:57:{place}: raids.four: at most 4,094 missiles in all its groups were expected, got 5,000,000"
    )


def test_many_wrong_names_held_against_many_known_ones_take_no_time(tmp_path: Path) -> None:
    # The nearest of 2,000 names as long as these is sought for the first few of 49: all of them took six seconds.
    names = [f"area-number-{number:05d}-with-a-long-name-{'a' * 24}" for number in range(1990)]
    areas = "".join(f"  {name}: {{at: [1, 2]}}\n" for name in names)
    wrong = ", ".join(f"f{name[1:-1]}b" for name in names[:49])
    text = changed(
        ("launch_areas:\n", f"launch_areas:\n{areas}"),
        ("    burn_time_s: 100\n", f"    burn_time_s: 100\n    launch_areas: [{wrong}]\n"),
    )
    before = time.process_time()
    lines = refusal(tmp_path, text)
    assert time.process_time() - before < 3.0
    assert len(lines) == 49
    assert f"did you mean {names[0]!r}?" in lines[0]
    assert "known: east, area" in lines[-1] or "known: area" in lines[-1]
