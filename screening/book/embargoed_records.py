"""Which records of entities and customers name an embargoed country (31 CFR parts 510, 515 and 560) or region (E.O.
13685, E.O. 14065), which a country code cannot say and the reader notes beside it."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from screening.redflags.facts.remarks import regions_noted

REMARKS = "country_remarks"
COLUMNS = ("country", "hq_country", "incorporation_country")
RECORDS = dict.fromkeys(("entity_id", "source", "record", "name", "column", "seat"), pl.String())


def embargoed_records(
    entities: pl.DataFrame, customers: pl.DataFrame, aliases: pl.DataFrame, codes: Collection[str]
) -> pl.DataFrame:
    """Return the records of entities and customers that name one of these countries or regions: columns of `RECORDS`,
    sorted.

    `aliases`: alias_id, entity_id of the records that were merged into another. column: those that name the country.
    """
    parts = [pl.DataFrame(schema=RECORDS)]
    for source, rows, key in (("entities", entities, "entity_id"), ("customers", customers, "customer_id")):
        for column in (name for name in COLUMNS if name in rows.columns):
            there = rows.filter(pl.col(column).is_in(list(codes)))
            parts.append(
                there.select(
                    "name",
                    entity_id=key,
                    source=pl.lit(source),
                    record=key,
                    column=pl.lit(column),
                    seat=column,
                ).select(pl.col(name).cast(kind) for name, kind in RECORDS.items())
            )
        if REMARKS in rows.columns:
            noted = rows.filter(pl.col(REMARKS).list.len() > 0)
            regions = regions_noted(noted, key).filter(
                pl.col("place").is_in(list(codes)), pl.col("field").is_in(COLUMNS)
            )
            parts.append(
                regions.join(noted.select(key, "name"), on=key)
                .select(
                    "name",
                    entity_id=key,
                    source=pl.lit(source),
                    record=key,
                    column="field",
                    seat="place",
                )
                .select(pl.col(name).cast(kind) for name, kind in RECORDS.items())
            )
    merged = aliases.select(record="alias_id", merged_id="entity_id")
    moved = pl.concat(parts).join(merged, on="record", how="left").with_columns(
        entity_id=pl.coalesce("merged_id", "entity_id")
    )  # fmt: skip
    together = [name for name in RECORDS if name not in ("name", "column")]
    return (
        moved.group_by(together)
        .agg(pl.col("name").min(), pl.col("column").unique().sort().str.join(", "))
        .select(*RECORDS)
        .sort(*RECORDS, nulls_last=True)
    )
