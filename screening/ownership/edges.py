"""The edge table: its columns, its checks, and how rows become holdings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

import polars as pl

from screening.errors import InvalidFrame, UnknownEntity
from screening.ownership.arrays import Positions
from screening.ownership.shares import WHOLE

F = TypeVar("F", pl.DataFrame, pl.LazyFrame)

INTERESTS = ("equity", "votes", "board", "control", "consolidation", "nominee", "family")
"""Kinds of interest. Only `equity` adds up to 50 percent, and `consolidation` as a stake of unknown size."""

ADDING = ("equity", "consolidation")

EDGES: Mapping[str, pl.DataType] = {
    "owner_id": pl.String(),  # null: an undisclosed holder, part of the remainder
    "owned_id": pl.String(),
    "share_min": pl.Int64(),  # parts per million
    "share_max": pl.Int64(),
    "owner_name": pl.String(),
    "owned_name": pl.String(),
    "interest": pl.String(),
    "direct": pl.Boolean(),
    "start": pl.Date(),
    "end": pl.Date(),  # last day on which the edge counts
    "source": pl.String(),
    "source_date": pl.Date(),
}
REQUIRED = ("owner_id", "owned_id", "share_min", "share_max")

ENTITIES: Mapping[str, pl.DataType] = {
    "entity_id": pl.String(),
    "name": pl.String(),
    "kind": pl.String(),
    "country": pl.String(),
    "hq_country": pl.String(),
    "incorporation_country": pl.String(),
    "identifiers": pl.List(pl.String()),
}


def check_edges(edges: F) -> F:
    """Return the edges with exactly the columns of `EDGES`; absent optional ones take their defaults. A table that is
    not in memory stays where it is.

    A null share is undisclosed, a null interest is equity, a null `direct` is true.
    Raises InvalidFrame with every problem: columns, types, shares outside 0..1,000,000, unknown interests.
    """
    frame = conform(edges, EDGES, REQUIRED, "edges").with_columns(
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
    told = frame.lazy().select(wrong.sum().alias(reason) for reason, wrong in reasons.items()).collect()
    counts = told.row(0, named=True)
    problems = [f"{count} rows: {reason}" for reason, count in counts.items() if count]
    if problems:
        raise InvalidFrame("The ownership edges cannot be used.", problems)
    return frame


def check_entities(entities: pl.DataFrame | None) -> pl.DataFrame:
    """Return the entities with exactly the columns of `ENTITIES`, one row an id, sorted.

    Raises InvalidFrame when an id is null or stands twice.
    """
    if entities is None:
        return pl.DataFrame(schema=dict(ENTITIES))
    frame = conform(entities, ENTITIES, ("entity_id",), "entities")
    if not frame["entity_id"].is_sorted():
        frame = frame.sort("entity_id")
    nulls = frame["entity_id"].null_count()
    repeated = frame.select((pl.col("entity_id") == pl.col("entity_id").shift()).sum()).item()
    problems = [f"{nulls} rows: entity_id is null"] if nulls else []
    problems += [f"{repeated} rows: entity_id stands twice"] if repeated else []
    if problems:
        raise InvalidFrame("The entities cannot be used.", problems)
    return frame


def conform(frame: F, schema: Mapping[str, pl.DataType], required: tuple[str, ...], table: str) -> F:
    """Select the columns of `schema`, cast; absent optional ones become null.

    Raises InvalidFrame when a required column is absent or a value does not fit its type.
    """
    columns = frame.collect_schema().names()
    missing = [f"column {name} is missing" for name in required if name not in columns]
    if missing:
        raise InvalidFrame(f"The {table} cannot be used. Columns: {', '.join(columns)}", missing)
    try:
        return frame.select(
            (pl.col(name) if name in columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in schema.items()
        )
    except pl.exceptions.PolarsError as error:
        raise InvalidFrame(f"The {table} cannot be used.", [str(error).splitlines()[0]]) from error


def in_force(edges: F, as_of: date | None) -> F:
    """Keep the edges that count on a day, first and last day included; without a day, those that have no end."""
    if as_of is None:
        return edges.filter(pl.col("end").is_null())
    started = pl.col("start").is_null() | (pl.col("start") <= as_of)
    lasting = pl.col("end").is_null() | (pl.col("end") >= as_of)
    return edges.filter(started & lasting)


def holdings_frame(edges: pl.DataFrame) -> pl.DataFrame:
    """Merge the adding interests into one range for each holder of each entity.

    In, sorted by `owned`, `owner` (node numbers, disclosed): also `share_min`, `share_max`, `interest`, `direct`.
    Out, sorted likewise: `owned, owner, share_min, share_max, conflict`.

    Two rows for one pair tell the same stake twice (a registry and a filing): what both allow is kept, and where they
    contradict each other the range spans both and is marked. An indirect stake may be the chain itself told once more,
    so it only adds from nothing up to its size; consolidation told of a direct and an ultimate parent who are one is
    one stake.
    """
    told = edges.filter(pl.col("interest").is_in(ADDING)).select(
        "owned",
        "owner",
        pl.when("direct").then("share_min").otherwise(0).alias("share_min"),
        "share_max",
        (pl.col("direct") | (pl.col("interest") == "consolidation")).alias("one"),
    )
    first = pl.any_horizontal(pl.col(end) != pl.col(end).shift() for end in ("owned", "owner"))
    begins = told.select(first.fill_null(value=True)).to_series()
    ends = begins.shift(-1, fill_value=True)
    low, high = pl.col("share_min").max(), pl.col("share_max").min()
    agree = low <= high
    several = (
        told.with_columns(place=begins.cum_sum() - 1)
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
    once = told.filter(begins).drop("one").with_columns(conflict=pl.lit(value=False))
    return once.with_columns(
        once[name].scatter(several["place"], several[name]) for name in ("share_min", "share_max", "conflict")
    )


def series(ids: Iterable[str]) -> pl.Series:
    """Return ids as a series, without copying one."""
    return ids if isinstance(ids, pl.Series) else pl.Series("entity_id", list(ids), dtype=pl.String)


def find(ids: pl.Series, wanted: pl.Series) -> Positions:
    """Return where the wanted ids stand in the sorted `ids`. Raises UnknownEntity for those that do not."""
    held = holds(ids, wanted)
    if not held.all():
        shown = ", ".join(repr(name) for name in wanted.filter(~held).head(5))
        raise UnknownEntity(f"The ownership network holds no entity {shown}. Check the id.")
    return pl.Series(ids.search_sorted(wanted), dtype=pl.Int32).to_numpy()


def holds(ids: pl.Series, wanted: pl.Series) -> pl.Series:
    """Mark the wanted ids that stand in the sorted `ids`."""
    place = pl.Series(ids.search_sorted(wanted), dtype=pl.Int64)
    return ids.gather(place.set(place == len(ids), None)).eq_missing(wanted)
