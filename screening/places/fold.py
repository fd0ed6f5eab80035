"""One spelling for all ways to write a word: case, accents, punctuation, entities and invisible marks fall away.

Two forms: a *key* for a value that is looked up whole, and a *layout* for an address in which words are looked for.
"""

from __future__ import annotations

import html

import polars as pl

SEPARATOR = ","
"""The token of a layout that parts an address: commas, brackets, slashes, line ends."""

_POINTS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_INVISIBLE = "\u0640\u00ad\u200b-\u200f\u2060\ufeff"
_DELETED = rf"[{_POINTS}{_INVISIBLE}'’‘ʼʹʻʿʾ`´′]"
"""Accents, vowel points, soft hyphens, zero-width marks, and the apostrophes of transliteration."""

_LETTERS = {
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "e", "þ": "th", "ð": "d",
    "ґ": "г", "ک": "ك", "ی": "ي", "ى": "ي", "ہ": "ه", "ھ": "ه", "ة": "ه", "&": " and ",
}  # fmt: skip
"""Letters that no normal form takes apart, and Persian and Urdu letters beside the Arabic ones."""

_ENTITY = r"&#?\w{2,8};"
_LINE_TAG = r"(?i)</?(?:br|p|div|li|tr|td|table|address)\b[^<>]{0,80}>"
_TAG = r"</?[A-Za-z][^<>]{0,80}>"
_PARTING = r"[,;|/\\()\[\]{}:\n\r\t،؛、，；。•·]+|\s[-–—]\s"
_HAN = r"(\p{Han})"


def key(values: pl.Series) -> pl.Series:
    """Return each value as a key: words in small plain letters with one blank between; null where no letter is left.

    >>> key(pl.Series(["  Côte d'Ivoire", "The GAMBIA", "İRAN", "U.S.A.", "--", None])).to_list()
    ['cote divoire', 'gambia', 'iran', 'u s a', None, None]
    """
    name = pl.col("value")
    letters = _plain_text(values.cast(pl.String)).str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ").alias("value")
    words = pl.concat_str(pl.lit(" "), name.str.strip_chars(), pl.lit(" ")).str.replace_all(
        " the ", " ", literal=True
    )
    return letters.to_frame().select(value=words.str.strip_chars().replace("", None))["value"]


def layout(texts: pl.Series) -> pl.Series:
    """Return each text as tokens with two blanks between and one at either end, so that ` word ` is a whole token.

    A comma token parts the text where it is parted. Every Chinese character is a token of its own.

    >>> layout(pl.Series(["Office 4, Tehran-Iran", "ул. Ленина&nbsp;2<br>Сімферополь"])).to_list()
    [' office  4  ,  tehran  iran ', ' ул  ленина  2  ,  сімферополь ']
    """
    parts = _plain_text(texts, marks=True).str.replace_all(_PARTING, " , ")
    chinese = parts.str.contains(_HAN)
    if chinese.any():
        spread = (
            parts.alias("text")
            .to_frame()
            .select(
                pl.when(chinese).then(pl.col("text").str.replace_all(_HAN, " $1 ")).otherwise(pl.col("text"))
            )
        )
        parts = spread["text"]
    simple = parts.str.len_bytes() == parts.str.len_chars()
    tokens = _partly(parts, simple, r"[^a-z0-9,]+", r"[^\p{L}\p{N}\p{M},]+")
    single = (
        tokens.str.replace_all(r",(?:  ,)+", ",")
        if tokens.str.contains(",  ,", literal=True).any()
        else tokens
    )
    return (" " + single.str.strip_chars(" ,") + " ").str.replace_all(" the ", "", literal=True)


def pattern(words: pl.Series) -> pl.Series:
    """Return what each word or name looks like in a layout, null where no letter is left.

    >>> pattern(pl.Series(["North Korea", "伊朗", "Korea, North", "-"])).to_list()
    [' north  korea ', ' 伊  朗 ', ' korea  ,  north ', None]
    """
    return layout(words).replace("  ", None).alias("pattern")


def _plain_text(texts: pl.Series, *, marks: bool = False) -> pl.Series:
    """Return the texts in small letters without accents and marks; `marks`: read HTML entities and tags as well."""
    if marks and texts.str.contains("[<&]").any():
        texts = _without_markup(texts)
    small = texts.str.to_lowercase()
    simple = small.str.len_bytes() == small.str.len_chars()
    rows = small.alias("text").to_frame().with_columns(simple=simple).with_row_index()
    name = pl.col("text")
    latin = rows.filter(pl.col("simple").fill_null(True)).with_columns(
        name.str.replace_all("['`]", "").str.replace_all("&", " and ", literal=True)
    )
    if latin.height == rows.height:
        return latin["text"]
    other = rows.filter(~pl.col("simple")).with_columns(
        name.str.normalize("NFKD")
        .str.replace_all(_DELETED, "")
        .str.replace_many(list(_LETTERS), list(_LETTERS.values()))
        .str.normalize("NFKC")
        .str.to_lowercase()
    )
    return pl.concat([latin, other]).sort("index")["text"]


def _without_markup(texts: pl.Series) -> pl.Series:
    """Replace entities by their characters, tags that break a line by a comma, other tags by a blank."""
    name = pl.col("text")
    rows = texts.alias("text").to_frame().with_row_index()
    marked = rows.filter(name.str.contains(f"{_ENTITY}|<"))
    plain = marked.with_columns(name.map_elements(_unescape, return_dtype=pl.String))
    clean = plain.with_columns(name.str.replace_all(_LINE_TAG, " , ").str.replace_all(_TAG, " "))
    return rows.update(clean, on="index")["text"]


def _unescape(text: str) -> str:
    """Undo entities, twice escaped ones too."""
    return html.unescape(html.unescape(text))


def _partly(texts: pl.Series, simple: pl.Series, cheap: str, general: str) -> pl.Series:
    """Replace what is no letter by two blanks, with the cheap pattern where a text is plain ASCII."""
    if simple.fill_null(True).all():
        return texts.str.replace_all(cheap, "  ")
    rows = texts.alias("text").to_frame().with_columns(simple=simple).with_row_index()
    name = pl.col("text")
    done = [
        rows.filter(pl.col("simple").fill_null(True)).with_columns(name.str.replace_all(cheap, "  ")),
        rows.filter(~pl.col("simple")).with_columns(name.str.replace_all(general, "  ")),
    ]
    return pl.concat(done).sort("index")["text"]
