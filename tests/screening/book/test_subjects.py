"""Whom a job screens: customers under all their names, and everybody above them."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.book import subjects
from screening.book.counterparties import located, named_counterparties
from screening.book.network import build_network
from screening.ownership import OwnershipNetwork
from screening.tables.book import Book
from screening.tables.inputs import CUSTOMERS, EDGES


def customers(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CUSTOMERS.schema())


def test_other_names_are_screened_too() -> None:
    book = customers({"customer_id": "c", "name": "Alpha", "other_names": ["Beta", "Alpha"]})
    nodes = pl.DataFrame({"customer_id": ["c"], "entity_id": ["c"]})
    found = subjects.customer_subjects(subjects.customer_names(book), nodes)
    assert found.select("entity_id", "name").rows() == [("c", "Alpha"), ("c", "Beta")]
    assert found["query_id"].n_unique() == 2


def test_every_owner_to_the_end_is_a_subject() -> None:
    chain = pl.DataFrame(
        {
            "owner_id": [f"n{i + 1}" for i in range(50)],
            "owned_id": [f"n{i}" for i in range(50)],
            "owner_name": [f"Name {i + 1}" for i in range(50)],
            "share_min": [1_000] * 50,
            "share_max": [1_000] * 50,
        }
    )
    network = OwnershipNetwork.from_edges(chain)
    customer = (network.entities["entity_id"] == "n0").to_numpy()
    above = subjects.owners_above(network, customer, customer)
    assert set(above["name"]) == {f"Name {i + 1}" for i in range(50)}
    assert above.height == 50


def test_people_who_act_for_a_customer_are_subjects_while_they_do() -> None:
    connections = pl.DataFrame(
        [
            {"entity_id": "a", "kind": "director", "value": "Ivan Petrov", "end": None},
            {"entity_id": "b", "kind": "director", "value": "IVAN PETROV", "end": None},
            {"entity_id": "a", "kind": "signatory", "value": "Old Hand", "end": date(2020, 1, 1)},
            {"entity_id": "a", "kind": "phone", "value": "+1 555", "end": None},
        ],
        schema={
            "entity_id": pl.String,
            "kind": pl.String,
            "value": pl.String,
            "start": pl.Date,
            "end": pl.Date,
        },
    )
    found = subjects.related_people(connections, date(2026, 11, 22))
    people = found.filter(pl.col("name").is_not_null())
    assert people["entity_id"].n_unique() == 1
    assert people.select("role", "customer_id").rows() == [("director", "a"), ("director", "b")]
    details = found.filter(pl.col("name").is_null())
    assert details.select("entity_id", "role", "customer_id", "contact").rows() == [
        ("phone:+1 555", "phone", "a", "phone:+1 555")
    ]


def test_everybody_around_is_divided_without_parting_the_names_of_one() -> None:
    edges = pl.DataFrame(
        {"owner_id": ["o1", "o2"], "owned_id": ["c", "c"], "share_min": [1, 1], "share_max": [1, 1]}
    )
    book = Book(customers({"customer_id": "c", "name": "C"}), EDGES.conform(edges).lazy())
    related = pl.DataFrame(
        {"entity_id": ["d", "d"], "name": ["Ann", "ANN"], "role": ["director"] * 2, "customer_id": ["c", "x"]}
    )
    owned = build_network(book, date(2026, 11, 22))
    found = subjects.everybody_around(
        owned, related, located(named_counterparties(book), owned, by_name=False)
    )
    assert found["entity_id"].to_list() == ["d", "d", "o1", "o2"]
    assert [part.height for part in subjects.split_entities(found, 2)] == [3, 1]
    assert subjects.split_entities(found.clear(), 2) == []
