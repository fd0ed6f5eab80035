"""What is known of records beside their names: births, countries, identifiers, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from screening.matching.births import BIRTHS, read_births
from screening.matching.identifiers import KEYS, read_identifiers, told
from screening.matching.places import ADDRESSES, read_addresses

COUNTRIES = {
    "record_id": pl.String(),
    "countries": pl.List(pl.String()),  # all that are known, nationalities among them; null: none
    "nationalities": pl.List(pl.String()),
}
NATIONAL = ("nationality", "citizenship")


@dataclass(frozen=True, slots=True)
class Particulars:
    """The particulars of records, read; each table has any number of rows a record, `countries` one at most."""

    births: pl.DataFrame  # as read_births
    countries: pl.DataFrame  # COUNTRIES
    addresses: pl.DataFrame  # as read_addresses
    identifiers: pl.DataFrame  # as read_identifiers

    @classmethod
    def of_parties(
        cls, parties: pl.DataFrame, identifiers: pl.DataFrame, addresses: pl.DataFrame
    ) -> Particulars:
        """Gather what a list says: parties (party_id, countries), and the tables of that name of a list snapshot."""
        known = parties.select(record_id="party_id", countries="countries")
        numbers = identifiers.rename({"party_id": "record_id"}).join(known, on="record_id", how="semi")
        places = addresses.rename({"party_id": "record_id", "raw": "written"})
        return cls._made(known, numbers, places.join(known, on="record_id", how="semi"))

    @classmethod
    def of_subjects(cls, subjects: pl.DataFrame) -> Particulars:
        """Gather what a customer or another entity tells.

        `subjects`: record_id, country, hq_country, incorporation_country, address, date_of_birth, identifiers (list of
        `type:value`, nationality among them); absent columns are unknown.
        """
        absent = [pl.lit(None).alias(column) for column in _TOLD if column not in subjects.columns]
        rows = subjects.with_columns(absent).select(
            "record_id", *(pl.col(column).cast(kind) for column, kind in _TOLD.items())
        )
        numbered = pl.col("identifiers").list.len() > 0
        rows = rows.filter(pl.any_horizontal(pl.col(list(_PLAIN)).is_not_null(), numbered))
        if rows.is_empty():
            return cls(*(pl.DataFrame(schema=schema) for schema in (BIRTHS, COUNTRIES, ADDRESSES, KEYS)))
        texts = rows.select("record_id", text="identifiers").explode("text", empty_as_null=False)
        numbers = told(texts.drop_nulls("text")).with_columns(
            country=pl.when(pl.col("id_type").is_in(NATIONAL))
            .then(pl.col("id_value").str.to_uppercase())
            .otherwise("country")
        )
        births = rows.drop_nulls("date_of_birth").select(
            "record_id",
            id_type=pl.lit("date_of_birth"),
            id_value="date_of_birth",
            country=pl.lit(None, pl.String),
        )
        places = rows.drop_nulls("address").select(
            "record_id",
            "country",
            written="address",
            street=pl.lit(None, pl.String),
            city=pl.lit(None, pl.String),
        )
        own = rows.select("record_id", countries=pl.concat_list(_PLACES).list.drop_nulls())
        return cls._made(own, pl.concat([numbers, births]), places)

    @classmethod
    def _made(cls, known: pl.DataFrame, identifiers: pl.DataFrame, addresses: pl.DataFrame) -> Particulars:
        kind = pl.col("id_type")
        both = pl.concat_list(pl.col("countries").fill_null([]), pl.col("nationalities").fill_null([]))
        national = (
            identifiers.lazy()
            .filter(kind.is_in(NATIONAL) & pl.col("country").str.contains("^[A-Z]{2}$"))
            .group_by("record_id")
            .agg(nationalities=pl.col("country").unique().sort())
        )
        countries = (
            known.lazy()
            .join(national, on="record_id", how="left")
            .with_columns(countries=both.list.unique().list.sort())
            .filter(pl.col("countries").list.len() > 0)
            .select(list(COUNTRIES))
            .sort("record_id")
        )
        births = identifiers.filter(kind == "date_of_birth").select("record_id", born="id_value")
        return cls(
            births=read_births(births.drop_nulls()),
            countries=countries.collect(),
            addresses=read_addresses(addresses),
            identifiers=read_identifiers(identifiers),
        )

    def of(self, records: pl.Series) -> Particulars:
        """Return the particulars of these records alone."""
        wanted = pl.col("record_id").is_in(records.unique().implode())
        tables = (self.births, self.countries, self.addresses, self.identifiers)
        return Particulars(*pl.collect_all([table.lazy().filter(wanted) for table in tables]))


_PLACES = ("country", "hq_country", "incorporation_country")
_PLAIN = (*_PLACES, "address", "date_of_birth")
_TOLD: Mapping[str, pl.DataType] = {
    **dict.fromkeys(_PLAIN, pl.String()),
    "identifiers": pl.List(pl.String()),
}
