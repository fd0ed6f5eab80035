"""DEST_EMBARGO and DEST_REGION: places under part 746 of the EAR and the programmes of OFAC.

Where an item ends is a destination; where a service is used from is one for those programmes of OFAC that bar services;
a place on the way, of origin or of another party is a question.
"""

from __future__ import annotations

import polars as pl

from screening.compute.classification import ADVANCED
from screening.law import Law, table
from screening.places.tables import table as place_table
from screening.redflags.destinations.legs import ENDS, ROUTE
from screening.redflags.rule import ALWAYS, Branches

STANDING = ("training", "fine_tuning", "inference", "lease")
"""Kinds of activity in which machines stand at a site and nothing is delivered."""


def embargo_branches(law: Law) -> Branches:
    """Return the branches of DEST_EMBARGO for one place of a shipment, in order."""
    programme, role = pl.col("programme"), pl.col("place_role")
    strict = programme.is_in(["embargo", "denial"])
    service = pl.col("movement") == "service"
    final = role.is_in(ENDS)
    use = role.is_in(["end user", "consignee", "headquarters of the end user"])
    elsewhere_first = pl.any_horizontal(
        pl.col(column).is_not_null() & (pl.col(column) != pl.col("place"))
        for column in ("ship_to_country", "site_country")
    )
    stands = pl.col("kind").is_in(STANDING) & (pl.col("provision").fill_null("unknown") != "items")
    unlicensed = pl.col("entry") == "EAR99"
    return {
        "elsewhere": programme.is_null(),
        "route": (role == ROUTE) & ~pl.col("sensitive_end"),
        "route_also": role == ROUTE,
        "licence_place": (role == "licence") & programme.is_in(["embargo", "denial", "relaxed"]),
        "origin": (role == "origin") & (programme == "embargo"),
        "address_possible": (role == "possible address") & strict,
        "counterparty": (role == "counterparty") & (programme == "embargo"),
        "other_party": role.is_in(["origin", "counterparty", "possible address", "licence"]),
        "service": service & (pl.col("services") == "barred"),
        "service_limited": service & (pl.col("services") == "named"),
        "service_free": service,
        "training_site": stands & strict & (role == "site"),
        "end_user": use & strict & elsewhere_first,
        "embargo": programme == "embargo",
        "denial": programme == "denial",
        "relaxed_chips": (programme == "relaxed") & pl.col("item_class").is_in(ADVANCED) & final,
        "relaxed_ear99": (programme == "relaxed") & unlicensed,
        "relaxed": programme == "relaxed",
        "licence_ear99": unlicensed,
        "licence": ALWAYS,
    }


def region_branches(law: Law) -> Branches:
    """Return the branches of DEST_REGION for one shipment with the name of a region in an address, in order."""
    return {
        "note": pl.col("noted") & (pl.col("region_sign") != "false_friend"),
        "named": pl.col("region_sign") == "sure",
        "possible": pl.col("region_sign") == "possible",
        "false_friend": ALWAYS,
    }


def region_places(legs: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return one row for each shipment of these legs with the name of a region, with the terms of that region.

    Added: region in words, and noted: no order that we know of names it, so it is a note and no more.
    """
    regions = table("destinations").filter(pl.col("branch") == "region")
    since = pl.col("effective_from").str.to_date()
    terms = regions.select(
        "section", "scope", "exceptions", "policy", "ofac", "place", region="code", since=since
    )
    shipments = legs.filter(pl.col("region").is_not_null()).unique(
        "shipment_number", keep="first", maintain_order=True
    )
    plain = shipments.drop("section", "scope", "exceptions", "policy", "ofac")
    noted = place_table("regions").filter(pl.col("scope") == "note").select(region="place", note="name")
    covered = plain.join(terms, on="region", how="left", suffix="_name", maintain_order="left")
    covered = covered.join(noted, on="region", how="left", maintain_order="left")
    return (
        covered.filter((pl.col("since") <= pl.col("law_day")) | pl.col("note").is_not_null())
        .with_columns(region=pl.coalesce("place_name", "note"), noted=pl.col("note").is_not_null())
        .drop("since", "place_name", "note")
    )
