"""Two architectures of a scenario side by side: the inputs that differ, and the answers, by nation, class and place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.analysis.architectures import sentence_title, short_title
from hoplon.analysis.coverage import gini
from hoplon.analysis.defence import LEVELS
from hoplon.analysis.footprints.outline import nation_outlines
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, provenance_of
from hoplon.analysis.subsets.survivability import VALUE_TITLES
from hoplon.analysis.tally import DEFENDED, NOT_THREATENED, states
from hoplon.presentation.picture import source_line
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import MARKED, nation, nations, percent, points
from hoplon.report.compared_decisions import DecisionSide, decision_differences, decision_sides
from hoplon.report.compared_places import LEVEL_WORDS, ComparedPlaces
from hoplon.report.compared_words import decision_sentences, decisions_table
from hoplon.report.comparison_page import ComparisonPage, write_comparison
from hoplon.scenario.differences import Difference, differences
from hoplon.scenario.written import as_plain
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.presentation.picture import Picture
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario

Pair = tuple[float | None, float | None]
_EQUAL = 1e-9  # [1] shares that differ by no more are equal
_THREATENED: Final = {
    "population": "the threatened people",
    "area": "the threatened land",
    "worst_nation": "the threatened people of the nation that it defends least",
}
_DEFENDED: Final = {
    "population": "people defended",
    "area": "land defended",
    "worst_nation": "people defended of the nation defended least",
}


@dataclass(frozen=True)
class ComparedSide:
    """One architecture of a comparison: shares of the people and land of the nations that both serve.

    Shares are at the level that was asked about, and count what a value counts, unless it is said otherwise.

    Attributes
    ----------
    architecture, title : str
    year : int or None
    mode, c2 : str
    value : mapping
        Level (low, base, high) to the value; None where nothing is threatened.
    area_share : float or None
        Of the threatened land; None where the places stand for people alone.
    worst_nation : str or None
        That with the least share defended.
    gini : float or None
        Gini coefficient of the nations' shares.
    by_class : mapping
        Class, or set of classes, to the value.
    """

    architecture: str
    title: str
    year: int | None
    mode: str
    c2: str
    value: Mapping[str, float | None]
    area_share: float | None
    worst_nation: str | None
    gini: float | None
    by_class: Mapping[str, float | None]
    level: Level = "base"

    @property
    def share(self) -> float | None:
        """The value at the level that was asked about."""
        return self.value[self.level]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line."""
        return {
            "architecture": self.architecture,
            "year": self.year,
            "mode": self.mode,
            "c2": self.c2,
            "value": self.share,
            "value_low": self.value["low"],
            "value_high": self.value["high"],
            "area_share": self.area_share,
            "worst_nation": self.worst_nation,
            "gini": self.gini,
            "by_class": dict(self.by_class),
        }


