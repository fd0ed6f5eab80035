"""The number of a listed party under a strange name: found in a run, in the role of a customer and of others."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import refresh
from lists.store import Store
from screening.book.screener import Screener
from screening.policy import Matching
from screening.tables.inputs import CUSTOMERS

DAY = date(2026, 12, 1)
CASE = "field-cases/04-identifier-only/customers.csv"


@pytest.fixture(scope="module")
def screener(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Screener:
    """The lists that the case was run against."""
    store = Store(tmp_path_factory.mktemp("store"))
    folders = ("ofac/2023-12-28", "ofac/consolidated-non-sdn-2025-12", "bis/dpl-2022.txt")
    assert not refresh([shared / "data" / folder for folder in folders], store).failed
    return Screener.on_day(store.load(DAY).frames, DAY, Matching())


def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / CASE).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def matched(screener: Screener, row: dict[str, str]) -> pl.DataFrame:
    """Screen one row alone, so that no other row of the same number lends it a match."""
    given = {name: text or None for name, text in row.items()} | {"identifiers": [row["identifiers"]]}
    customer = CUSTOMERS.conform(pl.DataFrame([given]))
    nodes = pl.DataFrame({"customer_id": [row["customer_id"]], "entity_id": [row["customer_id"]]})
    return screener.match_names(customer, nodes)


LISTED = {
    "I1": "SDN-22790", "I2": "SDN-22790", "I3": "SDN-22790", "I4": "SDN-22790", "I5": "SDN-23884", "I6": "SDN-23884",
    "I7": "SDN-15037", "I8": "SDN-15037", "I9": "SDN-15037", "I10": "SDN-37447", "I11": "SDN-37447",
    "I12": "SDN-37447", "I13": "SDN-19032", "I14": "SDN-19032", "I15": "SDN-19032", "I16": "SDN-27307",
    "I17": "SDN-27307", "I18": "SDN-27307", "I20": "SDN-15438", "I21": "SDN-19032", "I22": "SDN-19032",
    "I23": "SDN-37447",
}  # fmt: skip
QUESTIONS = {"I4", "I5", "I13", "I14", "I15", "I20"}
"""Asked about, not taken for the party: another birth date, no country, the bank's own number, marks of an aircraft."""


def test_every_number_of_the_case_is_a_hit_or_a_question(shared: Path, screener: Screener) -> None:
    given = rows(shared)
    assert {row["customer_id"] for row in given} - {"I19"} == LISTED.keys()
    found = {row["customer_id"]: matched(screener, row) for row in given}
    bands = {
        key: dict(matches.select("party_id", "band").iter_rows()).get(LISTED.get(key, ""))
        for key, matches in found.items()
    }
    assert {key for key, band in bands.items() if band is None} <= {"I19"}
    assert {key for key, band in bands.items() if band == "review"} == QUESTIONS


def test_an_owner_or_counterparty_with_a_number_and_no_name_is_found(screener: Screener) -> None:
    schema = {
        "entity_id": pl.String(),
        "name": pl.String(),
        "kind": pl.String(),
        "identifiers": pl.List(pl.String()),
    }
    entities = pl.DataFrame(
        [("e", None, None, ["imo:9187655"]), ("f", None, None, None)], schema=schema, orient="row"
    )
    found = screener.match_entities(entities)
    assert found.select("subject_id", "party_id", "query_name").rows() == [("e", "SDN-15037", "imo:9187655")]
