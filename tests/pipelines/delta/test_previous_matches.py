"""Fingerprints: whatever a comparison reads changes them."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.delta.previous_matches import COMPARED_COLUMNS, customer_hashes
from screening.tables.inputs import CUSTOMERS

NODES = pl.DataFrame(schema={"customer_id": pl.String, "entity_id": pl.String})


def fingerprint(**columns: object) -> int:
    row = {"customer_id": "c", "name": "Alpha", **columns}
    rows = pl.DataFrame([row], schema=CUSTOMERS.schema())
    return int(customer_hashes(rows, NODES)["hash"][0]["low"])


@pytest.mark.parametrize(
    "column", [name for name in COMPARED_COLUMNS if CUSTOMERS.schema()[name] == pl.String]
)
def test_every_text_that_is_compared_changes_the_fingerprint(column: str) -> None:
    assert fingerprint(**{column: "a"}) != fingerprint(**{column: "b"})


@pytest.mark.parametrize("column", ["other_names", "identifiers"])
def test_lists_that_read_alike_when_joined_differ(column: str) -> None:
    columns = [None, [], ["a; b"], ["a", "b"], ["b", "a"], ["ab"]]
    assert len({fingerprint(**{column: each}) for each in columns}) == len(columns)
