"""What a raid needs and no scenario gives: every assumption of its event simulation, declared once.

An assumption is a field of :class:`Conditions`. Its declaration gives the default, the limits and what a value outside
them is told; the option of the command line and its help; the parameter of a campaign's plan; its row in the report's
table of assumptions and in the tables of the manual. To add one: a field here, the handler that uses it, a test.

The words decide no digit, so that a campaign may go on after a change of them (:mod:`hoplon.campaigns.provenance`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Final

from hoplon.errors import InputError
from hoplon.scenario.fields import Flag
from hoplon.scenario.quantities import Number

TOPICS: Final = ("messages and links", "command", "association of tracks", "kills", "sensing", "elements")
"""The order of the lists that are made of the declarations."""
_LINKS, _COMMAND, _ASSOCIATION, _KILLS, _SENSING, _ELEMENTS = TOPICS

FALLBACK_S: Final = 30.0
"""Silence after which batteries fall back in question 14 [s]; they wait for orders unless it is asked for."""

_PERCENT: Final = ((1e-2, "percent"),)
_PROBABILITY: Final = Number("", 0, 1, _PERCENT, plain=True)
_SHARE: Final = Number("", 0, 1, _PERCENT, plain=True)
_TIME: Final = Number("s", 0, 86_400, ((1e-3, "milliseconds"), (1e-6, "microseconds")), plain=True)

DECISION: Final = _TIME
"""Time to decide [s]: in place of the scenario's, by an option or a campaign's ``decision_s``."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption of the event simulation of raids.

    Attributes
    ----------
    topic : str
        One of :data:`TOPICS`.
    text : str
        What the value is; of a time, after "s".
    kind : Number or Flag
        Unit and limits.
    parameter : str
        Name in the plan of a campaign; "" for none.
    option : str
        Option of the commands on raids; several assumptions may share one. "" for none.
    by_element : bool
        The option also takes ``ELEMENT=VALUE``.
    none : str
        What None means; "" where there must be a value.
    question : str
        Number of the study's question that varies or uses it; "" for none.
    studied : float or None
        The value in that question, where raids have none otherwise.
    name : str
        Field of :class:`Conditions`.
    default : float, bool or None
    """

    topic: str
    text: str
    kind: Number | Flag
    parameter: str = ""
    option: str = ""
    by_element: bool = False
    none: str = ""
    question: str = ""
    studied: float | None = None
    name: str = ""
    default: float | bool | None = None

    @property
    def unit(self) -> str:
        """The unit, "" for a probability, a share or a switch."""
        return self.kind.unit if isinstance(self.kind, Number) else ""

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off, and no number."""
        return isinstance(self.kind, Flag)

    @property
    def value(self) -> float | bool | None:
        """The value in the study: the default, or what its question takes."""
        return self.default if self.studied is None else self.studied

    @property
    def usual(self) -> str:
        """The default in words."""
        if isinstance(self.kind, Flag):
            return "yes" if self.default else "no"
        return self.none if self.default is None else f"{self.default:g}"

    @property
    def note(self) -> str:
        """What the value is, and the question that varies it."""
        if not self.question:
            return self.text
        return (
            f"{self.text}; swept in question {self.question}"
            if self.studied is None
            else (f"{self.text}, in question {self.question}")
        )

    def fault(self, value: Any, written: str = "") -> str:
        """Return what is wrong with a value, "" where nothing is; ``written`` is how it was put."""
        if isinstance(self.kind, Flag):
            return "" if value in (True, False) else f"true or false was expected, got {value!r:.60}"
        if value is None and self.none:
            return ""
        if value is None:
            return f"a number {self.kind.limits} was expected"
        return self.kind.fault(value, written or f"{value}")


def _about(topic: str, text: str, kind: Number | Flag, **more: Any) -> Mapping[str, Assumption]:
    return {"assumption": Assumption(topic, text, kind, **more)}


