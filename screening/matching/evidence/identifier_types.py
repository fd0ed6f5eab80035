"""Identifiers as customers write them: `type:value`, or a number alone, which its form may tell."""

from __future__ import annotations

import polars as pl

from screening.matching.evidence.identifier_forms import type_by_form
from screening.names.tables import table
from screening.places import read_countries

SPLIT = {
    "id_type": pl.String(),  # of `identifier_types.csv`
    "id_value": pl.String(),
    "country": pl.String(),
    "written_type": pl.String(),  # as it was read from the text; null: none was given
    "typed": pl.Boolean(),  # the type is known; else `id_type` is a guess
}
NATIONAL = ("nationality", "citizenship")
_BEHIND = r"\(([^()]+)\)\s*$"
_LEADING = r"^([A-Za-z][A-Za-z ./_-]*?)[\s.#№]+(?:(?i:no|nr|number)[\s.:#]+)?[A-Z0-9-]*\d"


def split_identifiers(texts: pl.DataFrame) -> pl.DataFrame:
    """Split identifiers (subject_id, text) into type, value and country: subject_id and the columns of `SPLIT`.

    `type:value`, or the type and a number ("IMO 9074729"). The type may begin with a country ("ru-inn:7719404118") and
    the value end with one ("(RU)", "(Russia)"). A text without a type, or with one that `identifier_types.csv` lacks,
    is "other", and what its form tells as well: two rows.

    >>> texts = ["Passport: 75 1234567 (ru)", "9074729"]
    >>> rows = split_identifiers(pl.DataFrame({"subject_id": ["c", "c"], "text": texts}))
    >>> rows.select("id_type", "id_value", "country").rows()
    [('passport', '75 1234567', 'RU'), ('other', '9074729', None), ('imo', '9074729', None)]
    """
    if texts.is_empty():
        return pl.DataFrame(schema={"subject_id": texts.schema["subject_id"], **SPLIT})
    types = table("identifier_types")["id_type"].unique().implode()
    colon = _normal(pl.col("text").str.extract(r"^\s*(.*?)\s*:"))
    leading = pl.col("text").str.extract(_LEADING).str.strip_chars()
    words = _normal(leading)
    given = (
        texts.lazy()
        .drop_nulls("text")
        .with_columns(colon=colon, words=words)
        .with_columns(spoken=pl.col("colon").is_null() & pl.col("words").is_in(types))
        .with_columns(
            named=pl.when("spoken").then("words").otherwise("colon"),
            id_value=pl.when("spoken")
            .then(
                pl.col("text").str.replace(
                    r"^[A-Za-z][A-Za-z ./_-]*?[\s.#№:]+(?:(?i:no|nr|number)[\s.:#]+)?", ""
                )
            )
            .otherwise(pl.col("text").str.extract(r"([^:]*)$")),
        )
        .with_columns(prefixed=~pl.col("named").is_in(types) & pl.col("named").str.slice(3).is_in(types))
        .with_columns(prefixed=pl.col("prefixed") & pl.col("named").str.contains(r"^[a-z]{2}_"))
        .with_columns(own=pl.when("prefixed").then(pl.col("named").str.slice(3)).otherwise("named"))
        .with_columns(typed=pl.col("own").is_in(types).fill_null(False))
        .with_columns(
            id_type=pl.when("typed").then("own").otherwise(pl.lit("other")),
            behind=pl.col("id_value").str.extract(_BEHIND),
        )
        .collect()
    )
    country = _countries(given)
    read = given.select(
        "subject_id",
        "id_type",
        id_value=pl.when(country.is_not_null() & pl.col("behind").is_not_null())
        .then(pl.col("id_value").str.replace(_BEHIND, ""))
        .otherwise("id_value")
        .str.strip_chars(),
        country=country,
        written_type=pl.when(pl.col("named") != "").then("named"),
        typed="typed",
    )
    return _with_forms(read).cast(pl.Schema(SPLIT) | {"subject_id": texts.schema["subject_id"]})


def _with_forms(read: pl.DataFrame) -> pl.DataFrame:
    """Add a row for each untyped number whose form tells its type."""
    untyped = read.filter(~pl.col("typed"))
    if untyped.is_empty():
        return read
    formed = untyped.with_columns(id_type=type_by_form(pl.col("id_value"))).drop_nulls("id_type")
    return pl.concat([read, formed])


def _normal(type_: pl.Expr) -> pl.Expr:
    """Write a type as `identifier_types.csv` does."""
    plain = type_.str.strip_chars().str.to_lowercase()
    return plain.str.replace_all(r"[\s/-]+", "_").str.replace_all(r"[.#№]", "").str.strip_chars("_")


def _countries(given: pl.DataFrame) -> pl.Series:
    """Return the country that stands behind a number, or before its type; of a nationality the country it is."""
    national = pl.when(pl.col("id_type").is_in(NATIONAL)).then("id_value")
    written = given.select(pl.coalesce(national, "behind").alias("written")).to_series()
    distinct = written.drop_nulls().unique().sort()
    codes = read_countries(distinct)["iso2"] if len(distinct) else distinct
    read = written.replace_strict(distinct, codes, default=None, return_dtype=pl.String)
    letters = pl.when("prefixed").then(pl.col("named").str.slice(0, 2).str.to_uppercase())
    return given.select(pl.coalesce(read, letters)).to_series()
