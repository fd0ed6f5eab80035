"""Cleaning whole columns does what cleaning text by text would."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.inputs.cleaning import clean_text, columns_with_nul, is_strictly_increasing

texts = st.none() | st.text(st.sampled_from("aé華 \t\n\0"), max_size=5)


def expected(text: str | None) -> str | None:
    return ((text or "").replace("\0", "").strip()) or None


@given(st.lists(st.tuples(texts, texts), max_size=8))
def test_no_nul_no_outer_blank_nothing_empty(rows: list[tuple[str | None, str | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    with_nul = columns_with_nul(frame, ["a", "b"])
    assert with_nul == [name for name in frame.columns if any("\0" in (text or "") for text in frame[name])]
    cleaned = clean_text(frame, ["a", "b"], with_nul)
    assert cleaned.rows() == [(expected(one), expected(other)) for one, other in rows]


@given(st.lists(texts, max_size=6).flatmap(lambda keys: st.sampled_from([keys, sorted(filter(None, keys))])))
def test_strictly_increasing_keys_need_no_search_for_repeats(keys: list[str | None]) -> None:
    filled = [key for key in keys if key is not None]
    once = len(filled) == len(keys) and filled == sorted(set(filled))
    assert is_strictly_increasing(pl.Series(keys, dtype=pl.String)) == once
