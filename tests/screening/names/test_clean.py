"""Cleaning: one name, one spelling."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.names import scripts
from screening.names.clean import clean

CASES = [
    ("Huawei Technologies Co., Ltd.", "huawei technologies co ltd"),
    ("Xi’an Xiangteng", "xian xiangteng"),
    ("54th Research Institute", "54 research institute"),
    ("CETC55", "cetc 55"),
    ("No. 007", "no 7"),
    ("Johnson & Sons", "johnson and sons"),
    ("c0mpany", "company"),
    ("MÜLLER ŁÓDŹ ØRSTED", "muller lodz orsted"),
    ("Рособоронэкспорт", "rosoboroneksport"),
    ("Sukhоi", "sukhoi"),  # a Cyrillic o in a Latin word
    ("Ｈｕａｗｅｉ", "huawei"),  # full width
    ("Hua\u200bwei", "huawei"),  # zero-width space
    ("A\x00B", "a b"),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("name", "cleaned"), CASES)
def test_clean(name: str | None, cleaned: str) -> None:
    assert clean(pl.Series([name], dtype=pl.String)).to_list() == [cleaned]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_a_name_is_cleaned_the_same_in_any_company(names: list[str]) -> None:
    together = clean(pl.Series(names, dtype=pl.String)).to_list()
    assert together == [clean(pl.Series([name], dtype=pl.String))[0] for name in names]


@given(st.text(max_size=40))
def test_only_words_of_ascii_letters_and_digits_remain(name: str) -> None:
    cleaned = clean(pl.Series([name], dtype=pl.String))[0]
    assert all(word.isascii() and word.isalnum() for word in cleaned.split(" ") if cleaned)


@given(st.lists(st.sampled_from("aбβɐé1_ -\u0301\u0375\u0483"), max_size=20).map("".join))
def test_every_word_with_a_letter_of_another_alphabet_is_checked(text: str) -> None:
    words = re.findall(r"[^\W\d_]+", text)
    expected = [word for word in words if set(word) & set("бβɐ")]
    assert [found.group() for found in scripts._OTHER_ALPHABET.finditer(text)] == expected
