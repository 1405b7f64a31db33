"""The comprehensive report: a summary from the findings that lead, everything unfolded, methods, validation."""

import re
from dataclasses import replace
from html import unescape

import pytest

import page_samples
import report_samples as samples
from hoplon.presentation.tables import Column, Table
from hoplon.questions.question import Finding, Section, TableRef, every_question
from hoplon.report.comprehensive import comprehensive_page
from hoplon.report.executive_summary import executive_summary, in_order
from hoplon.report.page_blocks import MOST_MORE_FIGURES, led_by, numbered
from hoplon.validation.methods import methods
from hoplon.validation.record import outcomes
from hoplon.version import VERSION

NUMBERS = [f"Q{number}" for number in range(1, 16)]
SHOWN = page_samples.shown()


@pytest.fixture(scope="module")
def html() -> str:
    missing = ("The sample lacks this.",)
    return comprehensive_page(
        samples.results(), SHOWN[::-1], every_question(), page_samples.tables(SHOWN), missing=missing
    )


def section(html: str, key: str) -> str:
    found = re.search(rf'<section id="{key}"[^>]*>(.*?)</section>', html, re.DOTALL)
    assert found is not None, key
    return found[1]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_the_summary_holds_the_sentence_that_leads_each_question_once() -> None:
    answers = executive_summary(SHOWN, every_question()).answers
    asked = [item for item in SHOWN if item.question.number]
    assert len(answers) == len(asked)
    for answer, item in zip(answers, in_order(asked), strict=True):
        lead, _ = led_by(item.section, numbered(item.question, item.findings))
        assert lead is not None
        assert (answer.number, answer.address) == (item.question.number, lead.address)
        whole = lead.finding.summary or lead.finding.sentence
        assert answer.sentence == whole if len(whole) <= 420 else whole.startswith(answer.sentence.removesuffix(" …"))
        assert sum(other.sentence == answer.sentence for other in answers) == 1


def test_the_summary_stands_in_the_order_of_the_numbers_and_names_what_is_not_asked(html: str) -> None:
    found = executive_summary(SHOWN[::-1], every_question())
    numbers = [answer.number for answer in found.answers]
    assert numbers == [number for number in NUMBERS if number in numbers]
    asked = {item.question.name for item in SHOWN}
    left = {item.heading for item in every_question() if item.number and item.name not in asked}
    assert set(found.not_asked) == left
    assert left
    told = words(section(html, "executive-summary"))
    for heading in left:
        assert heading in told
    for answer in found.answers:
        assert told.count(" ".join(answer.sentence.split())) == 1


def test_long_leads_are_cut_so_that_all_fit_their_page() -> None:
    long = "; ".join(f"case {place} has {place} % (of all)" for place in range(60)) + "."
    many = [replace(item, findings=(Finding("Q1", long, lead=True),)) for item in SHOWN if item.question.number]
    answers = executive_summary(many * 2, every_question()).answers
    assert len(answers) >= 10
    assert min(len(answer.sentence) for answer in answers) > 250  # a cut takes no more than it must
    assert all(len(answer.sentence) < len(long) and answer.sentence.endswith(" …") for answer in answers)
    assert sum(-(-len(answer.sentence) // 100) for answer in answers) <= 62
    short = [*many[:1], *(replace(item, findings=(Finding("Q1", "Short.", lead=True),)) for item in many[1:])]
    assert 350 < len(executive_summary(short, every_question()).answers[0].sentence) <= 420  # though there is room


def test_a_question_without_a_finding_is_said_to_have_none() -> None:
    item = replace(SHOWN[0], findings=())
    answer = executive_summary([item], every_question()).answers[0]
    assert (answer.sentence, answer.label) == ("", "")


def test_the_questions_stand_in_their_order_whatever_order_they_come_in(html: str) -> None:
    keys = re.findall(r'<section id="([^"]+)" class="asks">', html)
    assert [key for key in keys if key[1:].isdigit()] == [
        number.lower() for number in NUMBERS if number.lower() in keys
    ]
    assert [item.question.name for item in in_order(SHOWN)].index("road_map") == 1  # behind the threat that it follows


def test_every_finding_and_figure_stands_unfolded(html: str) -> None:
    for item in SHOWN:
        told = words(section(html, item.question.key))
        for finding in item.findings:
            if finding.listed:
                assert told.count(" ".join(finding.sentence.split())) == 1
        for _, picture in item.pictures:
            assert html.count(f'id="figure-{picture.name}"') == 1
        for block in item.section.every:
            if isinstance(block, TableRef) and not block.optional:
                assert f'id="table-{block.name}"' in html
    assert "<details" not in html
    assert "<script" not in html
    assert "comprehensive.html" not in html


def test_tables_of_less_than_250_rows_are_printed_and_longer_ones_name_their_file() -> None:
    def page(rows: int) -> str:
        made = Table("made", "Made up", (Column("n", "n", "given"),), tuple((float(row),) for row in range(rows)))
        section = Section((TableRef("made"),), (TableRef("again"),))
        item = replace(SHOWN[0], tables=(made, replace(made, name="again")), section=section, pictures=(), lead=())
        return comprehensive_page(samples.results(), [item], every_question(), page_samples.tables([item]))

    assert 'class="long' not in page(249)
    told = page(250)
    assert told.count('class="long') == 2
    assert "250 rows, not printed" in told


def test_every_id_stands_once_and_every_link_leads_somewhere(html: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="([^"]+)"', html)
    assert {link[1:] for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)
    entries = re.findall(r'data-of="([^"]+)"', html)
    assert set(entries) <= set(ids)
    assert entries[:3] == ["executive-summary", "summary", "reading"]


def test_the_title_says_what_made_it(html: str) -> None:
    title = words(html.split('<header id="title">')[1].split("</header>")[0])
    scenario = samples.scenario()
    for told in (scenario.title, scenario.name, scenario.sha256, VERSION, f"hoplon study {scenario.name} -o study"):
        assert told in title


def test_methods_validation_assumptions_and_gaps_stand_in_it(html: str) -> None:
    told = words(section(html, "methods"))
    assert "fly-out" in told
    assert all(" ".join(what.replace("`", "").split()) in told for what, _ in methods().left_out)
    assert section(html, "validation").count("<tr>") == 1 + len(outcomes())
    assumed = section(html, "assumptions")
    assert assumed.count("<tr>") == 1 + len(page_samples.tables(SHOWN)["assumptions"].rows)
    assert 'class="long' not in assumed
    assert "The sample lacks this." in words(section(html, "not-answered"))
    assert "outside what a simulation can answer" in words(section(html, "not-answered"))


def test_the_report_leaves_figures_beyond_six_of_a_fold_to_it_under_the_same_label(html: str) -> None:
    from hoplon.report.page import report_page

    page = report_page(samples.results(), in_order(SHOWN), page_samples.tables(SHOWN))
    left = re.findall(r'<a class="label" href="comprehensive.html#(figure-[^"]+)">([^<]+)</a>', page)
    assert left
    for address, label in left:
        assert f'id="{address}"' not in page
        assert f'<a class="label" href="#{address}">{label}</a>' in html
    for fold in re.findall(r'<div class="more".*?</section>', page, re.DOTALL):
        assert fold.count("<figure") <= MOST_MORE_FIGURES
