"""Calls in threads: every result in its order, few under way, and no exception is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Event, Lock

import pytest

from pipelines.parallel.threads import THREADS, run_threads

PATIENCE = 60
"""Seconds after which a wait is a failure and not a slow machine."""


def test_results_come_in_their_order_whichever_is_ready_first() -> None:
    ready = {number: Event() for number in range(10)}

    def odd_ones_first(number: int) -> int:
        if number % 2 == 0:
            assert ready[number + 1].wait(PATIENCE)
        ready[number].set()
        return number

    assert list(run_threads(partial(odd_ones_first, number) for number in range(10))) == list(range(10))


def test_calls_are_made_at_the_same_time() -> None:
    together = Barrier(THREADS)
    assert len(list(run_threads(partial(together.wait, PATIENCE) for _ in range(2 * THREADS)))) == 2 * THREADS


def test_no_more_are_taken_than_are_made_at_a_time() -> None:
    lock, taken, done = Lock(), 0, 0

    def call() -> None:
        nonlocal done
        with lock:
            done += 1

    def calls() -> Iterator[Callable[[], None]]:
        nonlocal taken
        for _ in range(8):
            assert taken - done <= THREADS
            taken += 1
            yield call

    assert list(run_threads(calls())) == [None] * 8


def test_an_exception_is_raised_in_its_turn_and_ends_the_work() -> None:
    begun: list[int] = []

    def call(number: int) -> int:
        begun.append(number)
        if number == 3:
            raise ValueError("three")
        return number

    results = run_threads(partial(call, number) for number in range(20))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert max(begun) <= 3 + THREADS
