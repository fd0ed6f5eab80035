"""Finding ids by their hash."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import InvalidFrame
from screening.ownership.directory import Directory

IDS = st.text(alphabet="aé\x00Z9", max_size=14)


@given(st.lists(IDS, unique=True, max_size=60), st.lists(IDS | st.none(), max_size=60))
def test_an_id_is_found_where_it_stands_and_no_other_is(ids: list[str], wanted: list[str | None]) -> None:
    directory = Directory.build(pl.Series(ids, dtype=pl.String))
    asked = pl.Series([*wanted, *ids], dtype=pl.String)
    expected = [ids.index(each) if each is not None and each in ids else -1 for each in asked]
    assert directory.find(asked).tolist() == expected
    assert directory.mark([asked.head(len(wanted))]).tolist() == [each in wanted for each in ids]


def test_ids_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    true = pl.Series.hash

    def by_length(ids: pl.Series, seed: int = 0) -> pl.Series:
        return true(ids, seed) if seed > 1 else ids.str.len_bytes().fill_null(0).cast(pl.UInt64)

    monkeypatch.setattr(pl.Series, "hash", by_length)
    apart = Directory.build(pl.Series(["a", "bb"]))
    assert apart.seed == 0
    assert apart.find(pl.Series(["bb", "b", "a", None, "ccc"])).tolist() == [1, -1, 0, -1, -1]
    several = Directory.build(pl.Series(["a", "b", "cc", "dd"]))
    assert several.seed == 2
    assert several.find(pl.Series(["dd", "c", "b"])).tolist() == [3, -1, 1]


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidFrame, match="stands twice"):
        Directory.build(pl.Series(["a", "b", "a"]))
