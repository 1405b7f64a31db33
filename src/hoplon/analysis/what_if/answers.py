"""Everything that one open scenario answers to what-ifs."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hoplon.progress import silent
from hoplon.scenario.changes.applied import apply, varied_name
from hoplon.scenario.changes.what_if import of_document
from hoplon.scenario.given.place import place_of
from hoplon.scenario.given.scenario import loaded_scenario, names_in
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hoplon.analysis.first_out import FirstOut
    from hoplon.analysis.store import Store
    from hoplon.analysis.what_if.explanation import Explanation
    from hoplon.analysis.what_if.point_sets import PointSet, SetName
    from hoplon.analysis.what_if.question import WhatIfQuestion
    from hoplon.analysis.what_if.verdict import WhatIfVerdict
    from hoplon.progress import Progress
    from hoplon.scenario.changes.what_if import WhatIf
    from hoplon.scenario.given.scenario import GivenScenario
    from hoplon.scenario.model import Level, Scenario

    AnyWhatIf = WhatIf | Mapping[str, object]

_MOST_APPLIED: Final = 64  # what-ifs whose scenario is remembered
_FLIGHTS_BETWEEN_STEPS: Final = 3_000  # some 5 ms: a step of a drag is to come every 50
_LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")


class WhatIfs:
    """What an open scenario answers to what-ifs; not safe for several threads at once.

    Every answer is that of the commands for the scenario that the what-if makes. What is computed is kept, and bounds
    the answers to come (:mod:`hoplon.analysis.what_if.bound`, which says where order matters).

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    store : Store, optional
        Keeps what is computed; one of its own by default.
    """

    def __init__(self, scenario: GivenScenario, store: Store | None = None) -> None:
        from hoplon.analysis.store import Store

        self.scenario: Scenario = loaded_scenario(scenario)
        self.store = Store() if store is None else store
        self._sets: dict[str, PointSet] = {}
        self._applied: OrderedDict[str, Scenario] = OrderedDict()

    def points(self, set: SetName = "exact") -> PointSet:
        """Return the aim points of a set: every one, or a coarse set of them that stands for all.

        Raises
        ------
        UnknownNameError
            If there is no such set.
        InputError
            If the package holds neither places nor land of a nation of the scenario.
        """
        from hoplon.analysis.coverage import aim_points, headline_nations
        from hoplon.analysis.what_if.point_sets import SETS, coarse_set, exact_set

        name = known_name("set of points", set, SETS)
        if not self._sets:
            every = aim_points(self.scenario)
            self._sets = {"exact": exact_set(every), "coarse": coarse_set(every, headline_nations(self.scenario, None))}
        return self._sets[name]

    def applied(self, what_if: AnyWhatIf) -> tuple[str, Scenario]:
        """Return a what-if's id, and the scenario that it makes; its architecture there is ``self.architecture``."""
        asked = of_document(what_if)
        key = asked.id(self.scenario)
        made = self._applied.get(key)
        if made is None or asked.scenario:
            made = apply(self.scenario, asked)
        self._applied[key] = made
        self._applied.move_to_end(key)
        while len(self._applied) > _MOST_APPLIED:
            self._applied.popitem(last=False)
        return key, made

    @property
    def architecture(self) -> str:
        """The name of the architecture that a what-if makes."""
        return varied_name(self.scenario)

    def verdict(
        self,
        what_if: AnyWhatIf,
        set: SetName = "exact",
        level: Level = "base",
        classes: Sequence[str] | None = None,
        hand: Sequence[str] = (),
        progress: Progress = silent,
    ) -> WhatIfVerdict:
        """Judge a what-if.

        Parameters
        ----------
        what_if : WhatIf or mapping
        set : {"coarse", "exact"}
        level : {"low", "base", "high"}
            Of the disputed inputs.
        classes : sequence of str, optional
            Classes that count together; by default every class is judged, and those of the headline count.
        hand : sequence of str
            Elements that are being moved, with what stands at their sites: the defence without them is judged once, and
            then only the flights that it leaves open.
        progress : callable
            Told of each piece. What it raises ends the work, which goes on from there when it is asked for again.

        Raises
        ------
        InputError, UnknownNameError, ScenarioError
            As :func:`hoplon.scenario.changes.applied.apply`, and for other names that there are none of.
        """
        from hoplon.analysis.what_if.bound import judge

        start = time.process_time()
        question = self._question(what_if, level, classes)
        points, defence = self.points(set).points, question.defence()
        flights = question.flights(self.store, points)
        rest = question.rest(hand, defence) if hand else None
        judged = judge(self.store, flights, defence, defence.shots_required, rest=rest, progress=progress)
        verdict = self._verdict(question, set, of_document(what_if))
        coverage = replace(verdict.coverage, method=judged.method, why=judged.why)
        spent = 1000.0 * (time.process_time() - start)
        return replace(verdict, coverage=coverage, judged=judged.judged, flights=len(flights), cpu_ms=spent)

    def prepare(
        self,
        what_if: AnyWhatIf,
        level: Level = "base",
        classes: Sequence[str] | None = None,
        progress: Progress = silent,
        set: SetName | None = None,
        hand: Sequence[str] = (),
    ) -> None:
        """Judge a what-if, and the same without each of its sites, so that what is moved next is answered at once.

        Parameters
        ----------
        what_if, level, classes
            As :meth:`verdict`.
        progress : callable
            Told of each piece. What it raises ends the work, which goes on from there when it is asked for again.
        set : {"coarse", "exact"}, optional
            The coarse set, then the exact one, by default.
        hand : sequence of str
            Elements that are being moved: then the defence without them is judged alone, in smaller pieces, for what is
            moved is answered between them.
        """
        from hoplon.analysis.what_if.bound import learn

        question = self._question(what_if, level, classes)
        defence = question.defence()
        rests = [question.rest(site, defence) for site in ((hand,) if hand else question.sites())]
        asked = [*(() if hand else (defence,)), *(rest for rest in rests if rest is not None)]
        for name in ("coarse", "exact") if set is None else (set,):
            flights = question.flights(self.store, self.points(name).points)
            piece = _FLIGHTS_BETWEEN_STEPS if hand else None
            learn(self.store, flights, asked, defence.shots_required, progress=progress, piece=piece)

    def margin(
        self,
        what_if: AnyWhatIf,
        set: SetName = "exact",
        level: Level = "base",
        classes: Sequence[str] | None = None,
        progress: Progress = silent,
    ) -> NDArray[np.uint8]:
        """Return the greatest whole number of seconds of ``decision_s`` at which each point is defended; shape (n,).

        Against the classes together that are named, or those of the headline. From 0 to 254, where 254 stands for
        longer times too; 255 where the point is defended at none, or is not threatened. It does not depend on the
        decision time that the what-if has.

        Raises
        ------
        InputError
            If the what-if requires more than one shot; and as :meth:`verdict`.
        """
        from hoplon.analysis.coverage import headline_threats
        from hoplon.analysis.what_if.decision_margin import decision_margins

        question = self._question(what_if, level, classes)
        headline = headline_threats(question.scenario) or question.kinds
        question = replace(question, classes=question.classes or headline)
        points, defence = self.points(set).points, question.defence()
        flights = question.flights(self.store, points)
        at_once = replace(defence, timing=replace(defence.timing, decision=0.0))
        key = ("decision margins", flights.key, len(points), defence.shots_required, at_once.content())
        kept = self.store.get(
            key, lambda: decision_margins(self.store, flights, defence, len(points), progress=progress)
        )
        return kept.copy()

    def plans(
        self,
        what_if: AnyWhatIf,
        set: SetName = "exact",
        level: Level = "base",
        classes: Sequence[str] | None = None,
        progress: Progress = silent,
    ) -> dict[str, WhatIfVerdict]:
        """Return the verdicts of the same changes in every architecture that the scenario compares, judged in one pass.

        With the what-if's own architecture, if it is none of them. Each keeps its own year; what is switched off in the
        what-if and is no part of an architecture is off there already.
        """
        from hoplon.analysis.architectures import compared_architectures
        from hoplon.analysis.what_if.bound import judge_all

        start = time.process_time()
        asked = of_document(what_if)
        names = tuple(dict.fromkeys((*compared_architectures(self.scenario), asked.architecture)))
        each = {name: replace(asked, architecture=name, year=None) for name in names}
        each[asked.architecture] = asked
        questions = {name: self._question(one, level, classes) for name, one in each.items()}
        points = self.points(set).points
        groups: dict[str, list[WhatIfQuestion]] = {}
        for question in questions.values():
            groups.setdefault(question.flights(self.store, points).key, []).append(question)
        for group in groups.values():
            flights = group[0].flights(self.store, points)
            judge_all(self.store, flights, [question.defence() for question in group], progress=progress)
        found = {name: self._verdict(question, set, each[name]) for name, question in questions.items()}
        spent = 1000.0 * (time.process_time() - start) / len(found)
        return {name: replace(verdict, cpu_ms=spent) for name, verdict in found.items()}

    def explain(
        self,
        what_if: AnyWhatIf,
        *,
        place: tuple[float, float] | None = None,
        element: str | None = None,
        level: Level = "base",
        classes: Sequence[str] | None = None,
    ) -> Explanation:
        """Explain why a place is defended or not, or what an element does.

        Parameters
        ----------
        what_if, level, classes
            As :meth:`verdict`.
        place : (latitude, longitude), optional
            [deg]
        element : str, optional
            One of the two is given.

        Raises
        ------
        UsageError
            If not one of the two is given.
        """
        from hoplon.analysis.what_if.explanation import explain_element, explain_place
        from hoplon.errors import UsageError

        if (place is None) == (element is None):
            raise UsageError("explain: either place or element was expected")
        question = self._question(what_if, level, classes)
        if element is None:
            return explain_place(self.store, question, self.points("exact").points, place_of("place", place))
        name, asked = known_name("element", element, question.scenario.elements), of_document(what_if)
        stands = name in question.resolved.elements
        whole = self.verdict(asked, "exact", level, classes)
        other = self.verdict(_toggled(asked, name, stands), "exact", level, classes)
        return explain_element(question, name, whole, other, stands=stands)

    def first_out(
        self,
        what_if: AnyWhatIf,
        level: Level = "base",
        classes: Sequence[str] | None = None,
        set: SetName = "exact",
        progress: Progress = silent,
    ) -> FirstOut:
        """Return the first-out losses of a what-if's elements, against classes together: the headline's by default."""
        from hoplon.analysis.first_out import first_outs

        question = self._question(what_if, level, classes)
        points = self.points(set).points
        key = ("first out", question.id, level, question.classes, set)
        names = (question.architecture,)
        return self.store.get(
            key,
            lambda: first_outs(self.store, question.scenario, names, points, question.classes, level, progress)[0],
        )

    def _question(self, what_if: AnyWhatIf, level: Level, classes: Sequence[str] | None) -> WhatIfQuestion:
        from hoplon.analysis.what_if.question import WhatIfQuestion

        key, scenario = self.applied(what_if)
        named = names_in(scenario, "threat", classes or None)
        known_name("level", level, _LEVELS)
        return WhatIfQuestion(key, scenario, self.architecture, level, named)

    def _verdict(self, question: WhatIfQuestion, points: SetName, asked: WhatIf) -> WhatIfVerdict:
        """Return the verdict of a what-if whose flights are judged."""
        from hoplon.analysis.coverage import coverage
        from hoplon.analysis.coverage_answer import counted
        from hoplon.analysis.what_if.verdict import WhatIfVerdict

        result = coverage(
            self.store,
            question.scenario,
            question.architecture,
            self.points(points).points,
            level=question.level,
            threats=question.classes,
            enough=1,
            what_if=True,
            sha256=question.id,
        )
        threats, nations = counted(question.scenario, result, question.classes)
        notes = question.notes([*asked.move, *asked.add])
        if not result.threatened.any():
            notes += ("nobody is threatened: none of the classes reaches any place from the launch areas",)
        return WhatIfVerdict(question.id, result, threats, nations, notes=notes)


def _toggled(asked: WhatIf, element: str, stands: bool) -> WhatIf:
    """Return a what-if with an element switched off, or added where it is no part of it."""
    if stands and element in asked.add:
        return replace(asked, add={name: keys for name, keys in asked.add.items() if name != element})
    if stands:
        return replace(asked, off=(*asked.off, element))
    return replace(asked, off=tuple(name for name in asked.off if name != element), add={**asked.add, element: {}})
