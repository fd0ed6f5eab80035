"""Telling how far a job is, and how long each stage took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from time import perf_counter
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Called as a job goes on: the stage, and where they are known the rows done and the rows there are."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take note."""


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Take no note."""


class Clock:
    """Seconds spent in each stage; the progress is told as stages begin and rows are done."""

    def __init__(self, progress: Progress = silent) -> None:
        self._progress = progress
        self._began = perf_counter()
        self._name: str | None = None
        self._seconds: dict[str, float] = {}

    def stage(self, name: str) -> None:
        """Begin a stage, which ends the one before."""
        self.done()
        self._name, self._began = name, perf_counter()
        self._progress(name)

    def counted(self, items: Iterable[T], sizes: Mapping[T, int]) -> Iterator[T]:
        """Yield the items, telling after each how many of all rows are done."""
        total, done = sum(sizes.values()), 0
        for item in items:
            yield item
            done += sizes[item]
            self._progress(self._name or "", done, total)

    def done(self) -> Mapping[str, float]:
        """End the stage that runs and return the seconds of all."""
        if self._name is not None:
            spent = self._seconds.get(self._name, 0.0) + perf_counter() - self._began
            self._seconds[self._name] = round(spent, 3)
            self._name = None
        return dict(self._seconds)
