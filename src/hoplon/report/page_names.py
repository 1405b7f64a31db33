"""What the page calls the records that tables name by their keys in the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hoplon.analysis.architectures import sentence_title
from hoplon.analysis.bounds import disputed_inputs
from hoplon.analysis.coverage import headline_classes_title
from hoplon.analysis.tally import class_title
from hoplon.presentation.wording import nation_names
from hoplon.scenario.model import Scenario
from hoplon.scenario.titles import area_short_title, element_short_title

_SEPARATORS: Final = {"elements": "; ", "launch_areas": ", ", "feeds": " "}  # of columns that name several records


class PageNames:
    """Titles for the keys in the columns of a table.

    The CSV beside the page keeps the keys: a reader of the page needs names, a program that reads the CSV needs keys.

    Parameters
    ----------
    scenario : Scenario
        Whose architectures, elements, classes and launch areas.
    """

    def __init__(self, scenario: Scenario) -> None:
        architectures = {name: sentence_title(scenario, name) for name in scenario.architectures}
        elements = {
            name: record.title or element_short_title(scenario, name) for name, record in scenario.elements.items()
        }
        areas = {name: area_short_title(scenario, name) for name in scenario.launch_areas}
        classes = {name: class_title(scenario, name) for name in scenario.threats}
        sets = {"in_year": "those of its own year", "headline": headline_classes_title(scenario), "all": "every class"}
        self._names: dict[str, Mapping[str, str]] = {
            **dict.fromkeys(("architecture", "counterpart", "group"), architectures),
            **dict.fromkeys(("element", "elements", "worst_element", "battery", "feeds"), elements),
            **dict.fromkeys(("launch_area", "launch_areas"), areas),
            "threat": classes,
            **dict.fromkeys(("nation", "worst_nation", "owner"), nation_names()),
            "input": {key: item.title for key, item in disputed_inputs(scenario).items()},
            "class_set": sets | classes,
        }

    def titled(self, column: str, text: str) -> str:
        """Return what the page shows of a text of a column; the text itself where it names no record.

        Parameters
        ----------
        column : str
            Key of the column.
        text : str
        """
        names = self._names.get(column)
        if names is None:
            return text.replace("_", " ") if column in {"mode", "c2"} else text
        separator = _SEPARATORS.get(column)
        if separator is None:
            return names.get(text, text)
        told = [names.get(word, word) for word in text.split(separator)]
        return "; ".join(told) if any(", " in word for word in told) else ", ".join(told)
