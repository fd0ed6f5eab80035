"""Work done side by side in threads: Polars does its own outside the interpreter's lock, mostly on one core."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

THREADS = 2
"""Calls under way at a time; each holds the frames it works on, so more would take more memory."""


def run_threads(calls: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Do the calls, `THREADS` at a time, and yield what they return in their order.

    A call is asked for when there is room for it. What one raises is raised here when its turn comes; those under way
    are finished then, and no more are begun.

    >>> list(run_threads(lambda number=number: number * number for number in range(4)))
    [0, 1, 4, 9]
    """
    with ThreadPoolExecutor(THREADS) as threads:
        under_way: deque[Future[T]] = deque()
        for call in calls:
            under_way.append(threads.submit(call))
            if len(under_way) == THREADS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
