"""Everything that one open scenario answers to what-ifs."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from hoplon.progress import silent
from hoplon.scenario.changes.applied import apply, varied_name
from hoplon.scenario.changes.what_if import of_document
from hoplon.scenario.given.scenario import loaded_scenario, names_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hoplon.analysis.first_out import FirstOut
    from hoplon.analysis.store import Store
    from hoplon.analysis.what_if.point_sets import PointSet, SetName
    from hoplon.analysis.what_if.verdict import WhatIfVerdict
    from hoplon.progress import Progress
    from hoplon.scenario.changes.what_if import WhatIf
    from hoplon.scenario.given.scenario import GivenScenario
    from hoplon.scenario.model import Level, Scenario

_MOST_APPLIED: Final = 64  # what-ifs whose scenario is remembered


class WhatIfs:
    """What an open scenario answers to what-ifs; not safe for several threads at once.

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

    def points(self, points: SetName = "exact") -> PointSet:
        """Return the aim points of a set.

        Raises
        ------
        UnknownNameError
            If there is no such set.
        InputError
            If the package holds neither places nor land of a nation of the scenario.
        """
        from hoplon.analysis.coverage import aim_points
        from hoplon.analysis.what_if.point_sets import SETS, coarse_set, exact_set
        from hoplon.scenario.model import known_name

        name = known_name("set of points", points, SETS)
        if not self._sets:
            every = aim_points(self.scenario)
            self._sets = {"exact": exact_set(every), "coarse": coarse_set(every)}
        return self._sets[name]

    def applied(self, what_if: WhatIf | Mapping[str, Any]) -> tuple[str, Scenario, str]:
        """Return a what-if's id, the scenario that it makes, and the name of its architecture there."""
        asked = of_document(what_if)
        key = asked.id(self.scenario)
        if asked.scenario or key not in self._applied:
            self._applied[key] = apply(self.scenario, asked)
        self._applied.move_to_end(key)
        while len(self._applied) > _MOST_APPLIED:
            self._applied.popitem(last=False)
        return key, self._applied[key], varied_name(self.scenario)

    def verdict(
        self,
        what_if: WhatIf | Mapping[str, Any],
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
            Classes that count together; every class is judged, and the headline's count, by default.
        hand : sequence of str
            Elements that are being moved: the same defence without them is judged once, and then only the flights that
            it leaves open.
        progress : callable
            An exception that it raises ends the work; what is finished is kept.
        """
        from hoplon.analysis.coverage import coverage
        from hoplon.analysis.coverage_answer import counted
        from hoplon.analysis.what_if.verdict import WhatIfVerdict

        start = time.process_time()
        key, scenario, name = self.applied(what_if)
        chosen = names_in(scenario, "threat", classes)
        result = coverage(
            self.store,
            scenario,
            name,
            self.points(set).points,
            level=level,
            threats=chosen,
            enough=1,
            what_if=True,
            sha256=key,
        )
        threats, nations = counted(scenario, result, chosen)
        spent = 1000.0 * (time.process_time() - start)
        return WhatIfVerdict(key, result, threats, nations, "full", "", 0, 0, spent)

    def prepare(
        self,
        what_if: WhatIf | Mapping[str, Any],
        level: Level = "base",
        classes: Sequence[str] | None = None,
        progress: Progress = silent,
    ) -> None:
        """Learn ahead what the next verdicts need; an exception that ``progress`` raises ends the work."""

    def margin(
        self,
        what_if: WhatIf | Mapping[str, Any],
        set: SetName = "exact",
        level: Level = "base",
        classes: Sequence[str] | None = None,
        progress: Progress = silent,
    ) -> NDArray[np.uint8]:
        """Return the greatest whole number of seconds of ``decision_s`` at which each point is defended; shape (n,).

        From 0 to 254; 255 where it is not defended at any, or not threatened.
        """
        raise NotImplementedError

    def plans(
        self,
        what_if: WhatIf | Mapping[str, Any],
        set: SetName = "exact",
        level: Level = "base",
        classes: Sequence[str] | None = None,
        progress: Progress = silent,
    ) -> dict[str, WhatIfVerdict]:
        """Return the verdict of the same changes in every architecture that the scenario compares."""
        asked = of_document(what_if)
        return {
            name: self.verdict(asked.for_architecture(name), set, level, classes, progress=progress)
            for name in self._plans(asked)
        }

    def _plans(self, asked: WhatIf) -> tuple[str, ...]:
        from hoplon.analysis.architectures import compared_architectures

        return tuple(dict.fromkeys((*compared_architectures(self.scenario), asked.architecture)))

    def first_out(
        self,
        what_if: WhatIf | Mapping[str, Any],
        level: Level = "base",
        classes: Sequence[str] | None = None,
        set: SetName = "exact",
        progress: Progress = silent,
    ) -> FirstOut:
        """Return the first-out losses of a what-if's elements."""
        from hoplon.analysis.first_out import first_outs

        _, scenario, name = self.applied(what_if)
        chosen = names_in(scenario, "threat", classes)
        return first_outs(self.store, scenario, (name,), self.points(set).points, chosen, level, progress)[0]
