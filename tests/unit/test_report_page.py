"""The page needs nothing but itself, can be read without seeing, repeats the tables, and shows each figure once."""

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import flight_samples
import report_samples as samples
from hoplon.cli.parser import parse
from hoplon.presentation.picture import Picture
from hoplon.presentation.tables import Table
from hoplon.questions.question import (
    Block,
    Commands,
    FigureRef,
    Finding,
    Prose,
    Question,
    Section,
    TableRef,
    every_question,
)
from hoplon.report.inputs import findings_table, input_tables
from hoplon.report.page import QuestionOnPage, grouped, marked, report_page

GIVEN = {"partner_radars": flight_samples.partner_radars, "discrimination": flight_samples.warhead_selection}
LEFT_OUT = {"comparison", "integration"}  # their answers need flights, not made-up coverages alone


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


def on_page(question: Question) -> QuestionOnPage | None:
    """Return a question of the sample as the page shows it, its figures made up."""
    study = samples.results()
    made = GIVEN.get(question.name)
    answer = question.answer(study) if made is None else made()
    if answer is None:
        return None
    figures = question.figures(study, answer)
    png = b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
    pictures = tuple(
        (item.folder, Picture(item.name, "A figure", "A map of <nothing> & all", b"<svg/>", png)) for item in figures
    )
    return QuestionOnPage(
        question,
        tuple(question.findings(study, answer)),
        tuple(question.tables(study, answer)),
        question.section(study, answer),
        tuple(item.name for item in figures if item.lead),
        pictures,
    )


@pytest.fixture(scope="module")
def shown() -> list[QuestionOnPage]:
    every = [on_page(item) for item in every_question() if item.name not in LEFT_OUT]
    return [item for item in every if item is not None]


@pytest.fixture(scope="module")
def tables(shown: list[QuestionOnPage]) -> dict[str, Table]:
    every = [table for item in shown for table in item.tables]
    findings = findings_table([finding for item in shown for finding in item.findings])
    return {table.name: table for table in (findings, *every, *input_tables(samples.scenario()))}


@pytest.fixture(scope="module")
def html(shown: list[QuestionOnPage], tables: dict[str, Table]) -> str:
    return report_page(samples.results(), shown, tables)


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


def test_every_picture_has_words_for_those_who_cannot_see_it(page: Reader, shown: list[QuestionOnPage]) -> None:
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(images) == sum(len(item.pictures) for item in shown)
    assert {image["alt"] for image in images} == {"A map of <nothing> & all"}


def test_the_contents_lead_to_sections_that_exist(page: Reader, shown: list[QuestionOnPage]) -> None:
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    sections = {attributes.get("id") for tag, attributes in page.tags if tag in {"section", "main"}}
    keys = ["summary", "reading", *(item.question.key for item in shown), "assumptions", "provenance"]
    assert links[1:] == [f"#{key}" for key in keys]
    assert {(link or "")[1:] for link in links} <= sections


def test_numbers_on_the_page_are_those_of_the_tables(page: Reader, tables: dict[str, Table]) -> None:
    for name, numbers in page.numbers.items():
        if name in {"coverage_by_nation", "statements"}:
            continue
        table = tables[name]
        rows = list(csv.reader(io.StringIO(table.csv_text())))[1:]
        kinds = [column.kind for column in table.columns]
        lines = [[cell for cell, kind in zip(row, kinds, strict=True) if kind != "text"] for row in rows]
        if name in page.turned:
            lines = [list(line) for line in zip(*lines, strict=True)]
        expected = [cell for line in lines for cell in line]
        assert numbers == expected, name
    assert len(page.numbers) >= 10
    assert "partner_radars" in page.turned


def test_the_table_by_nation_is_that_of_the_file(page: Reader, tables: dict[str, Table]) -> None:
    rows = list(csv.reader(io.StringIO(tables["coverage_by_nation"].csv_text())))[1:]
    assert page.numbers["coverage_by_nation"] == [cell for row in rows for cell in row[2::3]]


