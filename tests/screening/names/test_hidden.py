"""Names that hide something are told of with code and place; what a script needs is no sign."""

from __future__ import annotations

import polars as pl
import pytest

from screening.names.hidden import hidden_signs, shown

HIDING = {
    "H\U000e0041uawei": "tag characters (U+E0041 at 2)",
    "Hua\u200bwei": "marks without width inside a word (U+200B at 4)",
    "\u202eiewauH": "letters turned round (U+202E at 1)",
    "\x1b[31mHuawei": "control characters (U+001B at 1)",
    "Huаwei": "letters of another alphabet inside a word (U+0430 at 3)",
    "H\u0300\u0301\u0302uawei": "marks stacked on a letter (U+0300 at 2)",
    "H\u0336u\u0336a\u0336wei": "letters struck out (U+0336 at 2)",
    "H\u00adu\u00ada\u00adw\u00adei": "soft hyphens one upon another (U+00AD at 2)",
    "Hua\U0001f600wei": "signs between letters (U+1F600 at 4)",
    "\U0001d413\U0001d414\U0001d415": "letters of mathematics, boxes or flags (U+1D413 at 1)",
    "Huaaaaaawei": "a letter more than five times (U+0061 at 3)",
    "H.u.a.w.e.i.T.e.c.h": "letters that stand alone",
    "Hua<b>wei</b>": "tags (U+003C at 4, U+003C at 10)",
    "&#72;&#117;awei": "codes for letters (U+0026 at 1)",
    "x " * 30
    + "Huawei": "31 words: too long to be compared as one name, compared without words that come up",
}
ORDINARY = (
    "می\u200cخواهم پارس", "श्री\u200dराम ट्रेडर्स", "ক্\u200cষ", "בְּנֵי בְּרַק בע״מ", "Nguyễn Văn Thắng", "Ṩ Ltd",
    "Donau\u00addampf\u00adschiff GmbH", "Müller\u200e", "\ufeffAcme", "\u200fאחים", "I \u2764\ufe0f Pizza Ltd",
    "株式会社アＢＣ", "ООО Ромашка", "S.A.I.C. Motor", "AAA Rentals", "MMXXIII Fund", "Smith &amp; Sons", "R&D <5 Ltd",
    "20%25 Off",
    "Ω-Tech", "Karooooo Ltd.", "Беларускi банк", "€uro Ltd",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Pub",
)  # fmt: skip


@pytest.mark.parametrize("name", HIDING)
def test_what_is_hidden_is_told_with_its_code_and_place(name: str) -> None:
    (signs,) = hidden_signs(pl.Series([name]))["signs"]
    assert HIDING[name] in signs


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_hides_nothing(name: str) -> None:
    assert hidden_signs(pl.Series([name]))["signs"].to_list() == []


@pytest.mark.parametrize("name", HIDING)
def test_what_is_shown_is_safe_for_a_terminal(name: str) -> None:
    (printed,) = hidden_signs(pl.Series([name]))["name"]
    assert printed.isprintable() and "\u202e" not in shown(name)


def test_a_name_beyond_all_bounds_is_told_of() -> None:
    (signs,) = hidden_signs(pl.Series(["ab cd " * 5000]))["signs"]
    assert "30,000 characters: those after 20,000 were not compared" in signs
