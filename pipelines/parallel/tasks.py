"""The parts of a step, and who makes them: this process, a few side by side, or others; the result is the same.

A part is made from a task, the same for all parts, and from its own rows: both can be sent to where the work is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

import polars as pl

from pipelines.job.progress import Clock
from pipelines.parallel.threads import run_threads
from pipelines.run.staging import Part, Staging

K = TypeVar("K")
Tables = Mapping[str, pl.DataFrame]
Make = Callable[[K, str, pl.DataFrame], Tables]
"""From the task, the name of a part and its rows: the tables of the part."""


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """A part to be made: its name in the staging folder, how many rows it has, and how to read them."""

    name: str
    size: int
    read: Callable[[], pl.DataFrame]


class Workers(Protocol):
    """Who makes parts."""

    def __call__(
        self, make: Make[K], task: K, units: Sequence[WorkUnit]
    ) -> Iterable[tuple[WorkUnit, Tables]]:
        """Make the units; yield each with its tables as it is done, in any order."""


def run_locally(make: Make[K], task: K, units: Sequence[WorkUnit]) -> Iterator[tuple[WorkUnit, Tables]]:
    """Make the units in this process, a few side by side; they come in their order."""

    def made(unit: WorkUnit) -> tuple[WorkUnit, Tables]:
        return unit, make(task, unit.name, unit.read())

    return run_threads(partial(made, unit) for unit in units)


def finish(
    units: Sequence[WorkUnit], make: Make[K], task: K, staging: Staging, workers: Workers, clock: Clock
) -> None:
    """Have made what is not finished of the units, and write it to the staging folder. Raises OutOfSpace."""
    finished = [unit for unit in units if staging.holds(unit.name)]
    made = workers(make, task, [unit for unit in units if not staging.holds(unit.name)])
    stored = (_store(staging, unit, tables) for unit, tables in made)
    for _ in clock.counted(chain(finished, stored), {unit: unit.size for unit in units}):
        pass


def finished_parts(units: Sequence[WorkUnit], staging: Staging) -> list[Part]:
    """Return the finished parts of the units, in their order."""
    return [Part(staging.root / unit.name) for unit in units]


def _store(staging: Staging, unit: WorkUnit, tables: Tables) -> WorkUnit:
    staging.part(unit.name, lambda: tables)
    return unit
