"""Names too long to be compared as one: without the words that only fill, or in parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from screening.names.first_look import LONG_WORD

READ_IN_PARTS = 150
"""Words of a long name that are read in parts; further ones are only told of (`hidden`)."""
_WORDS = re.compile(r"[^\s.,;:/_|-]+")
LONGEST_PART, OFTEN = 5, 3
ALONE = 6
"""Letters of a word that may be a name by itself."""


def words_of(name: str) -> list[str]:
    """Return the words of a name.

    >>> words_of("lorem-ipsum. J. O'Neill")
    ['lorem', 'ipsum', 'J', "O'Neill"]
    """
    return _WORDS.findall(name)


def without_padding(name: str) -> str:
    """Return a name without words that come up again and again, and words longer than any.

    >>> without_padding("x x x x Huawei Technologies"), without_padding("Bank of China")
    ('Huawei Technologies', 'Bank of China')
    """
    words = words_of(name)
    if len(words) <= OFTEN:
        return name
    times = Counter(word.casefold() for word in words)
    remaining = [word for word in words if times[word.casefold()] <= OFTEN and len(word) < LONG_WORD]
    if len(remaining) == len(words):
        return name
    return " ".join(remaining or dict.fromkeys(word[:LONG_WORD] for word in words))


def parts(name: str) -> Iterator[str]:
    """Yield every run of up to five words of a long name, and single words that may be a name.

    >>> [*parts("Acme Phytium Co")]
    ['Acme Phytium', 'Acme Phytium Co', 'Phytium', 'Phytium Co']
    """
    words = words_of(name)[:READ_IN_PARTS]
    once: dict[str, None] = {}
    for first in range(len(words)):
        for length in range(1, min(LONGEST_PART, len(words) - first) + 1):
            if length > 1 or len(words[first]) >= ALONE:
                once[" ".join(words[first : first + length])] = None
    yield from once
