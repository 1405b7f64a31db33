"""Page one of the report is the answer: a record that is filled from the study and the findings of its questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hoplon.analysis.architectures import baseline, compared_architectures, sentence_title
from hoplon.analysis.sampling.band import Band
from hoplon.analysis.tally import ClassSet
from hoplon.presentation.wording import (
    MARKED,
    SAME,
    bounds,
    capitalised,
    leading_cause,
    listed,
    millions,
    nation,
    nation_in_text,
    nations,
    percent,
    points,
)
from hoplon.questions.question import Finding
from hoplon.questions.study import Shares, Study
from hoplon.report.shortening import shortened_sentence
from hoplon.scenario.model import Scenario
from hoplon.scenario.people import people_notes
from hoplon.scenario.titles import element_notes, element_short_title, interceptor_short_title

_REASONS: Final = 3
_CARRIERS: Final = 3
_LEAST_ERROR: Final = 0.001  # of a share that is told
_FLIPS: Final = 4
_MOST_NATIONS: Final = 6
_LONGEST: Final = 260  # [characters] of a reason or a flip: three lines of half a page
_SETS: Final = ("in_year", "headline")
_IN_YEAR: Final = "classes of its own year"
_LIMITS: Final = "What missile defence does to wider non-proliferation is outside what a simulation can answer."


@dataclass(frozen=True)
class HeadlineShare:
    """A cell of the table of page one.

    Parameters
    ----------
    share : tuple of float or None
        Share of the threatened people who are defended: low corner, base, high corner; None if none is threatened.
    band : Band or None
        None where no inputs were sampled.
    """

    share: Shares | None
    band: Band | None


@dataclass(frozen=True)
class HeadlineRow:
    """A row of the table of page one: an architecture, and its share against each set of classes."""

    architecture: str
    title: str
    cells: tuple[HeadlineShare, ...]


@dataclass(frozen=True)
class PageOne:
    """What stands on page one, in its order; the map is that figure of a question that leads.

    Parameters
    ----------
    asked : str
        What was asked, in one sentence.
    bottom_line : tuple of str
        At most five sentences.
    columns : tuple of str
        What the sets of classes are called that the table has a column for.
    rows : tuple of HeadlineRow
        A row for each architecture compared; none where nobody is threatened.
    band_note : str
        How the band was sampled; empty without one.
    reasons, flips : tuple of str
        What carries the answer, and what would change it.
    sourced, inputs : int
        Numbers of the inputs that have a source, and of all.
    people : tuple of str
        How people are counted where they are not counted region by region.
    not_answered : tuple of str
        What the study does not answer.
    """

    asked: str
    bottom_line: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[HeadlineRow, ...]
    band_note: str
    reasons: tuple[str, ...]
    flips: tuple[str, ...]
    sourced: int
    inputs: int
    people: tuple[str, ...]
    not_answered: tuple[str, ...]


def page_one(
    study: Study, findings: Sequence[Finding], sourced: int, assumed: int, missing: Sequence[str] = ()
) -> PageOne:
    """Return page one of a study.

    Parameters
    ----------
    study : Study
    findings : sequence of Finding
        Of every question, in order; those that name ``page_one`` stand among reasons and flips.
    sourced, assumed : int
        Numbers of the inputs with a source, and without.
    missing : sequence of str
        What the scenario does not hold, in sentences.
    """
    compared = compared_architectures(study.scenario)
    shares = {name: people for name in compared if (people := study.people(name)) is not None}
    sets = _sets(study, compared)
    rows = tuple(_row(study, name, sets) for name in shares)
    bands = [cell.band for row in rows for cell in row.cells if cell.band is not None]
    told = [f.short or shortened_sentence(f.sentence, _LONGEST) for f in findings if f.page_one == "reason"]
    flips = [f.short or shortened_sentence(f.sentence, _LONGEST) for f in findings if f.page_one == "flip"]
    return PageOne(
        _asked(study, compared),
        tuple(_bottom_line(study, shares, rows, sets)),
        tuple(_IN_YEAR if entry.key == _SETS[0] else entry.title for entry in sets),
        rows,
        _band_note(bands),
        tuple([*_carriers(study, shares), *told, *_reasons(study, shares)][:_REASONS]),
        tuple([*flips, *_flips(study, shares, sets)][:_FLIPS]),
        sourced,
        sourced + assumed,
        tuple(_people(study)),
        (*missing, _LIMITS),
    )


def _people(study: Study) -> Iterator[str]:
    """Yield how people are counted where no totals of regions are known, or not in the year."""
    scenario = study.scenario
    if not study.given_points:
        for note in people_notes(tuple(scenario.nations), scenario.population_year):
            yield f"{capitalised(note)}."


def _sets(study: Study, compared: Sequence[str]) -> tuple[ClassSet, ...]:
    """Return the sets of classes that have a column: one where those of the year are the headline's everywhere."""
    if not compared:
        return ()
    entries = {entry.key: entry for entry in study.class_sets(compared[0]) if entry.key in _SETS}
    differ = any(
        len({entry.threats for entry in study.class_sets(name) if entry.key in _SETS}) > 1 for name in compared
    )
    return tuple(entries[key] for key in (_SETS if differ else _SETS[1:]))


