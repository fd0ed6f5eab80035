"""What is known of records beside their names: births, countries, identifiers, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.arrays import Numbers, RowGroups
from screening.matching.evidence.addresses import read_addresses
from screening.matching.evidence.birth_dates import read_births
from screening.matching.evidence.identifiers import gathered, read_identifiers, told

COUNTRIES = {"countries": pl.List(pl.String()), "nationalities": pl.List(pl.String())}
PLACES = ("country", "hq_country", "incorporation_country")
NATIONAL = ("nationality", "citizenship")


@dataclass(frozen=True, slots=True)
class Attributes:
    """The particulars of records, read once and filed under the record's number, its place in `records`.

    Rows of one record stand in the order of what is written, so that of equal ones the first counts. The number after
    the last record is nobody's, of whom nothing is known.
    """

    records: pl.Series  # sorted
    births: RowGroups  # as read_births
    countries: (
        pl.DataFrame
    )  # COUNTRIES, a row a record and one for nobody: all that are known, nationalities; or null
    addresses: RowGroups  # as read_addresses
    identifiers: RowGroups  # as read_identifiers
    numbers: RowGroups  # as identifiers.gathered
    keys: NDArray[np.uint64]  # sorted hashes of class and value
    keyed: Numbers  # the row of `identifiers` behind each

    @classmethod
    def of_parties(
        cls, parties: pl.DataFrame, identifiers: pl.DataFrame, addresses: pl.DataFrame
    ) -> Attributes:
        """Gather what a list says: parties (party_id, countries), and the tables of that name of a list snapshot."""
        known = parties.select("party_id", "countries").sort("party_id").with_row_index("subject_id")
        numbers = known.select("subject_id", "party_id")
        return cls._made(
            known["party_id"],
            known.select("subject_id", "countries"),
            identifiers.join(numbers, on="party_id"),
            addresses.rename({"raw": "written"}).join(numbers, on="party_id"),
        )

    @classmethod
    def of_subjects(cls, subjects: pl.DataFrame) -> Attributes:
        """Gather what customers or other entities tell, one row each; who tells nothing is nobody.

        `subjects`: subject_id, country, hq_country, incorporation_country, address, date_of_birth, identifiers (list of
        `type:value`, nationality among them); absent columns are unknown.
        """
        if subjects.is_empty():
            return _nobody()
        absent = [pl.lit(None, kind).alias(column) for column, kind in _TOLD.items()]
        known = [column for column in subjects.columns if subjects.schema[column] != pl.Null]
        numbered = pl.col("identifiers").list.len() > 0
        every = (
            subjects.lazy()
            .select("subject_id", *(column for column in _TOLD if column in known))
            .with_columns(column for column, name in zip(absent, _TOLD, strict=True) if name not in known)
            .filter(pl.any_horizontal(pl.col(_PLAIN).is_not_null(), numbered))
            .sort("subject_id")
            .collect()
        )
        if every.is_empty():
            return _nobody()
        rows = every.with_row_index("number").rename({"subject_id": "id", "number": "subject_id"})
        texts = rows.select("subject_id", text="identifiers").explode("text", empty_as_null=False)
        numbers = told(texts.drop_nulls("text")).with_columns(
            country=pl.when(pl.col("id_type").is_in(NATIONAL))
            .then(pl.col("id_value").str.to_uppercase())
            .otherwise("country")
        )
        births = rows.drop_nulls("date_of_birth").select(
            "subject_id",
            id_type=pl.lit("date_of_birth"),
            id_value="date_of_birth",
            country=pl.lit(None, pl.String),
        )
        places = rows.drop_nulls("address").select(
            "subject_id",
            "country",
            written="address",
            street=pl.lit(None, pl.String),
            city=pl.lit(None, pl.String),
        )
        own = rows.select("subject_id", countries=pl.concat_list(PLACES).list.drop_nulls())
        return cls._made(rows["id"], own, pl.concat([numbers, births]), places)

    @classmethod
    def _made(
        cls, records: pl.Series, known: pl.DataFrame, identifiers: pl.DataFrame, addresses: pl.DataFrame
    ) -> Attributes:
        births = identifiers.filter(id_type="date_of_birth").select("subject_id", born="id_value")
        numbers = read_identifiers(identifiers)
        hashes = key_hashes(numbers)
        order = np.argsort(hashes, kind="stable")
        return cls(
            records=records,
            births=RowGroups.under(read_births(births.drop_nulls()), len(records)),
            countries=_countries(known, identifiers),
            addresses=RowGroups.under(read_addresses(addresses), len(records)),
            identifiers=RowGroups.under(numbers, len(records)),
            numbers=RowGroups.under(gathered(numbers), len(records)),
            keys=hashes[order],
            keyed=order,
        )

    def places(self, records: pl.Series) -> Numbers:
        """Return the numbers of records; nobody's where nothing is known."""
        nobody = len(self.records)
        if not nobody:
            return np.zeros(len(records), dtype=np.int64)
        place: Numbers = self.records.search_sorted(records).to_numpy().astype(np.int64)
        same = self.records[np.minimum(place, nobody - 1)] == records
        return np.where(same.to_numpy(), place, nobody)


@cache
def _nobody() -> Attributes:
    known = pl.DataFrame(schema={"party_id": pl.String(), "countries": COUNTRIES["countries"]})
    numbers = dict.fromkeys(("party_id", "id_type", "id_value", "country"), pl.String())
    places = dict.fromkeys(("party_id", "raw", "street", "city", "country"), pl.String())
    return Attributes.of_parties(known, pl.DataFrame(schema=numbers), pl.DataFrame(schema=places))


def key_hashes(identifiers: pl.DataFrame) -> NDArray[np.uint64]:
    """Return a number for class and value of each identifier; others may by chance share it."""
    return identifiers.select(pl.struct("class", "value").hash()).to_series().to_numpy()


def _countries(known: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Add nationalities to what is known of records 0, 1 ..., and nobody after them: columns of `COUNTRIES`."""
    national = (
        identifiers.lazy()
        .filter(pl.col("id_type").is_in(NATIONAL) & pl.col("country").str.contains("^[A-Z]{2}$"))
        .group_by("subject_id")
        .agg(nationalities=pl.col("country").unique().sort())
    )
    both = pl.concat_list(pl.col("countries").fill_null([]), pl.col("nationalities").fill_null([]))
    every = (
        known.lazy()
        .join(national, on="subject_id", how="left")
        .sort("subject_id")
        .with_columns(countries=both.list.unique().list.sort())
        .select(pl.when(pl.col("countries").list.len() > 0).then("countries"), "nationalities")
    )
    nobody = pl.LazyFrame({"countries": [None], "nationalities": [None]}, schema=COUNTRIES)
    return pl.concat([every, nobody]).collect()


_PLAIN = (*PLACES, "address", "date_of_birth")
_TOLD: Mapping[str, pl.DataType] = {
    **dict.fromkeys(_PLAIN, pl.String()),
    "identifiers": pl.List(pl.String()),
}
