"""Finding many words in texts, the leftmost and longest first, by an automaton or by a walk from token to token."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.places.lexicon import patterns

WALKED = 50
"""Texts up to which a walk is quicker than making an automaton."""

FOUND = {"index": pl.UInt32(), "pattern": pl.String(), "at": pl.UInt32()}


def find_words(texts: pl.Series) -> pl.DataFrame:
    """Return every word of the lexicon in framed layouts: index (of the text), pattern, at (its first byte).

    >>> find_words(pl.Series([" ,  office  4  ,  tehran  ; "])).rows()
    [(0, ' tehran ', 17)]
    """
    return walk(texts) if len(texts) <= WALKED else automaton(texts)


def words_in(texts: pl.Series) -> pl.DataFrame:
    """Return every word of the lexicon in framed layouts without its place: index, pattern; half the work for many."""
    if len(texts) <= WALKED:
        return walk(texts).select("index", "pattern")
    found = pl.col("text").str.extract_many(possible_patterns(texts), leftmost=True)
    rows = texts.alias("text").to_frame().with_row_index().select("index", pattern=found)
    return rows.filter(pl.col("pattern").list.len() > 0).explode("pattern")


def automaton(texts: pl.Series) -> pl.DataFrame:
    """Find the words with an automaton, which suits many texts."""
    words = possible_patterns(texts)
    found = texts.alias("text").to_frame().with_row_index().select(
        "index",
        pattern=pl.col("text").str.extract_many(words, leftmost=True),
        at=pl.col("text").str.find_many(words, leftmost=True),
    )  # fmt: skip
    each = found.filter(pl.col("at").list.len() > 0).explode("pattern", "at")
    return each.select(pl.col(name).cast(kind) for name, kind in FOUND.items())


def possible_patterns(texts: pl.Series) -> list[str]:
    """Return the words of the lexicon whose longest token is in one of the texts: no other can be found.

    Making an automaton takes longer than a hundred thousand texts with it, as long as it has all thirty thousand words.

    >>> words = possible_patterns(pl.Series([" ,  office  4  ,  tehran  ; "]))
    >>> " tehran " in words, " karaj " in words
    (True, False)
    """
    tokens = texts.str.strip_chars(" ").str.split("  ").explode().unique()
    return longest_tokens().filter(pl.col("token").is_in(tokens.implode()))["pattern"].to_list()


def walk(texts: pl.Series) -> pl.DataFrame:
    """Find the words token by token, which suits few texts."""
    found: list[tuple[int, str, int]] = []
    words, lengths = _words(), _lengths()
    for index, text in enumerate(texts):
        tokens = text[1:-1].split("  ") if text else []
        at = place = 0
        while place < len(tokens):
            sizes = lengths.get(tokens[place], ())
            candidates = (f" {'  '.join(tokens[place : place + size])} " for size in sizes)
            word = next((each for each in candidates if each in words), None)
            if word is not None:
                found.append((index, word, at))
            taken = word or f" {tokens[place]} "
            at += len(taken.encode())
            place += taken.count("  ") + 1
    return pl.DataFrame(found, schema=FOUND, orient="row")


@cache
def _words() -> frozenset[str]:
    return frozenset(patterns())


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return for each first token of a word how many tokens words with it have, the most first."""
    sizes: dict[str, set[int]] = {}
    for pattern in patterns():
        tokens = pattern[1:-1].split("  ")
        sizes.setdefault(tokens[0], set()).add(len(tokens))
    return {first: tuple(sorted(each, reverse=True)) for first, each in sizes.items()}


@cache
def longest_tokens() -> pl.DataFrame:
    """Return pattern and token for the words of the lexicon: the longest token of each, in the order of `patterns`."""
    words = pl.DataFrame({"pattern": patterns()})
    parts = pl.col("pattern").str.strip_chars(" ").str.split("  ")
    longest = pl.element().get(pl.element().str.len_bytes().arg_max())
    return words.with_columns(token=parts.list.eval(longest).list.first())
