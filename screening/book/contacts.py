"""Contact with listed parties: details of everybody who was screened that are also those of a party on a list.

The lists print addresses, e-mail addresses, sites and telephones of their parties. Whoever has one of them need not be
the party, so this is a match in a band of its own (`contact`) that raises no list rule; G17 asks why the two share it.
A detail beside a better match of the same two adds nothing and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lists.schema import ListFrames
from screening.book.contact_addresses import ListedAddresses, same_addresses
from screening.book.contact_details import equal_details, read_details, typed_details
from screening.book.matches import CONTACT
from screening.law import table
from screening.redflags.leads.contact import ip_country
from screening.tables.outputs import SUBJECT_MATCHES

POINTS = ("address", "phone", "email", "domain")
"""Connections by which somebody can be reached."""
POINT_COLUMNS = dict.fromkeys(("entity_id", "role", "customer_id", "address", "contact"), pl.String())
_COUNTRIES = ("country", "hq_country", "incorporation_country")


@dataclass(frozen=True, slots=True)
class ListedContacts:
    """How listed parties can be reached: their details, as from `read_details` by party, and their addresses."""

    details: pl.DataFrame
    addresses: ListedAddresses

    @classmethod
    def read(cls, frames: ListFrames, parties: pl.DataFrame) -> ListedContacts:
        """Read the details and addresses of these parties, except of mere addresses (744.16(f) speaks of those)."""
        named = parties.filter(pl.col("party_type") != "address").select("party_id")
        kinds = dict(table("contact_types").select("type", "kind").iter_rows())
        details = frames.identifiers.join(named, on="party_id", how="semi").select(
            subject_id="party_id",
            kind=pl.col("id_type").replace_strict(kinds, default=None, return_dtype=pl.String),
            text="id_value",
        )
        addresses = frames.addresses.join(named, on="party_id", how="semi").drop_nulls("raw")
        return cls(read_details(details.drop_nulls()), ListedAddresses.read(addresses))


def contact_matches(subjects: pl.DataFrame, nodes: pl.DataFrame, listed: ListedContacts) -> pl.DataFrame:
    """Return the contacts of subjects with listed parties, in columns of `SUBJECT_MATCHES`; the best of each pair.

    `subjects`: customer_id, and any of address, the countries, identifiers, contact (`type:value`). `nodes`:
    customer_id, entity_id.
    """
    rows = subjects.rename({"customer_id": "subject_id"})
    found = []
    if "address" in rows.columns and listed.addresses.rows.height:
        countries = pl.concat_list(
            [pl.col(c) for c in _COUNTRIES if c in rows.columns] or [pl.lit(None, pl.String)]
        )
        addressed = rows.filter(pl.col("address").is_not_null())
        placed = addressed.select("subject_id", "address", countries=countries)
        found.append(same_addresses(placed, listed.addresses))
    if listed.details.height:
        found.append(equal_details(read_details(_written(rows)), listed.details))
    if not found:
        return SUBJECT_MATCHES.empty()
    words = table("contact_kinds").select("kind", "words", score=pl.col("strength").cast(pl.Float64))
    every = (
        pl.concat(found)
        .join(words, on="kind")
        .select(
            "score",
            "subject_id",
            party_id="their_id",
            query_name=pl.format("{} {}", "words", "written"),
            matched_name=pl.format("{} {}", "words", "their_written"),
            band=pl.lit(CONTACT),
        )
        .join(nodes.select(subject_id="customer_id", matched_entity_id="entity_id"), on="subject_id")
    )
    return pl.concat([SUBJECT_MATCHES.empty(), every], how="diagonal")


def contact_points(connections: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    """Return how customers and other entities can be reached on the day, each detail as a subject of its own.

    Columns: entity_id, role (the kind of the connection), customer_id (whose it is), address, contact.
    """
    if connections is None:
        return pl.DataFrame(schema=POINT_COLUMNS)
    day, value, kind = pl.lit(as_of), pl.col("value").str.strip_chars(), pl.col("kind")
    current = (pl.col("start").is_null() | (pl.col("start") <= day)) & (
        pl.col("end").is_null() | (pl.col("end") >= day)
    )
    detail = pl.format("{}:{}", kind, value)
    return (
        connections.filter(kind.is_in(POINTS), current, value != "")
        .select(
            entity_id=pl.format("{}:{}", kind, value.str.to_lowercase().str.replace_all(r"\s+", " ")),
            role=kind,
            customer_id="entity_id",
            address=pl.when(kind == "address").then(value),
            contact=pl.when(kind != "address").then(detail),
        )
        .with_columns(pl.col("address", "contact").sort().first().over("entity_id"))
        .unique()
        .sort("entity_id", "customer_id")
    )


def contact_remarks(connections: pl.DataFrame | None) -> tuple[str, ...]:
    """Say of how many network addresses nobody knows where they are: a place is compared only where it is given.

    >>> rows = pl.DataFrame({"entity_id": ["c", "d"], "kind": ["ip"] * 2, "value": ["203.0.113.24", "203.0.113.25 CN"]})
    >>> contact_remarks(rows)[0][:58]
    'connections: 1 of 2 ip addresses name no country and were '
    """
    if connections is None:
        return ()
    ips = connections.filter(pl.col("kind") == "ip", pl.col("value").is_not_null())
    unplaced = ips.filter(ip_country(pl.col("value")).is_null())
    if unplaced.is_empty():
        return ()
    owners = unplaced["entity_id"].unique().sort().head(3).to_list()
    return (
        f"connections: {unplaced.height} of {ips.height} ip addresses name no country and were not located (such as "
        f"those of {', '.join(owners)}). Write the country after it, as in 203.0.113.24 CN.",
    )


def _written(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the contact details that rows give: subject_id, kind, text; mail addresses inside addresses too."""
    parts = []
    if "contact" in rows.columns and rows.schema["contact"] == pl.String:
        parts.append(typed_details(rows.select("subject_id", text="contact").drop_nulls("text")))
    if "identifiers" in rows.columns and rows.schema["identifiers"] == pl.List(pl.String):
        numbers = rows.select("subject_id", text="identifiers").filter(pl.col("text").list.len() > 0)
        parts.append(typed_details(numbers.explode("text", empty_as_null=False)))
    if "address" in rows.columns and rows.schema["address"] == pl.String:
        inside = rows.filter(pl.col("address").str.contains("@", literal=True))
        parts.append(inside.select("subject_id", kind=pl.lit("email"), text="address"))
    schema = dict.fromkeys(("subject_id", "kind", "text"), pl.String())
    return pl.concat([pl.DataFrame(schema=schema), *parts])
