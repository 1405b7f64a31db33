"""Sentences of question 6."""

from __future__ import annotations

from typing import Final

from hoplon.analysis.architectures import sentence_title
from hoplon.analysis.subsets.players import player_title
from hoplon.presentation.wording import SAME, listed, nation_in_text, percent
from hoplon.questions.question import Finding
from hoplon.questions.study import Study
from hoplon.questions.survivability.answer import QUESTION, Blow, SurvivabilityAnswer
from hoplon.scenario.titles import element_short_title

_MOST_NAMED: Final = 3
_NET: Final = 3  # sites with batteries that make a net


def findings(study: Study, answer: SurvivabilityAnswer) -> list[Finding]:
    """Return whether a net survives better than one site, and what each architecture keeps after losses."""
    found = [lead_finding(study, answer)]
    claim = claim_finding(study, answer)
    if claim is not None:
        found.append(claim)
    found += [blow_finding(study, blow) for blow in answer.blows if len(blow.survival.players) > 1]
    more = (satellites_finding(study, answer), nations_finding(study, answer))
    return found + [item for item in more if item is not None]


def lead_finding(study: Study, answer: SurvivabilityAnswer) -> Finding:
    """Return what the architecture that defends most keeps after the worst loss of one and of two sites."""
    best = max(answer.blows, key=lambda blow: blow.whole)
    parts, numbers = [], {"whole": best.whole}
    for losses, words in ((1, "one site"), (2, "two")):
        row = best.row(losses)
        if row is not None and row.worst is not None:
            parts.append(f"{percent(row.worst.value)} after the worst loss of {words}")
            numbers |= {f"worst_{losses}": row.worst.value, f"mean_{losses}": row.mean}
    text = f"{sentence_title(study.scenario, best.architecture)}, which defends most ({percent(best.whole)}), keeps "
    text += listed(parts)
    single = [blow for blow in answer.blows if blow.single_site is not None and blow is not best]
    if single and best.single_site is None:
        one = max(single, key=lambda blow: blow.whole)
        left = one.worst(1)
        if left is not None:
            title = sentence_title(study.scenario, one.architecture)
            text += f"; {title}, with one interceptor site, keeps {percent(left)} of {percent(one.whole)}"
            numbers |= {"single_site_whole": one.whole, "single_site_worst_1": left}
    return Finding(QUESTION, f"{text}.", numbers, lead=True)


def claim_finding(study: Study, answer: SurvivabilityAnswer) -> Finding | None:
    """Return whether a net survives better than one site: what is kept after the worst and after a random loss."""
    single = [blow for blow in answer.blows if blow.single_site is not None and blow.whole > 0.0]
    nets = [blow for blow in answer.blows if blow.battery_sites >= _NET and blow.whole > 0.0]
    if not single or not nets:
        return None
    numbers: dict[str, float] = {}
    kept = {blow.architecture: blow.kept(1) or 0.0 for blow in (*single, *nets)}
    for blow in (*single, *nets):
        row = blow.row(1)
        numbers[f"{blow.architecture}_kept_worst"] = kept[blow.architecture]
        if row is not None:
            numbers[f"{blow.architecture}_kept_mean"] = row.mean / blow.whole
    most = max(kept[blow.architecture] for blow in single)
    better = [blow for blow in nets if kept[blow.architecture] > most + SAME]
    worse = [blow for blow in nets if blow not in better]
    ones = listed([_kept(study, blow) for blow in single])
    text = "A net of sites survives a blow better than one big site: "
    if not better:
        text = "The claim that a net of sites survives a blow better than one big site does not hold here: "
    elif worse:
        text = "A net of sites survives a blow better than one big site, but not every net does: "
    text += f"of what it defended, one interceptor site keeps {ones} after the worst loss of one site"
    if better:
        text += f"; {_NET} and more keep {listed([_kept(study, blow) for blow in better])}"
    if worse:
        reasons = [f"{_kept(study, blow)}, carried by {_carrier(study, blow)}" for blow in worse]
        text += f"; {listed(reasons)}, no better"
    short = text
    return Finding(QUESTION, f"{text}.", numbers, short=f"{short}.", page_one="reason" if better else "")


