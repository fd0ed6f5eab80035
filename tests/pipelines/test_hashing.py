"""Fingerprints of texts: the same on every machine and in every version of the library that makes them."""

from __future__ import annotations

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.hashing import HASH, pack_numbers, text_hashes


def expected(text: str | None) -> dict[str, int] | None:
    if text is None:
        return None
    digest = hashlib.sha256(text.encode()).digest()
    return {"high": int.from_bytes(digest[:8], "big"), "low": int.from_bytes(digest[8:16], "big")}


@given(st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=300)))
def test_a_fingerprint_is_half_of_the_sha_256(texts: list[str | None]) -> None:
    hashes = text_hashes(pl.Series(texts, dtype=pl.String))
    assert hashes.dtype == HASH
    assert hashes.to_list() == [expected(text) for text in texts]


def test_it_is_the_same_tomorrow() -> None:
    hashes = text_hashes(pl.Series(["", "华为", "x" * 100_000]))
    assert [f"{each['high']:016x}{each['low']:016x}" for each in hashes] == [
        "e3b0c44298fc1c149afbf4c8996fb924",
        "82eaaba81d9dcc54deabafe357f46f86",
        "d69e68988157833272305aaf21f453c8",
    ]


def test_texts_in_pieces_are_hashed_in_their_order() -> None:
    pieces = pl.concat([pl.Series(["a", "b"]), pl.Series(["c"])], rechunk=False)
    assert text_hashes(pieces).to_list() == [expected(text) for text in "abc"]


SMALL = st.tuples(
    st.none() | st.booleans(), st.none() | st.integers(0, 3), st.none() | st.integers(0, (1 << 32) - 1)
)


@given(st.lists(SMALL, min_size=1))
def test_small_numbers_together_give_one_for_each_row(
    rows: list[tuple[bool | None, int | None, int | None]],
) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.Boolean, "b": pl.UInt32, "c": pl.Int64}, orient="row")
    numbers = frame.select(
        pack_numbers([(pl.col("a"), 2), (pl.col("b"), 4), (pl.col("c"), 1 << 32)])
    ).to_series()
    assert dict(zip(numbers, rows, strict=True)) == dict(zip(numbers, frame.rows(), strict=True))
    assert numbers.n_unique() == len(set(rows))
    assert [each == 0 for each in numbers] == [row == (None, None, None) for row in rows]
