"""Chinese readings: loaded by one thread at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from screening.names import han


def test_another_thread_waits_until_the_readings_are_loaded() -> None:
    """Two that load pypinyin at once deadlock: its modules import each other."""
    han.readings.cache_clear()
    with ThreadPoolExecutor(1) as thread:
        with han._LOADING:
            waiting = thread.submit(han.readings)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=60)[ord("华")] == " hua "
