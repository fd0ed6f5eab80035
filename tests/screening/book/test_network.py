"""The network of a book: declared parents, merged entities, customers as nodes."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.book.network import all_entities, build_network, declared_parents
from screening.ownership import OwnershipNetwork
from screening.tables.book import Book
from screening.tables.inputs import CUSTOMERS, EDGES, ENTITIES
from screening.tables.outputs import PROBLEMS

TODAY = date(2026, 11, 22)


def customers(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CUSTOMERS.schema())


def book(own: pl.DataFrame, edges: pl.DataFrame | None = None, entities: pl.DataFrame | None = None) -> Book:
    none = EDGES.empty()
    recorded = none if edges is None else pl.concat([none, edges], how="diagonal")
    described = pl.DataFrame(schema=ENTITIES.schema()) if entities is None else entities
    return Book(own, recorded.lazy(), described, None, None, None, None, PROBLEMS.empty())


def test_a_declared_parent_is_one_entity_for_all_who_declare_it() -> None:
    book = customers(
        {"customer_id": "a", "name": "A", "parent_name": "Top  Holding", "parent_country": "CN"},
        {"customer_id": "b", "name": "B", "parent_name": "TOP holding", "parent_country": "CN"},
        {"customer_id": "c", "name": "C"},
    )
    edges, entities = declared_parents(book)
    assert edges.height == 2
    assert set(edges["interest"]) == {"declared"}
    assert entities.height == 1
    network = OwnershipNetwork.from_edges(edges, entities.cast({"entity_id": pl.String}))
    parents = network.ultimate_parents().filter(pl.col("entity_id").is_in(["a", "b"]))
    assert set(parents["hq_country"]) == {"CN"}
    assert set(parents["basis"]) == {"declared"}


def test_a_customers_own_fields_fill_what_the_entity_table_lacks() -> None:
    book = customers({"customer_id": "a", "name": "A Ltd", "hq_country": "SG", "country": "SG"})
    described = pl.DataFrame(
        [{"entity_id": "a", "name": "A Limited", "country": None}], schema=ENTITIES.schema()
    )
    declared = declared_parents(book)[1]
    merged = all_entities(book, described, declared)
    assert merged.select("name", "hq_country").rows() == [("A Limited", "SG")]


def test_a_customer_is_the_node_that_bears_its_identifier() -> None:
    own = customers({"customer_id": "c", "name": "C", "identifiers": ["lei:5493001KJTIIGC8Y1R12"]})
    entities = pl.DataFrame(
        [{"entity_id": "node-7", "name": "C Ltd", "identifiers": ["LEI:5493001KJTIIGC8Y1R12"]}],
        schema=ENTITIES.schema(),
    )
    edges = pl.DataFrame(
        {"owner_id": ["x"], "owned_id": ["node-7"], "share_min": [600_000], "share_max": [600_000]}
    )
    network = build_network(book(own, edges, entities), TODAY).network
    assert network.cascade({"x"}).filter(pl.col("entity_id") == "c")["status"].item() == "restricted"


def test_two_customers_that_are_one_entity_both_keep_their_row() -> None:
    one = {"name": "C", "identifiers": ["lei:5493001KJTIIGC8Y1R12"]}
    owned = build_network(book(customers({"customer_id": "a", **one}, {"customer_id": "b", **one})), TODAY)
    assert owned.nodes.rows() == [("a", "a"), ("b", "a")]
    rows = owned.by_customer(pl.DataFrame({"entity_id": ["a"], "status": ["restricted"]}))
    assert rows.rows() == [("a", "restricted"), ("b", "restricted")]


def test_names_join_only_on_request() -> None:
    own = customers({"customer_id": "c", "name": "Gamma Widgets Ltd", "country": "GB"})
    entities = pl.DataFrame(
        [{"entity_id": "n", "name": "Gamma Widgets Ltd", "country": "GB"}], schema=ENTITIES.schema()
    )
    edges = pl.DataFrame(
        {"owner_id": ["x"], "owned_id": ["n"], "share_min": [600_000], "share_max": [600_000]}
    )
    both = [build_network(book(own, edges, entities), TODAY, by_name).network for by_name in (False, True)]
    statuses = [net.cascade({"x"}).filter(pl.col("entity_id") == "c")["status"].item() for net in both]
    assert statuses == ["none_found", "restricted"]
