"""What is recorded of parties and subjects other than their names: births, countries, identifiers, addresses."""

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
from screening.matching.evidence.identifier_types import NATIONAL, split_identifiers
from screening.matching.evidence.identifiers import join_classes, read_identifiers

COUNTRIES = {"countries": pl.List(pl.String()), "nationalities": pl.List(pl.String())}
PLACES = ("country", "hq_country", "incorporation_country")


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes of records, read once and grouped under the record's number, its place in `records`.

    Rows of one record stand in the order of what is written, so that of equal ones the first counts. The number after
    the last record stands for a record of which nothing is recorded.
    """

    records: pl.Series  # sorted ids
    births: RowGroups  # as read_births
    countries: (
        pl.DataFrame
    )  # COUNTRIES, a row a record and a last one of nulls: all countries, nationalities; or null
    addresses: RowGroups  # as read_addresses
    identifiers: RowGroups  # as read_identifiers
    classes: RowGroups  # as identifiers.join_classes
    keys: NDArray[np.uint64]  # sorted hashes of class and value
    key_rows: Numbers  # the row of `identifiers` behind each

    @classmethod
    def from_parties(
        cls, parties: pl.DataFrame, identifiers: pl.DataFrame, addresses: pl.DataFrame
    ) -> Attributes:
        """Gather what a list says: parties (party_id, countries), and the tables of that name of a list snapshot."""
        numbered = parties.select("party_id", "countries").sort("party_id").with_row_index("subject_id")
        numbers = numbered.select("subject_id", "party_id")
        return cls._build(
            numbered["party_id"],
            numbered.select("subject_id", "countries"),
            identifiers.join(numbers, on="party_id"),
            addresses.rename({"raw": "written"}).join(numbers, on="party_id"),
        )

    @classmethod
    def from_subjects(cls, subjects: pl.DataFrame) -> Attributes:
        """Gather what is recorded of subjects, one row each; subjects without any attribute are left out.

        `subjects`: subject_id, country, hq_country, incorporation_country, address, date_of_birth, identifiers (list of
        `type:value`, nationality among them); absent columns count as not recorded.
        """
        if subjects.is_empty():
            return _empty()
        given = {name for name, kind in subjects.schema.items() if kind != pl.Null}
        numbered = pl.col("identifiers").list.len() > 0
        recorded = (
            subjects.lazy()
            .select("subject_id", *(name for name in _RECORDED if name in given))
            .with_columns(
                pl.lit(None, kind).alias(name) for name, kind in _RECORDED.items() if name not in given
            )
            .filter(pl.any_horizontal(pl.col(_TEXTS).is_not_null(), numbered))
            .sort("subject_id")
            .collect()
        )
        if recorded.is_empty():
            return _empty()
        rows = recorded.with_row_index("number").rename({"subject_id": "id", "number": "subject_id"})
        texts = rows.select("subject_id", text="identifiers").explode("text", empty_as_null=False)
        numbers = split_identifiers(texts.drop_nulls("text")).select(
            "subject_id", "id_type", "id_value", "country"
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
        return cls._build(rows["id"], own, pl.concat([numbers, births]), places)

    @classmethod
    def _build(
        cls, records: pl.Series, countries: pl.DataFrame, identifiers: pl.DataFrame, addresses: pl.DataFrame
    ) -> Attributes:
        """Read and group rows under their column `subject_id`, the number of a record."""
        births = identifiers.filter(id_type="date_of_birth").select("subject_id", born="id_value")
        numbers = read_identifiers(identifiers)
        hashes = key_hashes(numbers)
        order = np.argsort(hashes, kind="stable")
        return cls(
            records=records,
            births=RowGroups.group(read_births(births.drop_nulls()), len(records)),
            countries=_countries(countries, identifiers),
            addresses=RowGroups.group(read_addresses(addresses), len(records)),
            identifiers=RowGroups.group(numbers, len(records)),
            classes=RowGroups.group(join_classes(numbers), len(records)),
            keys=hashes[order],
            key_rows=order,
        )

    def record_numbers(self, ids: pl.Series) -> Numbers:
        """Return the numbers of records; the number after the last where nothing is recorded."""
        missing = len(self.records)
        if not missing:
            return np.zeros(len(ids), dtype=np.int64)
        place: Numbers = self.records.search_sorted(ids).to_numpy().astype(np.int64)
        same = self.records[np.minimum(place, missing - 1)] == ids
        return np.where(same.to_numpy(), place, missing)


@cache
def _empty() -> Attributes:
    parties = pl.DataFrame(schema={"party_id": pl.String(), "countries": COUNTRIES["countries"]})
    numbers = dict.fromkeys(("party_id", "id_type", "id_value", "country"), pl.String())
    places = dict.fromkeys(("party_id", "raw", "street", "city", "country"), pl.String())
    return Attributes.from_parties(parties, pl.DataFrame(schema=numbers), pl.DataFrame(schema=places))


def key_hashes(identifiers: pl.DataFrame) -> NDArray[np.uint64]:
    """Return a number for class and value of each identifier; others may by chance share it."""
    return identifiers.select(pl.struct("class", "value").hash()).to_series().to_numpy()


def _countries(countries: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Add nationalities to the countries of records 0, 1 ..., and a row of nulls after them: columns of `COUNTRIES`."""
    national = (
        identifiers.lazy()
        .filter(pl.col("id_type").is_in(NATIONAL) & pl.col("country").str.contains("^[A-Z]{2}$"))
        .group_by("subject_id")
        .agg(nationalities=pl.col("country").unique().sort())
    )
    both = pl.concat_list(pl.col("countries").fill_null([]), pl.col("nationalities").fill_null([]))
    every = (
        countries.lazy()
        .join(national, on="subject_id", how="left")
        .sort("subject_id")
        .with_columns(countries=both.list.unique().list.sort())
        .select(pl.when(pl.col("countries").list.len() > 0).then("countries"), "nationalities")
    )
    missing = pl.LazyFrame({"countries": [None], "nationalities": [None]}, schema=COUNTRIES)
    return pl.concat([every, missing]).collect()


_TEXTS = (*PLACES, "address", "date_of_birth")
_RECORDED: Mapping[str, pl.DataType] = {
    **dict.fromkeys(_TEXTS, pl.String()),
    "identifiers": pl.List(pl.String()),
}
