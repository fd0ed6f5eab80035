"""The progress of a job, and how long each of its stages took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from lists.system import SYSTEM, System

T = TypeVar("T")


class Progress(Protocol):
    """Called as a job goes on: with its stage, and where they are counted the rows done and all rows."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take the news."""


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Ignore the progress."""


class StageTimer:
    """Seconds spent in each stage; `progress` is called as stages begin and rows are done."""

    def __init__(self, progress: Progress = silent, system: System = SYSTEM) -> None:
        self._progress = progress
        self._system = system
        self._began = system.seconds()
        self._name: str | None = None
        self._seconds: dict[str, float] = {}

    def begin(self, name: str) -> None:
        """Begin a stage, which ends the one before."""
        self.seconds()
        self._name, self._began = name, self._system.seconds()
        self._progress(name)

    def count(self, items: Iterable[T], sizes: Mapping[T, int]) -> Iterator[T]:
        """Yield the items; report after each how many of all rows are done."""
        total, done = sum(sizes.values()), 0
        for item in items:
            yield item
            done += sizes[item]
            self._progress(self._name or "", done, total)

    def seconds(self) -> Mapping[str, float]:
        """End the stage that runs and return the seconds of all."""
        if self._name is not None:
            spent = self._seconds.get(self._name, 0.0) + self._system.seconds() - self._began
            self._seconds[self._name] = round(spent, 3)
            self._name = None
        return dict(self._seconds)
