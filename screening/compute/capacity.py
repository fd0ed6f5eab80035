"""How many operations leased or ordered accelerators could do: a central estimate and an upper bound a group.

Operations = parts x seconds x rate. The rate follows from the total processing performance (TPP): TPP / 16 is the dense
16-bit rate in TFLOP/s, TPP / 8 the 8-bit one. Central: the 16-bit rate at the utilisation of
`policy/figures.toml`; upper: the 8-bit rate without a pause. For a part whose best rate is at 4 bits the central figure
is too high. Of several leases those that run on one day add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from screening.compute.accelerators import parts
from screening.compute.results import grouped
from screening.law import policy_figure

CAPACITY_KINDS = ("lease", "order")
DAY_SECONDS = 86_400
TERA = 10**12
CENTRAL_BITS, UPPER_BITS = 16, 8


def capacity(chips: pl.DataFrame, busy: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return one row a group with leased or ordered parts, estimated in operations.

    `chips`: as from `deployments`. `busy`: group, model, count of the parts that training jobs on record name and have
    not left by `as_of`: they are counted by the jobs and not again here. Columns: group, capacity_central (null: no
    part is in the table), capacity_upper (a part that is not in the table counts as the fastest), capacity_parts (in
    words), capacity_use (what the customer states for all of them, else `unknown`), and of those for whom the parts are
    used capacity_own_use, capacity_end_user_countries, capacity_end_user_unknown.
    """
    leased = _estimated(_without_busy(chips.filter(pl.col("kind").is_in(CAPACITY_KINDS)), busy, as_of), as_of)
    if leased.is_empty():
        return pl.DataFrame(schema=dict(_SCHEMA))
    stated = leased.group_by("group").agg(
        capacity_parts=pl.col("words").sort().head(3).str.join("; "),
        capacity_use=pl.when(pl.col("use").n_unique() == 1).then(pl.col("use").first()).fill_null("unknown"),
        **served("capacity"),
    )
    return stated.join(_peak(leased), on="group").select(*_SCHEMA).sort("group")


_SCHEMA: Mapping[str, pl.DataType] = {
    "group": pl.String(), "capacity_central": pl.Float64(), "capacity_upper": pl.Float64(),
    "capacity_parts": pl.String(), "capacity_use": pl.String(), "capacity_own_use": pl.Boolean(),
    "capacity_end_user_countries": pl.List(pl.String()), "capacity_end_user_unknown": pl.Boolean(),
}  # fmt: skip


def served(prefix: str) -> dict[str, pl.Expr]:
    """Return for whom rows of activity are done, as aggregates: own use, countries of end users, one not known.

    A row that is resold, or names an end user, is for that end user and not for the customer.
    """
    resold = (pl.col("resale") == "yes").fill_null(False)
    for_others = resold | pl.col("end_user").is_not_null() | pl.col("end_user_hq").is_not_null()
    return {
        f"{prefix}_own_use": (~for_others).any(),
        f"{prefix}_end_user_countries": pl.col("end_user_hq").drop_nulls().unique().sort(),
        f"{prefix}_end_user_unknown": (for_others & pl.col("end_user_hq").is_null()).any(),
    }


def _without_busy(leased: pl.DataFrame, busy: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Take off the parts on which jobs run: of the leases that have not ended, in proportion."""
    current = pl.col("end").is_null() | (pl.col("end") >= as_of)
    there = pl.col("units").filter(current).sum().over("group", "model")
    taken = pl.when(current & (there > 0)).then(pl.col("count").fill_null(0) / there).otherwise(0.0)
    left = pl.col("units") * (1 - taken.clip(0, 1))
    return (
        leased.join(busy, on=["group", "model"], how="left")
        .with_columns(units=left)
        .filter(pl.col("units") > 0)
    )


def _estimated(leased: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Add first day, last day, central and upper operations and a description; an open lease is one of a year."""
    year = int(policy_figure("open_lease_days"))
    length = pl.duration(days=year - 1)
    first = pl.coalesce("start", pl.col("end") - length, pl.lit(as_of))
    each = pl.col("tpp_each").cast(pl.Float64)
    fastest = float(parts()["tpp"].cast(pl.Float64).max() or 0)  # type: ignore[arg-type]
    seconds = pl.col("days") * DAY_SECONDS * TERA * pl.col("units")
    return (
        leased.with_columns(first=first)
        .with_columns(last=pl.coalesce("end", pl.col("first") + length))
        .with_columns(days=((pl.col("last") - pl.col("first")).dt.total_days() + 1).clip(0).cast(pl.Float64))
        .with_columns(
            central=seconds * each / CENTRAL_BITS * policy_figure("capacity_utilisation"),
            upper=seconds * each.fill_null(fastest) / UPPER_BITS,
            words=pl.format(
                "{} {} for {} days",
                grouped(pl.col("units").round(0).cast(pl.Int64)),
                pl.coalesce("model", pl.lit("parts that are not in the table")),
                pl.col("days").cast(pl.Int64),
            ),
        )
    )


def _peak(leased: pl.DataFrame) -> pl.DataFrame:
    """Return the largest sums of leases that run on one day: group, capacity_central, capacity_upper."""
    sums = {"central": pl.col("central").fill_null(0.0), "upper": pl.col("upper")}
    opened = leased.select("group", day="first", **sums)
    closed = leased.select(
        "group", day=pl.col("last") + pl.duration(days=1), **{k: -v for k, v in sums.items()}
    )
    running = (
        pl.concat([opened, closed])
        .group_by("group", "day")
        .agg(pl.col("central", "upper").sum())
        .sort("group", "day")
        .with_columns(pl.col("central", "upper").cum_sum().over("group"))
    )
    peak = running.group_by("group").agg(
        capacity_central=pl.col("central").max(), capacity_upper=pl.col("upper").max()
    )
    counted = leased.group_by("group").agg(counted=pl.col("central").is_not_null().any())
    return peak.join(counted, on="group").with_columns(
        capacity_central=pl.when("counted").then("capacity_central")
    )
