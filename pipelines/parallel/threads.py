"""Calls made in a few threads at a time: Polars works outside the interpreter's lock, mostly on one core a call."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from lists.system import SYSTEM, System

T = TypeVar("T")

THREADS = 2
"""Calls under way at a time; each holds the frames it works on, so more would take more memory."""


def run_threads(calls: Iterable[Callable[[], T]], system: System = SYSTEM) -> Iterator[T]:
    """Make the calls, `THREADS` at a time, and yield what they return in their order.

    The next call is taken from `calls` only when there is room for it. An exception of a call is raised here in the
    call's turn; those under way are finished then, and no more are begun.

    >>> list(run_threads(lambda number=number: number * number for number in range(4)))
    [0, 1, 4, 9]
    """
    with system.threads(THREADS) as threads:
        under_way: deque[Future[T]] = deque()
        for call in calls:
            under_way.append(threads.submit(call))
            if len(under_way) == THREADS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
