"""Equal identifiers of two sides. A national number must be of one country as far as countries are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.arrays import Numbers, expand_ranges, run_starts
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.identifiers import class_number, classes


@dataclass(frozen=True, slots=True)
class EqualNumbers:
    """Row `ours[k]` of the identifiers of record `i[k]` equals row `theirs[k]` of those of `j[k]`."""

    i: Numbers
    j: Numbers
    ours: Numbers
    theirs: Numbers
    kind: Numbers  # class, its place in `classes`
    value: Numbers  # the same for the same value
    anywhere: NDArray[np.bool_]  # a national number, and not both sides are recorded to be of one country

    def take(self, rows: NDArray[Any]) -> EqualNumbers:
        """Return some of them, by number or by a mask."""
        return EqualNumbers(*(getattr(self, name)[rows] for name in self.__slots__))


class _Classes(NamedTuple):
    """What counts of each class of identifier, in the order of `classes`."""

    national: NDArray[np.bool_]
    equal: NDArray[np.float64]
    alone: NDArray[np.float64]  # fewest characters that name a party by themselves; NaN: never
    anywhere: NDArray[np.float64]  # the same where the country is not recorded


def equal_numbers(ours: Attributes, theirs: Attributes) -> EqualNumbers:
    """Return all identifiers that both sides have."""
    first, last = (np.searchsorted(theirs.keys, ours.keys, side) for side in ("left", "right"))
    place, key = expand_ranges(first, last)
    our_row, their_row = ours.key_rows[place], theirs.key_rows[key]
    i, j = ours.identifiers.record_numbers(our_row), theirs.identifiers.record_numbers(their_row)
    none = np.empty(0, dtype=np.int64)
    if not len(our_row):
        return EqualNumbers(none, none, none, none, none, none, none.astype(np.bool_))
    both = pl.concat(
        [
            _with_countries(ours, our_row, i),
            _with_countries(theirs, their_row, j).select(pl.all().name.prefix("their_")),
        ],
        how="horizontal",
    )
    national = pl.Series(_classes().national[both.select(class_number()).to_series().to_numpy()])
    one_country = pl.col("countries").list.set_intersection("their_countries").list.len() > 0
    compared = both.select(
        equal=(pl.col("class") == pl.col("their_class"))
        & (pl.col("value") == pl.col("their_value"))
        & (~national | (pl.col("country") == pl.col("their_country")).fill_null(True)),
        kind=class_number(),
        value=pl.col("value").rank("dense").cast(pl.Int64),
        anywhere=national & ~one_country.fill_null(False),
    )
    columns = (compared[name].to_numpy() for name in ("kind", "value", "anywhere"))
    return EqualNumbers(i, j, our_row, their_row, *columns).take(compared["equal"].to_numpy())


def named_by_number(ours: Attributes, theirs: Attributes) -> pl.DataFrame:
    """Return the pairs with an equal identifier that names a party by itself: subject_id, party_id; sorted."""
    if not ours.identifiers:
        return pl.DataFrame(schema=dict.fromkeys(("subject_id", "party_id"), pl.String))
    equal = equal_numbers(ours, theirs)
    length = ours.identifiers.rows["value"][equal.ours].str.len_chars().to_numpy()
    kinds = _classes()
    fewest = np.where(equal.anywhere, kinds.anywhere[equal.kind], kinds.alone[equal.kind])
    found = equal.take(length >= fewest)
    pairs = {"subject_id": ours.records[found.i], "party_id": theirs.records[found.j]}
    return pl.DataFrame(pairs).unique().sort("subject_id", "party_id")


def distinct_numbers(equal: EqualNumbers, pair: Numbers) -> NDArray[np.int64]:
    """Choose one of each number of a pair, whatever it is called: the class that says most."""
    weight = _classes().equal[equal.kind]
    order = np.lexsort((equal.theirs, equal.ours, equal.anywhere, equal.kind, -weight, equal.value, pair))
    return order[run_starts(pair[order], equal.value[order])]


def _with_countries(side: Attributes, rows: Numbers, records: Numbers) -> pl.DataFrame:
    """Return identifiers with `countries`: that of issue, else all that are recorded of the bearer."""
    bearer = side.countries["countries"][records]
    issued = pl.when(pl.col("country").is_not_null()).then(pl.concat_list("country"))
    return side.identifiers.rows[rows].with_columns(countries=issued.otherwise(bearer))


@cache
def _classes() -> _Classes:
    rows = classes()
    figures = (rows[name].cast(pl.Float64).to_numpy() for name in ("equal", "alone", "anywhere"))
    return _Classes(rows["national"].to_numpy(), *figures)
