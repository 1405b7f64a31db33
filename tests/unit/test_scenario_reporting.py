"""The keys that say how a scenario is reported: headline, milestones, statements, families, short titles."""

from pathlib import Path

import pytest

from hoplon.analysis.coverage import (
    headline_classes_title,
    headline_nations,
    headline_threats,
    headline_title,
)
from hoplon.analysis.tally import class_sets, class_title, is_projected
from hoplon.errors import ScenarioError
from hoplon.scenario.load import checked, load_scenario
from hoplon.scenario.model import Scenario
from hoplon.scenario.reporting import Headline, Milestone, Statement, StatementRegion
from hoplon.scenario.titles import (
    area_short_title,
    citation,
    element_short_title,
    interceptor_short_title,
    threat_short_title,
)

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
CLASSES = "threats: {small: {max_range_km: 500, min_range_km: 50, burn_time_s: 60, burnout_altitude_km: 30, "
CLASSES += "burnout_ground_range_km: 25, rcs_m2: {X: 0.1, S: 0.1}}}\n"


def extended(folder: Path, text: str) -> Scenario:
    """Load a file that extends the small scenario; the text stands from line 4 on."""
    file = folder / "s.yaml"
    (folder / SMALL.name).write_bytes(SMALL.read_bytes())
    file.write_text(f"hoplon: 1\nname: mine\nextends: {SMALL.name}\n{text}", encoding="utf-8")
    return load_scenario(file)


def refusal(folder: Path, text: str) -> list[str]:
    """Return the lines of the refusal without the folder's name."""
    with pytest.raises(ScenarioError) as caught:
        extended(folder, text)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def warnings(folder: Path, text: str) -> list[str]:
    """Return the warnings of the file itself, not those of the scenario that it extends."""
    file = str(folder / "s.yaml")
    extended(folder, text)
    return [f"{item.line}:{item.column}: {item.message}" for item in checked(file)[1] if item.file == file]


def test_milestones_and_statements_become_records_in_their_order(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "milestones:\n"
        "  - {date: 2010.5, lane: decision, text: Begun, source: report, begins: [whole, later]}\n"
        "  - {date: 2012, lane: fielded, text: Radar stands, ends: [whole], note: a note}\n"
        "statements:\n"
        "  - name: one\n"
        "    year: 2009\n"
        "    text: It defends the west.\n"
        "    source: A newspaper\n"
        "    architecture: whole\n"
        "    defended: [{nation: ROU, title: western Romania, west_of_deg: 24}]\n"
        "    undefended: [{nation: ROU, east_of_deg: 26.5}, {nation: NOR}]\n"
        "  - {name: two, year: 2010, text: More., architecture: later, more_than: whole, scope: [NOR]}\n"
        "  - {name: three, year: 2010, text: All., architecture: later, everyone: true, only_part: false}\n",
    )
    assert made.milestones == (
        Milestone(date=2010.5, lane="decision", text="Begun", source="report", begins=("whole", "later")),
        Milestone(date=2012.0, lane="fielded", text="Radar stands", ends=("whole",), note="a note"),
    )
    assert made.statements == (
        Statement(
            name="one",
            year=2009,
            text="It defends the west.",
            source="A newspaper",
            architecture="whole",
            defended=(StatementRegion(nation="ROU", title="western Romania", west_of_deg=24.0),),
            undefended=(StatementRegion(nation="ROU", east_of_deg=26.5), StatementRegion(nation="NOR")),
        ),
        Statement(name="two", year=2010, text="More.", architecture="later", more_than="whole", scope=("NOR",)),
        Statement(name="three", year=2010, text="All.", architecture="later", everyone=True),
    )
    assert citation(made, made.milestones[0].source) == "A report, 2012"
    assert citation(made, made.statements[0].source) == "A newspaper"


def test_what_a_scenario_does_not_say_is_empty() -> None:
    small = load_scenario(SMALL)
    assert (small.headline, small.milestones, small.statements) == (None, (), ())
    assert small.raids["four"].judged_on is None


def test_the_content_that_is_reported_counts_in_the_digest(tmp_path: Path) -> None:
    before = extended(tmp_path, "").sha256
    assert extended(tmp_path, "headline: {title: The three}\n").sha256 != before