def _row(study: Study, name: str, sets: Sequence[ClassSet]) -> HeadlineRow:
    cells = (HeadlineShare(study.people(name, entry.key), study.band(name, entry.key)) for entry in sets)
    return HeadlineRow(name, sentence_title(study.scenario, name), tuple(cells))


def _band_note(bands: Sequence[Band]) -> str:
    if not bands:
        return ""
    error = max(abs(band.subset_error) for band in bands)
    return (
        f"Band: 10 to 90 % of {bands[0].samples:,} samples of all bounded inputs together, on a weighted subset of "
        f"places ({_apart(error)} from all of them at base)."
    )


def _apart(error: float) -> str:
    return f"at most {points(error)}" if error >= _LEAST_ERROR else f"less than {points(_LEAST_ERROR)}"


def _asked(study: Study, compared: Sequence[str]) -> str:
    region, classes = study.region, study.classes_title
    if len(compared) == 1:
        one = sentence_title(study.scenario, compared[0])
        return f"Whom of the people of {region} does {one} defend against {classes}, and what decides it?"
    return (
        f"Which of {len(compared)} architectures defends the people of {region} against {classes}, whom does each "
        "leave out, and what decides it?"
    )


# --- the bottom line ------------------------------------------------------------------------------------------------


def _bottom_line(
    study: Study, shares: Mapping[str, Shares], rows: Sequence[HeadlineRow], sets: Sequence[ClassSet]
) -> Iterator[str]:
    """Yield at most five sentences, the most important first."""
    if not shares:
        return
    ranked = sorted(shares, key=lambda name: -shares[name][1])
    best = ranked[0]
    title = {name: sentence_title(study.scenario, name) for name in shares}
    of_whom = f"of the threatened people of {study.region} against {study.classes_title}"
    others = [f"{title[name]} {percent(shares[name][1])}" for name in ranked[1:]]
    told = f"; {listed(others)}" if others else ""
    yield f"{title[best]} defends {'most, ' if others else ''}{percent(shares[best][1])} {of_whom}{told}."
    if len(sets) > 1:
        yield from _in_year(study, shares, title)
    yield from _left_out(study, best, title[best])
    low, _, high = shares[best]
    band = next((cell.band for row in rows if row.architecture == best for cell in row.cells[-1:]), None)
    sampled = "" if band is None else f"; 10 to 90 % of a sample of all bounded inputs: {_span(band.low, band.high)}"
    if high - low >= SAME:
        yield (
            f"That is at base values: with the disputed inputs at their corners {title[best]} defends "
            f"{bounds(shares[best])}{sampled}."
        )
    if len(ranked) > 1:
        yield _order(shares, title, best)


def _span(low: float, high: float) -> str:
    return percent(low) if percent(low) == percent(high) else f"{percent(low)} to {percent(high)}"


def _in_year(study: Study, shares: Mapping[str, Shares], title: Mapping[str, str]) -> Iterator[str]:
    """Say what each defends against the classes that exist in its year."""
    found = {name: people[1] for name in shares if (people := study.people(name, "in_year")) is not None}
    if found:
        parts = [f"{title[name]} {percent(found[name])}" for name in sorted(found, key=lambda name: -found[name])]
        yield f"Against those of the classes that exist in the architecture's own year: {listed(parts)}."


