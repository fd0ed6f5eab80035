"""Whatever stands in a cell, a batch goes through: not evaluable with a reason, never an exception."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.law import table
from screening.redflags import evaluate
from screening.redflags.facts import assemble, schema
from screening.redflags.facts.inputs import TABLES
from screening.redflags.rule import OUTCOMES
from screening.tables.inputs import CUSTOMERS
from screening.tables.outputs import RULE_FINDINGS
from tests.tables import random_frame

DAY = date(2026, 11, 22)
COLUMNS = [c for c in schema() if c != "customer_id"]
WEIRD: list[list[Any]] = [
    ["", "  ", None],
    ["=cmd|' /C calc'!A0", "\x00\x01", "ｆｕｌｌ"],
    [-1, 0, 10**18],
    [float("nan"), float("inf"), -0.0],
    [True, False, None],
    [date(1, 1, 1), date(9999, 12, 31), None],
    [datetime(2026, 1, 1, 12), None, None],
    [[], ["x"], None],
    [{"list": "SDN"}, {"list": None}, None],
    [[{"regime": "bis", "low": "half"}], [], None],
    [[{"rule_id": 7, "branch": None, "answer": ["yes"], "date": "soon"}], [], None],
    [b"\xff", b"", None],
]


@pytest.mark.slow
@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(WEIRD), max_size=8))
def test_odd_facts_go_through(cells: dict[str, list[Any]]) -> None:
    book = pl.DataFrame({"customer_id": ["a", "b", "c"], **cells}, strict=False)
    found = evaluate(book, DAY)
    assert dict(found.schema) == RULE_FINDINGS.schema()
    assert set(found["outcome"]) <= set(OUTCOMES)
    assert found["reason"].null_count() == 0


@pytest.mark.slow
@settings(max_examples=15)
@given(st.data())
def test_odd_tables_go_through(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TABLES)))
    columns = data.draw(
        st.dictionaries(st.sampled_from(TABLES[name].names), st.sampled_from(WEIRD), max_size=6)
    )
    rows = pl.DataFrame({"customer_id": ["a", "b", "zzz"], **columns}, strict=False)
    book = pl.DataFrame({"customer_id": ["a", "b"], "name": ["A", None], "hq_country": ["US", "??"]})
    facts = assemble(book, as_of=DAY, **{name: rows})  # type: ignore[arg-type]
    assert evaluate(facts, DAY).height > 0


def test_random_tables_go_through_in_the_declared_types() -> None:
    ids = pl.int_range(pl.len()) % 40
    book = random_frame(CUSTOMERS, 40)
    key = {"connections": "entity_id", "listed": "matched_entity_id", "edges": "owned_id"}
    tables: dict[str, pl.DataFrame] = {}
    for seed, name in enumerate(TABLES):
        rows = random_frame(TABLES[name], 120, seed)
        owner = key.get(name, "customer_id")
        mine = book["customer_id"].gather(rows.select(ids).to_series())
        tables[name] = rows.with_columns(mine.alias(owner)) if owner in rows.columns else rows
    found = evaluate(assemble(book, as_of=DAY, **tables), DAY)  # type: ignore[arg-type]
    assert dict(found.schema) == RULE_FINDINGS.schema()
    assert set(found["customer_id"]) == set(book["customer_id"])


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_is_a_given_one(name: str) -> None:
    rows = pl.DataFrame(schema=dict.fromkeys(TABLES[name].names, pl.String))
    facts = assemble(pl.DataFrame({"customer_id": ["a"]}), as_of=DAY, **{name: rows})  # type: ignore[arg-type]
    assert evaluate(facts, DAY)["customer_id"].unique().to_list() == ["a"]


def test_the_same_bad_cell_spoils_only_its_own_row() -> None:
    good = {
        "hq_country": "CN",
        "ultimate_parent_hq_country": "CN",
        "training_ops_planned": "2e26",
        "weights_published": "no",
    }
    book = pl.DataFrame(
        [{"customer_id": "a", **good}, {"customer_id": "b", **good, "training_ops_planned": "-1"}]
    )
    found = evaluate(book, DAY, only={"RF28"})
    assert found["outcome"].to_list() == ["raised", "not_evaluable"]
    assert "negative" in found["reason"][1]


def test_hostile_text_is_text() -> None:
    book = pl.DataFrame(
        {
            "customer_id": ["a"],
            "hits": [
                [
                    {
                        "list": "SDN",
                        "party_id": "SDN-1",
                        "party_name": "{customer_id}{__class__}; x",
                        "score": 0.9,
                    }
                ]
            ],
        }
    )
    reason = evaluate(book, DAY, only={"SDN_BLOCK"})["reason"].item()
    assert "{customer_id}{__class__}; x" in reason


def test_the_table_of_facts_says_what_every_column_means() -> None:
    assert table("facts")["meaning"].null_count() == 0
    assert table("facts")["column"].is_unique().all()
