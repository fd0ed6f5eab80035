"""Scores and shares are written alike in columns and one by one."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from screening.ownership.shares import WHOLE, format_share, format_shares
from screening.text import format_score, format_scores


@given(st.floats(0, 1))
def test_a_column_is_written_as_one_score_is(score: float) -> None:
    column = pl.DataFrame({"score": [score]}).select(format_scores(pl.col("score"))).item()
    assert column == format_score(score)


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_what_is_not_certain_does_not_look_certain(score: float) -> None:
    text = format_score(score)
    assert text not in ("1.00", "0.00")
    assert abs(float(text.rstrip("+")) - score) <= 0.011


def test_an_unknown_score_stays_unknown() -> None:
    assert pl.select(format_scores(pl.lit(None, pl.Float64))).item() is None


@given(st.integers(0, WHOLE), st.integers(0, WHOLE))
def test_a_column_of_shares_is_written_as_one_range_is(one: int, other: int) -> None:
    low, high = sorted((one, other))
    frame = pl.DataFrame({"low": [low, low, 0], "high": [high, low, WHOLE]})
    column = frame.select(format_shares(pl.col("low"), pl.col("high"))).to_series()
    assert column.to_list() == [format_share(a, b) for a, b in frame.rows()]
