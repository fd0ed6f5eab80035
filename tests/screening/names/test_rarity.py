"""How much of a surprise a word is in a customer's name."""

from __future__ import annotations

import numpy as np
import pytest

from screening.names.rarity import common, letter_table
from screening.names.spelling import letter_bits
from screening.names.vocabulary import describe


def bits(*words: str) -> list[float]:
    return [float(value) for value in describe(list(words)).bits]


def test_a_word_on_many_lists_is_still_a_surprise_in_a_customers_name() -> None:
    huawei, technology, summit = bits("huawei", "technology", "summit")
    assert technology < summit < huawei


def test_unlikely_letters_tell_more_than_likely_ones() -> None:
    likely, unlikely = bits("marelana", "xqzhvkwp")
    assert likely < unlikely


def test_longer_unknown_words_tell_more() -> None:
    assert bits("rotenbergskaya")[0] > bits("roten")[0]


def test_letter_bits_add_up_the_table() -> None:
    table = letter_table()
    a, b, start, end = 0, 1, 26, 27
    letters = np.frombuffer(b"ab", np.uint8)
    expected = table[start, start, a] + table[start, a, b] + table[a, b, end]
    assert letter_bits(letters, np.array([0, 2]), table)[0] == pytest.approx(expected)


def test_digits_are_one_of_ten() -> None:
    letters = np.frombuffer(b"7", np.uint8)
    table = letter_table()
    assert letter_bits(letters, np.array([0, 1]), table)[0] == pytest.approx(3.3 + table[26, 26, 27])


def test_columns_of_the_frozen_table() -> None:
    assert "huawei" in common("organization")
    assert "huawei" not in common("company")
