"""The sample customers, owners and activities fit together."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from screening.ownership import OwnershipNetwork
from screening.tables.book import Book

OWNERS_NAMED_BY_LIST = 15


def test_every_row_is_usable(book: Book) -> None:
    assert book.problems.is_empty(), book.problems


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("customers", 300),
        ("edges", 218),
        ("entities", 208),
        ("activity", 40),
        ("connections", 14),
        ("transactions", 16),
        ("answers", 29),
    ],
)
def test_counts(book: Book, table: str, rows: int) -> None:
    assert getattr(book, table).height == rows


def everybody(book: Book) -> pl.DataFrame:
    own = book.customers.select(pl.col("customer_id").alias("entity_id"), "name")
    return pl.concat([own, book.entities.select("entity_id", "name")])


def test_ids_are_unique_across_customers_and_entities(book: Book) -> None:
    assert everybody(book)["entity_id"].is_unique().all()


@pytest.mark.parametrize("end", ["owner", "owned"])
def test_edges_join_and_repeat_the_names(book: Book, end: str) -> None:
    joined = book.edges.join(everybody(book), left_on=f"{end}_id", right_on="entity_id", how="left")
    assert joined.filter(pl.col("name").is_null() | (pl.col("name") != pl.col(f"{end}_name"))).is_empty()


def test_every_entity_has_a_use(book: Book) -> None:
    assert book.connections is not None
    used = pl.concat([book.edges["owner_id"], book.edges["owned_id"], book.connections["entity_id"]])
    assert book.entities.filter(~pl.col("entity_id").is_in(used.implode())).is_empty()


@pytest.mark.parametrize("table", ["activity", "transactions", "answers"])
def test_rows_belong_to_customers(book: Book, table: str) -> None:
    ids = book.customers["customer_id"]
    assert getattr(book, table).filter(~pl.col("customer_id").is_in(ids.implode())).is_empty()


def test_connections_belong_to_somebody(book: Book) -> None:
    assert book.connections is not None
    ids = everybody(book)["entity_id"]
    assert book.connections.filter(~pl.col("entity_id").is_in(ids.implode())).is_empty()


def test_no_company_is_owned_by_more_than_all_of_it(book: Book, today: date) -> None:
    shares = book.edges["share_min"].append(book.edges["share_max"])
    assert shares.is_between(0, 1_000_000).all()
    network = OwnershipNetwork.from_edges(book.edges, book.entities, today)
    assert network.oversubscribed().is_empty()


def test_every_form_of_a_holding_occurs(book: Book) -> None:
    edges = book.edges
    assert {"equity", "votes", "consolidation"} <= set(edges["interest"])
    exact = edges["share_min"] == edges["share_max"]
    band = edges.filter(~exact & (pl.col("share_max") < 1_000_000))
    assert band.height == 2, "a register that publishes bands"
    assert edges.filter((pl.col("share_min") == 0) & (pl.col("share_max") == 1_000_000)).height == 2
    assert edges["end"].drop_nulls().len() == 2
    assert 499_900 in edges["share_min"], "just under half"


def test_listed_owners_have_ids_of_their_own(book: Book) -> None:
    listed = book.entities.filter(pl.col("entity_id").str.starts_with("L-"))
    assert listed.height == OWNERS_NAMED_BY_LIST
    assert set(listed["entity_id"]) <= set(book.edges["owner_id"])


def test_nothing_lies_in_the_future_but_plans(book: Book, today: date) -> None:
    assert book.activity is not None
    assert book.transactions is not None
    assert (book.customers["incorporated_on"].drop_nulls() <= today).all()
    assert (book.edges["source_date"].drop_nulls() <= today).all()
    assert (book.activity["start"].drop_nulls() <= today).all()
    assert (book.transactions["date"] <= today).all()


def test_names_come_in_many_scripts_from_many_countries(book: Book) -> None:
    names = pl.col("name")
    for script in ("Han", "Cyrillic", "Arabic", "Hebrew", "Greek", "Thai", "Hangul", "Latin"):
        assert book.customers.filter(names.str.contains(rf"\p{{{script}}}")).height > 0, script
    assert book.customers["country"].n_unique() > 80
    assert book.customers["name"].is_unique().all()
    assert book.customers.filter(pl.col("party_type") == "person").height > 40
