"""A country column and the address beside it: which differences are questions, and which stop a deal."""

from __future__ import annotations

import polars as pl
import pytest

from screening.places import address_conflicts, places_in_text

EMBARGOED = ("CU", "IR", "KP", "UA-43", "UA-14", "UA-09")


def conflicts(country: str | None, text: str) -> list[tuple[str, str]]:
    schema = {"key": pl.String, "text": pl.String, "country": pl.String}
    book = pl.DataFrame([("c", text, country)], schema=schema, orient="row")
    return address_conflicts(book, places_in_text(book), EMBARGOED).select("kind", "place").rows()


@pytest.mark.parametrize(
    ("country", "text", "found"),
    [
        ("IR", "Dubai Marina, Dubai", [("embargoed", "AE")]),
        ("IR", "Dubai, United Arab Emirates", [("embargoed", "AE")]),
        ("AE", "Office 4, Tehran, Iran", [("embargoed", "IR")]),
        ("EE", "Yalta, Republic of Crimea", [("embargoed", "UA-43")]),
        ("DE", "Paris, France", [("other", "FR")]),
        ("DE", "12 Main St, Austin, TX 78701", [("other", "US")]),
        ("RU", "Kyiv, Ukraine", [("other", "UA")]),
        # nothing to settle here: the rule on regions speaks, or nothing differs
        ("RU", "Simferopol, Respublika Krym 295000", []),
        ("UA", "Simferopol", []),
        ("IR", "Tehran, Iran", []),
        (None, "Tehran, Iran", []),
        ("DE", "Pariser Platz 1, Berlin, Germany", []),
        ("DE", "Paris, France; Berlin, Germany", []),
        ("NZ", "Cuba Street, Wellington", []),
        ("CN", "Nathan Road, Hong Kong", []),
        ("HK", "Nathan Road, Hong Kong, China", []),
        ("US", "San Juan, Puerto Rico", []),
        ("JP", "Embassy of the Islamic Republic of Iran, Tokyo", []),
        ("DE", "London", []),
    ],
)
def test_which_differences_are_told(country: str | None, text: str, found: list[tuple[str, str]]) -> None:
    assert conflicts(country, text) == found


def test_a_country_is_embargoed_when_the_day_says_so() -> None:
    schema = {"key": pl.String, "text": pl.String, "country": pl.String}
    book = pl.DataFrame([("c", "Aleppo, Syria", "TR")], schema=schema, orient="row")
    places = places_in_text(book)
    assert address_conflicts(book, places, {"SY"})["kind"].to_list() == ["embargoed"]
    assert address_conflicts(book, places, EMBARGOED)["kind"].to_list() == ["other"]


def test_conflicts_are_sorted_and_say_what_both_sides_say() -> None:
    schema = {"key": pl.String, "text": pl.String, "country": pl.String}
    book = pl.DataFrame(
        [("b", "Tehran, Iran", "AE"), ("a", "Paris, France", "DE")], schema=schema, orient="row"
    )
    rows = address_conflicts(book, places_in_text(book), EMBARGOED)
    assert rows.select("key", "country", "place").rows() == [("a", "DE", "FR"), ("b", "AE", "IR")]
    assert all(rows["why"])


def test_what_was_settled_contradicts_nothing() -> None:
    schema = {"key": pl.String, "text": pl.String, "country": pl.String}
    book = pl.DataFrame([("c", "12 Syria Street, Tehran", "IR")], schema=schema, orient="row")
    places = places_in_text(book, with_settled=True)
    assert places["certainty"].to_list() == ["no"]
    assert address_conflicts(book, places, EMBARGOED).is_empty()
