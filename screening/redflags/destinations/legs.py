"""The places of shipments, one row each, with what the law of their day says of them.

15 CFR 748.5 and part 746: where an item is to be used counts before where it is sent, and that before where the
machines stand. Countries on the way, of origin and of other parties are no destinations, and are looked at too.
"""

from __future__ import annotations

import polars as pl

from screening.compute.classification import entry
from screening.law import Law, table
from screening.law.destinations import on_days

FINAL = {
    "end user": "end_user_country",
    "consignee": "consignee_country",
    "destination": "ship_to_country",
    "site": "site_country",
}
"""The columns that say where an item ends, the strongest first."""
OTHER_PLACES = {
    "headquarters of the end user": "end_user_hq",
    "counterparty": "party_country",
    "origin": "from_country",
}
ADDRESS, POSSIBLE, LICENCE = "address", "possible address", "licence"
ROUTE, NOWHERE = "route", "nowhere"
ENDS = (*FINAL, ADDRESS)
"""What a place where an item ends is to a shipment."""
ROLES = (*ENDS, *OTHER_PLACES, POSSIBLE, ROUTE, LICENCE, NOWHERE)
"""What a place is to a shipment, in the order in which they count."""
AGENTS = ("intermediate_consignee", "forwarder", "carrier", "customs_agent")
"""Parties whose place is one on the way."""
SEATS = ("hq_country", "ultimate_parent_hq_country")
TERMS = ("section", "scope", "exceptions", "policy", "ofac", "services", "governs_chips")
"""The columns of `destinations.csv` that legs quote; `programme` is its column `branch`."""


def legs(facts: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the places of the shipments of these facts: one row a shipment and place.

    `facts`: row, shipments, and the columns of `SEATS`. Out: row, the fields of a shipment, place_role (one of
    `ROLES`), place (null: none, or not to be read), as_written, law_day; groups, closed, named and the classes of
    `places_by_period` on that day; programme and `TERMS` of the row of `destinations.csv` in effect (null: none);
    entry (of the Commerce Control List); sensitive_end (whether a place where the item ends has such a row); seated
    (whether the customer or its parent is headquartered in D:5 or Macau).
    """
    there = sorted(law.places.d5_or_macau)
    seated = pl.any_horizontal(pl.col(c).is_in(there).fill_null(False) for c in SEATS)
    flat = facts.select("row", "shipments", seated=seated).explode("shipments", empty_as_null=False)
    rows = flat.drop_nulls("shipments").unnest("shipments").with_row_index("shipment_number")
    single = {**FINAL, **OTHER_PLACES}
    parts = [_leg(rows.with_columns(as_written=pl.col(column)), role) for role, column in single.items()]
    in_address = pl.col("address_places").fill_null([])
    ends_there = pl.col("address_final").fill_null(True)
    several = {
        ROUTE: _stops(),
        ADDRESS: pl.when(ends_there).then(in_address),
        "counterparty": pl.when(~ends_there).then(in_address),
        POSSIBLE: pl.col("address_possible"),
        LICENCE: pl.col("named_places"),
    }
    for role, places in several.items():
        each = rows.select("shipment_number", as_written=places).explode("as_written", empty_as_null=False)
        parts.append(_leg(rows.join(each, on="shipment_number"), role))
    in_columns = pl.any_horizontal(pl.col(column).is_not_null() for column in FINAL.values())
    somewhere = in_columns | (ends_there & (in_address.list.len() > 0)) | (pl.col("kind") == "licence")
    parts.append(_leg(rows.filter(~somewhere).with_columns(as_written=pl.lit("")), NOWHERE))
    agent = (pl.col("place_role") == "counterparty") & pl.col("party_role").is_in(AGENTS).fill_null(False)
    placed = _once(pl.concat(parts).filter(~agent)).with_columns(entry=entry(pl.col("eccn")))
    ends = pl.col("place_role").is_in(ENDS) & pl.col("programme").is_not_null()
    return _with_law(placed, law).with_columns(sensitive_end=ends.any().over("shipment_number"))


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out a place where the item ends that the shipment has already in a stronger role."""
    ends = pl.col("place_role").is_in(ENDS)
    again = ends & ~pl.struct("shipment_number", "as_written", ends.alias("ends")).is_first_distinct()
    return rows.filter(~again)


def _leg(rows: pl.DataFrame, role: str) -> pl.DataFrame:
    return rows.drop_nulls("as_written").with_columns(place_role=pl.lit(role))


def _stops() -> pl.Expr:
    """Return the countries on the way: those of the route, and those of agents."""
    agent = pl.col("party_role").is_in(AGENTS)
    own = pl.when(agent).then(pl.concat_list("party_country").list.drop_nulls()).fill_null([])
    addressed = pl.when(agent).then("address_places").fill_null([])
    return pl.concat_list(pl.col("via_countries").fill_null([]), own, addressed).list.unique(
        maintain_order=True
    )


def _with_law(rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Add what the law says of each place: of a transfer on its day, of machines while they stand.

    A day to come, or one that is not on record, has the law of today.
    """
    today = pl.lit(law.as_of)
    sent = pl.min_horizontal(pl.coalesce("day", today), today)
    stands = pl.min_horizontal(pl.coalesce("until", today), today)
    dated = on_days(
        rows.with_columns(
            place=pl.when(pl.col("as_written").is_in(sorted(law.places.codes))).then("as_written"),
            law_day=sent,
        ),
        "place",
        "law_day",
    ).with_row_index("leg")
    programmes = table("destinations").filter(pl.col("branch") != "region")
    since, until = pl.col("effective_from").str.to_date(), pl.col("effective_to").str.to_date()
    day = pl.when(pl.col("kind") == "transaction").then("law_day").otherwise(stands)
    in_effect = (
        dated.select("leg", "place", day=day)
        .join(programmes, left_on="place", right_on="code")
        .filter(since <= pl.col("day"), until.is_null() | (until >= pl.col("day")))
        .select("leg", *TERMS, programme="branch")
    )
    return dated.join(in_effect, on="leg", how="left", maintain_order="left").drop("leg")
