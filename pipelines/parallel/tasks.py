"""The parts of a step, and the workers that make them: threads of this process, or others; the result is the same.

A part is made from a task, which is the same for all parts, and from rows of its own: both can be sent to where the
work is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

import polars as pl

from lists.system import SYSTEM, System
from pipelines.job.progress import StageTimer
from pipelines.parallel.threads import run_threads
from pipelines.run.staging import Part, Staging

Task = TypeVar("Task")
Tables = Mapping[str, pl.DataFrame]
Make = Callable[[Task, str, pl.DataFrame], Tables]
"""From the task, the name of a part and its rows: the tables of the part."""


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """A part to be made: its name in the staging folder, how many rows it has, and how to read them."""

    name: str
    size: int
    read: Callable[[], pl.DataFrame]


class Workers(Protocol):
    """Whoever makes parts."""

    def __call__(
        self, make: Make[Task], task: Task, units: Sequence[WorkUnit]
    ) -> Iterable[tuple[WorkUnit, Tables]]:
        """Make the units; yield each with its tables as it is done, in any order."""


@dataclass(frozen=True, slots=True)
class LocalWorkers:
    """Makes parts in this process, a few at a time; they come in their order."""

    system: System = SYSTEM

    def __call__(
        self, make: Make[Task], task: Task, units: Sequence[WorkUnit]
    ) -> Iterator[tuple[WorkUnit, Tables]]:
        """Make the units; yield each with its tables."""

        def made(unit: WorkUnit) -> tuple[WorkUnit, Tables]:
            return unit, make(task, unit.name, unit.read())

        return run_threads((partial(made, unit) for unit in units), self.system)


run_locally = LocalWorkers()


def finish_units(
    units: Sequence[WorkUnit],
    make: Make[Task],
    task: Task,
    staging: Staging,
    workers: Workers,
    timer: StageTimer,
) -> None:
    """Make those of the units that are not finished, and write them to the staging folder. Raises OutOfSpace."""
    finished = [unit for unit in units if staging.is_finished(unit.name)]
    made = workers(make, task, [unit for unit in units if not staging.is_finished(unit.name)])
    stored = (_store(staging, unit, tables) for unit, tables in made)
    for _ in timer.count(chain(finished, stored), {unit: unit.size for unit in units}):
        pass


def finished_parts(units: Sequence[WorkUnit], staging: Staging) -> list[Part]:
    """Return the finished parts of the units, in their order."""
    return [staging.part(unit.name) for unit in units]


def _store(staging: Staging, unit: WorkUnit, tables: Tables) -> WorkUnit:
    staging.store(unit.name, tables)
    return unit
