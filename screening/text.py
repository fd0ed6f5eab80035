"""One way each to write what is compared or shown: plain names, plain addresses, scores."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.names.tables import table

SURE, JUST_UNDER, JUST_OVER = "1.00", "0.99+", "0.00+"


def plain_name(name: pl.Expr) -> pl.Expr:
    """Write a name as its words in lower case, in their order, without punctuation; letters keep their accents.

    >>> pl.select(plain_name(pl.lit("  Müller & Söhne, GmbH."))).item()
    'müller söhne gmbh'
    """
    spaced = name.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ")
    return spaced.str.strip_chars()


def sorted_words(text: pl.Expr) -> pl.Expr:
    """Write a text as its words in alphabetical order, lower case, without punctuation and accents.

    >>> pl.select(sorted_words(pl.lit("Söhne, Müller"))).item()
    'muller sohne'
    """
    words = (
        text.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\s]", "").str.split(" ")
    )
    return words.list.eval(pl.element().filter(pl.element() != "")).list.sort().list.join(" ")


def distinct_texts(values: pl.Expr) -> pl.Expr:
    """Aggregate texts into one: each once, in order, joined by commas; null where there is none.

    >>> pl.DataFrame({"a": ["y", None, "x", "y"]}).select(distinct_texts(pl.col("a"))).item()
    'x, y'
    """
    return values.drop_nulls().unique().sort().str.join(", ").replace("", None)


def plain_number(number: pl.Expr) -> pl.Expr:
    """Write the number of a document, an account or a telephone as its letters, in capitals, and its digits.

    >>> pl.select(plain_number(pl.lit("de 89-3704/0044"))).item()
    'DE8937040044'
    """
    return number.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")


def plain_address(address: pl.Expr) -> pl.Expr:
    """Write an address in plain words: lower case, no punctuation, ordinals as numbers, one word for one thing.

    >>> pl.select(plain_address(pl.lit("Rm 5, 8th Floor, 20 Luard Road"))).item()
    'rm 5 8 fl 20 luard rd'
    """
    spaced = (
        address.str.normalize("NFKD")
        .str.to_lowercase()
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"(\d+)(?:st|nd|rd|th)\b", "$1")
        .str.replace_all(r"([a-z])(\d)", "$1 $2")
        .str.replace_all(r"(\d)([a-z])", "$1 $2")
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    )
    return spaced.str.split(" ").list.eval(pl.element().replace(address_words())).list.join(" ")


@cache
def address_words() -> dict[str, str]:
    """Return the words of addresses that are written as another word, from `screening/data/names/address_words.csv`.

    >>> address_words()["avenue"]
    'ave'
    """
    rows = table("address_words").filter(pl.col("means") != "")
    return dict(zip(rows["word"].to_list(), rows["means"].to_list(), strict=True))


@cache
def look_alikes() -> tuple[tuple[str, str], ...]:
    """Return letters and signs that look like a Latin letter, in small letters, with that letter; pairs come last.

    From `screening/data/names/look_alikes.csv`, without the digits that only stand for a letter (3 for e).

    >>> dict(look_alikes())["\u0430"], look_alikes()[-1]
    ('a', ('vv', 'w'))
    """
    rows = table("look_alikes").filter(pl.col("script") != "digit")
    return tuple(rows.select("letter", "reads").rows())


def format_score(score: float) -> str:
    """Write a score with two decimals; what is not certain never looks certain.

    >>> format_score(0.97109), format_score(0.9951), format_score(1.0), format_score(0.001)
    ('0.97', '0.99+', '1.00', '0.00+')
    """
    hundredths = int(score * 100 + 0.5)
    if hundredths >= 100:
        return SURE if score >= 1 else JUST_UNDER
    return JUST_OVER if hundredths == 0 and score > 0 else f"0.{hundredths:02d}"


def format_scores(score: pl.Expr) -> pl.Expr:
    """Write a column of scores, as `format_score` does.

    >>> pl.select(format_scores(pl.lit(0.9951))).item()
    '0.99+'
    """
    hundredths = (score * 100 + 0.5).cast(pl.Int64)
    plain = pl.format("0.{}", hundredths.cast(pl.String).str.zfill(2))
    high = pl.when(score >= 1).then(pl.lit(SURE)).otherwise(pl.lit(JUST_UNDER))
    low = pl.when((hundredths == 0) & (score > 0)).then(pl.lit(JUST_OVER)).otherwise(plain)
    return pl.when(hundredths >= 100).then(high).otherwise(low)
