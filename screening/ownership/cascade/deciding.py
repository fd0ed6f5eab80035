"""What to ask: the open shares of an indeterminate entity, and which of them alone could decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from screening.ownership.cascade.fixed_point import NEVER, upper
from screening.ownership.shares import WHOLE

if TYPE_CHECKING:
    from screening.ownership.cascade.result import CascadeResult

DECIDING = {
    "holder_id": pl.String(),
    "holder_name": pl.String(),
    "holder_status": pl.String(),
    "share_min": pl.Int64(),
    "share_max": pl.Int64(),
    "needed": pl.Int64(),
    "could_restrict": pl.Boolean(),
    "could_settle": pl.Boolean(),
}


def deciding_shares(settled: CascadeResult, node: int) -> pl.DataFrame:
    """List the open shares in one entity, those that could restrict it alone first; see `CascadeResult.deciding`."""
    point, holdings, threshold = settled.point, settled.holdings, settled.threshold
    if point.low[node] >= threshold or point.high[node] < threshold:
        return pl.DataFrame(schema=DECIDING)
    edges = holdings.by_owned.of_one(node)
    owner, least, most = holdings.owner[edges], holdings.share_min[edges], holdings.share_max[edges]
    sure, possible = point.sure[owner] != NEVER, point.possible[owner] != NEVER
    gain = np.where(sure, most - least, np.where(possible, most, 0))
    missing = threshold - int(point.low[node])
    # At its least a restricted holder keeps its minimum; one that may be restricted is not and counts as an outsider.
    most_left = most[possible].sum() - gain
    outside = least[~possible].sum() + np.where(sure, 0, least)
    _, high = upper(point.low[node], most_left, WHOLE - outside, settled.remainder_floor)
    status = np.select([point.sure[owner] == 0, sure], ["listed", "restricted"], default="indeterminate")
    holders = pl.DataFrame(
        {
            "holder_id": settled.entities["entity_id"].gather(owner),
            "holder_name": settled.entities["name"].gather(owner),
            "holder_status": status,
            "share_min": least,
            "share_max": most,
            "needed": np.where(gain >= missing, missing, 0),
            "could_restrict": gain >= missing,
            "could_settle": high < threshold,
        }
    ).filter(pl.Series(gain > 0))
    room = int(point.high[node] - point.known[node])
    settles = bool(point.known[node] < threshold)
    remainder = [None, None, "undisclosed", 0, room, missing, room >= missing, settles]
    rows = [holders.cast(pl.Schema(DECIDING))]
    if room:
        rows.append(pl.DataFrame([remainder], schema=DECIDING, orient="row"))
    could = pl.col("could_restrict")
    return (
        pl.concat(rows)
        .with_columns(pl.when(could).then("needed").alias("needed"))
        .sort(~could, "share_max", "holder_id", descending=[False, True, False], nulls_last=True)
    )
