"""A hook of MkDocs: the navigation has a page for each question, in their order, without a list of its own."""

from __future__ import annotations

from typing import Any

from hoplon.questions.question import every_question


def on_config(config: Any) -> Any:
    """Add the pages of the questions to the navigation."""
    pages = next(entry["Questions"] for entry in config["nav"] if "Questions" in entry)
    pages += [{item.contents: f"questions/{item.name}.md"} for item in every_question()]
    return config
