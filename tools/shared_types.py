"""Write the types that bundled studies share, as nato-europe has them, into the other bundled studies.

A radar, satellite or interceptor type, and a source, of the same name is the same thing in every bundled study:
``python tools/shared_types.py`` copies its text from nato-europe.yaml, and the sources that it cites; with ``--check``
it changes nothing and exits with 1 if a file is out of date.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[1] / "src" / "hoplon" / "scenario" / "catalogue"
STUDIES = ("gulf", "pacific")
SECTIONS = ("radars", "satellites", "interceptors", "sources")


def blocks(text: str, section: str) -> dict[str, str]:
    """Return the records of a section by name, each with its lines; comment lines between records belong to none."""
    found: dict[str, str] = {}
    inside, name = False, ""
    for line in text.splitlines(keepends=True):
        if re.match(r"\S", line) and not line.startswith("#"):
            inside, name = line.startswith(f"{section}:"), ""
        elif inside and (key := re.match(r"  ([\w-]+):", line)):
            name = key[1]
            found[name] = line
        elif inside and name and line.startswith("   "):
            found[name] += line
        else:
            name = ""
    return found


def filled(text: str, original: str) -> str:
    """Return the text of a study with the types and sources that it shares written anew."""
    for section in SECTIONS:
        theirs = blocks(original, section)
        for name, block in blocks(text, section).items():
            if name in theirs:
                text = text.replace(f"\n{block}", f"\n{theirs[name]}", 1)
    known, sources = blocks(original, "sources"), blocks(text, "sources")
    cited = dict.fromkeys(re.findall(r"\bsource: ([\w-]+)", text))
    missing = [known[name] for name in cited if name in known and name not in sources]
    return text + "".join(missing)


def main() -> int:
    """Rewrite the studies, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    original = (CATALOGUE / "nato-europe.yaml").read_text(encoding="utf-8")
    stale = []
    for study in STUDIES:
        path = CATALOGUE / f"{study}.yaml"
        text = path.read_text(encoding="utf-8")
        new = filled(text, original)
        if new != text:
            stale.append(path.name)
            if not check:
                path.write_text(new, encoding="utf-8")
    print(f"{'out of date' if check else 'written'}: {', '.join(stale)}" if stale else "up to date")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
