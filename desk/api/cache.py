"""A small cache of values that are dear to make."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    """At most `size` values, each made once; the least recently used goes first.

    >>> cache = LruCache[str](size=1)
    >>> cache.get(1, lambda: "one"), cache.get(1, lambda: "not made"), cache.get(2, lambda: "two")
    ('one', 'one', 'two')
    >>> cache.get(1, lambda: "made again")
    'made again'
    """

    def __init__(self, size: int) -> None:
        self._size, self._values, self._lock = size, OrderedDict[Hashable, Value](), Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of the key; where the cache has none, make it."""
        with self._lock:  # one at a time: two values made at once would need twice the memory
            if key not in self._values:
                self._values[key] = make()
                if len(self._values) > self._size:
                    self._values.popitem(last=False)
            self._values.move_to_end(key)
            return self._values[key]

    def clear(self) -> None:
        """Drop every value."""
        with self._lock:
            self._values.clear()
