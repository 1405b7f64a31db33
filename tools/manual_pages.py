"""A hook of MkDocs: the pages of the manual that are made when it is built.

The navigation has a page for each question; the changelog is that of the repository; the reference of the Python API is
made of ``dir(hoplon)`` and of the classes of its answers; the functions of the model are those that its page names; the
pictures of the gallery are drawn by the code that stands beside them.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import griffe
from mkdocs.structure.files import File

import hoplon
from hoplon.questions.question import every_question
from hoplon.validation.methods import methods

sys.path.insert(0, str(Path(__file__).parent))
from manual_blocks import run_page

ROOT: Final = Path(__file__).resolve().parents[1]

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Scenarios": ("load", "check", "schema", "scenarios", "contents", "export"),
    "The study and its questions": ("study", "ask"),
    "Flights and engagements": ("trajectory", "flyout", "engage", "track", "kill_chain"),
    "Coverage": ("coverage", "band", "footprint", "denied", "threat"),
    "Decisions": (
        "compare",
        "compare_studies",
        "survive",
        "attribute",
        "cost",
        "optimise",
        "robust",
        "stability",
        "adapt",
    ),
    "Sweeps, raids, campaigns": ("sweep", "raid", "play", "campaign", "federate", "join"),
    "Pictures": ("plot", "explore"),
    "The installation": ("doctor", "validate"),
}
"""The public functions, in the order of the page; a name that is in none of them stops the build."""
_OUTSIDE: Final = {"__version__"}
_CHANGED: Final = ("Scenario",)  # the record that functions take, with its own ways to change


def on_config(config: Any) -> Any:
    """Add the pages of the questions to the navigation."""
    pages = next(_lists_named("Questions", config["nav"]))
    pages += [{item.contents: f"questions/{item.name}.md"} for item in every_question()]
    return config


def _lists_named(name: str, nav: Any) -> Iterator[list[Any]]:
    for entry in nav:
        for title, below in entry.items() if isinstance(entry, dict) else ():
            if title == name and isinstance(below, list):
                yield below
            elif isinstance(below, list):
                yield from _lists_named(name, below)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made of the package, and the pictures of the gallery."""
    made = {"changelog.md": changelog(), "api.md": api_page(), "model-code.md": model_code_page()}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    for name, picture in gallery_pictures().items():
        files.append(File.generated(config, f"gallery/{name}", content=picture))
    return files


def changelog() -> str:
    """Return the changelog of the repository as a page of the manual."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.sub(r"\]\((?:\./)?docs/", "](", text)


def api_page() -> str:
    """Return the reference of the Python API."""
    public = set(dir(hoplon)) - _OUTSIDE
    grouped = {name for names in GROUPS.values() for name in names}
    if public != grouped:
        raise ValueError(f"tools/manual_pages.py: GROUPS and dir(hoplon) differ in {sorted(public ^ grouped)}")
    parts = [
        "# Python API\n\nWhat `dir(hoplon)` shows, and the records that it returns. Each function is loaded when "
        "it is first "
        "used. The scenario comes first (loaded, a path, or the name of a bundled one), then an architecture "
        "where there is "
        "one. "
        "[Notebooks](notebooks.md) shows how they are used together."
    ]
    for title, names in GROUPS.items():
        parts.append(f"## {title}")
        parts += [f"::: hoplon.api.{name}" for name in names]
    parts.append("## Records")
    parts += [
        f"::: {path}\n    options: {{members_order: source, inherited_members: true, filters: ['!^_']}}"
        for path in answer_classes()
    ]
    return "\n\n".join(parts) + "\n"


def answer_classes() -> list[str]:
    """Return the classes that the public functions return, and the scenario, by path."""
    package = griffe.load("hoplon", search_paths=[str(ROOT / "src")])
    found: dict[str, None] = {"hoplon.scenario.model.Scenario": None}
    for names in GROUPS.values():
        for name in names:
            function = package["api"][name]
            returns = (function.final_target if function.is_alias else function).returns
            for part in returns.iterate(flat=True) if returns is not None and not isinstance(returns, str) else ():
                path = getattr(part, "canonical_path", "")
                if path.startswith("hoplon."):
                    found[path] = None
    return list(found)


def model_code_page() -> str:
    """Return the page of the functions that the page of the model names."""
    parts = [
        "# Functions of the model\n\nThe functions behind the [equations of the model](model.md#equations), as "
        "their docstrings have them."
    ]
    names = re.findall(r"`(\w+(?:\.\w+)+)`", " ".join(one.code for one in methods().equations))
    for name in dict.fromkeys(names):
        options = "show_root_full_path: true, show_source: true, heading_level: 2"
        if isinstance(found_at(f"hoplon.{name}"), ModuleType):
            options += ", members: false"
        parts.append(f"::: hoplon.{name}\n    options: {{{options}}}")
    return "\n\n".join(parts) + "\n"


def found_at(path: str) -> Any:
    """Return the module or the attribute at a path."""
    module, _, name = path.rpartition(".")
    found = getattr(import_module(module), name, None)
    return import_module(path) if found is None else found


def gallery_pictures() -> dict[str, bytes]:
    """Return the pictures that the code on the page of the gallery writes, by name."""
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="hoplon-gallery-") as folder:
        run_page("docs/gallery.md", page, Path(folder), only="python")
        return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.png"))}


_FETCHED: Final = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?(?:https?:)?//[^"'>\s]+"""
    r"""|<link[^>]*rel=["']?(?:stylesheet|preconnect|preload|icon)["']?[^>]*href=["']?(?:https?:)?//[^"'>\s]+"""
)
"""What a page would fetch from a network as soon as it is opened; a link that a reader follows is not."""


_ROLE: Final = re.compile(r":(?:attr|class|data|func|meth|mod):<code>[^<]*")
"""What is left where the extension that rewrites docstrings did not run, or met a role that it does not know."""


def on_post_build(config: Any) -> None:
    """Refuse pages that would ask a network, or show markup; take away the page for what is not found."""
    site = Path(config["site_dir"])
    (site / "404.html").unlink(missing_ok=True)
    pages = {page.relative_to(site).as_posix(): page.read_text("utf-8") for page in sorted(site.rglob("*.html"))}
    for what, pattern in (("fetch something from a network", _FETCHED), ("show the markup of a docstring", _ROLE)):
        wrong = {name: found[0] for name, text in pages.items() if (found := pattern.search(text))}
        if wrong:
            raise ValueError(f"the manual would {what}: {wrong}")
