"""Torn words are put together, and nothing else is."""

from __future__ import annotations

import polars as pl
import pytest

from screening.names.lexicon import lexicon
from screening.names.tokens import tokenize


def joined_words(name: str) -> list[str]:
    tokens, fresh = tokenize(pl.Series([name]), lexicon().ids)
    every = [*lexicon().tokens, *fresh]
    return [every[word] for word in tokens.words]


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("Orion Tech nology", ["orion", "technology"]),
        ("Orion limi ted", ["orion", "limited"]),
        ("Orion Trading co mpany", ["orion", "trading", "company"]),
    ],
)
def test_a_torn_word_is_put_together(torn: str, whole: list[str]) -> None:
    assert joined_words(torn) == whole


@pytest.mark.parametrize("name", ["Hua Wei", "Trans Port", "Inter National Bank", "Sino Trans"])
def test_words_by_themselves_stay_apart(name: str) -> None:
    assert joined_words(name) == name.lower().split()
