"""Scores are written alike in columns and one by one."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from screening.scores import written, written_column


@given(st.floats(0, 1))
def test_a_column_is_written_as_one_score_is(score: float) -> None:
    column = pl.DataFrame({"score": [score]}).select(written_column(pl.col("score"))).item()
    assert column == written(score)


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_what_is_not_certain_does_not_look_certain(score: float) -> None:
    text = written(score)
    assert text not in ("1.00", "0.00")
    assert abs(float(text.rstrip("+")) - score) <= 0.011


def test_an_unknown_score_stays_unknown() -> None:
    assert pl.select(written_column(pl.lit(None, pl.Float64))).item() is None
