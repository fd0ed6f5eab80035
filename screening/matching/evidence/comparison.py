"""Pairs of records compared attribute by attribute: at which level they agree, and which rows were compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.arrays import Numbers, cross_groups, run_starts
from screening.matching.evidence.addresses import address_level
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.birth_dates import birth_level
from screening.matching.evidence.identifier_matches import distinct_numbers, equal_numbers
from screening.matching.evidence.identifiers import classes
from screening.matching.evidence.weights import (
    ANYWHERE,
    EQUAL,
    MISSING,
    OTHER,
    identifier_rows,
    level_rows,
    scale,
)

NOT_GIVEN = -1
"""In place of a row of ours: there is none to compare with."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Pair `pair[k]` agrees at the level of row `level[k]` of the weights, by row `ours[k]` and row `theirs[k]` of the
    tables of that kind (of countries: the numbers of the records)."""

    pair: Numbers
    level: Numbers
    ours: Numbers
    theirs: Numbers

    @classmethod
    def build(
        cls, pair: Numbers, level: Numbers | int, ours: Numbers | int, theirs: Numbers | int
    ) -> Comparisons:
        """Put columns together; what is the same for all pairs may be one number."""
        return cls(pair, *(np.broadcast_to(column, pair.shape) for column in (level, ours, theirs)))

    @classmethod
    def concatenate(cls, several: Iterable[Comparisons]) -> Comparisons:
        """Put the comparisons of several kinds in one."""
        parts = [*several]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def take(self, rows: NDArray[Any]) -> Comparisons:
        """Return some of the comparisons, by number or by a mask."""
        return Comparisons(self.pair[rows], self.level[rows], self.ours[rows], self.theirs[rows])


def compare(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Comparisons:
    """Compare record i[k] of ours with record j[k] of theirs, for every pair k, in ascending order of pairs.

    Of several comparisons of one topic the weightiest counts, of equal ones that of the first rows.
    """
    found = Comparisons.concatenate(
        [
            _births(i, j, ours, theirs),
            *_countries(i, j, ours, theirs),
            _addresses(i, j, ours, theirs),
            *_identifiers(i, j, ours, theirs),
        ]
    )
    topic = scale().topic[found.level]
    order = np.lexsort((found.theirs, found.ours, -scale().weight[found.level], topic, found.pair))
    return found.take(order[run_starts(found.pair[order], topic[order])])


def _births(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Comparisons:
    """Compare dates of birth; where the list has one and we have none, it is missing."""
    missing, listed = theirs.births.expand(j)
    alone = ~ours.births.has_rows(i)[missing]
    found = Comparisons.build(missing[alone], level_rows("birth")["missing"], NOT_GIVEN, listed[alone])
    pair, our_row, their_row = cross_groups(ours.births, theirs.births, i, j)
    if not len(pair):
        return found
    ends = [ours.births.rows[our_row].select("low", "high")]
    ends += [theirs.births.rows[their_row].select(their_low="low", their_high="high")]
    level = pl.concat(ends, how="horizontal").select(_weight_rows(birth_level(), "birth"))
    both = Comparisons.build(pair, level.to_series().to_numpy(), our_row, their_row)
    return Comparisons.concatenate([found, both])


def _countries(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Iterable[Comparisons]:
    if not len(ours.records):
        return
    both = pl.concat(
        [ours.countries[i], theirs.countries[j].select(pl.all().name.prefix("their_"))], how="horizontal"
    )
    shared = {
        kind: pl.col(column).list.set_intersection(f"their_{column}").list.len()
        for kind, column in (("country", "countries"), ("nationality", "nationalities"))
    }
    levels = both.select(
        _weight_rows(
            pl.when(count > 0).then(pl.lit("same")).when(count == 0).then(pl.lit("other")), kind
        ).alias(kind)
        for kind, count in shared.items()
    )
    for level in levels:
        pair = level.is_not_null().arg_true().to_numpy().astype(np.int64)
        yield Comparisons.build(pair, level.gather(pair).to_numpy(), i[pair], j[pair])


def _addresses(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Comparisons:
    pair, our_row, their_row = cross_groups(ours.addresses, theirs.addresses, i, j)
    if not len(pair):
        return Comparisons.build(pair, 0, our_row, their_row)
    listed = theirs.addresses.rows[their_row].select(pl.all().name.prefix("their_"))
    agreement = address_level(pl.concat([ours.addresses.rows[our_row], listed], how="horizontal"))
    level = pl.select(_weight_rows(agreement, "address")).to_series()
    agree = level.is_not_null().arg_true().to_numpy()
    return Comparisons.build(pair[agree], level.gather(agree).to_numpy(), our_row[agree], their_row[agree])


def _identifiers(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Iterable[Comparisons]:
    """Compare class by class; one number counts once, whatever it is called."""
    equal = equal_numbers(ours, theirs)
    pair = _pair_numbers(i, j, equal.i, equal.j)
    equal, pair = equal.take(pair >= 0), pair[pair >= 0]
    chosen = distinct_numbers(equal, pair)
    equal, pair = equal.take(chosen), pair[chosen]
    level = np.where(
        equal.anywhere, identifier_rows(ANYWHERE)[equal.kind], identifier_rows(EQUAL)[equal.kind]
    )
    yield Comparisons.build(pair, level, equal.ours, equal.theirs)
    listed, their_row = theirs.classes.expand(j)
    named, our_row = ours.classes.expand(i)
    kinds = theirs.classes.rows["class"].to_numpy()[their_row]
    theirs_by_class = listed * len(classes()) + kinds
    ours_by_class = named * len(classes()) + ours.classes.rows["class"].to_numpy()[our_row]
    place = _find(ours_by_class, theirs_by_class)
    other = ~np.isin(theirs_by_class, pair * len(classes()) + equal.kind)
    level = np.where(place >= 0, identifier_rows(OTHER)[kinds], identifier_rows(MISSING)[kinds])
    yield Comparisons.build(listed, level, np.append(our_row, NOT_GIVEN)[place], their_row).take(other)


def _pair_numbers(i: Numbers, j: Numbers, others: Numbers, partners: Numbers) -> Numbers:
    """Return which of the pairs (i, j) each of the pairs (others, partners) is; -1: none."""
    most = max(j.max(initial=0), partners.max(initial=0)) + 1
    codes = i * most + j
    order = np.argsort(codes)
    place = _find(codes[order], others * most + partners)
    return np.append(order, -1)[place]


def _find(ascending: Numbers, wanted: Numbers) -> Numbers:
    """Return where each wanted number stands among ascending ones; -1: nowhere."""
    place = np.searchsorted(ascending, wanted)
    same = np.append(ascending, -1)[place] == wanted
    return np.where(same, place, -1)


def _weight_rows(level: pl.Expr | pl.Series, kind: str) -> pl.Expr:
    """Return the row of the weights behind each level of a kind."""
    text = level if isinstance(level, pl.Expr) else pl.lit(level)
    return text.replace_strict(level_rows(kind), return_dtype=pl.Int64)