REFUSED = {
    "an unknown architecture to compare with": (
        "architectures: {later: {compare_with: hole}}\n",
        "s.yaml:4:39: architectures.later.compare_with: 'hole' is not in `architectures`; did you mean 'whole'?",
    ),
    "an unknown architecture that ends": (
        "milestones:\n  - {date: 2010, lane: decision, text: Ended, ends: [whole, late]}\n",
        "s.yaml:5:61: milestones[0].ends[1]: 'late' is not in `architectures`; did you mean 'later'?",
    ),
    "an unknown architecture that begins": (
        "milestones:\n  - {date: 2010, lane: decision, text: Begun, begins: [lone]}\n",
        "s.yaml:5:56: milestones[0].begins[0]: 'lone' is not in `architectures`; did you mean 'alone'?",
    ),
    "an unknown lane": (
        "milestones:\n  - {date: 2010, lane: field, text: Ready}\n",
        "s.yaml:5:24: milestones[0].lane: one of decision, command, fielded was expected, got the text 'field'; "
        "did you mean 'fielded'?",
    ),
    "a date in another form": (
        "milestones:\n  - {date: 2010-11-20, lane: decision, text: Adopted}\n",
        "s.yaml:5:12: milestones[0].date: a number from 1900 to 2200 was expected, got the text '2010-11-20'",
    ),
    "a milestone without its text": (
        "milestones:\n  - {date: 2010, lane: decision}\n",
        "s.yaml:5:5: `text` is missing in milestones[0]",
    ),
    "a nation of the headline that is none of the scenario": (
        "headline: {nations: [DEU, NLD]}\n",
        "s.yaml:4:27: headline.nations[1]: 'NLD' is not in `nations`; known: DEU, NOR, ROU",
    ),
    "a code that is none": (
        "headline: {nations: [GER]}\n",
        "s.yaml:4:22: headline.nations[0]: 'GER' is no ISO 3166-1 alpha-3 code; did you mean DEU?",
    ),
    "an empty headline": (
        "headline: {nations: []}\n",
        "s.yaml:4:21: headline.nations: a list of at least 1 was expected",
    ),
    "an unknown class of the headline": (
        "headline: {classes: [mediums]}\n",
        "s.yaml:4:22: headline.classes[0]: 'mediums' is not in `threats`; did you mean 'medium'?",
    ),
    "an unknown key of the headline": (
        "headline: {nation: [DEU]}\n",
        "s.yaml:4:12: unknown key 'nation' in headline; did you mean 'nations'?",
    ),
    "a statement about an unknown architecture": (
        "statements:\n  - {name: a, year: 2009, text: All., architecture: holes, everyone: true}\n",
        "s.yaml:5:53: statements[0].architecture: 'holes' is not in `architectures`; did you mean 'whole'?",
    ),
    "a statement without a claim": (
        "statements:\n  - {name: a, year: 2009, text: Good., architecture: whole, everyone: false}\n",
        "s.yaml:5:5: statements[0]: what it says is missing: one of defended, undefended, everyone, only_part, "
        "more_than was expected",
    ),
    "a statement with two claims": (
        "statements:\n  - {name: a, year: 2009, text: All., architecture: whole, everyone: true, more_than: later}\n",
        "s.yaml:5:5: statements[0]: one claim was expected (`defended` and `undefended` are one), "
        "got everyone and more_than",
    ),
    "a scope of nothing": (
        "statements:\n  - {name: a, year: 2009, text: All., architecture: whole, everyone: true, scope: [NOR]}\n",
        "s.yaml:5:76: statements[0]: `scope` belongs to `more_than`, which is missing",
    ),
    "a region between meridians the wrong way round": (
        "statements:\n  - name: a\n    year: 2009\n    text: East.\n    architecture: whole\n"
        "    defended: [{nation: ROU, east_of_deg: 26, west_of_deg: 24}]\n",
        "s.yaml:9:60: statements[0].defended[0]: a region east of 26 and west of 24 degrees east is empty; "
        "the two swapped?",
    ),
    "a region between parallels the wrong way round": (
        "statements:\n  - name: a\n    year: 2009\n    text: North.\n    architecture: whole\n"
        "    defended: [{nation: ROU, north_of_deg: 46, south_of_deg: 44}]\n",
        "s.yaml:9:62: statements[0].defended[0]: a region north of 46 and south of 44 degrees north is empty; "
        "the two swapped?",
    ),
    "two statements of one name": (
        "statements:\n  - &a {name: a, year: 2009, text: All., architecture: whole, everyone: true}\n"
        "  - {name: a, year: 2010, text: A part., architecture: whole, only_part: true}\n",
        "s.yaml:6:12: statements[1].name: 'a' is the name of another statement",
    ),
    "a raid judged on nothing": (
        "raids: {four: {judged_on: wholly}}\n",
        "s.yaml:4:27: raids.four.judged_on: 'wholly' is not in `architectures`; did you mean 'whole'?",
    ),
    "a short title that is long": (
        f"elements: {{hub: {{short_title: {'a' * 61}}}}}\n",
        "s.yaml:4:31: elements.hub.short_title: a text of at most 60 characters was expected",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_value_is_refused_with_place_and_remedy(tmp_path: Path, case: str) -> None:
    text, message = REFUSED[case]
    lines = refusal(tmp_path, text)
    assert any(line.startswith(message) for line in lines), lines


def test_architectures_compared_in_a_circle_are_a_warning_at_each(tmp_path: Path) -> None:
    circle = (
        "architectures:\n"
        "  whole: {compare_with: later}\n  later: {compare_with: whole}\n  alone: {compare_with: later}\n"
    )
    text = "compared in a circle, so that none is the baseline"
    assert [line for line in warnings(tmp_path, circle) if "compare" in line] == [
        f"5:25: architectures.whole.compare_with: {text}: whole -> later -> whole",
        f"6:25: architectures.later.compare_with: {text}: later -> whole -> later",
    ]
    alone = "architectures:\n  whole: {compare_with: whole}\n"
    assert [line for line in warnings(tmp_path, alone) if "compare" in line] == [
        f"5:25: architectures.whole.compare_with: {text}: whole -> whole"
    ]


def test_a_headline_that_counts_nobody_in_an_architectures_year_is_a_warning(tmp_path: Path) -> None:
    text = "nations: {NOR: {from: 2015}, ROU: {from: 2004}}\nheadline: {nations: [NOR]}\n"
    assert warnings(tmp_path, text) == [
        "5:21: headline.nations: none is a member in 2013, the year of architecture 'whole': it counts nobody"
    ]


def test_a_class_of_the_headline_that_nobody_launches_is_a_warning(tmp_path: Path) -> None:
    text = "threats: {medium: {launch_areas: []}}\nheadline: {classes: [medium]}\n"
    warned = warnings(tmp_path, text)
    assert "5:22: headline.classes: 'medium' is launched from nowhere, and is not counted" in warned


def test_a_statement_about_a_nation_that_the_scenario_has_not_is_a_warning(tmp_path: Path) -> None:
    text = (
        "statements:\n"
        "  - {name: a, year: 2009, text: In., architecture: whole, defended: [{nation: NOR}, {nation: TUR}]}\n"
        "  - {name: b, year: 2009, text: More., architecture: later, more_than: whole, scope: [GRC]}\n"
    )
    said = "is not in `nations`; what it says of it cannot be tested"
    assert warnings(tmp_path, text) == [f"5:94: statement 'a': TUR {said}", f"6:87: statement 'b': GRC {said}"]


# The headline


def test_the_headline_counts_europe_and_the_longer_classes_where_the_scenario_does_not_say(tmp_path: Path) -> None:
    made = extended(tmp_path, CLASSES)
    assert headline_nations(made, 2013) == ("DEU", "NOR", "ROU")
    assert headline_threats(made) == ("medium",)
    assert headline_title(made) == "the nations of the scenario"
    assert headline_classes_title(made) == "classes of 2,000 km and more"


def test_nations_outside_europe_count_where_there_are_no_others(tmp_path: Path) -> None:
    mixed = extended(tmp_path, "nations: [CAN, NOR, ROU]\n")
    assert (headline_nations(mixed, None), headline_title(mixed)) == (
        ("NOR", "ROU"),
        "the European nations of the scenario",
    )
    across = extended(tmp_path, "nations: [CAN, USA]\n")
    assert (headline_nations(across, None), headline_title(across)) == (("CAN", "USA"), "the nations of the scenario")
    one = extended(tmp_path, "nations: [ROU]\n")
    assert headline_title(one) == "Romania"


def test_every_nation_counts_where_one_lies_elsewhere(tmp_path: Path) -> None:
    gulf = extended(tmp_path, "nations: [SAU, ARE, TUR]\n")
    assert (headline_nations(gulf, None), headline_title(gulf)) == (
        ("SAU", "ARE", "TUR"),
        "the nations of the scenario",
    )
    pacific = extended(tmp_path, "nations: [JPN, USA]\n")
    assert headline_nations(pacific, None) == ("JPN", "USA")
    assert headline_title(extended(tmp_path, "nations: [JPN]\n")) == "Japan"


def test_a_scenario_says_what_its_headline_counts(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        CLASSES + "nations: {DEU: , NOR: {from: 2015}, ROU: {from: 2004}}\n"
        "headline: {title: the two, nations: [ROU, NOR], classes: [small], classes_title: short classes}\n",
    )
    assert made.headline == Headline(
        title="the two", nations=("ROU", "NOR"), classes=("small",), classes_title="short classes"
    )
    assert headline_nations(made, 2013) == ("ROU",)
    assert headline_nations(made, 2016) == ("NOR", "ROU")
    assert headline_threats(made) == ("small",)
    assert (headline_title(made), headline_classes_title(made)) == ("the two", "short classes")
    assert [(entry.key, entry.title, entry.threats) for entry in class_sets(made, 2008)][:3] == [
        ("headline", "short classes", ("small",)),
        ("in_year", "short classes that exist in the architecture's year", ("small",)),
        ("all", "every class", ("medium", "small")),
    ]


def test_a_headline_without_titles_has_plain_ones(tmp_path: Path) -> None:
    made = extended(tmp_path, CLASSES + "headline: {nations: [ROU, NOR], classes: [small]}\n")
    assert headline_title(made) == "the nations of the headline"
    assert headline_classes_title(made) == "the headline's classes"
    assert headline_title(extended(tmp_path, "headline: {nations: [NOR]}\n")) == "Norway"


# Short titles


def test_a_short_title_is_what_is_given_or_the_start_of_the_title_or_the_name(tmp_path: Path) -> None:
    made = extended(
        tmp_path,
        "launch_areas:\n  north-coast: {at: [36, 50]}\n  south: {title: 'Southern area (made-up)', at: [30, 50]}\n"
        "  west: {title: Western area, short_title: West, at: [33, 45]}\n"
        "elements:\n  hub: {title: 'Headquarters, main', short_title: Capital}\n  eye: {title: 'Hill, radar'}\n"
        "  second-eye: {radar: forward, at: [40, 30]}\n"
        "interceptors: {exo: {title: Exo-atmospheric interceptor, short_title: EXO}}\n",
    )
    assert [area_short_title(made, name) for name in ("north-coast", "south", "west")] == [
        "North coast",
        "Southern area",
        "West",
    ]
    assert [element_short_title(made, name) for name in ("hub", "eye", "second-eye")] == [
        "Capital",
        "Hill",
        "Second Eye",
    ]
    assert interceptor_short_title(made, "exo") == "EXO"
    assert interceptor_short_title(load_scenario(SMALL), "exo") == "exo"


def test_a_class_is_called_by_its_kind_and_range(tmp_path: Path) -> None:
    named = extended(tmp_path, "threats: {medium: {short_title: IRBM}}\n")
    assert (threat_short_title(named, "medium"), class_title(named, "medium")) == ("IRBM", "IRBM, 2,000 km (projected)")
    bundled = load_scenario("nato-europe")
    assert class_title(bundled, "mrbm-2000") == "MRBM, 2,000 km"


def test_a_class_whose_first_year_is_assumed_between_bounds_is_projected() -> None:
    bundled = load_scenario("nato-europe")
    projected = [name for name in bundled.threats if is_projected(bundled, name)]
    assert projected == ["irbm-3500", "irbm-5500", "icbm-8000", "icbm-10000"]
    assert all(class_title(bundled, name).endswith(" km (projected)") for name in projected)
    assert not is_projected(bundled, "mrbm-2000")  # assumed, one year
