"""What is said of identifiers that are not looked up as they are written, so that none is passed over in silence."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.matching.evidence.identifier_types import NATIONAL, split_identifiers
from screening.matching.evidence.identifiers import classes, read_identifiers
from screening.names.tables import table

REMARKS = {
    "subject_id": pl.String(),
    "text": pl.String(),
    "kind": pl.String(),  # no_type, unknown_type, unusable, no_country
    "type": pl.String(),  # as it is written; null: none
    "remark": pl.String(),
    "usable": pl.Boolean(),  # it is compared in some way
}
_BORN = ("date_of_birth", "place_of_birth", *NATIONAL)


def identifier_remarks(identifiers: pl.DataFrame) -> pl.DataFrame:
    """Say of each identifier what the reader should know: the columns of `REMARKS`, sorted; nothing where all is well.

    `identifiers`: subject_id, text, placed (a country of the bearer is recorded). A number without a type is said to
    be read by its form; one of an unknown type how it is compared; one that is too short or fails its check digit, or a
    national number without a country, that it finds nobody by itself.

    >>> given = pl.DataFrame({"subject_id": ["c"] * 3, "placed": [True] * 3,
    ...                       "text": ["9074729", "lei:123", "imo:9074729"]})
    >>> for remark in identifier_remarks(given)["remark"]:
    ...     print(remark)
    has no type: compared as IMO number, passport, registration, tax or identity number
    is no LEI: not looked up
    """
    empty = pl.DataFrame(schema=REMARKS | {"subject_id": identifiers.schema["subject_id"]})
    if identifiers.is_empty():
        return empty
    texts = identifiers.drop_nulls("text").with_row_index("row")
    split = split_identifiers(texts.select("text", subject_id="row"))
    keys = read_identifiers(split.select("subject_id", "id_type", "id_value", "country"))
    about = classes().select("class", "words", "national", "alone", "anywhere")
    read = (
        keys.join(about, on="class")
        .join(texts.select("placed", subject_id="row"), on="subject_id")
        .with_columns(
            fewest=pl.when(pl.col("national") & pl.col("country").is_null() & ~pl.col("placed"))
            .then("anywhere")
            .otherwise("alone")
        )
        .group_by("subject_id")
        .agg(
            words=pl.col("words").unique().sort().str.join(", "),
            alone=(pl.col("value").str.len_chars() >= pl.col("fewest")).fill_null(False).any(),
            national=(pl.col("national") & pl.col("country").is_null() & ~pl.col("placed")).any(),
        )
    )
    typed = split.filter(pl.col("id_type") == "other").vstack(split.filter("typed")).unique("subject_id")
    types = table("identifier_types").unique("id_type").select("id_type", meant="class")
    every = (
        typed.join(types, on="id_type", how="left")
        .filter(~pl.col("id_type").is_in(_BORN))
        .join(read, on="subject_id", how="left")
        .join(texts.select("text", row="row", subject="subject_id"), left_on="subject_id", right_on="row")
        .with_columns(called=pl.col("meant").replace(_words()), usable=pl.col("words").is_not_null())
    )
    remarks = every.with_columns(_kind()).drop_nulls("kind").with_columns(_remark())
    columns = {name: "subject" if name == "subject_id" else name for name in REMARKS}
    columns["type"] = "written_type"
    found = remarks.select(pl.col(column).alias(name) for name, column in columns.items())
    return pl.concat([empty, found]).unique().sort("subject_id", "text", "remark")


def _kind() -> pl.Expr:
    unknown = ~pl.col("typed")
    return (
        pl.when(unknown & pl.col("written_type").is_null()).then(pl.lit("no_type"))
        .when(unknown).then(pl.lit("unknown_type"))
        .when(pl.col("meant") == "").then(None)
        .when(~pl.col("usable")).then(pl.lit("unusable"))
        .when(pl.col("national") & ~pl.col("alone")).then(pl.lit("no_country"))
        .alias("kind")
    )  # fmt: skip


def _remark() -> pl.Expr:
    compared = pl.when("usable").then(pl.format("compared as {}", "words")).otherwise(pl.lit("not looked up"))
    kind = pl.col("kind")
    return (
        pl.when(kind == "no_type").then(pl.format("has no type: {}", compared))
        .when(kind == "unknown_type").then(pl.format("is of no known type: {}", compared))
        .when(kind == "unusable").then(pl.format("is no {}: not looked up", "called"))
        .otherwise(pl.lit("finds nobody without a like name: give its country, such as tax_id:7719404 (RU)"))
        .alias("remark")
    )  # fmt: skip


def _words() -> Mapping[str, str]:
    return dict(classes().select("class", "words").iter_rows())