def _left_out(study: Study, name: str, title: str) -> Iterator[str]:
    """Say whom an architecture leaves out, and why."""
    count = study.count(name)
    lost = count.threatened_population - count.defended_population
    if lost <= 0.0:
        yield f"{title} leaves nobody out at base values."
        return
    tally = study.tally(name)
    missing = {}
    for code in study.headline_nations(name):
        one = tally.nation("headline", code)
        missing[code] = one.threatened_population - one.defended_population
    most = max(missing, key=lambda code: missing[code])
    none = [code for code, share in study.nation_shares(name).items() if share == 0.0]
    causes = tally.cause_shares(study.headline_nations(name))
    why = f", most often because {leading_cause(causes)}" if causes else ""
    share = f"{millions(missing[most])} of them" if missing[most] < lost else "all"
    whom = f"{share} in {nation_in_text(most)}"
    nobody = f"; it defends nobody in {_some(none)}" if none else ""
    yield f"{title} leaves {millions(lost)} people out, {whom}{why}{nobody}."


def _some(codes: Sequence[str]) -> str:
    """Return the names of nations, or their number where they are many."""
    return nations(codes) if len(codes) <= _MOST_NATIONS else f"{len(codes)} nations"


def _order(shares: Mapping[str, Shares], title: Mapping[str, str], best: str) -> str:
    """Say whether the best is the best at both corners."""
    ends = ("worse", 0), ("better", 2)
    lost = []
    for words, place in ends:
        first = max(shares, key=lambda name: shares[name][place])
        if shares[first][place] - shares[best][place] >= SAME:
            lost.append(f"at the {words} corner {title[first]} is ahead ({percent(shares[first][place])})")
    if not lost:
        return f"{title[best]} stays first, or level with the first, at both corners."
    return f"{title[best]} is not first everywhere: {listed(lost)}."


# --- reasons --------------------------------------------------------------------------------------------------------


def _carriers(study: Study, shares: Mapping[str, Shares]) -> Iterator[str]:
    """Say what the best architecture, and the baseline, would defend without one of the elements that carry most."""
    if not shares:
        return
    best = max(shares, key=lambda name: shares[name][1])
    base = baseline(study.scenario)
    for name in dict.fromkeys((best, *((base,) if base in shares else ()))):
        found = study.first_out(name)
        if found is None:
            continue
        losses = {key: found.loss(key) or 0.0 for key in found.elements}
        leading = sorted((key for key in losses if losses[key] >= SAME), key=lambda key: -losses[key])[:_CARRIERS]
        title = sentence_title(study.scenario, name)
        whole = shares[name][1]
        if not leading and whole < SAME:
            continue  # where nobody is defended nothing carries that
        if not leading:
            yield f"{title} would defend {percent(whole)} without any single one of its elements too."
            continue
        told = [
            f"without {_element_title(study.scenario, key)}, {percent(max(whole - losses[key], 0.0))}"
            for key in leading[1:]
        ]
        first = leading[0]
        note = "" if study.scenario.elements[first].satellite is None else element_notes(study.scenario, first)
        yield (
            f"Without {_element_title(study.scenario, first)}, {title} would defend "
            f"{percent(max(whole - losses[first], 0.0))} instead of {percent(whole)}{f' ({note})' if note else ''}"
            f"{''.join(f'; {item}' for item in told)}."
        )


def _element_title(scenario: Scenario, name: str) -> str:
    """Return the whole title of an element (a ship and its radar share the short one), quoted if a comma is in it."""
    title = scenario.elements[name].title or element_short_title(scenario, name)
    return f"“{title}”" if "," in title else title


