"""Sentences of question 5."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from hoplon.analysis.architectures import sentence_title
from hoplon.presentation.wording import billions, capitalised, listed, nations, percent, points
from hoplon.questions.mix.titles import candidate_titles
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from hoplon.analysis.mix.answer import BudgetMix
    from hoplon.questions.mix.answer import ArchitectureBeside, MixFound
    from hoplon.questions.study import Study

_QUESTION: Final = "Q5"
_ON: Final = {"land": "on land", "sea": "at sea"}
_MOST_NAMED: Final = 5
_MOSTLY: Final = 0.9  # of what the greatest budget leaves
_CLAIM: Final = "The claim that a mix of land and sea is best"


def findings(study: Study, answer: MixFound) -> list[Finding]:
    """Return the best mix, whether mixing land and sea pays, what near-best sets share, and what stands beside."""
    found = [_lead(study, answer), _claim(answer), _alternatives(study, answer.enough), _based(answer)]
    found += [item for item in (_worst_nation(answer), _after_loss(study, answer)) if item is not None]
    found += [_beside(study, answer, item) for item in answer.beside if item.share is not None]
    return found


def _share(mix: BudgetMix) -> float:
    """Return what a mix defends: on all points."""
    return mix.value_full if mix.value_full is not None else (mix.value or 0.0)


def _kind(answer: MixFound, mix: BudgetMix) -> str:
    """Return on what a mix is based."""
    based = {item.name: item.batteries for item in answer.told.candidates}
    kinds = {one for name in mix.chosen for one in based[name]}
    if len(kinds) > 1:
        return "is on land and at sea"
    return f"is {_ON[next(iter(kinds))]} alone" if kinds else "has no battery"


def _lead(study: Study, answer: MixFound) -> Finding:
    enough, most = answer.enough, answer.mixes[-1]
    chosen = listed(candidate_titles(study.scenario, enough.chosen))
    text = (
        f"For USD {billions(enough.cost_musd)}, bought at once and run, the best mix {_kind(answer, enough)}: "
        f"{chosen}. It defends {percent(_share(enough))} of the threatened people of {study.region} "
        f"({study.classes_title})"
    )
    numbers = {"cost_musd": enough.cost_musd, "share": _share(enough)}
    if most is not enough:
        text += f"; USD {billions(most.cost_musd)} would buy {points(_share(most) - _share(enough))} more"
        numbers |= {"greatest_cost_musd": most.cost_musd, "greatest_share": _share(most)}
    return Finding(_QUESTION, f"{text}.", numbers, lead=True)


def _claim(answer: MixFound) -> Finding:
    """Return whether a mix of land and sea is best, in words, whatever the answer."""
    mixed = answer.dominated
    if not mixed:
        better = "land" if all(_best(item) == "land" for item in answer.mixes) else "one of the two"
        text = f"{_CLAIM} fails here: at none of the budgets does it defend more people than {better} alone"
        return Finding(_QUESTION, f"{text}.", {}, lead=True)
    gain = {item.budget_musd: (item.value or 0.0) - _alone(item) for item in mixed}
    first, most = mixed[0], max(gain.values())
    numbers = {"first_budget_musd": first.budget_musd, "largest_gain_share": most}
    if len(mixed) == len(answer.mixes):
        text = f"{_CLAIM} holds at every budget: it defends up to {points(most)} more people than land or sea alone"
    else:
        rest = [item for item in answer.mixes if item not in mixed]
        before = f"USD {billions(rest[0].budget_musd)}"
        if len(rest) > 1:
            before += f" to {billions(rest[-1].budget_musd)}"
        ahead = _best(max(mixed, key=lambda item: gain[item.budget_musd]))
        text = (
            f"{_CLAIM} holds at {len(mixed)} of {len(answer.mixes)} budgets, from USD {billions(first.budget_musd)}, "
            f"and there by at most {points(most)} over {ahead} alone; at {before} "
            f"{_best(rest[-1])} alone is as good"
        )
        paid, single = first.cost_musd, first.land if _best(first) == "land" else first.sea
        if single.cost_musd > 0.0:
            text += f". The gain costs {billions(paid - single.cost_musd)} more"
            numbers["gain_cost_musd"] = paid - single.cost_musd
    if answer.error is not None and most < answer.error:
        text += f" and is smaller than the error of the weighted subset that was searched ({points(answer.error)})"
        numbers["subset_error_share"] = answer.error
    return Finding(_QUESTION, f"{text}.", numbers, lead=True)


def _alone(mix: BudgetMix) -> float:
    return max(mix.land.value or 0.0, mix.sea.value or 0.0)


def _best(mix: BudgetMix) -> str:
    return "land" if (mix.land.value or 0.0) >= (mix.sea.value or 0.0) else "sea"


def _based(answer: MixFound) -> Finding:
    """Return what land and sea alone defend for the greatest budget, and what a site of each costs."""
    most = answer.mixes[-1]
    costs = {
        one: [item.cost_musd for item in answer.told.candidates if item.batteries == {one}] for one in ("land", "sea")
    }
    text = (
        f"For USD {billions(most.budget_musd)}, land alone defends {percent(most.land.value)} (and costs "
        f"{billions(most.land.cost_musd)}), sea alone {percent(most.sea.value)} ({billions(most.sea.cost_musd)})"
    )
    numbers = {
        "land_share": most.land.value or 0.0,
        "land_cost_musd": most.land.cost_musd,
        "sea_share": most.sea.value or 0.0,
        "sea_cost_musd": most.sea.cost_musd,
    }
    if costs["land"] and costs["sea"]:
        sites = {one: statistics.median(found) for one, found in costs.items()}
        text += f"; a site on land costs {billions(sites['land'])}, a station at sea {billions(sites['sea'])}"
        numbers |= {"land_site_musd": sites["land"], "sea_station_musd": sites["sea"]}
    return Finding(_QUESTION, f"{text}.", numbers)


def _worst_nation(answer: MixFound) -> Finding | None:
    """Return whether mixing pays where the share of the nation worst off is to be made greatest."""
    if not answer.worst_nation:
        return None
    mixed = [item for item in answer.worst_nation if item.mix_dominates]
    if not mixed:
        text = "For the nation worst off, mixing land and sea pays at none of the budgets either"
        return Finding(_QUESTION, f"{text}.", {}, lead=True)
    best = max(mixed, key=lambda item: (item.value or 0.0, -item.cost_musd))
    text = (
        f"For the nation worst off the claim holds from a budget of USD {billions(mixed[0].budget_musd)}: the best mix "
        f"for {billions(best.cost_musd)} defends at least {percent(_share(best))} of every nation, land alone "
        f"{percent(best.land.value)} and sea alone {percent(best.sea.value)}"
    )
    numbers = {"worst_nation_cost_musd": best.cost_musd, "worst_nation_share": _share(best)}
    numbers |= {"first_budget_musd": mixed[0].budget_musd}
    beyond = [(basing, codes) for basing, codes in answer.told.out_of_reach.items() if 0 < len(codes) <= _MOST_NAMED]
    for basing, codes in beyond:
        text += f"; {nations(codes)} {'is' if len(codes) == 1 else 'are'} beyond every candidate {_ON[basing]}"
    return Finding(_QUESTION, f"{text}.", numbers, lead=True)


def _after_loss(study: Study, answer: MixFound) -> Finding | None:
    """Return what is best where the worst loss of one site is to be borne, and whether mixing pays then."""
    if not answer.after_loss:
        return None
    most = answer.after_loss[-1]
    like = next(item for item in answer.after_loss if (item.value or 0.0) >= _MOSTLY * (most.value or 0.0))
    chosen = answer.enough
    sites = f"{len(like.chosen)} sites"
    if len(like.chosen) <= _MOST_NAMED:
        sites = listed(candidate_titles(study.scenario, like.chosen))
    text = (
        f"Chosen to bear the loss of any one site, the best mix for USD {billions(like.cost_musd)} still defends "
        f"{percent(like.value)} after the worst ({sites})"
    )
    numbers = {"borne_cost_musd": like.cost_musd, "borne_share": like.value or 0.0}
    if chosen.after_loss is not None:
        text += f", where the best without a loss, for {billions(chosen.cost_musd)}, keeps {percent(chosen.after_loss)}"
        numbers |= {"after_loss_share": chosen.after_loss}
    mixed = [item for item in answer.after_loss if item.mix_dominates]
    if mixed:
        gains = {item.budget_musd: (item.value or 0.0) - _alone(item) for item in mixed}
        best = max(mixed, key=lambda item: gains[item.budget_musd])
        text += (
            f". Mixing land and sea then pays from a budget of USD {billions(mixed[0].budget_musd)}, by up to "
            f"{points(gains[best.budget_musd])} over {_best(best)} alone"
        )
        numbers |= {"borne_first_budget_musd": mixed[0].budget_musd, "borne_gain_share": gains[best.budget_musd]}
    else:
        text += ". Mixing land and sea pays at none of the budgets then either"
    return Finding(_QUESTION, f"{text}.", numbers)


def _alternatives(study: Study, mix: BudgetMix) -> Finding:
    """Return what the sets that come near the best have in common."""
    near = mix.near
    count = f"{near.total}" if near.every else f"at least {near.total}"
    sets = "set" if near.total == 1 else "sets"
    text = (
        f"Within 2 % of the best for USD {billions(mix.cost_musd)}, {count} {sets} of candidates, none of which can "
        "spare one"
    )
    if near.must:
        text += f": {listed(candidate_titles(study.scenario, near.must))} in each"
        others = sorted({name for names in near.sets for name in names} - {*near.must})
        if others:
            text += f", with {' or '.join(candidate_titles(study.scenario, others))}"
    return Finding(_QUESTION, f"{text}.", {"alternatives": float(near.total)})


def _beside(study: Study, answer: MixFound, item: ArchitectureBeside) -> Finding:
    """Return how an architecture stands to the best mix that costs no more."""
    title = capitalised(sentence_title(study.scenario, item.name))
    share = item.share or 0.0
    text = (
        f"{title} adds USD {billions(item.cost_musd)} to what stands anyway, without development, and defends "
        f"{percent(item.share)}"
    )
    numbers = {"cost_musd": item.cost_musd, "share": share}
    cheaper = [mix for mix in answer.mixes if mix.cost_musd <= item.cost_musd and mix.chosen]
    if cheaper:
        best = max(cheaper, key=lambda mix: (_share(mix), -mix.cost_musd))
        text += f"; {billions(best.cost_musd)} on the best mix defend {percent(_share(best))}"
        numbers |= {"mix_cost_musd": best.cost_musd, "mix_share": _share(best)}
    return Finding(_QUESTION, f"{text}.", numbers, item.name)
