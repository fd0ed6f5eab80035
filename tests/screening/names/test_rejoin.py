"""Torn words are put together, and nothing else is."""

from __future__ import annotations

import polars as pl
import pytest

from screening.names.lexicon import lexicon
from screening.names.tokens import tokenize


def words_of(name: str) -> list[str]:
    tokens, fresh = tokenize(pl.Series([name]), lexicon().ids)
    known = [*lexicon().tokens, *fresh]
    return [known[word] for word in tokens.words]


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("Orion Tech nology", ["orion", "technology"]),
        ("Orion limi ted", ["orion", "limited"]),
        ("Orion Trading co mpany", ["orion", "trading", "company"]),
    ],
)
def test_a_torn_known_word_is_put_together(torn: str, whole: list[str]) -> None:
    assert words_of(torn) == whole


@pytest.mark.parametrize("name", ["Hua Wei", "Trans Port", "Inter National Bank", "Sino Trans"])
def test_words_known_by_themselves_stay_apart(name: str) -> None:
    assert words_of(name) == name.lower().split()
