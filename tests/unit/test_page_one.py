"""Page one: the answer of a study, filled from its shares and from findings; bands and losses where they are there."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import report_samples as samples
from hoplon.analysis.architectures import compared_architectures, sentence_title
from hoplon.questions.question import Finding
from hoplon.questions.study import Study
from hoplon.report.based_on import based_on
from hoplon.report.inputs import input_tables
from hoplon.report.page import report_page
from hoplon.report.page_one import page_one
from hoplon.report.shortening import shortened_sentence
from hoplon.scenario.load import load_scenario

TABLES = {table.name: table for table in input_tables(samples.scenario())}


@dataclass(frozen=True)
class MadeUpBand:
    low: float
    median: float
    high: float
    samples: int = 256
    subset_error: float = -0.004
    seed: int = 1


@dataclass(frozen=True)
class MadeUpLosses:
    losses: dict[str, float] = field(default_factory=dict)

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(self.losses)

    def loss(self, element: str) -> float:
        return self.losses[element]


class Sampled(Study):
    """A study of the sample with a band and first-out losses that are made up."""

    def __init__(self, losses: dict[str, float]) -> None:
        self.__dict__.update(samples.results().__dict__)
        self.losses = losses

    def band(self, architecture: str, key: str) -> Any:
        return MadeUpBand(0.21, 0.33, 0.47) if key == "headline" else None

    def first_out(self, architecture: str, key: str = "headline") -> Any:
        assert key == "headline"
        return MadeUpLosses(self.losses)


def first_section(study: Study, **more: Any) -> str:
    page = report_page(study, [], TABLES, **more)
    return page.split('<section id="summary">')[1].split("</section>")[0]


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_page_one_ranks_the_architectures_by_their_shares() -> None:
    study = samples.results()
    answer = page_one(study, [], 3, 7)
    counts = {name: study.count(name) for name in compared_architectures(study.scenario)}
    shares = {name: one.defended_population / one.threatened_population for name, one in counts.items()}
    best = max(shares, key=lambda name: shares[name])
    assert answer.bottom_line[0].startswith(sentence_title(study.scenario, best))
    assert f"{100 * shares[best]:.0f}\u00a0%" in answer.bottom_line[0]
    told = [
        answer.bottom_line[0].find(sentence_title(study.scenario, name))
        for name in sorted(shares, key=lambda n: -shares[n])
    ]
    assert told == sorted(told)
    assert 3 <= len(answer.bottom_line) <= 5
    assert len(answer.reasons) <= 3
    assert (answer.sourced, answer.inputs) == (3, 10)
    assert [row.architecture for row in answer.rows] == list(shares)
    lost = counts[best].threatened_population - counts[best].defended_population
    assert any(f"leaves {lost / 1e6:,.0f} million people out" in line for line in answer.bottom_line)


def test_a_study_without_samples_shows_no_band() -> None:
    shown = first_section(samples.results())
    assert "10 to 90" not in shown
    assert "samples" not in shown
    assert "corners" in shown


def test_a_band_stands_beside_the_share_that_was_sampled() -> None:
    shown = first_section(Sampled({}))
    assert shown.count("21\u00a0% to 47\u00a0%") == len(compared_architectures(samples.scenario())) + 1  # and in words
    assert "256 samples of all bounded inputs" in text_of(shown)
    assert "at most 0.4 points" in text_of(shown)


def test_what_carries_the_answer_comes_first_and_the_largest_loss_first() -> None:
    elements = list(samples.scenario().elements)[:4]
    losses = dict(zip(elements, (0.02, 0.31, 0.0, 0.12), strict=True))
    study = Sampled(losses)
    reason = page_one(study, [], 1, 1).reasons[0]
    whole = max(one[1] for name in compared_architectures(study.scenario) if (one := study.people(name)) is not None)
    expected = [100 * (whole - 0.31), 100 * whole, 100 * (whole - 0.12), 100 * (whole - 0.02)]
    assert re.findall(r"(\d+)\u00a0%", reason) == [f"{share:.0f}" for share in expected]
    assert reason.startswith("Without ")
    assert "instead of" in reason
    alone = page_one(Sampled(dict.fromkeys(elements, 0.001)), [], 1, 1).reasons[0]
    assert "without any single one of its elements too" in alone


def test_a_title_with_a_comma_is_quoted_among_the_reasons() -> None:
    scenario = samples.scenario()
    name = next(iter(scenario.elements))
    titled = replace(scenario.elements[name], title="A radar, Somewhere")
    study = Sampled({name: 0.1})
    study.scenario = replace(scenario, elements={**scenario.elements, name: titled})
    assert page_one(study, [], 1, 1).reasons[0].startswith("Without “A radar, Somewhere”, ")


def test_nothing_carries_an_architecture_that_defends_nobody() -> None:
    class Nobody(Sampled):
        def people(self, architecture: str, key: str = "headline", mode: str | None = None) -> Any:
            return 0.0, 0.0, 0.0

    reasons = page_one(Nobody(dict.fromkeys(samples.scenario().elements, 0.0)), [], 1, 1).reasons
    assert reasons
    assert "without any single one" not in " ".join(reasons)


def test_findings_may_stand_among_reasons_and_flips() -> None:
    study = samples.results()
    found = [Finding("Q1", "A reason of its own.", page_one="reason"), Finding("Q1", "A flip.", page_one="flip")]
    answer = page_one(study, [*found, Finding("Q1", "Neither.")], 1, 1)
    assert answer.reasons[0] == "A reason of its own."
    assert answer.flips[0] == "A flip."
    assert "Neither." not in (*answer.reasons, *answer.flips)
    assert len(answer.reasons) == 3


def test_what_is_missing_and_how_many_inputs_have_a_source_stand_on_page_one() -> None:
    shown = text_of(first_section(samples.results(), missing=("The scenario has no raid.",)))
    assert "The scenario has no raid." in shown
    cited, assumed = (len(TABLES[name].rows) for name in ("cited_values", "assumptions"))
    assert f"{cited} of {cited + assumed} input numbers have a source" in shown
    assert "outside what a simulation can answer" in shown


def test_a_scenario_that_extends_another_begins_with_what_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: toy\nhoplon: 1\nname: mine\nnetwork: {latency_s: 4.0}\n"
        "threats: {irbm: {max_range_km: 3600}}\nraids: null\n"
    )
    changes = based_on(load_scenario(path))
    assert changes is not None
    assert changes.name == "toy"
    values = {name: (old, new) for name, old, new in changes.changed}
    assert values["network.latency_s"] == ("2", "4")
    assert values["threats.irbm.max_range_km"] == ("3500", "3600")
    assert values["raids"][1] == "not there"
    assert len(values) == 3
    shown = first_section(samples.results(), changes=changes)
    assert text_of(shown).startswith("Based on toy (One forward radar, one battery, two threats). Changed , 3 inputs")
    page = report_page(samples.results(), [], TABLES, changes=changes)
    assert page.split('<section id="changed">')[1].split("</section>")[0].count("<tr>") == 4


@pytest.mark.parametrize("name", ["toy", "nato-europe"])
def test_a_bundled_scenario_extends_none(name: str) -> None:
    assert based_on(load_scenario(name)) is None


@pytest.mark.parametrize(
    ("sentence", "most", "said"),
    [
        ("Short.", 40, "Short."),
        ("One thing here; another there; a third.", 34, "One thing here; another there …"),
        ("One thing here (a; b; c; d; e), and more of it.", 34, "One thing here (a; b; c; d; e) …"),
        ("Abcdefghijklmnopqrstuvwxyz abc def", 30, "Abcdefghijklmnopqrstuvwxyz …"),
    ],
)
def test_a_sentence_is_cut_where_a_clause_ends(sentence: str, most: int, said: str) -> None:
    assert shortened_sentence(sentence, most) == said
    assert len(said) <= most


def test_page_one_stands_in_its_order_and_how_people_are_counted_is_no_question_left_open() -> None:
    study = Sampled({})
    members = study.scenario.nations
    elsewhere = dict.fromkeys(("JPN", "KOR"), next(iter(members.values())))
    study.scenario = replace(study.scenario, nations={**members, **elsewhere})
    study.given_points = False
    left_open = "The scenario gives nothing to answer from: Q11 Cost."
    flip = Finding("Q1", "A flip.", page_one="flip")
    answer = page_one(study, [flip], 1, 1, [left_open])
    scaled = "People of Japan and South Korea are scaled to the total of each nation (Natural Earth, 2019)"
    assert answer.people[0].startswith(scaled)
    assert answer.not_answered[0] == left_open
    assert len(answer.not_answered) == 2
    shown = first_section(Sampled({}))
    order = [shown.index(part) for part in ("Asked.", "Bottom line", "table-page-one", "Why", "Inputs", "Not answered")]
    assert order == sorted(order)
    assert shown.index("What would change the answer") > shown.index("Why")
