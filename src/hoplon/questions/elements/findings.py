"""Sentences of question 10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hoplon.analysis.architectures import compared_architectures, sentence_title
from hoplon.analysis.first_out import FirstOut
from hoplon.analysis.subsets.attribution import ranked
from hoplon.analysis.subsets.players import player_title
from hoplon.presentation.wording import SAME, interval, listed, percent, points
from hoplon.questions.elements.answer import ElementsAnswer
from hoplon.questions.question import Finding
from hoplon.questions.study import Study
from hoplon.scenario.titles import element_notes, element_short_title

_QUESTION: Final = "Q10"
_MOST_NAMED: Final = 3  # elements in one sentence
_NEAR_S: Final = 60.0  # [s] a margin is called narrow below it; assumed


def findings(study: Study, answer: ElementsAnswer) -> list[Finding]:
    """Return which element carries which share of each architecture, and which capitals depend on one element."""
    compared = compared_architectures(study.scenario)
    losses = tuple(item for item in answer.losses if item.architecture in compared)
    found = [lead_finding(study, losses)]
    names = {name: named(study, name) for item in answer.losses for name in item.elements}
    for item in answer.losses:
        found.append(carrier_finding(item, sentence_title(study.scenario, item.architecture), names))
    found += _note_findings(study, losses)
    found += site_findings(study, answer)
    most = max(losses, key=lambda item: item.share() or 0.0, default=None)
    for name in compared:
        told = _capitals_finding(answer, name, sentence_title(study.scenario, name))
        if told is not None:
            best = most is not None and most.architecture == name
            found.append(replace(told, page_one="flip") if best else told)
    return found


def site_findings(study: Study, answer: ElementsAnswer) -> list[Finding]:
    """Return which sites of the architecture that defends most contribute what, and which stand in for each other."""
    shares = [item for item in answer.shares if (item.attribution.total or 0.0) > 0.0]
    if not shares:
        return []
    best = max(shares, key=lambda item: item.attribution.whole or 0.0).attribution
    names = {player.name: player_title(study.scenario, player) for player in best.players.players}
    title, total = sentence_title(study.scenario, best.architecture), best.total or 0.0
    first, *others = ranked(best.contributions)
    others = [item for item in others if item.shapley >= SAME]
    text = (
        f"Over every order in which its sites may have come, {title} owes {names[first.name]} most: "
        f"{points(first.shapley)} of {percent(total)}; alone it defends {percent(first.first_in)}, without it "
        f"{percent(max((best.whole or 0.0) - first.last_in, 0.0))} is left"
    )
    numbers = {"total": total, "first_shapley": first.shapley, "first_in": first.first_in, "last_in": first.last_in}
    if others:
        named_others = [f"{names[item.name]} ({points(item.shapley)})" for item in others[:_MOST_NAMED]]
        text += f"; next {listed(named_others)}"
        numbers |= {f"{item.name}_shapley": item.shapley for item in others}
    found = [Finding(_QUESTION, f"{text}.", numbers)]
    pairs = sorted(best.interactions, key=lambda pair: pair[2])
    told = []
    if pairs and pairs[0][2] <= -SAME:
        a, b, value = pairs[0]
        told.append(f"{names[a]} and {names[b]} stand in for each other most ({points(value)})")
    if pairs and pairs[-1][2] >= SAME:
        a, b, value = pairs[-1]
        told.append(f"{names[a]} and {names[b]} need each other most ({points(value)})")
    if told:
        numbers = {"least_interaction": pairs[0][2], "greatest_interaction": pairs[-1][2]}
        found.append(Finding(_QUESTION, f"In {title} {'; '.join(told)}.", numbers))
    return found


def lead_finding(study: Study, losses: tuple[FirstOut, ...]) -> Finding:
    """Return which element carries most of each compared architecture, those that lose most by one first."""
    parts: list[str] = []
    numbers: dict[str, float] = {}
    for item in by_greatest_loss(losses):
        first = max(item.elements, key=lambda name: item.loss(name) or 0.0)
        loss, whole = item.loss(first) or 0.0, item.share() or 0.0
        if loss >= SAME:
            title = sentence_title(study.scenario, item.architecture)
            low, _, high = study.people(item.architecture) or (whole,) * 3
            parts.append(
                f"{title} {percent(max(whole - loss, 0.0))} instead of {interval((low, whole, high))} "
                f"without {named(study, first)}"
            )
            numbers |= {f"{item.architecture}_whole": whole, f"{item.architecture}_loss": loss}
    if not parts:
        return Finding(_QUESTION, "No single element carries half a point or more of any architecture.", {}, lead=True)
    text = "What each architecture defends without the element that it loses most by, base values (with all: corners): "
    short = f"{text}{'; '.join(parts[:_MOST_NAMED])}."
    return Finding(_QUESTION, f"{text}{'; '.join(parts)}.", numbers, lead=True, summary=short)


def by_greatest_loss(losses: tuple[FirstOut, ...]) -> list[FirstOut]:
    """Return architectures by the greatest loss of one element, the greatest first; equals as they stand."""
    return sorted(losses, key=lambda item: -max(item.loss(name) or 0.0 for name in item.elements))


def named(study: Study, element: str) -> str:
    """Return what a sentence calls an element: its whole title, since a ship and its radar share the short one."""
    return study.scenario.elements[element].title or element_short_title(study.scenario, element)


def _note_findings(study: Study, losses: tuple[FirstOut, ...]) -> list[Finding]:
    """Return what the scenario notes of the elements without which some architecture loses most."""
    by_element: dict[str, list[str]] = {}
    for item in losses:
        first = max(item.elements, key=lambda name: item.loss(name) or 0.0)
        if (item.loss(first) or 0.0) >= SAME:
            by_element.setdefault(first, []).append(sentence_title(study.scenario, item.architecture))
    found = []
    for element, titles in by_element.items():
        told = element_notes(study.scenario, element)
        if told:
            text = f"{named(study, element)}, without which {listed(titles)} would lose most: {told}."
            found.append(Finding(_QUESTION, text, {"architectures": float(len(titles))}))
    return found


def carrier_finding(item: FirstOut, title: str, names: Mapping[str, str]) -> Finding:
    """Return which elements carry an architecture: those whose loss alone takes half a point or more.

    Parameters
    ----------
    item : FirstOut
    title : str
        Of the architecture.
    names : mapping
        Element to what a sentence calls it.
    """
    loss = {name: item.loss(name) or 0.0 for name in item.elements}
    whole = item.share() or 0.0
    by_loss = [name for name in sorted(loss, key=lambda name: -loss[name]) if loss[name] >= SAME]
    numbers = {"whole": whole} | {f"{name}_loss": loss[name] for name in by_loss}
    if not by_loss:
        text = f"{title}: no single element carries half a point or more of the {percent(whole)} defended."
        return Finding(_QUESTION, text, numbers, item.architecture)
    first, others = by_loss[0], by_loss[1:_MOST_NAMED]
    text = (
        f"{title} defends {percent(whole)}; without {names[first]} alone {percent(max(whole - loss[first], 0.0))}, "
        f"{points(loss[first])} less"
    )
    numbers["without_first"] = whole - loss[first]
    if others:
        text += f"; next {listed([f'{names[name]} ({points(loss[name])})' for name in others])}"
    spare = sum(value < SAME for value in loss.values())
    if spare:
        text += f"; {spare} of {len(loss)} {'carries' if spare == 1 else 'carry'} less than half a point"
    return Finding(_QUESTION, f"{text}.", numbers, item.architecture)


def _capitals_finding(answer: ElementsAnswer, architecture: str, title: str) -> Finding | None:
    """Return how many capitals depend on one element, or on a narrow margin."""
    capitals = [item for item in answer.capitals if item.architecture == architecture and item.defended]
    if not capitals:
        return None
    single = [item for item in capitals if item.elements]
    near = [item for item in capitals if item.margin_s is not None and item.margin_s < _NEAR_S]
    least = min((item for item in capitals if item.margin_s is not None), key=lambda c: c.margin_s or 0.0, default=None)
    total = f"{len(capitals)} capitals" if len(capitals) > 1 else "1 capital"
    verb = "depends" if len(single) <= 1 else "depend"
    text = f"{title}: of {total} defended, {len(single) or 'none'} {verb} on a single element"
    if near and least is not None:
        named = listed([item.capital for item in sorted(near, key=lambda c: c.margin_s or 0.0)[:_MOST_NAMED]])
        text += (
            f"; {len(near)} would be undefended with a release {_NEAR_S:.0f} s later, first {named} "
            f"({least.capital} by {least.margin_s:.0f} s)"
        )
    numbers = {"capitals": float(len(capitals)), "single": float(len(single)), "near": float(len(near))}
    if least is not None and least.margin_s is not None:
        numbers["least_margin_s"] = least.margin_s
    return Finding(_QUESTION, f"{text}.", numbers, architecture)
