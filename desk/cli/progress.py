"""Progress of long work: a line that moves on a terminal, one line a stage in a log, JSON where machines read it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from desk.cli import logs

if TYPE_CHECKING:
    from pipelines.job.progress import Progress as Report


@contextmanager
def stages() -> Iterator[Report]:
    """Yield a function that takes the stage under way and the rows done, and shows them on standard error."""
    if logs.asked():
        yield _logged
        return
    pace = Pace()
    if not sys.stderr.isatty():
        began = perf_counter()
        yield lambda stage, done=0, total=0: print(
            f"[{perf_counter() - began:7.1f} s] {pace.line(stage, done, total)}", file=sys.stderr, flush=True
        )
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda stage, done=0, total=0: bar.update(task, description=pace.line(stage, done, total))


def _logged(stage: str, done: int = 0, total: int = 0) -> None:
    logs.log(
        "info",
        "progress" if total else "stage",
        stage=stage,
        **({"done": done, "total": total} if total else {}),
    )


class Pace:
    """Rows a second and the time left of the stage under way."""

    def __init__(self) -> None:
        self._stage, self._began = "", perf_counter()

    def line(self, stage: str, done: int, total: int) -> str:
        """Write one line of progress."""
        if stage != self._stage:
            self._stage, self._began = stage, perf_counter()
        seconds = perf_counter() - self._began
        if not done or not seconds:
            return stage
        rate = done / seconds
        return f"{stage}: {done:,} of {total:,}, {rate:,.0f} a second, {(total - done) / rate:.0f} s left"
