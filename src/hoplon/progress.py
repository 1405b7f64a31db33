"""How long work says how far it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is being done."""


def silent(done: int, total: int, text: str) -> None:
    """Say nothing."""


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a progress that draws a bar on standard error."""
    from tqdm import tqdm

    with tqdm(total=1, bar_format="{l_bar}{bar:24}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}] {postfix}") as bar:

        def show(done: int, total: int, text: str) -> None:
            if done < bar.n:  # something else begins, whose time is its own
                bar.reset(total)
            bar.total = total
            bar.set_postfix_str(text, refresh=False)
            bar.update(done - bar.n)
            bar.refresh()

        yield show
