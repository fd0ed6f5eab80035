"""A small world for tests about whom a customer deals with: lists made by hand, one customer, its transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from lists.schema import TABLES, ListFrames
from lists.snapshot import ListSet
from screening.book.screen import Prepared, prepare
from screening.policy import Policy
from screening.redflags import evaluate
from screening.tables.book import Book
from screening.tables.inputs import CUSTOMERS, EDGES, ENTITIES, INPUTS

Row = Mapping[str, Any]
CUSTOMER = {
    "customer_id": "c",
    "name": "Rowan Distribution GmbH",
    "country": "DE",
    "incorporation_country": "DE",
}
PARTIES: tuple[Row, ...] = (
    {"party_id": "EL-1", "name": "Huawei Technologies Co., Ltd.", "countries": ["CN"], "footnotes": [1, 4],
     "license_policy": "presumption_of_denial"},
    {"party_id": "EL-2", "name": "Granite Sea Forwarding Co.", "countries": ["HK"]},
    {"party_id": "EL-3", "name": "Quartz Harbour Bank", "countries": ["CN"]},
    {"party_id": "EL-4", "name": "Phytium", "countries": ["CN"]},
    {"party_id": "EL-5", "name": "Mikron Joint Stock Company", "countries": ["RU"]},
    {"party_id": "EL-6", "name": "Hong Kong Address 04", "party_type": "address", "countries": ["HK"],
     "address": "Room 805, Lee Chau House, 20 Luard Road, Wan Chai"},
    {"party_id": "MEU-1", "name": "Harbin General Aircraft Industry Co., Ltd.", "countries": ["CN"]},
    {"party_id": "UVL-1", "name": "Emirates Bright Trading LLC", "countries": ["AE"], "start": date(2020, 5, 1)},
    {"party_id": "DPL-1", "name": "Nordfjell Air Cargo AS", "countries": ["NO"]},
    {"party_id": "SDN-1", "name": "Volga Shipyard", "countries": ["RU"], "programs": ["RUSSIA-EO14024"],
     "ear_744_8": True},
    {"party_id": "SDN-2", "name": "Bank Kaspiyskiy Bereg", "countries": ["RU"]},
    {"party_id": "SDN-3", "name": "Almaz Shield LLC", "countries": ["RU"]},
    {"party_id": "SDN-4", "name": "Mikron Joint Stock Company", "countries": ["RU"], "programs": ["RUSSIA-EO14024"],
     "ear_744_8": True, "identifiers": {"tax_id": "7735007358"}},
    {"party_id": "CMIC-1", "name": "China Lantern Surveying Group Co., Ltd.", "countries": ["CN"]},
)  # fmt: skip


def lists(*parties: Row) -> ListSet:
    """Return lists of these parties (all of `PARTIES` by default); the list of each is the start of its id."""
    given: list[Row] = [{"party_type": "organization", **party} for party in parties or PARTIES]
    tables: dict[str, list[Row]] = {
        "parties": [
            {**each, "list": each["party_id"].split("-")[0], "primary_name": each["name"]} for each in given
        ],
        "names": [{**each, "name_kind": "primary", "quality": "strong"} for each in given],
        "measures": given,
        "addresses": [
            {"party_id": each["party_id"], "raw": each["address"], "country": each["countries"][0]}
            for each in given
            if "address" in each
        ],
        "identifiers": [
            {
                "party_id": each["party_id"],
                "id_type": kind,
                "id_value": value,
                "country": each["countries"][0],
            }
            for each in given
            for kind, value in each.get("identifiers", {}).items()
        ],
    }
    return ListSet(
        ListFrames(**{name: frame(dict(TABLES[name]), rows) for name, rows in tables.items()}), (), ()
    )


def frame(schema: Mapping[str, Any], rows: Sequence[Row]) -> pl.DataFrame:
    """Return rows in the columns of a schema, days given as text too; what is not given is null."""
    days = {name for name, dtype in schema.items() if dtype == pl.Date}
    read = [
        {
            n: date.fromisoformat(v) if n in days and isinstance(v := row.get(n), str) else row.get(n)
            for n in schema
        }
        for row in rows
    ]
    return pl.DataFrame(read, schema=dict(schema))


def book(
    transactions: Sequence[Row],
    edges: Sequence[Row] = (),
    customers: Sequence[Row] = (CUSTOMER,),
    **tables: Sequence[Row],
) -> Book:
    """Return a book of one customer with these transactions, edges and rows of other tables."""
    entities = tables.pop("entities", ())
    others: dict[str, Any] = {name: frame(INPUTS[name].schema(), rows) for name, rows in tables.items()}
    return Book(
        customers=frame(CUSTOMERS.schema(), customers),
        stored=frame(EDGES.schema(), edges).lazy(),
        entities=frame(ENTITIES.schema(), entities),
        transactions=frame(INPUTS["transactions"].schema(), transactions) if transactions else None,
        **others,
    )


def prepared(given: Book, day: date, listed: ListSet | None = None, policy: Policy | None = None) -> Prepared:
    """Return the book made ready to assess."""
    return prepare(given, listed or lists(), day, policy or Policy())


def findings(ready: Prepared, given: Book) -> pl.DataFrame:
    """Return what every rule says of the customers of the book, material or not."""
    context = ready.context
    matches = context.customer_matches(given.customers)
    return evaluate(context.facts(given.customers, matches, ready.totals), context.as_of)
