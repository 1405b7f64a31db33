"""Which elements stand together: what one owner has at one place, or what a ``site`` name joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hoplon.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.scenario.model import Element

_SAME_PLACE_DEG: Final = 1e-9
_FORMS: Final = ("radar", "battery")


def stand_together(first: Element, second: Element) -> bool:
    """Tell whether two elements are lost, and moved, together.

    Elements with a ``site`` name do so if it is the same; others if one owner has them at one latitude and longitude.
    """
    if first.site is not None or second.site is not None:
        return first.site == second.site
    if first.at is None or second.at is None or first.owner != second.owner:
        return False
    return (
        abs(first.at.latitude_deg - second.at.latitude_deg) <= _SAME_PLACE_DEG
        and abs(first.at.longitude_deg - second.at.longitude_deg) <= _SAME_PLACE_DEG
    )


def site_of(elements: Mapping[str, Element], name: str) -> tuple[str, ...]:
    """Return the elements of the site of an element, or of a ``site`` name, in the order of the mapping.

    A site is of radars and batteries: a node or a satellite is a site of its own.

    Raises
    ------
    UnknownNameError
        If there is neither.
    """
    if name in elements:
        mine = elements[name]
        if mine.form not in _FORMS:
            return (name,)
        return tuple(
            other
            for other, item in elements.items()
            if other == name or (item.form in _FORMS and stand_together(mine, item))
        )
    named = tuple(other for other, item in elements.items() if item.site == name)
    if not named:
        raise UnknownNameError("element or site", name, (*elements, *{e.site for e in elements.values() if e.site}))
    return named
