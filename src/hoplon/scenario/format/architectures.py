"""What is compared in a scenario file, and what it is put to: ``network``, ``doctrine``, ``architectures``, ``raids``.

With ``questions``, the scope of each question of the study.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from hoplon.scenario.containers import ListOf, RecordOf
from hoplon.scenario.decisions.format import YEAR
from hoplon.scenario.fields import SHORT_TITLE, Choice, Flag, Key, Name, Reading, Text
from hoplon.scenario.format.numbers import LOFTS, METRES, distance, duration
from hoplon.scenario.marked_yaml import MarkedTable
from hoplon.scenario.model import Architecture, Doctrine, Network, QuestionScope, Raid, RaidThreat
from hoplon.scenario.quantities import Number, Position
from hoplon.scenario.shot_doctrines import DoctrineName

C2_FORMS: Final = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")
MODES: Final = ("organic", "launch_on_remote", "engage_on_remote")

NETWORK: Final = RecordOf(
    Network,
    {"latency_s": Key(duration(3600), "latency of every report whose element has none of its own")},
    required=("latency_s",),
)

DOCTRINE: Final = RecordOf(
    Doctrine,
    {
        "mode": Key(
            Choice(MODES),
            "`organic`: a battery's own radars alone; `launch_on_remote`: it commits on any track, and its own "
            "radars support "
            "the intercept; `engage_on_remote`: any sensor whose role it is supports it",
        ),
        "firm_track_s": Key(
            duration(3600), "time after burnout and track start from which a track is firm enough to commit"
        ),
        "decision_s": Key(duration(3600), "first usable firm track to release"),
        "reaction_s": Key(duration(3600), "release to launch"),
        "handover_s": Key(duration(3600), "time before intercept from which the interceptor flies on its own"),
        "kill_assessment_s": Key(duration(3600), "intercept to knowledge of its outcome"),
        "support_s": Key(duration(3600), "how long a track has lasted before it supports an intercept"),
        "support": Key(
            Choice(("held", "predicted")),
            "`held`: a track held until the handover supports an intercept; `predicted`: the error of the "
            "predicted intercept "
            "point must be below `handover_error_km`",
        ),
        "handover_error_km": Key(
            distance(0, 1000),
            "greatest error of the predicted intercept point at handover, one standard deviation; `support: "
            "predicted` needs it",
        ),
        "salvo": Key(Number("interceptors", 1, 100, whole=True), "interceptors per shot"),
        "shots_required": Key(Number("shots", 1, 100, whole=True), "shots of one battery that count as defended"),
        "look": Key(Flag(), "shoot-look-shoot; false: only the first salvo"),
        "protect": Key(
            Choice(("territory", "places", "forces")),
            "what is to be protected; a statement of intent, which no computation reads",
        ),
    },
    required=("mode", "firm_track_s", "decision_s", "reaction_s", "handover_s", "kill_assessment_s"),
)


def _overrides(record: RecordOf) -> RecordOf:
    """Return the keys of a record, none required, kept as a mapping by attribute name in the order of the format."""
    order = (*record.keys, *record.described)

    def overrides(**values: Any) -> Mapping[str, Any]:
        return MappingProxyType({key: values[key] for key in order if key in values})

    return RecordOf(overrides, record.keys, described=record.described)


ARCHITECTURE: Final = RecordOf(
    Architecture,
    {
        "year": Key(YEAR, "decides which elements are active and who is a member", "every element and nation counts"),
        "extends": Key(
            Name("architectures"), "another architecture of the scenario, whose elements and settings it takes over"
        ),
        "elements": Key(
            ListOf(Name("elements"), distinct=True), "its elements; with `extends`, added to the other's", "none"
        ),
        "without": Key(ListOf(Name("elements"), distinct=True), "elements taken away from what it extends", "none"),
        "c2": Key(
            Choice(C2_FORMS),
            "form of command and control; `mode: organic` overrides it. The hubs fuse tracks centrally, the "
            "others by covariance intersection",
            "what it extends has, else `hub`",
        ),
        "network": Key(_overrides(NETWORK), "in place of the scenario's `network`, key by key"),
        "doctrine": Key(_overrides(DOCTRINE), "in place of the scenario's `doctrine`, key by key"),
        "lofts_deg": Key(
            LOFTS,
            "in place of the `lofts_deg` of every class, in coverage, footprints and single engagements; raids "
            "fly as their classes do",
            "those of each class",
        ),
        "family": Key(Text(100, one_line=True), "title of the group of architectures that it belongs to", "none"),
        "compare_with": Key(
            Name("architectures"), "the architecture that it is compared with, or is a variant of", "none"
        ),
        "column_title": Key(SHORT_TITLE, "what column heads and figures call it", "its `short_title`"),
    },
)


def _one_way(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a flight that is given by its loft and by its apogee."""
    if "loft_deg" in node.entries and "apogee_km" in node.entries:
        place = node.entries["apogee_km"][0]
        reading.refuse(place, path, "either `loft_deg` or `apogee_km` was expected, got both: a flight has one way")


_RAID_THREAT = RecordOf(
    RaidThreat,
    {
        "threat": Key(Name("threats"), "class of its missiles"),
        "from": Key(Name("launch_areas"), "where they are launched from"),
        "aim": Key(Position(), "what they are aimed at"),
        "count": Key(Number("missiles", 1, 10_000, whole=True), "how many"),
        "interval_s": Key(duration(86_400), "time between two launches"),
        "loft_deg": Key(
            Number("degrees", -60, 60, plain=True), "one of the class's `lofts_deg`", "the first of its class's"
        ),
        "apogee_km": Key(
            Number("km", 1, 100_000, METRES, plain=True), "greatest altitude, in place of a loft", "what the loft gives"
        ),
    },
    required=("threat", "from", "aim"),
    rule=_one_way,
)
RAID: Final = RecordOf(
    Raid,
    {
        "threats": Key(ListOf(_RAID_THREAT, least=1), "the groups of missiles that make it"),
        "judged_on": Key(
            Name("architectures"),
            "architecture that the study's sweeps of this raid are run on",
            "the last compared architecture that follows the baseline, was not given up, and has a shot at the raid",
        ),
        "doctrine": Key(
            DoctrineName(),
            "shot doctrine that meets it: `single`, `salvo-N`, `shoot-look-shoot`, `salvo-look-salvo`, "
            "`salvo-N-look-salvo`, "
            "`share`; coverage does not read it",
            "`salvo` and `look` of the architecture's doctrine",
        ),
    },
    required=("threats",),
)

QUESTION: Final = RecordOf(
    QuestionScope,
    {
        "architectures": Key(
            ListOf(Name("architectures"), distinct=True),
            "architectures that it is put to",
            "the question's own choice, mostly those that are compared",
        ),
        "threats": Key(
            ListOf(Name("threats"), distinct=True),
            "classes that it is about, for a reader; no question reads it",
            "none",
        ),
        "raids": Key(
            ListOf(Name("raids"), distinct=True), "raids that it is about, for a reader; no question reads it", "none"
        ),
        "base": Key(Name("architectures"), "of Q5: the architecture that a mix is added to"),
        "budgets_musd": Key(
            ListOf(Number("million USD", 0, 1e9, plain=True), least=1, distinct=True),
            "of Q5: what a mix may cost, discounted",
        ),
    },
)
