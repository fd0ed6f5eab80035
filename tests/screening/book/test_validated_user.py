"""The record of a validated end user: every part from a book made by hand, each line with the status of the day."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl
import pytest

from lists.schema import ListFrames
from lists.snapshot import ListSet
from screening.book.screen import Prepared, prepare
from screening.book.validated_user import ValidatedUser, validated_user
from screening.errors import UnknownEntity
from screening.policy import Policy
from screening.tables.book import Book
from screening.tables.inputs import ACTIVITY, CUSTOMERS, EDGES, ENTITIES

DAY = date(2026, 11, 22)
FLEET = {
    "customer_id": "v",
    "kind": "deployment",
    "accelerator": "H100",
    "count": 512,
    "licence_ref": "UVEU 1",
}

BOOK = Book(
    customers=pl.DataFrame(
        [
            {
                "customer_id": "v",
                "name": "Vireo",
                "hq_country": "US",
                "parent_name": "Top",
                "parent_country": "US",
            },
            {
                "customer_id": "w",
                "name": "Wren",
                "hq_country": "US",
                "parent_name": "Top",
                "parent_country": "US",
            },
            {"customer_id": "x", "name": "Xenops", "hq_country": "CN"},
        ],
        schema=CUSTOMERS.schema(),
    ),
    stored=pl.LazyFrame(
        [
            {
                "owner_id": "fund",
                "owned_id": "v",
                "owner_name": "Fund",
                "share_min": 5_000,
                "share_max": 5_000,
            },
            {
                "owner_id": "bank",
                "owned_id": "v",
                "owner_name": "Bank",
                "share_min": 0,
                "share_max": 1_000_000,
            },
        ],
        schema=EDGES.schema(),
    ),
    entities=pl.DataFrame(
        [
            {"entity_id": "fund", "name": "Fund", "hq_country": "CN"},
            {"entity_id": "bank", "name": "Bank", "hq_country": "DE"},
        ],
        schema=ENTITIES.schema(),
    ),
    activity=pl.DataFrame(
        [
            {**FLEET, "activity_id": "1", "start": date(2026, 1, 1), "site_country": "US"},
            {**FLEET, "activity_id": "2", "start": date(2027, 3, 1), "site_country": "NO"},
            {
                **FLEET,
                "activity_id": "3",
                "customer_id": "x",
                "start": date(2026, 1, 1),
                "site_country": "CN",
            },
            {
                "customer_id": "w",
                "activity_id": "4",
                "kind": "training",
                "model_id": "m",
                "site_country": "AE",
            },
        ],
        schema=ACTIVITY.schema(),
    ),
)


@cache
def prepared() -> Prepared:
    return prepare(BOOK, ListSet(ListFrames(), (), ()), DAY, Policy())


@cache
def record() -> ValidatedUser:
    return validated_user(BOOK, prepared(), "v")


def test_every_line_carries_the_status_of_the_day() -> None:
    frames = record().sections()
    assert list(frames) == ["eligibility", "checklist", "owners", "notices", "storage", "calendar"]
    for name, frame in frames.items():
        assert frame.height, name
        assert frame["rule_status"].null_count() == 0, name
    assert set(record().checklist["rule_status"]) == {"codified_not_enforced"}


@pytest.mark.parametrize(
    ("customer", "outcome", "says"),
    [("v", "not_raised", "universal form is open"), ("x", "raised", "neither form")],
)
def test_eligibility_is_said_open_as_well_as_closed(customer: str, outcome: str, says: str) -> None:
    lines = validated_user(BOOK, prepared(), customer).eligibility
    line = lines.row(by_predicate=pl.col("rule_id") == "VEU_ELIGIBILITY", named=True)
    assert line["outcome"] == outcome
    assert says in line["reason"]


def test_an_owner_in_d5_is_named_with_its_share_and_others_are_not() -> None:
    assert record().owners.select("owner_id", "owner_name", "hq_country", "share", "report").rows() == [
        ("fund", "Fund", "CN", "0.5%", True)  # value and market are not on record
    ]


def test_a_planned_move_is_in_the_notices_and_in_the_calendar() -> None:
    assert record().notices.select("site_country", "notice", "latest_day", "overdue").rows() == [
        ("NO", "new place", date(2026, 9, 2), True),
        ("NO", "new country", date(2026, 12, 31), False),
    ]
    days = record().calendar
    assert days["due"].is_sorted()
    assert days.filter(pl.col("report").str.starts_with("Notice"))["due"].to_list() == [
        date(2026, 9, 2),
        date(2026, 12, 31),
    ]


@pytest.mark.parametrize(
    ("items", "operator", "state"),
    [
        ((), None, "conditions_open"),
        ((14, 15, 18), "US", "conditions_met"),
        ((14, 15), "US", "conditions_open"),
        ((14, 15, 18), "AE", "not_allowed_here"),
    ],
)
def test_weights_of_the_group_are_where_its_models_are_trained(
    items: tuple[int, ...], operator: str | None, state: str
) -> None:
    attested = dict.fromkeys(items, "letter of 2026-05-01")
    places = validated_user(BOOK, prepared(), "v", attested, operator).storage
    assert places.select("model", "country", "state").rows() == [("m", "AE", state)]


def test_a_customer_that_is_not_in_the_book() -> None:
    with pytest.raises(UnknownEntity, match="no customer nobody"):
        validated_user(BOOK, prepared(), "nobody")
