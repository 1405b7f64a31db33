"""Sentences of question 11."""

from __future__ import annotations

from typing import Final

from hoplon.analysis.architectures import sentence_title
from hoplon.analysis.costs.answer import ArchitectureCost
from hoplon.analysis.costs.sampled import Spread
from hoplon.presentation.wording import billions, capitalised, listed, millions, percent
from hoplon.questions.cost.answer import CostsAnswer
from hoplon.questions.question import Finding
from hoplon.questions.study import Study
from hoplon.scenario.titles import element_short_title

_QUESTION: Final = "Q11"
_CARRIES: Final = 0.25  # [1] of an architecture's cost, from which one element is named


def findings(study: Study, answer: CostsAnswer) -> list[Finding]:
    """Return what is cheapest and dearest, what each costs and why, and how the sums stand to published totals."""
    found = [_lead(study, answer)]
    person = _person(study, answer)
    if person is not None:
        found.append(person)
    found += [_parts(study, cost) for cost in answer.costs.values()]
    found += [_published(study, answer, name) for name in answer.published]
    return found


def _interval(spread: Spread) -> str:
    return f"{billions(spread.base)} ({billions(spread.low)} to {billions(spread.high)})"


def _numbers(name: str, spread: Spread, unit: str) -> dict[str, float]:
    return {f"{name}_{unit}": spread.base, f"{name}_low_{unit}": spread.low, f"{name}_high_{unit}": spread.high}


def _lead(study: Study, answer: CostsAnswer) -> Finding:
    told = answer.told
    order = sorted(answer.costs, key=lambda name: answer.costs[name].total.base)
    titles = {name: sentence_title(study.scenario, name) for name in order}
    over = (
        f"bought at once and run for {told.years} years, discounted at {100.0 * told.discount_rate:g} % a year, at "
        f"prices of {told.price_year} (USD; 5 to 95 % of the sampled costs)"
    )
    least, most = (answer.costs[name] for name in (order[0], order[-1]))
    numbers = _numbers(order[0], least.total, "musd") | _numbers(order[-1], most.total, "musd")
    if len(order) == 1:
        text = f"{titles[order[0]]} costs {_interval(least.total)}, {over}."
    else:
        text = (
            f"{titles[order[0]]} costs least, {_interval(least.total)}, and {titles[order[-1]]} most, "
            f"{_interval(most.total)}: {over}."
        )
    return Finding(_QUESTION, text, numbers, lead=True)


def _person(study: Study, answer: CostsAnswer) -> Finding | None:
    """Return under which architecture a defended person costs least, and most."""
    people = {name: spread for name, cost in answer.costs.items() if (spread := cost.per_defended_person) is not None}
    nobody = [sentence_title(study.scenario, name) for name in answer.costs if name not in people]
    if not people:
        return None
    order = sorted(people, key=lambda name: people[name].base)
    ends = {order[0]: "least in ", order[-1]: "most in "} if len(order) > 1 else {order[0]: "in "}
    parts = [
        f"{word}{sentence_title(study.scenario, name)}, USD {people[name].base:,.0f} ({people[name].low:,.0f} to "
        f"{people[name].high:,.0f}), which defends {millions(answer.costs[name].defended or 0.0)}"
        for name, word in ends.items()
    ]
    text = (
        f"Against {study.classes_title}, a defended person of {study.region} costs, discounted, {', and '.join(parts)}"
    )
    if nobody:
        text += f"; {listed(nobody)} {'defends' if len(nobody) == 1 else 'defend'} nobody"
    numbers: dict[str, float] = {}
    for name in (order[0], order[-1]):
        numbers |= _numbers(name, people[name], "usd")
    return Finding(_QUESTION, f"{text}.", numbers)


def _parts(study: Study, cost: ArchitectureCost) -> Finding:
    """Return what the cost of an architecture is made of, and the element that makes most of it."""
    name = cost.architecture
    title = sentence_title(study.scenario, name)
    operation = cost.total.base - cost.acquisition_musd - cost.development_musd
    text = (
        f"{title} costs {_interval(cost.total)}: {billions(cost.acquisition_musd)} to buy, {billions(operation)} to "
        f"run ({billions(cost.annual_musd)} a year before discount), {billions(cost.development_musd)} to develop"
    )
    numbers = _numbers(name, cost.total, "musd") | {
        "acquisition_musd": cost.acquisition_musd,
        "operation_musd": operation,
        "annual_musd": cost.annual_musd,
        "development_musd": cost.development_musd,
    }
    called, most = _dearest(study, cost)
    share = most / cost.total.base if cost.total.base else 0.0
    if share >= _CARRIES:
        text += f"; {percent(share)} of it is for {called}, {billions(most)}"
        numbers["largest_musd"] = most
    return Finding(_QUESTION, f"{text}.", numbers, name)


def _dearest(study: Study, cost: ArchitectureCost) -> tuple[str, float]:
    """Return what costs most of an architecture, elements of one owner at one place together, and it [million USD]."""
    sums: dict[object, tuple[str, float]] = {}
    for item, discounted in zip(cost.elements, cost.discounted, strict=True):
        element = study.scenario.elements[item.name]
        place = element.site or ((element.owner, element.at) if element.at is not None else item.name)
        mine = element_short_title(study.scenario, item.name)
        called, before = sums.get(place, (mine, 0.0))
        sums[place] = (min(called, mine, key=len), before + discounted)
    return max(sums.values(), key=lambda one: one[1])


def _published(study: Study, answer: CostsAnswer, name: str) -> Finding:
    """Return how the undiscounted sum of an architecture stands to a published total."""
    cost, given = answer.costs[name], answer.published[name]
    low, high, own = given.at("low"), given.at("high"), cost.undiscounted.base
    where = "within the"
    if own < low:
        where = f"{billions(low - own)} below the"
    elif own > high:
        where = f"{billions(own - high)} above the"
    text = (
        f"{sentence_title(study.scenario, name)}, undiscounted: {_interval(cost.undiscounted)}, {where} published "
        f"{billions(low)} to {billions(high)}"
    )
    numbers = _numbers(name, cost.undiscounted, "musd") | {"published_low_musd": low, "published_high_musd": high}
    return Finding(_QUESTION, f"{text}{'. ' + capitalised(given.note) if given.note else ''}.", numbers, name)
