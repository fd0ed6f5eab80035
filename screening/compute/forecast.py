"""When metered operations of a model will cross a limit, if every job goes on at its rate until it ends.

The rate of a job is its metered operations divided by the days since it began. Jobs end on their day, so the sum grows
in straight pieces; the crossing is computed piece by piece. The result is the day on which the limit is reached.
"""

from __future__ import annotations

from datetime import date

import polars as pl

FAR = date(2100, 1, 1)


def crossing(jobs: pl.DataFrame, limits: dict[str, int], as_of: date) -> pl.DataFrame:
    """Return the day on which each limit is reached, one row a model: group, model and one date column a limit.

    `jobs`: group, model, start, end, metered (operations so far), earlier (operations of the model that no job here
    meters: its base and synthetic data; the largest counts). Null if it is not reached before the jobs end, has been
    reached already, or nothing is metered.

    >>> jobs = pl.DataFrame({"group": ["g"], "model": ["m"], "start": [date(2026, 1, 1)], "end": [None],
    ...     "metered": [4e25], "earlier": [0.0]}, schema_overrides={"end": pl.Date})
    >>> crossing(jobs, {"at": 10**26}, date(2026, 1, 10)).row(0)
    ('g', 'm', datetime.date(2026, 1, 25))
    """
    keys = ["group", "model"]
    running = jobs.with_columns(
        pl.col("metered", "earlier").cast(pl.Float64).fill_null(0.0), finish=pl.col("end").fill_null(FAR)
    ).with_columns(
        rate=pl.when((pl.col("start") <= as_of) & (pl.col("finish") > as_of))
        .then(pl.col("metered") / ((pl.lit(as_of) - pl.col("start")).dt.total_days() + 1))
        .otherwise(0.0)
        .fill_null(0.0)
    )
    so_far = running.group_by(keys).agg(done=pl.col("metered").sum() + pl.col("earlier").max())
    pieces = (
        running.filter(pl.col("rate") > 0)
        .group_by(*keys, "finish")
        .agg(pl.col("rate").sum())
        .sort(*keys, "finish")
        .with_columns(
            begins=pl.col("finish").shift(1).over(keys).fill_null(pl.lit(as_of)),
            # During a piece every job is running that ends with it or later.
            pace=pl.col("rate").cum_sum(reverse=True).over(keys),
        )
        .with_columns(grown=pl.col("pace") * (pl.col("finish") - pl.col("begins")).dt.total_days())
        .with_columns(before=pl.col("grown").cum_sum().over(keys) - pl.col("grown"))
        .join(so_far, on=keys)
        .with_columns(level=pl.col("done") + pl.col("before"))
    )
    out = so_far.select(keys)
    for name, limit in limits.items():
        days = ((limit - pl.col("level")) / pl.col("pace")).ceil()
        reached = (
            pieces.filter(
                pl.col("done") < limit, pl.col("level") < limit, pl.col("level") + pl.col("grown") >= limit
            )
            .with_columns((pl.col("begins") + pl.duration(days=days)).cast(pl.Date).alias(name))
            .group_by(keys)
            .agg(pl.col(name).min())
        )
        out = out.join(reached, on=keys, how="left")
    return out.sort(keys)
