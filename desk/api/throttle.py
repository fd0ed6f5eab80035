"""Rate limit and sign-in throttle. Both remember a bounded number of callers, the least recent forgotten first.

`now` is the time in seconds of one clock, whichever it is.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

REMEMBERED = 10_000
LONGEST_WAIT = 900.0


class RateLimit:
    """A bucket of tokens for each caller: `rate` a second, at most `burst` at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, float(burst)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, caller: str, now: float) -> float:
        """Take a token; returns 0, or the seconds to wait until there is one.

        >>> limit = RateLimit(rate=1, burst=2)
        >>> [limit.wait("a", now) for now in (0.0, 0.0, 0.0, 1.0)]
        [0.0, 0.0, 1.0, 0.0]
        """
        with self._lock:
            tokens, at = self._left.get(caller, (self._burst, now))
            tokens = min(self._burst, tokens + (now - at) * self._rate)
            short = max(0.0, (1.0 - tokens) / self._rate)
            self._left[caller] = (tokens if short else tokens - 1.0, now)
            self._left.move_to_end(caller)
            if len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
            return short


class SignInThrottle:
    """After some failures for one name or address each further one doubles the wait, up to a quarter of an hour.

    Whoever waited that long begins anew.

    `turn`: whoever checks a password holds it, so that of guesses sent at once each is counted before the next is
    checked, and a flood of them takes the memory of one.
    """

    def __init__(self, free: int) -> None:
        self._free = free
        self.turn = Lock()
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, keys: tuple[str, ...], now: float) -> float:
        """Return the seconds until another try is allowed.

        >>> throttle = SignInThrottle(free=2)
        >>> for _ in range(4):
        ...     throttle.failed(("ann",), 0.0)
        >>> throttle.wait(("ann",), 0.0), throttle.wait(("bob",), 0.0), throttle.wait(("ann",), 8.0)
        (8.0, 0.0, 0.0)
        """
        with self._lock:
            return max(0.0, *(self._until(key) - now for key in keys))

    def failed(self, keys: tuple[str, ...], now: float) -> None:
        """Count a failure."""
        with self._lock:
            for key in keys:
                count, last = self._failed.get(key, (0, now))
                self._failed[key] = (count + 1 if now - last <= LONGEST_WAIT else 1, now)
                self._failed.move_to_end(key)
                if len(self._failed) > REMEMBERED:
                    self._failed.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a name, by its key; not those of an address, which a guesser shares."""
        with self._lock:
            self._failed.pop(key, None)

    def _until(self, key: str) -> float:
        count, last = self._failed.get(key, (0, 0.0))
        return (
            last + min(LONGEST_WAIT, 2.0 ** (count - self._free + 1)) if count > self._free else float("-inf")
        )
