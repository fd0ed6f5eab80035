"""Slips in words of the lexicon put right: `lirnited` is read as `limited`, so that the legal form is recognised."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.lexicon import GENERIC, LEGAL, lexicon
from screening.names.neighbours import SpellingIndex
from screening.names.rarity import common
from screening.names.vocabulary import fold_all

SHORTEST, ALIKE = 5, 0.74  # letters and similarity from which a word of a legal form is corrected
LONG, MUCH_ALIKE = 8, 0.84  # the same for a business word


def corrections(words: list[str]) -> dict[str, str]:
    """Return the word of the lexicon that a word is a slip of, for each word that is one.

    A word that is itself common in names is never corrected; what becomes of a word depends on it alone.

    >>> corrections(["lirnited", "liabiltiy", "sukhoi"])
    {'lirnited': 'limited', 'liabiltiy': 'liability'}
    """
    in_organizations, in_persons = common("organization"), common("person")
    doubtful = [
        word
        for word in words
        if len(word) >= SHORTEST
        and word.isalpha()
        and word not in in_organizations
        and word not in in_persons
    ]
    if not doubtful:
        return {}
    found = _lexicon_index().search(fold_all(pl.Series(doubtful)), ALIKE)
    tokens, formal = lexicon().tokens, _in_legal_forms()
    result = {}
    for row in np.flatnonzero(np.diff(found.offsets)):
        span = slice(found.offsets[row], found.offsets[row + 1])
        best = int(np.argmax(found.similarity[span]))
        token, alike = int(found.ids[span][best]), found.similarity[span][best]
        right, word = tokens[token], doubtful[row]
        sure = formal[token] or (alike >= MUCH_ALIKE and min(len(right), len(word)) >= LONG)
        if sure and abs(len(right) - len(word)) <= 2:
            result[word] = right
    return result


@cache
def _lexicon_index() -> SpellingIndex:
    """Return the words of five letters and more that are business words, legal forms or parts of them, indexed."""
    words = lexicon()
    long_enough = np.array([len(token) >= SHORTEST and token.isalpha() for token in words.tokens])
    rows = np.flatnonzero((_in_legal_forms() | (words.kind == GENERIC)) & long_enough)
    return SpellingIndex.build(fold_all(pl.Series([words.tokens[i] for i in rows])), rows.astype(np.int32))


@cache
def _in_legal_forms() -> NDArray[np.bool_]:
    """Say which tokens of the lexicon are legal forms or parts of them."""
    words = lexicon()
    in_forms: NDArray[np.bool_] = words.formal | (words.kind == LEGAL)
    return in_forms
