"""Addresses as supporting evidence."""

from __future__ import annotations

import polars as pl
import pytest

from screening.matching.evidence.addresses import address_level, read_addresses

COLUMNS = dict.fromkeys(("subject_id", "written", "street", "city", "country"), pl.String)


def level(ours: str, theirs: str, countries: tuple[str | None, str | None] = ("HK", "HK")) -> str | None:
    """Return the level, which is symmetric."""
    sides = [
        read_addresses(pl.DataFrame([("r", text, None, None, country)], schema=COLUMNS, orient="row"))
        for text, country in zip((ours, theirs), countries, strict=True)
    ]
    found = []
    for one, other in (sides, sides[::-1]):
        named = other.rename(
            {column: f"their_{column}" for column in other.columns if column != "subject_id"}
        )
        found.append(address_level(one.join(named, on="subject_id")).item())
    assert found[0] == found[1]
    return None if found[0] is None else str(found[0])


LISTED = "Room 805, 8th Floor, Lee House, 20 Luard Road, Wanchai, Hong Kong"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("Rm 805, 8/F, Lee House, 20 Luard Rd, Wan Chai", LISTED, "same"),
        ("20 Luard Road, Hong Kong", LISTED, "same"),
        ("Room 806, 8/F, Lee House, 20 Luard Rd, Hong Kong", LISTED, "alike"),
        ("Room 805, 8/F, 20 Hennessy Road, Hong Kong", LISTED, None),
        ("22 Luard Road, Hong Kong", LISTED, None),
        ("ul. Lenina 5, Moscow 119034", "d. 5, ulitsa Lenina, Moscow 119034, Russia", "same"),
        ("ul. Mira 5, Moscow 119034", "d. 5, ulitsa Lenina, Moscow 119034, Russia", "postcode"),
        ("Moscow, Russia", "Moscow, Russia", None),
        ("P.O. Box 1318, Amman", "P.O. Box 1318, Aqaba", None),
    ],
)
def test_levels(ours: str, theirs: str, expected: str | None) -> None:
    assert level(ours, theirs) == expected


def test_the_country_is_a_gate() -> None:
    assert level("20 Luard Road", LISTED, ("GB", "HK")) is None
    assert level("20 Luard Road", LISTED, (None, "HK")) == "same"


def test_a_town_in_its_own_column_agrees() -> None:
    ours = read_addresses(
        pl.DataFrame([("r", "12 Karimkhan Avenue, Tehran", None, None, "IR")], schema=COLUMNS, orient="row")
    )
    listed = read_addresses(
        pl.DataFrame([("r", "Tehran, Iran", None, "Tehran", "IR")], schema=COLUMNS, orient="row")
    )
    named = listed.rename({column: f"their_{column}" for column in listed.columns if column != "subject_id"})
    assert address_level(ours.join(named, on="subject_id")).to_list() == ["city"]
