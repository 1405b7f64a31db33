"""The scenario file, section by section: what the loader reads, the JSON Schema says and the manual lists.

Each key is declared once (:class:`hoplon.scenario.fields.Key`), in :mod:`hoplon.scenario.format`, in
:mod:`hoplon.scenario.reporting_format` and in :mod:`hoplon.scenario.decisions.format`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hoplon.scenario.containers import ListOf, MappingOf, RecordOf
from hoplon.scenario.decisions.format import ADAPT, CANDIDATE, COSTS, ROBUSTNESS, STRATEGIC, YEAR
from hoplon.scenario.fields import Address, Flag, Key, Name, Nation, Reading, Text
from hoplon.scenario.format.architectures import ARCHITECTURE, DOCTRINE, NETWORK, QUESTION, RAID
from hoplon.scenario.format.elements import ELEMENT, years_in_order
from hoplon.scenario.format.sensors import RADAR, SATELLITE
from hoplon.scenario.format.weapons import INTERCEPTOR, LAUNCH_AREA, THREAT
from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node, Scalar
from hoplon.scenario.model import Membership, Source
from hoplon.scenario.quantities import Number
from hoplon.scenario.reporting_format import HEADLINE, MILESTONE, STATEMENT

_TEXT = Text()

SOURCE: Final = RecordOf(
    Source,
    {
        "citation": Key(_TEXT, "author, title, year, page"),
        "url": Key(Address(), "where it can be read"),
        "retrieved": Key(Flag(), "whether the document itself was read"),
        "quality": Key(_TEXT, "how far to trust it"),
        "note": Key(_TEXT, "anything a reader should know"),
    },
    required=("citation",),
    described={},
)

MEMBERSHIP: Final = RecordOf(
    Membership,
    {
        "from": Key(YEAR, "first year as a member", "always"),
        "until": Key(YEAR, "year in which it is a member no longer", "for good"),
        "source": Key(Name("sources"), "where that is from"),
        "note": Key(_TEXT, "anything a reader should know"),
    },
    rule=years_in_order,
    described={},
)


class Nations:
    """A list of codes, or a mapping from codes to membership."""

    def read(self, node: Node, path: str, reading: Reading, origin: Any) -> Any:
        """Read the members, in the order of the file."""
        if isinstance(node, Listing):
            codes = ListOf(Nation(), distinct=True).read(node, path, reading, origin)
            return dict.fromkeys(codes, Membership()) if isinstance(codes, tuple) else codes
        if not isinstance(node, MarkedTable):
            return reading.refuse(node, path, f"a list of ISO 3166-1 alpha-3 codes was expected, got {node.shape}")
        members = {}
        for code, (key, item) in node.entries.items():
            Nation().read(key, path, reading, origin)
            always = isinstance(item, Scalar) and item.value is None
            members[code] = Membership() if always else MEMBERSHIP.read(item, f"{path}.{code}", reading, origin)
        return members

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        code = Nation().schema()
        membership = {"anyOf": [MEMBERSHIP.schema(), {"type": "null"}]}
        by_code = {"type": "object", "patternProperties": {code["pattern"]: membership}, "additionalProperties": False}
        return {"anyOf": [{"type": "array", "items": code, "uniqueItems": True}, by_code]}


SECTIONS: Final[Mapping[str, RecordOf]] = {
    "launch_areas": LAUNCH_AREA,
    "threats": THREAT,
    "radars": RADAR,
    "satellites": SATELLITE,
    "interceptors": INTERCEPTOR,
    "elements": ELEMENT,
    "architectures": ARCHITECTURE,
    "candidates": CANDIDATE,
    "raids": RAID,
    "sources": SOURCE,
    "questions": QUESTION,
}
_MEANINGS: Final = {
    "launch_areas": "places that missiles are launched from, by name",
    "threats": "classes of ballistic missiles, by name",
    "radars": "types of radars, by name",
    "satellites": "types of satellites that warn of launches, follow the body after burnout, or both, by name",
    "interceptors": "types of interceptors, by name",
    "elements": "placed radars, batteries, satellites and nodes, by name",
    "architectures": "what is compared, by name",
    "candidates": "what a search for the best mix may add, by name",
    "raids": "raids, by name",
    "sources": "works that values are taken from, by key",
    "questions": "scope of each question, by its number (`Q5`)",
}

FORMAT_VERSION: Final = Number("", 1, 1, plain=True, whole=True)

TOP: Final[Mapping[str, Key]] = {
    "hoplon": Key(FORMAT_VERSION, "version of the format"),
    "name": Key(Text(64, one_line=True), "short name of the scenario"),
    "title": Key(Text(200, one_line=True), "heading of the scenario", "its name"),
    "nations": Key(
        Nations(),
        "the nations to be defended, any of the world: a list of codes, or a mapping from codes to membership, "
        "`{MNE: {from: 2017}}`",
        "none",
    ),
    "population_year": Key(YEAR, "whose people by region count, in every year of the study: 2008 to 2018", "2018"),
    **{section: Key(MappingOf(record), _MEANINGS[section], "none") for section, record in SECTIONS.items()},
    "network": Key(NETWORK, "the network of every architecture that does not override it; architectures need it"),
    "doctrine": Key(DOCTRINE, "the doctrine of every architecture that does not override it; architectures need it"),
    "strategic": Key(
        ListOf(STRATEGIC), "trajectories of a third party's strategic missiles, for the question of stability", "none"
    ),
    "costs": Key(COSTS, "how costs are added up", "no costs"),
    "robustness": Key(ROBUSTNESS, "which inputs are uncertain together", "the groups of the method"),
    "adapt": Key(ADAPT, "surprises, and moves that answer them", "none"),
    "headline": Key(HEADLINE, "what the main figures of the report count", "the rules below"),
    "disputed": Key(
        ListOf(Text(200, one_line=True), least=1, distinct=True),
        "paths of the inputs that the worst and the best corner move together",
        "`threats.*.rcs_m2`, `interceptors.*.burnout_speed_km_s` and `doctrine.decision_s`",
    ),
    "milestones": Key(ListOf(MILESTONE), "events of the road map", "none"),
    "statements": Key(ListOf(STATEMENT), "public statements that the study tests", "none"),
}

EXTENDS: Final = Key(
    Text(),
    "a bundled scenario, or a scenario file in the folder of this one (or below), that this one is merged over",
    "none",
)
"""Read before any other key: the files are merged first."""
REQUIRED: Final = ("hoplon", "name")

__all__ = ["ADAPT", "COSTS", "DOCTRINE", "EXTENDS", "NETWORK", "REQUIRED", "ROBUSTNESS", "SECTIONS", "STRATEGIC", "TOP"]
