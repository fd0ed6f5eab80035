"""A look-up gives what the batch gives, byte for byte, however the batch is divided and in whatever order."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.matching import NameIndex
from screening.matching import pairs as room
from screening.matching.saved import from_bytes, to_bytes

LISTED = pl.DataFrame(
    [
        ("EL-1", "Huawei Technologies Co., Ltd.", "organization", "CN"),
        ("EL-2", "China Electronics Technology Group Corporation 55th Research Institute", None, "CN"),
        ("EL-2", "CETC 55", None, "CN"),
        ("SDN-1", "PUTIN, Vladimir Vladimirovich", "person", "RU"),
        ("SDN-2", "ROSOBORONEXPORT", "organization", "RU"),
        ("SDN-3", "MUHAMMAD, Ali", "person", None),
    ],
    schema=["party_id", "name", "party_type", "country"],
    orient="row",
)
INDEX = NameIndex.build(LISTED)
NAMES = [
    "Huawei Technologies", "华为技术有限公司", "Hua Wei", "CETC 54", "CETC-55 Institute", "Владимир Путин",
    "Mohammed Ali Ltd", "Rosoboron Export", "China Electronics Technology Group ",
    "CHINA ELECTRONICS TECHNOLOGY GROUP CO", "", "...", "x", "Zzyzx Qwrt Co", "محمد علي", "Putin V.",
    "Corporation 55th", "a b c d e f",
]  # fmt: skip
queries = st.tuples(
    st.sampled_from(NAMES) | st.text(max_size=20),
    st.sampled_from([None, "person", "organization", "vessel"]),
    st.sampled_from([None, "CN", "RU", "ZZ"]),
)


def frame(rows: list[tuple[str, str | None, str | None]]) -> pl.DataFrame:
    schema = dict.fromkeys(("name", "party_type", "country"), pl.String)
    asked = pl.DataFrame(rows, schema=schema, orient="row")
    return asked.with_columns(query_id=pl.format("q{}", pl.int_range(pl.len())))


def content(matches: pl.DataFrame) -> bytes:
    return matches.rechunk().write_csv(float_precision=None).encode()


@pytest.mark.slow
@settings(max_examples=60)
@given(rows=st.lists(queries, min_size=1, max_size=12), data=st.data())
def test_any_division_in_any_order(
    rows: list[tuple[str, str | None, str | None]], data: st.DataObject
) -> None:
    asked = frame(rows)
    whole = INDEX.match(asked, limit=None)
    size = data.draw(st.integers(1, len(rows)))
    assert content(pl.concat([INDEX.match(part, limit=None) for part in asked.iter_slices(size)])) == content(
        whole
    )
    order = data.draw(st.permutations(range(len(rows))))
    shuffled = INDEX.match(asked[order], limit=None)
    for row in range(len(rows)):
        own = pl.col("query_id") == f"q{row}"
        assert content(shuffled.filter(own)) == content(whole.filter(own))
    assert content(from_bytes(to_bytes(INDEX)).match(asked, limit=None)) == content(whole)


@settings(max_examples=60)
@given(
    nights=st.lists(st.lists(queries, max_size=8), min_size=1, max_size=3),
    rows=st.lists(queries, min_size=1, max_size=12),
)
def test_words_may_be_read_before(
    nights: list[list[tuple[str, str | None, str | None]]], rows: list[tuple[str, str | None, str | None]]
) -> None:
    """Whatever else the index has read by then, and whoever read the words."""
    index, asked = INDEX, frame(rows)
    for night in nights:
        index, _ = index.tokenize_names(frame(night)["name"])
    index, words = index.tokenize_names(asked["name"])
    words_read = index.words
    assert content(index.match(asked.with_columns(words), limit=None)) == content(
        INDEX.match(asked, limit=None)
    )
    other = INDEX.with_tokens(reversed(words_read))
    same = pl.Series(
        "words", [other.ids([words_read[i] for i in ids]).tolist() for ids in words], dtype=words.dtype
    )
    assert content(other.match(asked.with_columns(same), limit=None)) == content(
        INDEX.match(asked, limit=None)
    )


def test_threads_and_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = frame([(name, None, None) for name in NAMES * 20])
    whole = content(INDEX.match(asked, limit=3))
    for most, worth in ((7, 1 << 20), (1 << 20, 5), (50, 3)):
        monkeypatch.setattr(room, "_MOST_AT_ONCE", most)
        monkeypatch.setattr(room, "_WORTH_A_THREAD", worth)
        assert content(INDEX.match(asked, limit=3)) == whole
        index, words = INDEX.tokenize_names(asked["name"])
        assert content(index.match(asked.with_columns(words), limit=3)) == whole


def test_on_real_lists_and_customers(shared: Path) -> None:
    from benchmarks.matching import corpus

    index = NameIndex.build(corpus.listed())
    asked = corpus.companies().sample(200, seed=5).with_row_index("query_id").cast({"query_id": pl.String})
    asked = pl.concat(
        [
            asked,
            corpus.listed().sample(300, seed=5).select(query_id="party_id", name="name", country="country"),
        ]
    )
    whole = index.match(asked)
    assert content(pl.concat([index.match(one) for one in asked.iter_slices(1)])) == content(whole)
    assert whole.height > 300