def test_every_finding_stands_on_the_page(page: Reader, shown: list[QuestionOnPage]) -> None:
    text = " ".join("".join(page.text).split())
    for item in (finding for question in shown for finding in question.findings if finding.listed):
        assert " ".join(item.sentence.split()) in text


def test_what_leads_stands_in_the_summary_in_the_order_of_the_questions(html: str, shown: list[QuestionOnPage]) -> None:
    summary = html.split('<section id="summary">')[1].split("</section>")[0]
    reader = Reader()
    reader.feed(summary)
    text = " ".join("".join(reader.text).split())
    places = [text.find(" ".join((f.summary or f.sentence).split())) for q in shown for f in q.findings if f.lead]
    assert len(places) > 3
    assert -1 not in places
    assert places == sorted(places)


def test_every_question_says_how_to_ask_again(html: str, shown: list[QuestionOnPage]) -> None:
    assert "<code>hoplon study sample -o study</code>" in html
    lines = [line for q in shown for block in q.section.blocks if isinstance(block, Commands) for line in block.lines]
    assert len(lines) > 10
    for line in lines:
        assert parse(line.split()[1:]).scenario == "sample"


def one(shown: list[QuestionOnPage], *blocks: Block, **changed: object) -> str:
    """Return the page of one question, with other blocks."""
    item = replace(shown[0], section=Section(blocks), **changed)  # type: ignore[arg-type]
    return report_page(samples.results(), [item], {table.name: table for table in input_tables(samples.scenario())})


def test_a_figure_that_no_block_shows_is_refused(shown: list[QuestionOnPage]) -> None:
    names = [picture.name for _, picture in shown[0].pictures]
    with pytest.raises(LookupError, match=f"does not show the figures {', '.join(names)}"):
        one(shown, *(FigureRef(f"{name}-misspelt") for name in names))


def test_a_figure_that_two_blocks_show_is_refused(shown: list[QuestionOnPage]) -> None:
    refs = [FigureRef(picture.name) for _, picture in shown[0].pictures]
    with pytest.raises(LookupError, match="is shown twice"):
        one(shown, *refs, refs[0])


def test_a_table_that_is_not_there_is_refused(shown: list[QuestionOnPage]) -> None:
    with pytest.raises(LookupError, match="shows a table nothing"):
        one(shown, TableRef("nothing"))


def test_a_caption_ends_with_one_stop(shown: list[QuestionOnPage]) -> None:
    picture = shown[0].pictures[0][1]
    ask, say = replace(picture, name="ask", title="Who?"), replace(picture, name="say", title="Nobody")
    page = one(shown, FigureRef("ask"), FigureRef("say"), pictures=(("maps", ask), ("maps", say)), lead=())
    assert "<figcaption>Who? Files" in page
    assert "<figcaption>Nobody. Files" in page


def test_texts_of_a_scenario_are_no_markup(shown: list[QuestionOnPage]) -> None:
    page = one(shown, Prose("<b>bold</b> **strong** `code <x>`"), pictures=(), lead=())
    assert "&lt;b&gt;bold&lt;/b&gt; <b>strong</b> <code>code &lt;x&gt;</code>" in page
    assert marked("a & b") == "a &amp; b"


def test_findings_of_one_subject_that_follow_one_another_stand_together() -> None:
    one, two, three = (Finding("Q1", text, subject=subject) for text, subject in (("a", "x"), ("b", "x"), ("c", "")))
    assert grouped([one, two, three, three, one]) == [[one, two], [three], [three], [one]]


def test_the_page_names_its_language_version_scenario_and_sources(html: str) -> None:
    assert '<html lang="en">' in html
    assert "hoplon 0." in html
    assert samples.scenario().sha256 in html
    assert "GeoNames" in html
    assert "Creative Commons" in html
    assert "outside what a simulation can answer" in html
