"""The page needs nothing but itself, can be read without seeing, and repeats the tables."""

import csv
import io
from html.parser import HTMLParser

import net_samples
import pytest
import report_samples as samples

from hoplon.cli.parser import parse
from hoplon.presentation.picture import Picture
from hoplon.presentation.tables import Table
from hoplon.questions.all_findings import findings
from hoplon.questions.commands import commands
from hoplon.questions.comparison.statements import verdicts
from hoplon.questions.question import Finding
from hoplon.report.page import CONTENTS, report_page, summary
from hoplon.report.study_folder import study_tables


class Reader(HTMLParser):
    """Collects tags with their attributes, texts by section, and the numbers of tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: dict[str, list[str]] = {}
        self.text: list[str] = []
        self.turned: set[str] = set()
        self._table = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag == "table":
            self._table = values.get("data-table") or ""
            self.turned |= {self._table} if values.get("data-turned") else set()
        if tag == "td" and "data-value" in values:
            self.numbers.setdefault(self._table, []).append(values["data-value"] or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return dict(study_tables(net_samples.results()))


@pytest.fixture(scope="module")
def html(tables: dict[str, Table]) -> str:
    made = net_samples.results()
    picture = Picture("phases", "Phases", "A map of <nothing> & all", b"<svg/>", b"png")
    return report_page(made, findings(made), verdicts(made), tables, [("maps", picture)])


@pytest.fixture(scope="module")
def page(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_nothing_is_fetched_from_elsewhere(html: str, page: Reader) -> None:
    for tag, attributes in page.tags:
        for name in ("src", "href", "srcset", "data", "action", "poster", "xlink:href"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:")), (tag, name, value)
        assert tag not in {"script", "link", "iframe", "object", "embed", "base"}
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_every_picture_has_words_for_those_who_cannot_see_it(page: Reader) -> None:
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert images
    assert all((attributes.get("alt") or "").strip() for attributes in images)
    assert images[0]["alt"] == "A map of <nothing> & all"


def test_the_contents_lead_to_sections_that_exist(page: Reader) -> None:
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    sections = {attributes.get("id") for tag, attributes in page.tags if tag in {"section", "main"}}
    assert [f"#{key}" for key, _ in CONTENTS] == links[1:]
    assert {(link or "")[1:] for link in links} <= sections


def test_numbers_on_the_page_are_those_of_the_tables(page: Reader, tables: dict[str, Table]) -> None:
    for name, shown in page.numbers.items():
        if name in {"coverage_plans_by_nation", "statements"}:
            continue
        table = tables[name]
        rows = list(csv.reader(io.StringIO(table.csv_text())))[1:]
        kinds = [column.kind for column in table.columns]
        lines = [[cell for cell, kind in zip(row, kinds, strict=True) if kind != "text"] for row in rows]
        if name in page.turned:
            lines = [list(line) for line in zip(*lines, strict=True)]
        expected = [cell for line in lines for cell in line]
        assert shown == expected, name
    assert len(page.numbers) >= 10
    assert "partner_radars" in page.turned


def test_the_table_of_plans_is_that_of_the_file(page: Reader, tables: dict[str, Table]) -> None:
    rows = list(csv.reader(io.StringIO(tables["coverage_plans_by_nation"].csv_text())))[1:]
    assert page.numbers["coverage_plans_by_nation"] == [cell for row in rows for cell in row[2::3]]


def test_every_finding_stands_on_the_page(page: Reader) -> None:
    text = " ".join("".join(page.text).split())
    for item in findings(net_samples.results()):
        if not item.sentence.startswith("“"):
            assert " ".join(item.sentence.split()) in text


def test_the_summary_keeps_the_order_of_the_questions() -> None:
    later = Finding("Q2", "Second.", {"people": 1.0})
    first = Finding("Q14", "Last.", {"release_decision_s": 1.0})
    assert [item.question for item in summary([first, later, Finding("Q7", "Feeds.")])] == ["Q2", "Q7", "Q14"]


def test_every_question_says_how_to_ask_again() -> None:
    told = commands(net_samples.results())
    assert told["summary"] == ["hoplon study sample -o study"]
    for line in (line for lines in told.values() for line in lines):
        assert parse(line.split()[1:]).scenario == "sample"
    assert {key for key, lines in told.items() if not lines} <= {"q14"}


def test_a_caption_ends_with_one_stop(html: str) -> None:
    made = samples.results()
    asked = Picture("phases", "Who?", "A map", b"<svg/>", b"png")
    page = report_page(made, findings(made), verdicts(made), study_tables(made), [("maps", asked)])
    assert "<figcaption>Who? Files" in page
    assert "<figcaption>Phases. Files" in html


def test_the_page_names_its_language_version_scenario_and_sources(html: str) -> None:
    assert '<html lang="en">' in html
    assert "hoplon 0." in html
    assert samples.scenario().sha256 in html
    assert "GeoNames" in html
    assert "Creative Commons" in html
    assert "outside what a simulation can answer" in html