def _kept(study: Study, blow: Blow) -> str:
    row = blow.row(1)
    mean = "" if row is None else f" ({percent(row.mean / blow.whole)} after a random one)"
    return f"{percent(blow.kept(1))}{mean} in {sentence_title(study.scenario, blow.architecture)}"


def _carrier(study: Study, blow: Blow) -> str:
    row = blow.row(1)
    if row is None or row.worst is None or not row.worst.lost:
        return "no site alone"
    return _site_title(study, row.worst.lost[0], blow)


def _site_title(study: Study, name: str, blow: Blow) -> str:
    """Return what a sentence calls a site."""
    return player_title(study.scenario, next(item for item in blow.survival.players.players if item.name == name))


def blow_finding(study: Study, blow: Blow) -> Finding:
    """Return what an architecture keeps after the worst, a random and a located loss of one site, and of two."""
    title = sentence_title(study.scenario, blow.architecture)
    numbers, parts = {"whole": blow.whole}, []
    for losses, words in ((1, "one site"), (2, "two")):
        row = blow.row(losses)
        if row is None or row.worst is None or row.located is None:
            continue
        lost = listed([_site_title(study, name, blow) for name in row.worst.lost])
        which = f"without {lost}" if row.worst.ties == 1 else f"in {row.worst.ties} ways, as without {lost}"
        parts.append(f"of {words} at worst {percent(row.worst.value)} ({which}), on average {percent(row.mean)}")
        numbers |= {
            f"worst_{losses}": row.worst.value,
            f"mean_{losses}": row.mean,
            f"located_{losses}": row.located[0],
        }
    sites = f"{len(blow.survival.players)} sites"
    text = f"{title}, {sites}, defends {percent(blow.whole)}; after the loss {'; '.join(parts)}"
    available = blow.survival.available
    if available is not None and blow.whole - available.value >= SAME:
        text += f"; as often as its sites are available {percent(available.value)}"
        numbers["available"] = available.value
    return Finding(QUESTION, f"{text}.", numbers, blow.architecture)


def nations_finding(study: Study, answer: SurvivabilityAnswer) -> Finding | None:
    """Return how many nations one loss uncovers under each architecture, and which."""
    parts: list[str] = []
    numbers: dict[str, float] = {}
    for blow in answer.blows:
        cuts = blow.survival.cut_sets
        alone = {code: [cut for cut in sets if len(cut) == 1] for code, sets in cuts.items()}
        hit = [code for code, sets in alone.items() if sets]
        numbers |= {f"{blow.architecture}_covered": float(len(cuts)), f"{blow.architecture}_hit": float(len(hit))}
        named = ""
        if 0 < len(hit) <= _MOST_NAMED:
            named = f" ({listed([nation_in_text(code) for code in hit])})"
        title = sentence_title(study.scenario, blow.architecture)
        parts.append(f"{title} {len(hit)} of {len(cuts)}{named}")
    if not any(numbers.values()):
        return None
    text = "Nations that the loss of one site would uncover (leave less than half of their people defended), of those "
    return Finding(QUESTION, f"{text}that are covered: {'; '.join(parts)}.", numbers)


def satellites_finding(study: Study, answer: SurvivabilityAnswer) -> Finding | None:
    """Return what each architecture defends without each of its satellites, which no blow at sites takes."""
    parts: list[str] = []
    numbers: dict[str, float] = {}
    for blow in answer.blows:
        lost = {name: left for name, left in blow.satellites.items() if blow.whole - left >= SAME}
        for name, left in sorted(lost.items(), key=lambda item: item[1]):
            said = study.scenario.elements[name].title or element_short_title(study.scenario, name)
            title = sentence_title(study.scenario, blow.architecture)
            parts.append(f"{title} {percent(left)} instead of {percent(blow.whole)} without {said}")
            numbers[f"{blow.architecture}_without_{name}"] = left
    if not any(blow.satellites for blow in answer.blows):
        return None
    text = "Satellites are not among the sites"
    end = (
        f"; with every site in place: {'; '.join(parts)}" if parts else ", and none of them carries half a point alone"
    )
    return Finding(QUESTION, f"{text}{end}.", numbers)
