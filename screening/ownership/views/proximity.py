"""How near a customer stands to listed parties: by ownership, control, people, places and accounts.

A lead for a person, never a match and never the 50 percent test (docs/decisions/0305). The distance counts
evidence, not steps: a majority is near, a shared building is far, and what a crowd shares connects
nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from screening.law.tables import policy
from screening.ownership.network import OwnershipNetwork
from screening.ownership.views.links import CROWDS, ownership_links, shared_links

NEARBY = {
    "entity_id": pl.String(),
    "listed_id": pl.String(),
    "distance": pl.Int32(),
    "hops": pl.Int32(),
    "kinds": pl.List(pl.String()),
    "sentence": pl.String(),
}
_REACHED = {
    "listed_id": pl.String(),
    "node": pl.String(),
    "distance": pl.Int32(),
    "hops": pl.Int32(),
    "back": pl.String(),
    "kind": pl.String(),
    "text": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Proximity:
    """Who is near whom, and what was not allowed to connect anybody.

    `pairs`: the columns of NEARBY, one row for each entity and listed party, by the best path. `crowds`: values that
    too many entities share (`kind, value, entities`). `hubs`: owners of too many entities (`entity_id, links`).
    """

    pairs: pl.DataFrame
    crowds: pl.DataFrame
    hubs: pl.DataFrame


def nearby(
    network: OwnershipNetwork,
    listed: Iterable[str],
    entity_ids: Iterable[str],
    connections: pl.DataFrame | None = None,
) -> Proximity:
    """Return all listed parties within the budget of `screening/data/policy/proximity.toml` of each entity.

    `listed`: ids of listed or restricted entities. `connections`: entity_id, kind, value.

    >>> edges = pl.DataFrame({"owner_id": ["P", "P"], "owned_id": ["C", "X"],
    ...                       "share_min": [600_000, 700_000], "share_max": [600_000, 700_000]})
    >>> found = nearby(OwnershipNetwork.from_edges(edges), {"X"}, ["C"])
    >>> found.pairs["sentence"].item()
    'C is held 60% by P, which holds 70% of X.'
    """
    links, crowds = ownership_links(network), pl.DataFrame(schema=CROWDS)
    if connections is not None:
        shared, crowds = shared_links(connections)
        links = pl.concat([links, shared])
    best = links.sort("cost", "kind", "text").unique(["from_id", "to_id"], keep="first", maintain_order=True)
    hubs = best.group_by(pl.col("from_id").alias("entity_id")).agg(pl.len().alias("links"))
    hubs = hubs.filter(pl.col("links") > policy("proximity")["most_owned"]).sort("entity_id")
    starts = pl.DataFrame({"listed_id": pl.Series(sorted(set(listed)), dtype=pl.String)})
    reached = _spread(best, starts, hubs)
    wanted = pl.DataFrame({"node": pl.Series(sorted(set(entity_ids)), dtype=pl.String)})
    return Proximity(_written(reached, wanted, network.entities), crowds, hubs)


def _spread(links: pl.DataFrame, starts: pl.DataFrame, hubs: pl.DataFrame) -> pl.DataFrame:
    """Walk outward from all listed parties at once, nearest first; a hub is reached but not passed."""
    first = starts.with_columns(
        pl.col("listed_id").alias("node"),
        pl.lit(0, dtype=pl.Int32).alias("distance"),
        pl.lit(0, dtype=pl.Int32).alias("hops"),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("back", "kind", "text")),
    ).select(*_REACHED)
    reached, waiting = pl.DataFrame(schema=_REACHED), first
    for distance in range(policy("proximity")["budget"] + 1):
        due = (
            waiting.filter(pl.col("distance") == distance)
            .sort("hops", "back", "kind", "text", nulls_last=True)
            .unique(["listed_id", "node"], keep="first", maintain_order=True)
            .join(reached, on=["listed_id", "node"], how="anti")
        )
        reached = pl.concat([reached, due])
        passing = due.join(hubs, left_on="node", right_on="entity_id", how="anti")
        passing = pl.concat([passing, due.filter(pl.col("hops") == 0)]).unique(["listed_id", "node"])
        further = passing.join(links.rename({"from_id": "node"}), on="node", suffix="_of_link").select(
            "listed_id",
            pl.col("to_id").alias("node"),
            pl.col("distance") + pl.col("cost"),
            pl.col("hops") + 1,
            pl.col("node").alias("back"),
            pl.col("kind_of_link").alias("kind"),
            pl.col("text_of_link").alias("text"),
        )
        waiting = pl.concat([waiting, further]).filter(
            pl.col("distance").is_between(distance + 1, policy("proximity")["budget"])
        )
    return reached


def _written(reached: pl.DataFrame, wanted: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Follow each path back to its listed party and write it as one sentence."""
    names = entities.select(pl.col("entity_id").alias("node"), pl.coalesce("name", "entity_id").alias("name"))
    steps = reached.select("listed_id", "node", "back", "kind", "text")
    rows = (
        reached.filter(pl.col("hops") > 0)
        .join(wanted, on="node", how="semi")
        .select(pl.col("node").alias("entity_id"), "listed_id", "distance", "hops", "node")
        .join(names, on="node", how="left")
        .with_columns(
            pl.coalesce("name", "node").alias("sentence"), pl.lit([], dtype=pl.List(pl.String)).alias("kinds")
        )
        .drop("name")
    )
    for step in range(int(rows["hops"].max() or 0)):  # type: ignore[arg-type]
        rows = rows.join(steps, on=["listed_id", "node"], how="left").join(
            names.rename({"node": "back"}), on="back", how="left"
        )
        which = "" if step == 0 else ", which"
        longer = pl.concat_str(
            "sentence", pl.lit(which + " "), "text", pl.lit(" "), pl.coalesce("name", "back")
        )
        on_the_way = pl.col("back").is_not_null()
        rows = rows.with_columns(
            pl.when(on_the_way).then(longer).otherwise("sentence").alias("sentence"),
            pl.when(on_the_way).then(pl.concat_list("kinds", "kind")).otherwise("kinds").alias("kinds"),
            pl.coalesce("back", "node").alias("node"),
        ).drop("back", "kind", "text", "name")
    return (
        rows.with_columns(pl.col("sentence") + ".")
        .select(*NEARBY)
        .cast(pl.Schema(NEARBY))
        .sort("entity_id", "distance", "hops", "listed_id")
    )