@dataclass(frozen=True, repr=False)
class ArchitectureComparison(Answer):
    """Two architectures of a scenario compared on the same nations and classes.

    Attributes
    ----------
    places : ComparedPlaces
        With the coverages of both, and what was asked.
    first, second : ComparedSide
    inputs : tuple of Difference
        Year, mode, structure of command, network, doctrine and elements that differ.
    nations : tuple of str
        Those that the headline counts in the years of both, or those of the points that were given.
    by_nation : mapping
        Nation to the shares of it defended.
    people : mapping
        People threatened by the classes that count together who are defended by ``both``, ``first_only``,
        ``second_only``, ``neither``; empty where the places stand for land.
    decisions : tuple of DecisionSide
        What losses leave, cost, interceptors and stability of both; empty where that was not asked for.
    """

    places: ComparedPlaces
    first: ComparedSide
    second: ComparedSide
    inputs: tuple[Difference, ...]
    nations: tuple[str, ...]
    by_nation: Mapping[str, Pair]
    people: Mapping[str, float]
    decisions: tuple[DecisionSide, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.places.scenario

    @property
    def better(self) -> tuple[str, ...]:
        """Nations of which the first architecture defends a larger share."""
        return tuple(code for code, pair in self.by_nation.items() if (less := _less(pair)) and less > _EQUAL)

    @property
    def worse(self) -> tuple[str, ...]:
        """Nations of which the first architecture defends a smaller share."""
        return tuple(code for code, pair in self.by_nation.items() if (less := _less(pair)) and less < -_EQUAL)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract; differences are the first less the second."""
        first, second = self.first.as_json(), self.second.as_json()
        numeric = ("value", "value_low", "value_high", "area_share", "gini")
        decided: dict[str, Any] = {}
        if self.decisions:
            told = [side.as_json() for side in self.decisions]
            first, second = {**first, **told[0]}, {**second, **told[1]}
            decided = decision_differences(*told)
        places = self.places
        return {
            "value": VALUE_TITLES[places.asked.value],
            "level": places.asked.level,
            "threats": list(places.scope.threats),
            "areas": list(places.scope.areas),
            "subset": None if places.subset is None else dict(places.subset),
            "a": first,
            "b": second,
            "difference": {
                **{key: _less((first[key], second[key])) for key in numeric},
                **decided,
                "by_class": {
                    key: _less((self.first.by_class[key], self.second.by_class[key]))
                    for key in self.first.by_class
                    if key in self.second.by_class
                },
            },
            "nations": {code: {"a": a, "b": b} for code, (a, b) in self.by_nation.items()},
            "better": list(self.better),
            "worse": list(self.worse),
            "people": dict(self.people),
            "inputs": [{"path": item.path, "a": item.first, "b": item.second} for item in self.inputs],
        }

    def line(self) -> str:
        """Return both shares and their difference in one line."""
        shares = (self.first.share, self.second.share)
        less = _less(shares)
        told = "nothing threatened" if less is None else f"{100.0 * less:+.1f} percentage points"
        return (
            f"{self.first.architecture} {percent(shares[0])}, {self.second.architecture} {percent(shares[1])} of "
            f"{_THREATENED[self.places.asked.value]} defended ({told})"
        )

    def rows(self) -> list[Row]:
        """Return one row a nation: both shares and the difference."""
        return [
            {"nation": code, "a": a, "b": b, "difference": _less((a, b))} for code, (a, b) in self.by_nation.items()
        ]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest."""
        return provenance_of(self.scenario.name, self.scenario.sha256)

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the nations."""
        kinds = dict.fromkeys(("a", "b", "difference"), float)
        return (FeatureLayer("nations", self.line(), self.placed_rows(), kinds),)

    def placed_rows(self) -> list[PlacedRow]:
        """Return the outline of each nation with its row; none where the maps have no such nation."""
        outlines = nation_outlines(tuple(self.by_nation))
        return [(outlines.get(row["nation"]), row) for row in self.rows()]

    @cached_property
    def picture(self) -> Picture:
        """Where both, one alone or neither of them defends, on one map."""
        from hoplon.presentation.maps.raster import Ground
        from hoplon.presentation.maps.values import compared_map

        shown = tuple(self.places.shown(name) for name in (self.first.architecture, self.second.architecture))
        titles = tuple(sentence_title(self.scenario, side.architecture) for side in (self.first, self.second))
        marked = {
            name: element
            for side in (self.first, self.second)
            for name, element in self.scenario.architecture(side.architecture).elements.items()
            if element.node is None
        }
        return compared_map(
            Ground(self.places.points),
            self.scenario,
            (shown[0], shown[1]),
            marked,
            (titles[0], titles[1]),
            f"{self.places.region}, {self._counted}",
            "comparison",
        )

    def sentences(self) -> tuple[str, ...]:
        """Return what differs, in words."""
        first, second = (sentence_title(self.scenario, side.architecture) for side in (self.first, self.second))
        shares = (self.first.share, self.second.share)
        less = _less(shares)
        if less is None:
            return (f"None of the {self.places.classes_title} reaches anything of {self.places.region}.",)
        ahead = "as many" if abs(less) <= _EQUAL else f"{points(less)} {'more' if less > 0 else 'fewer'}"
        what = f"{_THREATENED[self.places.asked.value]} of {self.places.region}"
        if not self.inputs:
            return (
                f"No input of {first} and {second} differs: they are one defence. (What a saved what-if moves stands "
                "there in every architecture of its file; the scenario that it was made from has the plan as it was.)",
            )
        told = [
            f"Of {what}, {first} defends {percent(shares[0])} and {second} {percent(shares[1])}: {ahead} "
            f"({self._counted})."
        ]
        corners = [_less((self.first.value[level], self.second.value[level])) for level in LEVELS]
        signs = {0 if abs(item) <= _EQUAL else (1 if item > 0 else -1) for item in corners if item is not None}
        told.append(
            "The order is the same at the worst corner, the base and the best corner of the disputed inputs."
            if len(signs) == 1
            else "The order is not the same at the worst corner, the base and the best corner of the disputed inputs: "
            + ", ".join(
                f"{level} {percent(self.first.value[level])} against {percent(self.second.value[level])}"
                for level in LEVELS
            )
            + "."
        )
        marked = {code: item for code, pair in self.by_nation.items() if (item := _less(pair)) is not None}
        gains = [code for code, item in marked.items() if item >= MARKED]
        losses = [code for code, item in marked.items() if item <= -MARKED]
        told.append(f"Better defended by {first}: {nations(gains)}; by {second}: {nations(losses)}.")
        return (*told, *decision_sentences((first, second), self.decisions))

    def tables(self) -> tuple[Table, ...]:
        """Return the answers, the nations and the inputs that differ as tables."""
        decided = (decisions_table(self._titles, self.decisions),) if self.decisions else ()
        return (self._answers(), *decided, self._nations(), inputs_table(self.inputs, self._titles))

    @property
    def _counted(self) -> str:
        """Return which flights count, at which level."""
        return f"{self.places.classes_title}, {LEVEL_WORDS[self.places.asked.level]}"

    @property
    def _titles(self) -> tuple[str, str]:
        first, second = (short_title(self.scenario, side.architecture) for side in (self.first, self.second))
        return (first, second) if first != second else (self.first.architecture, self.second.architecture)

    def _answers(self) -> Table:
        sets = {item.key: item.title for item in self.places.tally(self.first.architecture).sets}
        flights, what = self.places.classes_title, _DEFENDED[self.places.asked.value]
        rows = [
            (f"{what}, {flights}: {words}", self.first.value[level], self.second.value[level])
            for level, words in (("base", "base"), ("low", "worst corner"), ("high", "best corner"))
        ]
        rows += [
            (f"{what}, {sets[key]}", share, self.second.by_class[key])
            for key, share in self.first.by_class.items()
            if key != "headline" and key in self.second.by_class
        ]
        rows += [
            (f"land defended, {self._counted}", self.first.area_share, self.second.area_share),
            ("Gini coefficient of the nations' shares", self.first.gini, self.second.gini),
        ]
        heads = (Column("answer", "answer"), *_pair_heads(self._titles, "share"))
        compared = tuple((*row, _less((row[1], row[2]))) for row in rows)
        return Table("comparison_answers", "Answers that differ, and those that do not", heads, compared)

    def _nations(self) -> Table:
        heads = (Column("nation", "code"), Column("nation_name", "nation"), *_pair_heads(self._titles, "share"))
        rows = tuple(
            (code, nation(code), *pair, _less(pair))
            for code, pair in sorted(self.by_nation.items(), key=lambda item: -abs(_less(item[1]) or 0.0))
        )
        what = "land" if self.places.asked.value == "area" else "people"
        title = f"Share of threatened {what} defended by nation, {self._counted}"
        return Table("comparison_nations", title, heads, rows)

    def page(self) -> ComparisonPage:
        """Return what the page says."""
        first, second = self._titles
        return ComparisonPage(
            title=f"{first} and {second} compared",
            asked=f"Two architectures of {self.scenario.title}: the inputs that differ, and the answers.",
            sentences=self.sentences(),
            tables=self.tables(),
            pictures=() if self.places.subset is not None else (self.picture,),
            provenance=source_line(self.scenario.name, self.scenario.sha256, "nothing drawn at random"),
        )

    def write(self, folder: Path) -> dict[str, str]:
        """Write ``comparison.html``, ``comparison.json``, the map and the tables to a folder; return the paths.

        Raises
        ------
        OutputError
            If something cannot be written.
        """
        provenance = {
            "version": VERSION,
            "scenario": self.scenario.name,
            "scenario_sha256": self.scenario.sha256,
            "seed": None,
        }
        return write_comparison(folder, self.page(), json.dumps({**provenance, **self.as_json()}, indent=2) + "\n")


def inputs_table(inputs: tuple[Difference, ...], titles: tuple[str, str]) -> Table:
    """Return the inputs that differ as a table."""
    heads = (Column("input", "input"), Column("a", titles[0]), Column("b", titles[1]))
    rows = tuple((item.path, *item.words()) for item in inputs)
    return Table("comparison_inputs", f"Inputs that differ: {len(rows):,}", heads, rows)


def _pair_heads(titles: tuple[str, str], kind: str) -> tuple[Column, ...]:
    return (
        Column("a", titles[0], kind),
        Column("b", titles[1], kind),
        Column("difference", "first less second", "difference"),
    )


def _less(pair: Pair) -> float | None:
    """Return the first less the second; None where one is not there."""
    first, second = pair
    return None if first is None or second is None else first - second


def compare_architectures(places: ComparedPlaces, samples: int | None = None) -> ArchitectureComparison:
    """Compare two architectures on the same places and flights.

    Parameters
    ----------
    places : ComparedPlaces
    samples : int, optional
        Of the costs: what losses leave, cost, interceptors and stability are compared too.
    """
    first, second = places.names
    resolved = [places.scenario.architecture(name) for name in places.names]
    shares = [places.nation_shares(name) for name in places.names]
    return ArchitectureComparison(
        places=places,
        first=_side(places, first),
        second=_side(places, second),
        inputs=_differing(resolved[0], resolved[1]),
        nations=places.nations,
        by_nation={code: (shares[0][code], shares[1][code]) for code in places.nations},
        people=_people(places),
        decisions=() if samples is None else decision_sides(places, samples),
    )


def _side(places: ComparedPlaces, name: str) -> ComparedSide:
    resolved = places.scenario.architecture(name)
    shares = {code: share for code, share in places.nation_shares(name).items() if share is not None}
    return ComparedSide(
        architecture=name,
        title=resolved.title,
        year=resolved.year,
        mode=resolved.mode,
        c2=resolved.c2,
        value={level: places.value(name, level) for level in LEVELS},
        area_share=places.count(name).area_share,
        worst_nation=min(shares, key=lambda code: (shares[code], code)) if shares else None,
        gini=gini(list(shares.values())) if shares else None,
        by_class={item.key: places.value(name, key=item.key) for item in places.tally(name).sets},
        level=places.asked.level,
    )


def _people(places: ComparedPlaces) -> dict[str, float]:
    if not places.counts_people:
        return {}
    threats = places.scope.threats
    mine, theirs = (states(places.coverage(name), threats) for name in places.names)
    scope = np.isin(places.points.nation, places.nations) & (mine != NOT_THREATENED) & (theirs != NOT_THREATENED)
    a, b = mine == DEFENDED, theirs == DEFENDED
    masks = {"both": a & b, "first_only": a & ~b, "second_only": b & ~a, "neither": ~a & ~b}
    return {key: float(places.points.population[scope & mask].sum()) for key, mask in masks.items()}


def _differing(first: ResolvedArchitecture, second: ResolvedArchitecture) -> tuple[Difference, ...]:
    """Return what two architectures have otherwise: settings, then elements that one of them alone has."""
    settings = differences(_settings(first), _settings(second))
    mine, theirs = ({key: _element_words(one) for key, one in side.elements.items()} for side in (first, second))
    return (*settings, *differences(mine, theirs, "elements"))


def _settings(resolved: ResolvedArchitecture) -> dict[str, Any]:
    return as_plain(
        _Settings(
            resolved.year,
            resolved.mode,
            resolved.c2,
            resolved.network,
            resolved.doctrine,
            list(resolved.lofts_deg or ()),
        )
    )


@dataclass(frozen=True)
class _Settings:
    """What an architecture sets beside its elements."""

    year: int | None
    mode: str
    c2: str
    network: Any
    doctrine: Any
    lofts_deg: Any


def _element_words(element: Any) -> str:
    return f"{element.form} {getattr(element, element.form)}"
