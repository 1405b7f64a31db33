"""The page needs nothing but itself, can be read without seeing, repeats the tables, and shows each figure once."""

import base64
import csv
import hashlib
import io
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import page_samples
import report_samples as samples
from hoplon.analysis.architectures import sentence_title
from hoplon.cli.parser import parse
from hoplon.presentation.tables import Column, Table
from hoplon.questions.question import (
    Block,
    Commands,
    FigureRef,
    Finding,
    Prose,
    Section,
    TableRef,
    question,
)
from hoplon.report.inputs import input_tables
from hoplon.report.page import report_page
from hoplon.report.page_blocks import (
    LONGEST,
    MOST_FINDINGS,
    QuestionOnPage,
    chosen,
    grouped,
    marked,
    numbered,
    rendered,
)
from hoplon.report.page_names import PageNames
from hoplon.scenario.titles import area_short_title, element_short_title


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
def shown() -> list[QuestionOnPage]:
    return list(page_samples.shown())


@pytest.fixture(scope="module")
def tables(shown: list[QuestionOnPage]) -> dict[str, Table]:
    return page_samples.tables(shown)


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
            if tag == "a" and value is not None and value.split("#")[0] == "comprehensive.html":
                continue  # followed by a reader's click: what the page leaves to the report beside it
            assert value is None or value.startswith(("#", "data:")), (tag, name, value)
        assert tag not in {"link", "iframe", "object", "embed", "base"}
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_lets_itself_fetch_nothing_and_run_its_own_script_alone(html: str, page: Reader) -> None:
    policies = [a["content"] or "" for t, a in page.tags if t == "meta" and a.get("http-equiv")]
    script = html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policies == [f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"]
    assert html.count("<script") == 1
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_every_id_stands_once_and_every_link_leads_somewhere(page: Reader) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [a["href"] or "" for tag, a in page.tags if tag in {"a", "use"} and "href" in a]
    assert len(links) > 100
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    named = [a[key] or "" for _, a in page.tags for key in ("aria-labelledby", "aria-describedby") if key in a]
    assert set(named) <= set(ids)


def test_headings_step_down_one_level_at_a_time_and_every_table_has_a_caption(page: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [tag for tag, _ in page.tags]
    assert names.count("caption") == names.count("table")
    assert {"header", "nav", "main", "footer"} <= set(names)


def test_every_picture_has_words_for_those_who_cannot_see_it(page: Reader, shown: list[QuestionOnPage]) -> None:
    drawings = [attributes for tag, attributes in page.tags if tag == "svg" and attributes.get("role") == "img"]
    links = {attributes.get("href") or "" for tag, attributes in page.tags if tag == "a"}
    left = {link for link in links if link.startswith("comprehensive.html#figure-")}  # beyond six of a fold
    assert len(drawings) == sum(len(item.pictures) for item in shown) - len(left)
    text = "".join(page.text)
    assert text.count("A map of <nothing> & all") == len(drawings)
    assert text.count("Words of a figure") == len(drawings)


def test_the_contents_lead_to_sections_that_exist(page: Reader, shown: list[QuestionOnPage]) -> None:
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    sections = {attributes.get("id") for tag, attributes in page.tags if tag in {"section", "main"}}
    keys = ["summary", "reading", *(item.question.key for item in shown), "assumptions", "provenance"]
    assert links[1 : 1 + len(keys)] == [f"#{key}" for key in keys]
    assert set(keys) <= sections


def test_numbers_on_the_page_are_those_of_the_tables(
    page: Reader, tables: dict[str, Table], shown: list[QuestionOnPage]
) -> None:
    """Of a table that the page shows in part: those of the columns and rows that its section names."""
    blocks = [block for item in shown for block in item.section.every if isinstance(block, TableRef)]
    parts = {block.name: block for block in blocks}
    for name, numbers in page.numbers.items():
        if name in {"coverage_by_nation", "statements"}:
            continue
        table = tables[name]
        rows = list(csv.reader(io.StringIO(table.csv_text())))[1:]
        keys, kinds = [column.key for column in table.columns], [column.kind for column in table.columns]
        part = parts.get(name, TableRef(name))
        places = [keys.index(key) for key in part.columns if key in keys] or list(range(len(keys)))
        kept = [part.keep is None or part.keep(dict(zip(keys, row, strict=True))) for row in table.rows]
        lines = [
            [row[place] for place in places if kinds[place] != "text"] for row, k in zip(rows, kept, strict=True) if k
        ]
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
    for item in (finding for one in shown for finding in one.findings if finding.listed):
        assert " ".join(item.sentence.split()) in text


def test_each_section_leads_with_one_sentence_and_at_most_six_findings(html: str, shown: list[QuestionOnPage]) -> None:
    for item in shown:
        section = html.split(f'<section id="{item.question.key}">')[1].split("</section>")[0]
        before = section.split('<div class="more"')[0]
        assert before.count('<p class="lead"') == (1 if any(f.listed for f in item.findings) else 0)
        assert before.count('<li id="') <= MOST_FINDINGS
        reader = Reader()
        reader.feed(before)
        assert before.count("<figure") <= 1
        most = 2 if item.question.name == "coverage" else 1  # the headline in every reading, and nation by nation
        assert sum(tag == "table" for tag, _ in reader.tags) <= most


def test_findings_are_numbered_in_their_order_whatever_the_section_shows(shown: list[QuestionOnPage]) -> None:
    asked = shown[0].question
    found = [
        Finding("Q1", f"Sentence {place}.", lead=place == 4, subject="x" if place in {6, 7} else "")
        for place in range(9)
    ]
    every = numbered(asked, found)
    assert [item.address for item in every] == [f"{asked.key}-{place}" for place in range(1, 10)]
    assert [item.label for item in every] == [f"{asked.number}.{place}" for place in range(1, 10)]
    lead, six = chosen(every)
    assert lead is every[4]
    assert [item.label[3:] for item in six] == ["1", "2", "3", "4", "6", "7"]  # 8 follows 7 on the same subject
    ranked = numbered(asked, [*found[:8], replace(found[8], rank=-1)])
    assert [item.label[3:] for item in chosen(ranked)[1]] == ["1", "2", "3", "4", "6", "9"]
    named = numbered(asked, [*found[:8], replace(found[8], numbers={"mine": 1.0})])
    assert chosen(named, "mine")[0] is named[8]
    assert chosen([]) == (None, [])


def test_a_long_finding_is_cut_where_a_clause_ends_and_stands_whole_among_the_others(
    shown: list[QuestionOnPage],
) -> None:
    sentence = "Leakage by size: " + "; ".join(f"{place} missiles {place} % (of all)" for place in range(40)) + "."
    item = replace(shown[0], findings=(Finding("Q1", sentence), Finding("Q1", "Short.")))
    page = report_page(samples.results(), [item], {table.name: table for table in input_tables(samples.scenario())})
    lead = page.split('<p class="lead" id="q1-1">')[1].split("</p>")[0]
    said = lead.split("</a> ")[1].split(" <a ")[0]
    assert len(said) <= LONGEST
    assert said.endswith("(of all) …")
    assert sentence.startswith(said.removesuffix(" …"))
    assert 'href="#q1-1-whole"' in lead
    assert sentence in page.split('<p id="q1-1-whole">')[1].split("</p>")[0]


def test_a_table_shows_the_columns_and_rows_that_are_asked_for_with_names_for_keys() -> None:
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("architecture", "architecture"),
        Column("element", "element"),
        Column("loss", "loss", "difference"),
    )
    scenario = samples.scenario()
    architecture, element = next(iter(scenario.architectures)), next(iter(scenario.elements))
    rows = (("NOR", "Norway", architecture, element, 0.25), ("ITA", "Italy", architecture, "none", 0.001))
    table, names = Table("losses", "Losses", heads, rows), PageNames(scenario)
    whole = rendered(table, names=names)
    assert [column.key for column in whole.columns] == ["nation_name", "architecture", "element", "loss"]
    assert (whole.part, len(whole.rows)) == ("", 2)
    assert [cell[0] for cell in whole.rows[0]] == ["Norway", architecture, element, "0.25"]
    told = [cell[1] for cell in whole.rows[0]]
    assert told == [
        "Norway",
        sentence_title(scenario, architecture),
        element_short_title(scenario, element),
        "+25 points",
    ]
    assert whole.rows[1][2][1] == "none"  # names no element
    block = TableRef(
        "losses", columns=("loss", "nation", "not-there"), keep=lambda row: row["loss"] > 0.1, kept="large"
    )
    part = rendered(table, names=names, block=block)
    assert [column.key for column in part.columns] == ["loss", "nation"]
    assert [[cell[1] for cell in row] for row in part.rows] == [["+25 points", "Norway"]]
    assert part.part == "1 of 2 rows, large; 2 of 5 columns"


def test_names_stand_for_keys_in_lists_too() -> None:
    scenario = samples.scenario()
    names, areas = PageNames(scenario), list(scenario.launch_areas)
    assert names.titled("launch_areas", ", ".join(areas)) == ", ".join(area_short_title(scenario, a) for a in areas)
    assert names.titled("mode", "engage_on_remote") == "engage on remote"
    assert names.titled("path", "threats.a_b") == "threats.a_b"
    assert names.titled("class_set", "in_year") == "those of its own year"


def test_sources_of_numbers_lead_to_the_works(html: str) -> None:
    works = set(samples.scenario().sources)
    assert works
    cited = {number.source for _, number in samples.scenario().cited()} & works
    for source in cited:
        assert f'<tr id="source-{source}">' in html
        assert f'<a href="#source-{source}">' in html


def test_every_question_says_how_to_ask_again(html: str, shown: list[QuestionOnPage]) -> None:
    assert "<code>hoplon study sample -o study</code>" in html
    lines = [line for q in shown for block in q.section.every if isinstance(block, Commands) for line in block.lines]
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
    assert '</a> Who? <span class="files">Files' in page
    assert '</a> Nobody. <span class="files">Files' in page


def test_texts_of_a_scenario_are_no_markup(shown: list[QuestionOnPage]) -> None:
    page = one(shown, Prose("<b>bold</b> **strong** `code <x>`"), pictures=(), lead=())
    assert "&lt;b&gt;bold&lt;/b&gt; <b>strong</b> <code>code &lt;x&gt;</code>" in page
    assert marked("a & b") == "a &amp; b"


def test_findings_of_one_subject_that_follow_one_another_stand_together() -> None:
    given = [Finding("Q1", text, subject=subject) for text, subject in (("a", "x"), ("b", "x"), ("c", ""))]
    one, two, three = numbered(question("threat"), given)
    assert grouped([one, two, three, three, one]) == [[one, two], [three], [three], [one]]


def test_the_page_names_its_language_version_scenario_and_sources(html: str) -> None:
    assert '<html lang="en">' in html
    assert "hoplon 0." in html
    assert samples.scenario().sha256 in html
    assert "GeoNames" in html
    assert "Creative Commons" in html
    assert "outside what a simulation can answer" in html
