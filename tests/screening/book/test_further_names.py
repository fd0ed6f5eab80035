"""A name or number that only a further record of somebody gives is compared too, under its node."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from screening.book.screen import screen
from screening.policy import Policy
from tests.screening.book import parties

DAY = date(2026, 12, 1)
EDGE = {"owner_id": "o", "owned_id": "c", "share_min": 600_000, "share_max": 600_000}
LISTED = "Volga Shipyard"


def matched(edge: parties.Row, *entities: parties.Row) -> pl.DataFrame:
    given = parties.book([], [{**EDGE, **edge}], entities=entities)
    return screen(given, parties.lists(), DAY, Policy()).tables["matches"]


@pytest.mark.parametrize(
    ("edge", "entities", "role"),
    [
        ({"owner_name": LISTED}, [{"entity_id": "o", "name": "Maple Dairy"}], "owner"),
        ({"owned_name": LISTED}, [], None),
        ({}, [{"entity_id": "c", "name": LISTED}], None),
        ({}, [{"entity_id": "c", "identifiers": ["inn:7735007358"]}], None),
        (
            {},
            [
                {"entity_id": "a", "name": LISTED, "identifiers": ["lei:529900T8BM49AURSDO55"]},
                {"entity_id": "o", "name": "Maple Dairy", "identifiers": ["lei:529900T8BM49AURSDO55"]},
            ],
            "owner",
        ),
    ],
    ids=["edge of the owner", "edge of the customer", "record", "number of a record", "merged record"],
)
def test_a_further_record_is_compared(
    edge: parties.Row, entities: list[parties.Row], role: str | None
) -> None:
    found = matched(edge, *entities)
    assert "SDN" in found["list"].to_list()
    assert set(found["role"]) == {role}


def test_the_same_name_in_other_letters_is_no_further_one() -> None:
    edge = {"owner_name": "MAPLE DAIRY.", "owned_name": "Rowan Distribution, GmbH"}
    given = parties.book([], [EDGE | edge], entities=[{"entity_id": "o", "name": "Maple Dairy"}])
    around = parties.prepared(given, DAY).around
    assert around.select("entity_id", "name").rows() == [("o", "Maple Dairy")]


def test_a_further_name_keeps_the_attributes_of_its_entity() -> None:
    """The number of the owner stands beside each of its names, whichever comes first."""
    entity = {
        "entity_id": "o",
        "name": "Maple Dairy",
        "identifiers": ["lei:529900T8BM49AURSDO55"],
        "country": "DE",
    }
    given = parties.book([], [EDGE | {"owner_name": "Aspen Mill"}], entities=[entity])
    around = parties.prepared(given, DAY).around
    assert around["name"].to_list() == ["Aspen Mill", "Maple Dairy"]
    assert around.select("country", "identifiers").n_unique() == 1
