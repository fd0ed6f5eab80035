"""What the addresses and the other details of a customer say of its places: one row a place and where it stands.

Regulation 2, B.5: an address decides; a telephone number, an IP address and a payer are leads, and so is a word inside
the customer's own name.
"""

from __future__ import annotations

import polars as pl

from screening.places import lead_in_name, phone_places, places_in_text
from screening.places.tables import table
from screening.redflags.facts.remarks import regions_noted
from screening.redflags.party_effects import role_words
from screening.redflags.signals.seat_words import seat_words

SIGNS = {
    "row": pl.UInt32(),
    "field": pl.String(),
    "text": pl.String(),
    "country": pl.String(),
    "place": pl.String(),
    "certainty": pl.String(),
    "why": pl.String(),
}
ADDRESS, CONNECTED, PHONE, NAME = "address", "connected address", "telephone", "name"
RECORD = "further record of the customer"
SEATS = ("country", "hq_country", "incorporation_country")
"""The country columns of a customer, the one that stands beside its address first."""
LEAD, IN_NAME, AROUND = "lead", "in_name", "around"
"""What a place is worth beside `sure` and `possible`: said by something that moves, a word of a name, or the seat of
somebody around the customer."""


def place_signs(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the places that customers' own details name, with the columns of `SIGNS`, sorted by row.

    In: row and the columns of the facts. certainty: sure, possible, lead, in_name, around. country: of the column
    beside it.
    """
    stated = pl.coalesce(SEATS[:2])
    people = pl.col("party_type").fill_null("") == "person"
    parts = [
        _in_addresses(facts.select("row", field=pl.lit(ADDRESS), text="address", country=stated)),
        _in_names(facts.select("row", text=pl.when(~people).then("name"), country=stated)),
        _in_columns(facts),
        _in_records(facts, stated),
        *_in_contacts(facts, stated),
    ]
    return pl.concat(part.select(pl.col(c).cast(kind) for c, kind in SIGNS.items()) for part in parts).sort(
        "row", "field", "place", "text"
    )


def _in_addresses(rows: pl.DataFrame) -> pl.DataFrame:
    """Read each distinct address beside each country once."""
    with_text = rows.drop_nulls("text")
    if with_text.is_empty():
        return pl.DataFrame(schema=SIGNS)
    distinct = with_text.select("text", "country").unique().sort("text", "country").with_row_index("key")
    distinct = distinct.with_columns(pl.col("key").cast(pl.String))
    found = places_in_text(distinct).select("key", "place", "certainty", "why")
    named = distinct.join(found, on="key")
    return with_text.join(named, on=["text", "country"], nulls_equal=True)


def _in_names(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the places that names of organizations bear, but for that of their own country."""
    names = rows.drop_nulls("text").with_columns(key=pl.col("row").cast(pl.String))
    if names.is_empty():
        return pl.DataFrame(schema=SIGNS)
    found = lead_in_name(names.select("key", "text")).select("key", "place", "why")
    placed = names.join(found, on="key").filter((pl.col("place") != pl.col("country")).fill_null(True))
    return placed.with_columns(field=pl.lit(NAME), certainty=pl.lit(IN_NAME))


def _in_columns(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the regions that country columns name: those of the customer decide, those of a payer are leads."""
    noted = regions_noted(facts, "row")
    regions = table("regions").select("place", "name", country="country")
    own = pl.col("field").is_in(SEATS)
    return noted.join(regions, on="place").with_columns(
        text="name",
        certainty=pl.when(own).then(pl.lit("sure")).otherwise(pl.lit(LEAD)),
        why=pl.format("the column {} says {}", "field", "name"),
    )


def _in_records(facts: pl.DataFrame, stated: pl.Expr) -> pl.DataFrame:
    """Return where further records of the customer, and those of owners and counterparties, say that they are."""
    rows = (
        facts.select("row", "seats", country=stated).explode("seats", empty_as_null=False).drop_nulls("seats")
    )
    if rows.is_empty():
        return pl.DataFrame(schema=SIGNS)
    own = pl.col("role").is_null()
    return rows.unnest("seats").select(
        "row", "country",
        field=pl.when(own).then(pl.lit(RECORD)).otherwise(role_words(pl.col("role"))),
        text=pl.coalesce("name", "record"),
        place="seat",
        certainty=pl.when(own).then(pl.lit("sure")).otherwise(pl.lit(AROUND)),
        why=seat_words(),
    )  # fmt: skip


def _in_contacts(facts: pl.DataFrame, stated: pl.Expr) -> list[pl.DataFrame]:
    """Return what addresses and telephone numbers of the connections name."""
    rows = facts.select("row", "contacts", country=stated).explode("contacts", empty_as_null=False)
    flat = rows.drop_nulls("contacts").unnest("contacts")
    if flat.is_empty():
        return []
    addresses = flat.filter(pl.col("kind") == "address").with_columns(field=pl.lit(CONNECTED))
    phones = flat.filter(pl.col("kind") == "phone").with_row_index("key").with_columns(
        pl.col("key").cast(pl.String)
    )  # fmt: skip
    ranges = phone_places(phones.select("key", "text", "country")).select("key", "place", "why")
    numbers = phones.join(ranges, on="key").with_columns(field=pl.lit(PHONE), certainty=pl.lit(LEAD))
    return [_in_addresses(addresses.select("row", "field", "text", "country")), numbers]
