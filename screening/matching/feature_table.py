"""The features of a pair of names, declared once in `screening/data/names/features.csv`: name, topic, direction, words.

The order of the rows is the order of the numbers in an array of features. Each feature has a constant here, so that
compiled code writes `out[MATCHED]`: numba takes a whole number of a module for a constant. Whoever adds a row adds
its constant, and computes it in `features`; the fit (`benchmarks.matching.fit`) must then be run again.
"""

from __future__ import annotations

from screening.names.tables import table

_TABLE = table("features")

FEATURES: tuple[str, ...] = tuple(_TABLE["name"].to_list())
COUNT = len(FEATURES)
DIRECTIONS: tuple[int, ...] = tuple(map(int, _TABLE["direction"].to_list()))
"""Whether a feature speaks for a match (1), against it (-1), or may do either (0)."""
TOPICS: dict[str, str] = dict(zip(FEATURES, _TABLE["topic"].to_list(), strict=True))
"""Under which heading a feature is shown; features of one topic share what they explain."""
SENTENCES: dict[str, str] = dict(zip(FEATURES, _TABLE["sentence"].to_list(), strict=True))
"""What a feature is, in the words of an explanation."""


def position(name: str) -> int:
    """Return the place of a feature in an array of features. Raises ValueError for a name that the table lacks.

    >>> FEATURES[position("similarity")]
    'similarity'
    """
    return FEATURES.index(name)


MATCHED = position("matched")
LOST = position("lost")
LEFT_QUERY = position("left_query")
LEFT_NAME = position("left_name")
MOST_QUERY = position("most_query")
MOST_NAME = position("most_name")
NUMBERS = position("numbers")
PLACES = position("places")
LEGAL = position("legal")
INITIALS = position("initials")
WEAK = position("weak")
OTHER_TYPE = position("other_type")
CRAFT = position("craft")
COUNTRY = position("country")
TRANSLATED = position("translated")
DISTINCTIVE = position("distinctive")
STRONGEST = position("strongest")
LETTERS = position("letters")
REST = position("rest")
ORDER = position("order")
CUT = position("cut")
SIMILARITY = position("similarity")
COVERED_QUERY = position("covered_query")
COVERED_NAME = position("covered_name")
SPELLING = position("spelling")
EVIDENCE = position("evidence")
WRITTEN = position("written")
PROMINENT = position("prominent")
