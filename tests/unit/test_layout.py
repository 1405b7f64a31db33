"""The layout of the sources: sizes of files and folders, import circles, class names; lint-imports holds the layers."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import grimp
import pytest

import hoplon

PACKAGE = Path(hoplon.__file__).parent
MOST_LINES = 500
MOST_FILES = 30
FILES = sorted(PACKAGE.rglob("*.py"))


def test_no_file_is_longer_than_500_lines() -> None:
    long = {
        path.relative_to(PACKAGE).as_posix(): n for path in FILES if (n := len(path.read_text().splitlines())) > 500
    }
    assert not long


def test_no_folder_holds_more_than_30_files() -> None:
    folders = [PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir() and path.name != "__pycache__")]
    full = {
        folder.name: n
        for folder in folders
        if (n := sum(path.suffix == ".py" for path in folder.iterdir())) > MOST_FILES
    }
    assert not full


def test_each_class_name_stands_once() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(PACKAGE).as_posix())
    private = {name for name in places if name.startswith("_")}
    assert not {name: where for name, where in places.items() if len(where) > 1 and name not in private}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("hoplon")


def test_no_module_imports_itself_by_way_of_others(graph: grimp.ImportGraph) -> None:
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert circles(imports) == []


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({"a": {"b"}, "b": set()}) == []


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import one another, each in alphabetical order."""
    left = {module: set(others) & set(imports) for module, others in imports.items()}
    reach = {module: reached(left, module) for module in left}
    groups = {tuple(sorted(other for other in reach[m] if m in reach[other])) for m in left if m in reach[m]}
    return sorted(map(list, groups))


def reached(imports: dict[str, set[str]], start: str) -> set[str]:
    """Return all that a module imports, directly or through others."""
    found: set[str] = set()
    ahead = list(imports[start])
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.add(module)
            ahead += imports[module]
    return found
