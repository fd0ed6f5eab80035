"""The edge table: its columns, its checks, and how edges become holdings.

An edge is one row of the table: one source says that somebody owns, controls or sits on the board of somebody else. A
holding is all that one owner has of one entity: the adding edges of the pair, merged into one range.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import polars as pl

from screening.errors import InvalidFrame, UnknownEntity
from screening.ownership.arrays import Positions
from screening.ownership.shares import WHOLE
from screening.tables.inputs import EDGES, ENTITIES, INTERESTS

F = TypeVar("F", pl.DataFrame, pl.LazyFrame)

ADDING = ("equity", "consolidation", "declared")


def check_edges(edges: F) -> F:
    """Return the edges with exactly the columns of `EDGES`; absent optional ones take their defaults.

    A null share is undisclosed, a null interest is equity, a null `direct` is true. A table that is not in memory stays
    where it is.
    Raises InvalidFrame with every problem: columns, types, shares outside 0..1,000,000, unknown interests.
    """
    frame = EDGES.conform(edges).with_columns(
        pl.col("share_min").fill_null(0),
        pl.col("share_max").fill_null(WHOLE),
        pl.col("interest").fill_null("equity"),
        pl.col("direct").fill_null(value=True),
    )
    outside = (pl.col("share_min") < 0) | (pl.col("share_max") > WHOLE)
    reasons = {
        "owned_id is null": pl.col("owned_id").is_null(),
        f"a share lies outside 0..{WHOLE:,} parts per million (percentages go to share_percent)": outside,
        "share_min is above share_max": pl.col("share_min") > pl.col("share_max"),
        f"interest is not one of {', '.join(INTERESTS)}": ~pl.col("interest").is_in(INTERESTS),
    }
    faults = frame.lazy().select(wrong.sum().alias(reason) for reason, wrong in reasons.items()).collect()
    counts = faults.row(0, named=True)
    problems = [f"{count} rows: {reason}" for reason, count in counts.items() if count]
    if problems:
        raise InvalidFrame("The ownership edges cannot be used.", problems)
    return frame


def check_entities(entities: pl.DataFrame | None) -> pl.DataFrame:
    """Return the entities with exactly the columns of `ENTITIES`, one row an id, sorted.

    Raises InvalidFrame when an id is null or stands twice.
    """
    if entities is None:
        return ENTITIES.empty()
    frame = ENTITIES.conform(entities)
    if not frame["entity_id"].is_sorted():
        frame = frame.sort("entity_id")
    nulls = frame["entity_id"].null_count()
    repeated = frame.select((pl.col("entity_id") == pl.col("entity_id").shift()).sum()).item()
    problems = [f"{nulls} rows: entity_id is null"] if nulls else []
    problems += [f"{repeated} rows: entity_id stands twice"] if repeated else []
    if problems:
        raise InvalidFrame("The entities cannot be used.", problems)
    return frame


def in_force(edges: F, as_of: date | None) -> F:
    """Keep the edges that count on a day, first and last day included; without a day, those that have no end."""
    if as_of is None:
        return edges.filter(pl.col("end").is_null())
    started = pl.col("start").is_null() | (pl.col("start") <= as_of)
    lasting = pl.col("end").is_null() | (pl.col("end") >= as_of)
    return edges.filter(started & lasting)


def holdings_frame(edges: pl.DataFrame) -> pl.DataFrame:
    """Merge the edges whose interest adds up into one range for each owner of each entity.

    In, sorted by `owned`, `owner` (node numbers, disclosed): also `share_min`, `share_max`, `interest`, `direct`.
    Out, sorted likewise: `owned, owner, share_min, share_max, conflict`.

    Two edges of one pair report the same share twice (a registry and a filing): what both allow remains, and where they
    contradict each other the range spans both and `conflict` is true. An indirect edge may report the chain itself once
    more, so it only adds from nothing up to its size. Where the direct and the ultimate parent of a consolidation are
    the same party, its two edges are one holding.
    """
    adding = edges.filter(pl.col("interest").is_in(ADDING)).select(
        "owned",
        "owner",
        pl.when("direct").then("share_min").otherwise(0).alias("share_min"),
        "share_max",
        (pl.col("direct") | (pl.col("interest") != "equity")).alias("one"),
    )
    first = pl.any_horizontal(pl.col(end) != pl.col(end).shift() for end in ("owned", "owner"))
    begins = adding.select(first.fill_null(value=True)).to_series()
    ends = begins.shift(-1, fill_value=True)
    low, high = pl.col("share_min").max(), pl.col("share_max").min()
    agree = low <= high
    several = (
        adding.with_columns(place=begins.cum_sum() - 1)
        .filter(~(begins & ends))
        .group_by("place", "one")
        .agg(
            pl.when(agree).then(low).otherwise(pl.col("share_min").min()).alias("share_min"),
            pl.when(agree).then(high).otherwise(pl.col("share_max").max()).alias("share_max"),
            (~agree).alias("conflict"),
        )
        .group_by("place")
        .agg(
            pl.col("share_min").sum(),
            pl.col("share_max").sum().clip(upper_bound=WHOLE),
            pl.col("conflict").any(),
        )
    )
    once = adding.filter(begins).drop("one").with_columns(conflict=pl.lit(value=False))
    return once.with_columns(
        once[name].scatter(several["place"], several[name]) for name in ("share_min", "share_max", "conflict")
    )


def series(ids: Iterable[str]) -> pl.Series:
    """Return ids as a series, without copying one."""
    return ids if isinstance(ids, pl.Series) else pl.Series("entity_id", list(ids), dtype=pl.String)


def find(ids: pl.Series, wanted: pl.Series) -> Positions:
    """Return the positions of the wanted ids in the sorted `ids`. Raises UnknownEntity for those that are absent."""
    present = contains(ids, wanted)
    if not present.all():
        shown = ", ".join(repr(name) for name in wanted.filter(~present).head(5))
        raise UnknownEntity(f"The ownership network holds no entity {shown}. Check the id.")
    return pl.Series(ids.search_sorted(wanted), dtype=pl.Int32).to_numpy()


def contains(ids: pl.Series, wanted: pl.Series) -> pl.Series:
    """Return for each wanted id whether it is one of the sorted `ids`."""
    place = pl.Series(ids.search_sorted(wanted), dtype=pl.Int64)
    return ids.gather(place.set(place == len(ids), None)).eq_missing(wanted)
