"""Spellings that mean one word fold alike, and a layout keeps what parts an address."""

from __future__ import annotations

import polars as pl
import pytest

from screening.places.fold import key, layout, pattern


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("IRAN", "iran"),
        ("İran", "iran"),
        ("Ｉｒａｎ", "iran"),
        ("Irán", "iran"),
        ("I\u200bran", "iran"),
        ("Ira\u00adn", "iran"),
        ("ایران", "ايران"),
        ("كوريا الشَّماليّة", "كوريا الشماليه"),
        ("Кърым".replace("ъ", ""), "крым"),
        ("Сімферо\u0301поль", "сімферополь"),
        ("The Gambia", "gambia"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("Lu\u02b9hansk", "luhansk"),
        ("Straße", "strasse"),
    ],
)
def test_one_word_has_one_key(left: str, right: str) -> None:
    assert key(pl.Series([left])).item() == key(pl.Series([right])).item()


def test_different_words_keep_different_keys() -> None:
    words = pl.Series(["Iran", "Iraq", "Krym", "Krymsk", "Niger", "Nigeria", "Republic of Korea", "Korea"])
    assert key(words).n_unique() == len(words)


def test_a_layout_parts_where_the_address_is_parted() -> None:
    laid = layout(pl.Series(["A, B", "A\nB", "A | B", "A (B)", "A - B", "A<br/>B", "A\u060c B", "A-B"]))
    assert laid.to_list() == [*[" a  ,  b "] * 7, " a  b "]


def test_markup_and_entities_are_read_as_the_text_they_are() -> None:
    plain = layout(pl.Series(["Office 4, Tehran, Iran"])).item()
    for text in (
        "<p>Office&nbsp;4</p>Tehran<br>Iran",
        "Office 4, &lt;b&gt;Tehran&lt;/b&gt;, Iran",
        "Office 4&#44; Tehran&amp;#44; Iran",
    ):
        assert layout(pl.Series([text])).item() == plain


def test_every_chinese_character_is_a_token() -> None:
    assert pattern(pl.Series(["伊朗"])).item() in layout(pl.Series(["上海市伊朗大使馆"])).item()


def test_blank_and_missing_texts_stay() -> None:
    assert layout(pl.Series([None, ""], dtype=pl.String)).to_list() == [None, "  "]
    assert key(pl.Series([None, "", "--"], dtype=pl.String)).to_list() == [None, None, None]
