"""Pairs of records compared kind by kind: at which level each particular agrees, and which rows were compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.arrays import Numbers, cross_groups, starts
from screening.matching.evidence.addresses import address_level
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.birth_dates import birth_level
from screening.matching.evidence.identifier_matches import equal_numbers, once
from screening.matching.evidence.identifiers import classes
from screening.matching.evidence.weights import (
    ANYWHERE,
    EQUAL,
    MISSING,
    OTHER,
    rows_of,
    rows_of_numbers,
    scale,
)

NOT_GIVEN = -1


@dataclass(frozen=True, slots=True)
class Parts:
    """Comparisons: pair `pair[k]` agrees as row `said[k]` of the weights says, by row `ours[k]` and row `theirs[k]` of
    the tables of that kind (of countries: the numbers of the records)."""

    pair: Numbers
    said: Numbers
    ours: Numbers
    theirs: Numbers

    @classmethod
    def of(cls, pair: Numbers, said: Numbers | int, ours: Numbers | int, theirs: Numbers | int) -> Parts:
        """Put parts together; what is the same for all may be one number."""
        return cls(pair, *(np.broadcast_to(column, pair.shape) for column in (said, ours, theirs)))

    @classmethod
    def together(cls, parts: Iterable[Parts]) -> Parts:
        """Put the parts of several kinds in one."""
        every = [*parts]
        return cls(*(np.concatenate([getattr(one, name) for one in every]) for name in cls.__slots__))

    def at(self, rows: NDArray[Any]) -> Parts:
        """Return some of the parts."""
        return Parts(self.pair[rows], self.said[rows], self.ours[rows], self.theirs[rows])


def compare(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Parts:
    """Compare record i[k] of ours with record j[k] of theirs, for every pair k, in ascending order of pairs.

    Of several comparisons of one subject the weightiest counts, of equal ones that of the first rows.
    """
    every = Parts.together(
        [
            _births(i, j, ours, theirs),
            *_countries(i, j, ours, theirs),
            _addresses(i, j, ours, theirs),
            *_identifiers(i, j, ours, theirs),
        ]
    )
    topic = scale().topic[every.said]
    order = np.lexsort((every.theirs, every.ours, -scale().weight[every.said], topic, every.pair))
    return every.at(order[starts(every.pair[order], topic[order])])


def _births(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Parts:
    """Compare dates of birth; theirs that nothing is compared with are missing with us."""
    missing, listed = theirs.births.of(j)
    alone = ~ours.births.tells(i)[missing]
    found = Parts.of(missing[alone], rows_of("birth")["missing"], NOT_GIVEN, listed[alone])
    pair, mine, their = cross_groups(ours.births, theirs.births, i, j)
    if not len(pair):
        return found
    ends = [ours.births.rows[mine].select("low", "high")]
    ends += [theirs.births.rows[their].select(their_low="low", their_high="high")]
    said = pl.concat(ends, how="horizontal").select(_rows(birth_level(), "birth"))
    return Parts.together([found, Parts.of(pair, said.to_series().to_numpy(), mine, their)])


def _countries(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Iterable[Parts]:
    if len(ours.countries) == 1:  # nobody alone
        return
    both = pl.concat(
        [ours.countries[i], theirs.countries[j].select(pl.all().name.prefix("their_"))], how="horizontal"
    )
    shared = {
        kind: pl.col(column).list.set_intersection(f"their_{column}").list.len()
        for kind, column in (("country", "countries"), ("nationality", "nationalities"))
    }
    found = both.select(
        _rows(pl.when(count > 0).then(pl.lit("same")).when(count == 0).then(pl.lit("other")), kind).alias(
            kind
        )
        for kind, count in shared.items()
    )
    for said in found:
        pair = said.is_not_null().arg_true().to_numpy().astype(np.int64)
        yield Parts.of(pair, said.gather(pair).to_numpy(), i[pair], j[pair])


def _addresses(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Parts:
    pair, mine, their = cross_groups(ours.addresses, theirs.addresses, i, j)
    if not len(pair):
        return Parts.of(pair, 0, mine, their)
    listed = theirs.addresses.rows[their].select(pl.all().name.prefix("their_"))
    level = address_level(pl.concat([ours.addresses.rows[mine], listed], how="horizontal"))
    said = pl.select(_rows(level, "address")).to_series()
    kept = said.is_not_null().arg_true().to_numpy()
    return Parts.of(pair[kept], said.gather(kept).to_numpy(), mine[kept], their[kept])


def _identifiers(i: Numbers, j: Numbers, ours: Attributes, theirs: Attributes) -> Iterable[Parts]:
    """Compare class by class; one number counts once, whatever it is called."""
    equal = equal_numbers(ours, theirs)
    pair = _places(i, j, equal.i, equal.j)
    equal, pair = equal.at(pair >= 0), pair[pair >= 0]
    chosen = once(equal, pair)
    equal, pair = equal.at(chosen), pair[chosen]
    said = np.where(equal.anywhere, rows_of_numbers(ANYWHERE)[equal.kind], rows_of_numbers(EQUAL)[equal.kind])
    yield Parts.of(pair, said, equal.ours, equal.theirs)
    listed, their = theirs.numbers.of(j)
    named, mine = ours.numbers.of(i)
    kinds = theirs.numbers.rows["class"].to_numpy()[their]
    theirs_by_class = listed * len(classes()) + kinds
    ours_by_class = named * len(classes()) + ours.numbers.rows["class"].to_numpy()[mine]
    place = _found(ours_by_class, theirs_by_class)
    other = ~np.isin(theirs_by_class, pair * len(classes()) + equal.kind)
    said = np.where(place >= 0, rows_of_numbers(OTHER)[kinds], rows_of_numbers(MISSING)[kinds])
    yield Parts.of(listed, said, np.append(mine, NOT_GIVEN)[place], their).at(other)


def _places(i: Numbers, j: Numbers, others: Numbers, partners: Numbers) -> Numbers:
    """Return which of the pairs (i, j) each of the other pairs is; -1: none."""
    most = max(j.max(initial=0), partners.max(initial=0)) + 1
    codes = i * most + j
    order = np.argsort(codes)
    place = _found(codes[order], others * most + partners)
    return np.append(order, -1)[place]


def _found(known: Numbers, wanted: Numbers) -> Numbers:
    """Return where each wanted number stands among the known ones, which are sorted; -1: nowhere."""
    place = np.searchsorted(known, wanted)
    same = np.append(known, -1)[place] == wanted
    return np.where(same, place, -1)


def _rows(level: pl.Expr | pl.Series, kind: str) -> pl.Expr:
    """Return the row of the weights behind each level."""
    text = level if isinstance(level, pl.Expr) else pl.lit(level)
    return text.replace_strict(rows_of(kind), return_dtype=pl.Int64)