@dataclass(frozen=True)
class Conditions:
    """The values of one raid; each is assumed, and printed with its results.

    What a field means is said in its declaration; :data:`ASSUMPTIONS` has them by name.

    Raises
    ------
    InputError
        If a value is outside its limits.
    """

    hop_share: float = field(
        default=0.5,
        metadata=_about(
            _LINKS,
            "share of a report's latency that each of its two hops takes",
            Number("", 0, 1000, plain=True),
            parameter="hop_share",
        ),
    )
    fixed_share: float = field(
        default=0.5, metadata=_about(_LINKS, "share of a hop that is fixed; the rest is exponential", _SHARE)
    )
    link_availability: float = field(
        default=1.0,
        metadata=_about(
            _LINKS,
            "chance that a transmission gets through",
            _PROBABILITY,
            parameter="link_availability",
            option="--link-availability",
            by_element=True,
            question="14",
        ),
    )
    repeat: float = field(default=1.0, metadata=_about(_LINKS, "s, after which a lost transmission is repeated", _TIME))
    reports_per_second: float | None = field(
        default=19.0,
        metadata=_about(
            _LINKS,
            "what the link of a radar carries",
            Number("1/s", 0.001, 1e6, plain=True),
            parameter="reports_per_second",
            none="no limit",
        ),
    )
    stale: float = field(
        default=10.0,
        metadata=_about(_COMMAND, "s of silence after which the tracks of a radar are dropped", _TIME),
    )
    answer: float = field(
        default=5.0,
        metadata=_about(
            _COMMAND,
            "s, beyond the latency, after which an order without an answer is given to another battery",
            _TIME,
        ),
    )
    hot_switch: float = field(
        default=10.0,
        metadata=_about(
            _COMMAND,
            "s from the loss of a node to command by another that shares its picture",
            _TIME,
            parameter="hot_switch_s",
        ),
    )
    cold_switch: float = field(
        default=120.0,
        metadata=_about(
            _COMMAND,
            "s from the loss of a node to command by another that begins empty",
            _TIME,
            parameter="cold_switch_s",
        ),
    )
    last_look_salvo: int = field(
        default=4,
        metadata=_about(
            _COMMAND,
            "interceptors that the doctrine `share` fires at most at the last look at a threat",
            Number("", 1, 99, plain=True, whole=True),
            parameter="last_look_salvo",
            question="14",
        ),
    )
    false_kill: float = field(
        default=0.05,
        metadata=_about(
            _KILLS,
            "chance that a survivor is taken for dead",
            _PROBABILITY,
            parameter="false_kill",
            option="--assessment-error",
            question="14",
        ),
    )
    false_survival: float = field(
        default=0.05,
        metadata=_about(
            _KILLS,
            "chance that the dead is taken for a survivor",
            _PROBABILITY,
            parameter="false_survival",
            option="--assessment-error",
            question="14",
        ),
    )
    common_threat: float = field(
        default=0.0,
        metadata=_about(
            _KILLS, "chance that every shot at a threat fails together", _PROBABILITY, parameter="common_threat"
        ),
    )
    common_raid: float = field(
        default=0.0,
        metadata=_about(
            _KILLS, "chance that every shot of a raid fails together", _PROBABILITY, parameter="common_raid"
        ),
    )
    hits_of_looks: float = field(
        default=0.6,
        metadata=_about(_SENSING, "share of the looks of an acquisition that must see the threat", _SHARE),
    )
    spare_looks: int = field(
        default=2,
        metadata=_about(
            _SENSING,
            "looks that a plan allows a radar, not yet holding the track, to miss",
            Number("", 0, 1000, plain=True, whole=True),
        ),
    )
    false_alarm: float = field(
        default=1e-6,
        metadata=_about(
            _SENSING,
            "chance of a false alarm per look, which sets the detection threshold",
            Number("", 0, 0.5, _PERCENT, plain=True, open_below=True),
        ),
    )
    perfect_sensing: bool = field(
        default=False, metadata=_about(_SENSING, "every look inside cover sees", Flag(), option="--perfect-sensing")
    )
    availability: bool = field(
        default=True,
        metadata=_about(_ELEMENTS, "which elements work is drawn from their availability; else all do", Flag()),
    )
    every_look: bool = field(
        default=False, metadata=_about(_SENSING, "every look and update is simulated as an event", Flag())
    )
    early_warning: bool = field(
        default=False,
        metadata=_about(
            _COMMAND,
            "batteries on their own get the satellites' alerts, which cue their own radars; networked forms always do",
            Flag(),
        ),
    )
    wrong_association: float = field(
        default=0.0,
        metadata=_about(
            _ASSOCIATION,
            "chance that a track of a known threat is taken for another object",
            _PROBABILITY,
            parameter="wrong_association",
            option="--wrong-association",
            question="14",
        ),
    )
    fallback: float | None = field(
        default=None,
        metadata=_about(
            _COMMAND,
            "s of silence of its node after which a battery fights by its own radars",
            _TIME,
            parameter="fallback_s",
            option="--fallback-s",
            none="it waits for orders",
            question="14",
            studied=FALLBACK_S,
        ),
    )

    def __post_init__(self) -> None:
        """Refuse what is outside its limits."""
        for name, assumption in ASSUMPTIONS.items():
            if fault := assumption.fault(getattr(self, name)):
                raise InputError(f"{name}: {fault}")

    def ideal(self) -> Conditions:
        """Return the same with perfect sensing, no latency, no losses and no errors of assessment."""
        return replace(
            self,
            hop_share=0.0,
            link_availability=1.0,
            reports_per_second=None,
            false_kill=0.0,
            false_survival=0.0,
            wrong_association=0.0,
            perfect_sensing=True,
            availability=False,
        )


def _declared() -> dict[str, Assumption]:
    """Return the declarations by name, topic by topic, in each in the order of the fields."""
    every = [replace(f.metadata["assumption"], name=f.name, default=f.default) for f in fields(Conditions)]
    return {one.name: one for topic in TOPICS for one in every if one.topic == topic}


ASSUMPTIONS: Final[Mapping[str, Assumption]] = MappingProxyType(_declared())
"""Every assumption by the name of its field."""


def assumptions() -> dict[str, list[Assumption]]:
    """Return what each option of the command line sets."""
    found: dict[str, list[Assumption]] = {}
    for assumption in ASSUMPTIONS.values():
        if assumption.option:
            found.setdefault(assumption.option, []).append(assumption)
    return found


def parameters() -> dict[str, Number]:
    """Return what a campaign may vary, with its limits: the time to decide, and assumptions."""
    varied = {one.parameter: one.kind for one in ASSUMPTIONS.values() if isinstance(one.kind, Number) and one.parameter}
    return {"decision_s": DECISION, **varied}


def parameter_words() -> dict[str, tuple[str, str]]:
    """Return of each parameter of a campaign what it is, and what holds without it."""
    words = {one.parameter: (one.text, one.usual) for one in ASSUMPTIONS.values()}
    words["decision_s"] = ("s from a firm track to an order", "the scenario's")
    return {name: words[name] for name in parameters()}
