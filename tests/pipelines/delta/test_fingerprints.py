"""The second fingerprint: two customers have the same one only where all that it stands for is the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import polars as pl
import pytest

from pipelines.delta import fingerprints
from pipelines.delta.fingerprints import READ_COLUMNS, other_fingerprints
from screening.book.context import BookContext
from screening.book.seats import SEATS
from screening.compute.results import no_results, results
from screening.ownership.parents import BASES
from screening.redflags.facts import GroupTotals
from screening.tables.book import Book
from screening.tables.inputs import ACTIVITY, CUSTOMERS, TRANSACTIONS
from screening.tables.table import Column, Table

TODAY = date(2026, 11, 22)
NOBODY = GroupTotals(*(pl.DataFrame(schema={"customer_id": pl.String}) for _ in range(3)))
LOW = {"customer_id": pl.String(), "low": pl.Int64()}
TIE = {"customer_id": pl.String, "kind": pl.String}
PARENT = {
    "customer_id": pl.String(),
    "parent_id": pl.String(),
    "parent_name": pl.String(),
    "parent_hq_country": pl.String(),
    "basis": pl.String(),
    "unknown": pl.Boolean(),
    "note": pl.String(),
    "seats": pl.List(pl.String()),
}


@dataclass
class Context:
    """What the fingerprints read of `BookContext`."""

    above: list[tuple[Any, ...]] = field(default_factory=list)  # rows of PARENT
    restricted_customers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LOW))
    seats: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SEATS))
    hidden: pl.DataFrame = field(default_factory=no_results)
    ties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TIE))
    as_of: date = TODAY
    book: Book = field(default_factory=lambda: cast(Book, Tables()))

    def ownership_results(self, customers: pl.DataFrame) -> pl.DataFrame:
        return self.restricted_customers

    def ultimate_parents(self, customers: pl.DataFrame) -> pl.DataFrame:
        return pl.DataFrame(self.above, schema=PARENT, orient="row")


@dataclass
class Tables:
    answers: None = None
    licences: None = None
    watchlists: None = None
    connections: None = None
    activity: pl.DataFrame | None = None
    transactions: pl.DataFrame | None = None


def number(monkeypatch: pytest.MonkeyPatch, context: Context, **row: Any) -> dict[str, int]:
    """Return the second fingerprint of customer c."""
    monkeypatch.setattr(
        fingerprints,
        "_owner_edges",
        lambda *_: pl.DataFrame(schema={"customer_id": pl.String, "x": pl.String}),
    )
    schema = {name: CUSTOMERS.schema()[name] for name in READ_COLUMNS}
    customers = pl.DataFrame([{"customer_id": "c", "name": "Kite", "hq_country": "US", **row}], schema=schema)
    matches = pl.DataFrame(schema={"customer_id": pl.String, "x": pl.String})
    found: dict[str, int] = other_fingerprints(cast(BookContext, context), NOBODY, customers, matches)[
        "beside"
    ][0]
    return found


def seat(code: str) -> pl.DataFrame:
    return pl.DataFrame([{"customer_id": "c", "role": "owner", "record": "o", "seat": code}], schema=SEATS)


OWN = ("c", "c", "Kite", "US", "no_majority", False, None, None)
"""The customer is its own parent, under the name and country of its row."""


def test_every_difference_is_another_number(monkeypatch: pytest.MonkeyPatch) -> None:
    restricted_customers = pl.DataFrame({"customer_id": ["c"], "low": [500_000]})
    numbers = [
        number(monkeypatch, Context()),
        number(monkeypatch, Context(), parent_name="Kite"),
        number(monkeypatch, Context(), parent_country="US"),
        number(monkeypatch, Context(), incorporated_on=date(2020, 1, 1)),
        number(monkeypatch, Context(), incorporated_on=date(2020, 1, 2)),
        number(monkeypatch, Context(), incorporated_on=TODAY),
        number(monkeypatch, Context(restricted_customers=restricted_customers)),
        number(monkeypatch, Context(seats=seat("IR"))),
        number(monkeypatch, Context(seats=seat("CU"))),
        number(monkeypatch, Context(hidden=results(seat("CU"), "NAME_HIDDEN", "around"))),
        number(monkeypatch, Context(restricted_customers=restricted_customers, above=[OWN])),
        *(
            number(monkeypatch, Context([(*OWN[:4], basis, unknown, None, None)]))
            for basis in BASES
            for unknown in (True, False)
        ),
        *(number(monkeypatch, Context([(*OWN[:6], note, None)])) for note in ("45% is not on record", "40%")),
        number(monkeypatch, Context([(*OWN[:6], None, ["CN"])])),
        number(monkeypatch, Context([("c", "c", "Kite Ltd", "US", *OWN[4:])])),
        number(monkeypatch, Context([("c", "c", "Kite", "CN", *OWN[4:])])),
        number(monkeypatch, Context([("c", "c", "Kite", None, *OWN[4:])])),
        number(monkeypatch, Context([("c", "c", None, "US", *OWN[4:])])),
        number(monkeypatch, Context([("c", "d", "Kite", "US", *OWN[4:])])),
        number(monkeypatch, Context([("c", None, None, None, "no_owner_on_record", True, None, None)])),
    ]
    assert len({(each["high"], each["low"]) for each in numbers}) == len(numbers)


def test_the_day_counts_where_it_decides_how_young_a_firm_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def on(day: date) -> dict[str, int]:
        return number(monkeypatch, Context(as_of=day), incorporated_on=date(2020, 1, 1))

    assert on(TODAY) == on(date(2026, 11, 23))
    assert on(date(2020, 1, 2)) != on(TODAY)
    assert on(date(2019, 1, 2)) not in (on(date(2020, 1, 2)), on(TODAY))


def test_with_nothing_but_a_name_both_halves_are_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    assert number(monkeypatch, Context()) == {"high": 0, "low": 0}


def values(column: Column) -> tuple[Any, Any]:
    """Return two values of a column."""
    match column.dtype:
        case pl.Boolean():
            return True, False
        case pl.Date():
            return date(2026, 1, 1), date(2026, 1, 2)
        case pl.List():
            return ["TR"], ["TR", "KZ"]
        case pl.String():
            return "one", "two"
        case _:
            return 1, 2


@pytest.mark.parametrize("table", [ACTIVITY, TRANSACTIONS], ids=lambda table: table.name)
def test_every_column_of_what_a_customer_does_is_in_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, table: Table
) -> None:
    row = {column.name: values(column)[0] for column in table.columns} | {"customer_id": "c"}

    def changed(**cells: Any) -> tuple[int, int]:
        frame = pl.DataFrame([row | cells], schema=table.schema())
        tables: dict[str, Any] = {table.name: frame}
        book = cast(Book, Tables(**tables))
        found = number(monkeypatch, Context(book=book))
        return found["high"], found["low"]

    numbers = {c.name: changed(**{c.name: values(c)[1]}) for c in table.columns if c.name != "customer_id"}
    assert {"end_user_country", "via_countries", "notice_date"} <= numbers.keys() or table is ACTIVITY
    assert len({changed(), *numbers.values()}) == len(numbers) + 1
