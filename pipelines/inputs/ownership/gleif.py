"""GLEIF golden copy: level 1 (who is who), level 2 (who consolidates whom) and reporting exceptions.

The three CSV layouts and the three XML layouts hold the same fields; XML is unfolded into the columns of the CSV.
StartNode is the child, EndNode the parent. The direct and the ultimate parent are one chain reported twice, so the
ultimate one is marked indirect and never added up. Consolidation is control with a share unknown unless a quantifier
says it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from pipelines.inputs.files import ROW
from pipelines.inputs.ownership.records import RAW_EDGES
from screening.ownership.shares import WHOLE
from screening.tables.inputs import ENTITIES

CHILD, PARENT = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"
TYPE, STATUS = "Relationship.RelationshipType", "Relationship.RelationshipStatus"
PERIODS = range(1, 6)
AMOUNT = "Relationship.Quantifiers.1.QuantifierAmount"
UPDATED, REGISTRATION = "Registration.LastUpdateDate", "Registration.RegistrationStatus"
RELATIONSHIPS = (
    CHILD,
    PARENT,
    TYPE,
    STATUS,
    *(f"Relationship.Period.{n}.{part}" for n in PERIODS for part in ("startDate", "endDate", "periodType")),
    AMOUNT,
    UPDATED,
    REGISTRATION,
)
NAME, HEADQUARTERS = "Entity.LegalName", "Entity.HeadquartersAddress.Country"
LEVEL_1 = (
    "LEI",
    NAME,
    "Entity.LegalAddress.Country",
    HEADQUARTERS,
    "Entity.LegalJurisdiction",
    "Entity.EntityCategory",
    "Entity.RegistrationAuthority.RegistrationAuthorityID",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
)
EXCEPTIONS = ("LEI", "Exception.Category", "Exception.Reason.1")
WITHDRAWN = ("ANNULLED", "DUPLICATE", "CANCELLED")
KINDS = {"RESIDENT_GOVERNMENT_ENTITY": "state", "SOLE_PROPRIETOR": "person", "FUND": "fund"}


@cache
def _table(name: str) -> pl.DataFrame:
    return pl.read_csv(files(__package__).joinpath(f"data/{name}").read_bytes(), infer_schema=False)


def relationship_edges(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn level 2 rows into raw edges and notes: `ROW, column, value, reason, consequence`."""
    kinds = _table("gleif_relationships.csv").rename({"type": TYPE}).drop("note")
    joined = rows.join(kinds, on=TYPE, how="left", maintain_order="left")
    unknown = pl.col("interest").is_null()
    withdrawn = pl.col(REGISTRATION).is_in(WITHDRAWN).fill_null(value=False)
    amount = pl.col(AMOUNT).str.strip_chars().cast(pl.Float64, strict=False)
    fraction = (amount > 0) & (amount <= 1)
    notes = pl.concat(
        [
            _notes(joined.filter(unknown), TYPE, "no relationship type of the golden copy", "row_set_aside"),
            _notes(joined.filter(withdrawn), REGISTRATION, "withdrawn by the registrar", "row_set_aside"),
            _notes(
                joined.filter(fraction & ~unknown & ~withdrawn),
                AMOUNT,
                "1.00 may be 1 or 100 percent; both stay possible",
                "value_ignored",
            ),
        ]
    )
    sized = (amount > 0) & (amount <= 100)
    parts = (amount * 10_000).round().cast(pl.Int64)
    ended = pl.col(STATUS) == "INACTIVE"
    by_start = pl.col("holder") == "start"
    edges = joined.filter(~unknown & ~withdrawn).select(
        ROW,
        pl.when(by_start).then(CHILD).otherwise(PARENT).alias("owner_id"),
        pl.when(by_start).then(PARENT).otherwise(CHILD).alias("owned_id"),
        pl.when(sized).then(parts).otherwise(0).alias("share_min"),
        pl.when(sized & (amount > 1)).then(parts).otherwise(WHOLE).alias("share_max"),
        "interest",
        (pl.col("direct") == "yes").alias("direct"),
        _period("startDate").alias("start"),
        pl.coalesce(_period("endDate"), pl.when(ended).then(pl.col(UPDATED).str.slice(0, 10))).alias("end"),
        pl.lit("GLEIF level 2").alias("source"),
        pl.col(UPDATED).str.slice(0, 10).alias("source_date"),
    )
    return _raw(edges), notes


def _period(part: str) -> pl.Expr:
    """Return one end of the relationship's own period; accounting and filing periods say nothing about it."""
    return pl.coalesce(
        pl.when(pl.col(f"Relationship.Period.{n}.periodType") == "RELATIONSHIP_PERIOD").then(
            pl.col(f"Relationship.Period.{n}.{part}").str.slice(0, 10)
        )
        for n in PERIODS
    )


def exception_edges(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn reporting exceptions into undisclosed holders.

    Where a company says that nobody consolidates it, the undisclosed have no majority; where it may not or does not
    name its parent, they may have all.
    """
    reasons = _table("gleif_exceptions.csv").rename({"reason": "Exception.Reason.1"}).drop("note")
    joined = rows.join(reasons, on="Exception.Reason.1", how="left", maintain_order="left")
    unknown = joined.filter(pl.col("share_max").is_null())
    notes = _notes(unknown, "Exception.Reason.1", "no reason known to us; may hide a parent", "value_ignored")
    edges = joined.select(
        ROW,
        pl.col("LEI").alias("owned_id"),
        pl.lit(value=True).alias("undisclosed"),
        pl.col("Exception.Reason.1").alias("owner_name"),
        pl.lit(0, dtype=pl.Int64).alias("share_min"),
        pl.col("share_max").cast(pl.Int64).fill_null(WHOLE),
        pl.lit("consolidation").alias("interest"),
        pl.col("Exception.Category").str.starts_with("DIRECT").alias("direct"),
        pl.lit("GLEIF reporting exceptions").alias("source"),
    )
    return _raw(edges), notes


def level_1_entities(rows: pl.DataFrame) -> pl.DataFrame:
    """Turn level 1 rows into the entity table; the LEI is the entity id."""
    authority, number = LEVEL_1[-2:]
    named = rows.select(
        pl.col("LEI").alias("entity_id"),
        pl.col(NAME).alias("name"),
        pl.col("Entity.EntityCategory").replace_strict(KINDS, default="organization").alias("kind"),
        pl.col("Entity.LegalAddress.Country").alias("country"),
        pl.col(HEADQUARTERS).alias("hq_country"),
        pl.col("Entity.LegalJurisdiction").str.slice(0, 2).alias("incorporation_country"),
        pl.concat_list(pl.format("lei:{}", "LEI"), pl.format("{}:{}", pl.col(authority), pl.col(number)))
        .list.drop_nulls()
        .alias("identifiers"),
    )
    return ENTITIES.conform(named)


def _raw(edges: pl.DataFrame) -> pl.DataFrame:
    """Fill the columns that `checks.type_edges` takes."""
    absent = [name for name in RAW_EDGES if name not in edges.columns]
    frame = edges.with_columns(pl.lit(None, dtype=RAW_EDGES[name]).alias(name) for name in absent)
    return frame.with_columns(
        pl.col("owner_joint", "owned_joint", "undisclosed").fill_null(value=False)
    ).select(*RAW_EDGES)


def _notes(rows: pl.DataFrame, column: str, reason: str, consequence: str) -> pl.DataFrame:
    return rows.select(
        ROW,
        pl.lit(column).alias("column"),
        pl.col(column).alias("value"),
        pl.lit(reason).alias("reason"),
        pl.lit(consequence).alias("consequence"),
    )
