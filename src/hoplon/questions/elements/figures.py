"""The figure of question 10."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from hoplon.analysis.architectures import figure_title
from hoplon.analysis.subsets.attribution import ranked
from hoplon.analysis.subsets.players import player_title
from hoplon.presentation.charts.contributions import ContributionBars, contribution_bars
from hoplon.presentation.charts.heat import Heat, credit_table
from hoplon.presentation.charts.losses import loss_bars
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import nation
from hoplon.questions.elements.answer import ElementsAnswer, SiteShares
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study
from hoplon.scenario.titles import element_short_title


def figures(study: Study, answer: ElementsAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of first-out losses."""
    wholes = [item.share() or 0.0 for item in answer.losses]
    losses = [
        {title: item.loss(name) or 0.0 for name, title in _titles(study, item.elements).items()}
        for item in answer.losses
    ]
    titles = [figure_title(study.scenario, item.architecture) for item in answer.losses]
    source = source_line(study.scenario.name, study.scenario.sha256)
    draw = partial(losses_figure, titles, wholes, losses, f"{study.region}, {study.classes_title}", source)
    found = [FigureSpec("elements", "figures", draw)]
    if answer.shares:
        counted = f"{study.region}, {study.classes_title}"
        bars = tuple(_bars(study, item) for item in answer.shares)
        found.append(FigureSpec("elements_sites", "figures", partial(sites_figure, bars, counted, source)))
        best = max(answer.shares, key=lambda item: item.attribution.whole or 0.0)
        title = figure_title(study.scenario, best.attribution.architecture)
        table = _served(study, best)
        if table.columns:
            draw = partial(served_figure, table, title, counted, source)
            found.append(FigureSpec("elements_served", "figures", draw))
    return tuple(found)


def _bars(study: Study, item: SiteShares) -> ContributionBars:
    """Return what the figure shows of the sites of one architecture."""
    titles = _site_titles(study, item)
    return ContributionBars(
        title=figure_title(study.scenario, item.attribution.architecture),
        whole=item.attribution.whole or 0.0,
        names=tuple(titles[site.name] for site in ranked(item.attribution.contributions)),
        shapley=tuple(site.shapley for site in ranked(item.attribution.contributions)),
        first_in=tuple(site.first_in for site in ranked(item.attribution.contributions)),
        last_in=tuple(site.last_in for site in ranked(item.attribution.contributions)),
    )


def _site_titles(study: Study, item: SiteShares) -> dict[str, str]:
    """Return what the figure calls sites, each by another name: its own too where two have one title."""
    titles = {player.name: player_title(study.scenario, player) for player in item.attribution.players.players}
    return _told_apart(titles)


def _served(study: Study, item: SiteShares) -> Heat:
    """Return the part of each nation's threatened people that each site is credited with."""
    titles = _site_titles(study, item)
    sites = [site.name for site in ranked(item.attribution.contributions) if site.shapley > 0.0]
    codes = sorted(item.threatened, key=nation)
    values = np.array([[item.served(site, code) for site in sites] for code in codes]).reshape(len(codes), len(sites))
    columns = tuple(titles[site] for site in sites)
    return Heat(tuple(map(nation, codes)), columns, ((", ".join(columns), len(columns)),), values, {})


def sites_figure(bars: Sequence[ContributionBars], counted: str, source: str) -> Picture:
    """Draw the Shapley value of each site of each architecture, with what it adds first and last."""
    heads = (
        "What each site contributes",
        f"Shapley values: share of the threatened people of {counted}, base values; they sum to the whole",
    )
    return contribution_bars(bars, heads, source, "elements_sites")


def served_figure(table: Heat, title: str, counted: str, source: str) -> Picture:
    """Draw whose people each site of one architecture defends."""
    heads = (
        f"Whose people each site defends: {title}",
        f"Part of each nation's threatened people that a site is credited with (Shapley), {counted}",
    )
    return credit_table(table, heads, source, "elements_served")


def _titles(study: Study, elements: Sequence[str]) -> dict[str, str]:
    """Return what the figure calls elements, each by another name: the key too where two have one title."""
    titles = {
        name: study.scenario.elements[name].title or element_short_title(study.scenario, name) for name in elements
    }
    return _told_apart(titles)


def _told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return titles by name, the name too where two have one title."""
    shared = [title for title, number in Counter(titles.values()).items() if number > 1]
    return {name: f"{title} ({name})" if title in shared else title for name, title in titles.items()}


def losses_figure(
    titles: Sequence[str], wholes: Sequence[float], losses: Sequence[Mapping[str, float]], counted: str, source: str
) -> Picture:
    """Draw the share of people defended by each architecture, and what is lost with each element alone."""
    heads = (
        "First-out loss of each element",
        f"Share of the threatened people of {counted}, base values;\n"
        "losses do not add up, because elements stand in for each other and need each other",
    )
    return loss_bars(titles, wholes, losses, heads, source, "elements")
