"""Work done side by side in threads: Polars does its own outside the interpreter's lock, mostly on one core."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

ABREAST = 2
"""Jobs under way at a time; each holds the frames it works on, so more would take more memory."""


def abreast(jobs: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Do the jobs, `ABREAST` at a time, and yield what they return in their order.

    A job is asked for when there is room for it. What one raises is raised here when its turn comes; those under way
    are finished then, and no more are begun.

    >>> list(abreast(lambda number=number: number * number for number in range(4)))
    [0, 1, 4, 9]
    """
    with ThreadPoolExecutor(ABREAST) as threads:
        under_way: deque[Future[T]] = deque()
        for job in jobs:
            under_way.append(threads.submit(job))
            if len(under_way) == ABREAST:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
