"""The questions of an architecture study, answered from a scenario.

``hoplon.study(scenario, folder)`` runs the whole study: this module has the name of that function of
:mod:`hoplon.api`, and stands for it when it is called.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _AlsoFunction(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Run the whole study of a scenario: :func:`hoplon.api.study`."""
        return import_module("hoplon.api").study(*arguments, **options)


sys.modules[__name__].__class__ = _AlsoFunction