def _reasons(study: Study, shares: Mapping[str, Shares]) -> Iterator[str]:
    """Yield what the compared architectures do differently, who gains, and what stops what."""
    if not shares:
        return
    best = max(shares, key=lambda name: shares[name][1])
    base = baseline(study.scenario)
    other = (
        base if base is not None and base in shares and base != best else min(shares, key=lambda name: shares[name][1])
    )
    if other != best:
        mine, theirs = _means(study, best), _means(study, other)
        yield (f"{sentence_title(study.scenario, best)}: {mine}. {sentence_title(study.scenario, other)}: {theirs}.")
        change = study.nation_changes(best, other, study.common_nations((best, other)))
        gain = [code for code, step in change.items() if step >= MARKED]
        lose = [code for code, step in change.items() if step <= -MARKED]
        worse = f", and smaller by as much in {_some(lose)}" if lose else ""
        yield (
            f"Compared with {sentence_title(study.scenario, other)} it defends a share greater by {points(MARKED)} or "
            f"more in {_some(gain) if gain else 'no nation'}{worse}."
        )
    told = []
    for name in sorted(shares, key=lambda name: shares[name][1]):
        causes = study.tally(name).cause_shares(study.headline_nations(name))
        if causes:
            told.append(f"under {sentence_title(study.scenario, name)} {leading_cause(causes)}")
    if told:
        chosen = told if len(told) < 3 else [told[0], told[-1]]
        yield f"{capitalised('; '.join(chosen))}: the first cause for those undefended."


def _means(study: Study, name: str) -> str:
    """Return what an architecture engages and sees with, and how its parts work together."""
    scenario = study.scenario
    resolved = scenario.architecture(name)
    shots: Counter[str] = Counter()
    sites: Counter[str] = Counter()
    radars = satellites = 0
    for element in resolved.elements.values():
        if element.battery is not None:
            shots[element.battery] += int(element.count.value) if element.count is not None else 0
            sites[element.battery] += 1
        radars += element.radar is not None
        satellites += element.satellite is not None
    parts = [
        f"{shots[kind]:,} {interceptor_short_title(scenario, kind)} in {_number(sites[kind], 'battery', 'batteries')}"
        for kind in shots
    ]
    parts.append(_number(radars, "radar", "radars"))
    if satellites:
        parts.append(_number(satellites, "satellite system", "satellite systems"))
    return f"{listed(parts)}, {resolved.mode.replace('_', ' ')}"


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


# --- flips ----------------------------------------------------------------------------------------------------------


def _flips(study: Study, shares: Mapping[str, Shares], sets: Sequence[ClassSet]) -> Iterator[str]:
    """Yield what would change the answer: corners that turn the ranking, classes, nations near the threshold."""
    names = list(shares)
    title = {name: sentence_title(study.scenario, name) for name in names}
    turned = []
    for place, words in ((0, "worse"), (2, "better")):
        for a, one in enumerate(names):
            for two in names[a + 1 :]:
                first, second = (one, two) if shares[one][1] >= shares[two][1] else (two, one)
                gap = shares[first][1] - shares[second][1]
                there = shares[second][place] - shares[first][place]
                if gap >= SAME and there >= SAME:
                    turned.append((gap, place, words, first, second))
    for _, place, words, first, second in sorted(turned, reverse=True)[:2]:
        yield (
            f"Disputed inputs at their {words} corner: {title[second]} ({percent(shares[second][place])}) passes "
            f"{title[first]} ({percent(shares[first][place])})."
        )
    if shares and not turned:
        yield "No corner of the disputed inputs turns the ranking of two architectures."
    yield from _by_class(study, shares, sets, title)
    best = max(shares, key=lambda name: shares[name][1], default=None)
    if best is not None:
        fall = shares[best][1] - shares[best][0]
        lost = _nobody_any_more(study, best)
        nobody = f" and defends nobody any more in {_some(lost)}" if lost else ""
        if fall >= MARKED:
            yield f"At the worse corner {title[best]} loses {points(fall)}{nobody}."


def _by_class(
    study: Study, shares: Mapping[str, Shares], sets: Sequence[ClassSet], title: Mapping[str, str]
) -> Iterator[str]:
    """Say whose share changes most when only the classes of its own year count."""
    if len(sets) < 2 or not shares:
        return
    change = {
        name: people[1] - shares[name][1] for name in shares if (people := study.people(name, "in_year")) is not None
    }
    name = max(change, key=lambda key: abs(change[key]), default=None)
    if name is not None and abs(change[name]) >= MARKED:
        yield (
            f"Counting only the classes that exist in its year, {title[name]} defends "
            f"{percent(shares[name][1] + change[name])} instead of {percent(shares[name][1])}."
        )


def _nobody_any_more(study: Study, name: str) -> list[str]:
    """Return the nations of which an architecture defends somebody at base values, and nobody at the worse corner."""
    base, low = study.nation_shares(name), study.nation_shares(name, "low")
    return sorted((code for code, share in base.items() if share and low.get(code) == 0.0), key=nation)
