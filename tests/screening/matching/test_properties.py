"""What must hold of any names: no candidate lost, agreement never harmful, equality near certain."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.matching import NameIndex
from screening.matching.align import COLUMNS, MOST_PAIRS, NAME_BEGIN, QUERY_BEGIN, align, passes
from screening.matching.batch import encode
from screening.matching.candidates import count_entries, enter, leave, scratch
from screening.matching.score import gates

NAMES = [
    "Huawei Technologies Co., Ltd.",
    "Huawei Marine",
    "CETC 55",
    "Sukhoi Civil Aircraft",
    "Rosneft Trading S.A.",
    "Bank Melli Iran",
    "Kala Naft London Ltd",
    "Hangzhou Hikvision Digital Technology",
    "Global Technology FZE",
    "Almaz-Antey",
]
WORDS = "huawei huawai hua wei marine technology cetc 55 sukhoi sukhoy civil aircraft rosneft bank melli iran kala naft"
names = st.lists(st.sampled_from([*WORDS.split(), "hikvision", "limited", "antey"]), min_size=1, max_size=5)
STRANGE = [
    "vexora",
    "zorblax",
    "bankmelli",
    "rosnefttrading",
    "group",
    "international",
    "hikvision",
    "limited",
]
mostly_strange = st.lists(st.sampled_from([*WORDS.split(), *STRANGE]), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex.build(
        pl.DataFrame({"party_id": [f"P{i}" for i in range(len(NAMES))], "name": NAMES}).with_columns(
            party_type=pl.lit("organization"), country=pl.lit("CN")
        )
    )


def score(index: NameIndex, name: str, row: int, country: str | None = None) -> float:
    explained = index.explain(name, index.rows["party_id"][row], "organization", country)
    return explained.score


@settings(max_examples=40)
@given(st.lists(mostly_strange.map(" ".join), min_size=1, max_size=5))
def test_no_pair_that_passes_the_gates_is_lost(index: NameIndex, queries: list[str]) -> None:
    frame = pl.DataFrame({"query_id": [str(i) for i in range(len(queries))], "name": queries}).with_columns(
        party_type=pl.lit("organization"), country=pl.lit(None, pl.String)
    )
    data = index.data
    batch = encode(data, frame)
    entries = max(1, count_entries(batch.names, batch.words, batch.cut, data.postings.most_alike))
    work, gate = scratch(len(index.rows), len(data.postings.posting_persons), entries), gates()[1]
    expected = set()
    for query in range(len(queries)):
        entered = enter(query, batch.names, batch.words, batch.cut, data.postings, work)
        for row in range(len(index.rows)):
            pairs = np.empty((MOST_PAIRS, COLUMNS))
            worth_q, worth_n = batch.names.organization, data.names.organization
            count, _, _ = align(
                query,
                row,
                batch.names,
                data.names,
                worth_q,
                worth_n,
                batch.words,
                data.postings,
                work,
                pairs,
            )
            if (
                count
                and passes(query, batch.names, worth_q, QUERY_BEGIN, pairs, count, gate[0])
                and passes(row, data.names, worth_n, NAME_BEGIN, pairs, count, gate[1])
            ):
                expected.add((str(query), index.rows["party_id"][row]))
        leave(entered, work)
    matches = index.match(frame, limit=None)
    assert expected <= set(matches.select("query_id", "party_id").rows())


@settings(max_examples=60)
@given(names, st.integers(0, len(NAMES) - 1))
def test_an_agreeing_country_never_lowers_and_another_never_raises(
    index: NameIndex, words: list[str], row: int
) -> None:
    name = " ".join(words)
    assert score(index, name, row, "XX") <= score(index, name, row) <= score(index, name, row, "CN")


@settings(max_examples=30)
@given(names, names)
def test_an_agreeing_word_never_lowers(ours: list[str], theirs: list[str]) -> None:
    def pair_score(query: list[str], name: list[str]) -> float:
        listed = pl.DataFrame({"party_id": ["P"], "name": [" ".join(name)], "party_type": ["organization"]})
        return NameIndex.build(listed).explain(" ".join(query), "P", "organization").score

    assert pair_score([*ours, "zvenigorod"], [*theirs, "zvenigorod"]) >= pair_score(ours, theirs) - 0.005


@pytest.mark.parametrize("row", range(len(NAMES)))
def test_an_equal_distinctive_name_is_all_but_certain(index: NameIndex, row: int) -> None:
    name = index.rows["name"][row]
    if name != "Global Technology FZE":
        assert score(index, name, row) >= 0.97
        assert score(index, name.upper().replace(", Ltd.", " LIMITED"), row) >= 0.97


def test_similarity_is_symmetric() -> None:
    for ours, theirs in (
        ("Huawei Marine", "Huawei Technologies"),
        ("Sukhoy", "Sukhoi Civil"),
        ("Hua Wei", "Huawei"),
    ):
        both = []
        for query, name in ((ours, theirs), (theirs, ours)):
            listed = pl.DataFrame({"party_id": ["P"], "name": [name], "party_type": ["organization"]})
            both.append(NameIndex.build(listed).explain(query, "P", "organization").similarity)
        assert both[0] == pytest.approx(both[1])
