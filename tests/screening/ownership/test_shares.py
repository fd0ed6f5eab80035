"""Shares in any spelling, read into ranges of parts per million."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.law import table
from screening.ownership.shares import WHOLE, share_range

READ = {
    "50": (500_000, 500_000),
    "33,333 %": (333_330, 333_330),
    "5.1E+01": (510_000, 510_000),
    "25 to 50": (250_000, 500_000),
    "more than 50 percent": (500_001, WHOLE),
    "50+": (500_000, WHOLE),
    "not more than 25%": (0, 250_000),
    "less than 25": (0, 249_999),
    "Majority": (500_001, WHOLE),
    "wholly owned": (WHOLE, WHOLE),
    "n/a": (0, WHOLE),
    "more than 50 or more": (None, None),
    "1e42": (None, None),
    "50-25": (None, None),
    "-5": (None, None),
}
WORDS = [
    *table("share_words")["words"],
    *("<", ">=", "-", " to ", "%", "50", "33,3", ".5", "1e9", "120", "é", ""),
]


def ranges(texts: list[str | None]) -> list[tuple[int | None, int | None]]:
    frame = pl.DataFrame({"share": texts}, schema={"share": pl.String})
    return [tuple(row) for row in frame.select(share_range(pl.col("share")).alias("r")).unnest("r").rows()]


@pytest.mark.parametrize("text", READ)
def test_a_share_is_read_in_any_spelling(text: str) -> None:
    assert ranges([text]) == [READ[text]]
    low = pl.select(share_range(pl.lit(text)).struct.field("share_min")).item()
    assert low == READ[text][0]


@given(st.lists(st.none() | st.lists(st.sampled_from(WORDS), max_size=4).map("".join), max_size=8))
def test_a_column_is_read_as_each_share_alone(texts: list[str | None]) -> None:
    read = ranges(texts)
    assert read == [ranges([text])[0] for text in texts]
    assert all((low is None) == (high is None) for low, high in read)
    assert all(0 <= low <= high <= WHOLE for low, high in read if low is not None and high is not None)
