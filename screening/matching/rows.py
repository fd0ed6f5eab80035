"""Frames of names at the door: checked, and their party types and countries as codes."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.errors import InvalidFrame
from screening.matching.postings import CRAFT, EITHER, ORGANIZATION, PERSON, PLACE
from screening.names.lexicon import GENERIC, LEGAL
from screening.names.tokens import Tokens
from screening.names.vocabulary import Vocabulary

_KINDS = {
    "person": PERSON,
    "organization": ORGANIZATION,
    "vessel": CRAFT,
    "aircraft": CRAFT,
    "address": PLACE,
}
_READ = ("words",)
"""Columns that are passed on as they are: the ids of the words of each name, where they have been read."""


def checked(frame: pl.DataFrame, required: tuple[str, ...], optional: tuple[str, ...]) -> pl.DataFrame:
    """Return the named columns as text, absent optional ones as nulls, null names as empty.

    Party types and countries are read in any case and blank ones as unknown: else "cn" would speak against "CN".
    Raises InvalidFrame when a required column is missing.
    """
    missing = [column for column in required if column not in frame.columns]
    if missing:
        raise InvalidFrame(
            f"the frame of names lacks {', '.join(missing)}: it has {', '.join(frame.columns) or 'no columns'}"
        )
    text = {
        column: pl.col(column).cast(pl.String) if column in frame.columns else pl.lit(None, pl.String)
        for column in (*required, *optional)
    }
    read = {
        "name": text["name"].fill_null(""),
        "party_type": text["party_type"].str.strip_chars().str.to_lowercase(),
        "country": text["country"].str.strip_chars().str.to_uppercase().replace("", None),
    }
    return frame.select(*(column for column in _READ if column in frame.columns), **text | read)


def persons(rows: pl.DataFrame) -> NDArray[np.bool_]:
    """Say which names are stated to be those of persons."""
    stated: NDArray[np.bool_] = (rows["party_type"] == "person").fill_null(False).to_numpy()
    return stated


def party_kinds(rows: pl.DataFrame, tokens: Tokens, vocabulary: Vocabulary) -> NDArray[np.uint8]:
    """Return the code of each name's party type; a legal form or business word makes an unknown an organization."""
    codes = rows["party_type"].replace_strict(_KINDS, default=EITHER, return_dtype=pl.UInt8)
    stated: NDArray[np.uint8] = codes.to_numpy(writable=True)
    is_business = np.isin(vocabulary.kind[tokens.ids], (LEGAL, GENERIC))
    totals = np.concatenate([[0], np.cumsum(is_business)])
    has_business = totals[tokens.offsets[1:]] > totals[tokens.offsets[:-1]]
    stated[(stated == EITHER) & has_business] = ORGANIZATION
    return stated


def country_codes(column: pl.Series, codes: dict[str, int]) -> NDArray[np.int32]:
    """Return the code of each row's country; -1 unknown, one past `codes` for a country that the list does not have."""
    if column.null_count() == len(column):
        return np.full(len(column), -1, dtype=np.int32)
    other = len(codes)
    coded = (-1 if country is None else codes.get(country, other) for country in column.to_list())
    return np.fromiter(coded, np.int32, len(column))
