"""Jobs side by side: every result in its order, few under way, and an error is not lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock

import pytest

from pipelines.parallel.threads import THREADS, run_threads


def test_results_come_in_their_order_whichever_is_ready_first() -> None:
    def slow_when_even(number: int) -> int:
        time.sleep(0.02 * (number % 2 == 0))
        return number

    assert list(run_threads(partial(slow_when_even, number) for number in range(9))) == list(range(9))


def test_no_more_are_asked_for_than_are_done_at_a_time() -> None:
    lock, asked, done = Lock(), 0, 0

    def job() -> None:
        nonlocal done
        time.sleep(0.005)
        with lock:
            done += 1

    def jobs() -> Iterator[Callable[[], None]]:
        nonlocal asked
        for _ in range(8):
            assert asked - done <= THREADS
            asked += 1
            yield job

    assert list(run_threads(jobs())) == [None] * 8


def test_an_error_is_raised_in_its_turn_and_ends_the_work() -> None:
    begun: list[int] = []

    def job(number: int) -> int:
        begun.append(number)
        if number == 3:
            raise ValueError("three")
        return number

    results = run_threads(partial(job, number) for number in range(20))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert max(begun) <= 3 + THREADS
