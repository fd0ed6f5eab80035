"""The table of 50 percent rules says only what the cascade can do, and only of lists and rules that exist."""

from __future__ import annotations

import polars as pl

from lists.schema import LIST_CODES
from screening.law.regimes import regimes
from screening.law.tables import rules, table
from screening.tables.outputs import RESTRICTED


def test_what_is_switched_on_is_what_the_cascade_computes() -> None:
    rows = table("regimes").filter(pl.col("status") == "on")
    assert rows.height == len(regimes()) > 0
    assert set(rows["comparison"]) == {"ge"}
    assert set(rows["aggregate"]) == {"yes"}
    assert set(rows["control_counts"]) == {"no"}
    assert set(rows["rebuttable"]) == {"no"}


def test_lists_and_rules_of_a_regime_exist() -> None:
    for regime in regimes():
        assert {*regime.lists, *regime.tagged_lists} <= set(LIST_CODES)
        assert regime.lists
        assert set(regime.rule_ids) <= set(rules()["rule_id"])
        assert 0 < regime.threshold <= 1_000_000
    assert {regime.id for regime in regimes()} == set(RESTRICTED.column("regime").choices)


def test_every_regime_says_whether_it_runs() -> None:
    frame = table("regimes")
    assert set(frame["status"]) <= {"on", "off"}
    assert frame["regime"].is_unique().all()
    assert (
        frame.select("threshold", "citation", "certainty", "last_reviewed")
        .null_count()
        .sum_horizontal()
        .item()
        == 0
    )
