"""What to ask: the open shares of an indeterminate entity, and which of them alone could decide it."""

from __future__ import annotations

import numpy as np
import polars as pl

from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings, upper
from screening.ownership.shares import WHOLE

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


def deciding_shares(
    entities: pl.DataFrame,
    holdings: Holdings,
    point: FixedPoint,
    node: int,
    threshold: int,
    remainder_floor: int,
) -> pl.DataFrame:
    """List the open shares in one entity, those that could restrict it alone first; see `CascadeResult.deciding`.

    `entities`: entity_id, name, in the order of the nodes.
    """
    if point.low[node] >= threshold or point.high[node] < threshold:
        return pl.DataFrame(schema=DECIDING)
    positions = holdings.by_owned.edges_at(node)
    owner, least, most = (
        holdings.owner[positions],
        holdings.share_min[positions],
        holdings.share_max[positions],
    )
    sure, possible = point.sure[owner] != NEVER, point.possible[owner] != NEVER
    gain = np.where(sure, most - least, np.where(possible, most, 0))
    missing = threshold - int(point.low[node])
    # At its least a restricted holder has its minimum; one that may be restricted is not and counts as an outsider.
    most_left = most[possible].sum() - gain
    outside = least[~possible].sum() + np.where(sure, 0, least)
    _, high = upper(point.low[node], most_left, WHOLE - outside, remainder_floor)
    status = np.select([point.sure[owner] == 0, sure], ["listed", "restricted"], default="indeterminate")
    holders = pl.DataFrame(
        {
            "holder_id": entities["entity_id"].gather(owner),
            "holder_name": entities["name"].gather(owner),
            "holder_status": status,
            "share_min": least,
            "share_max": most,
            "needed": np.where(gain >= missing, missing, 0),
            "could_restrict": gain >= missing,
            "could_settle": high < threshold,
        }
    ).filter(pl.Series(gain > 0))
    room = int(point.high[node] - point.recorded[node])
    settles = bool(point.recorded[node] < threshold)
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
