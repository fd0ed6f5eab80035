"""Lineage and the written edges: the same as walking the edge table by hand."""

from __future__ import annotations

from typing import Literal

import networkx as nx
import numpy as np
import polars as pl
from hypothesis import given, settings

from screening.ownership import OwnershipNetwork, lineage
from tests.screening.ownership.worlds import Edge, edge_table, worlds


@settings(max_examples=60)
@given(worlds())
def test_everybody_below_and_nobody_else(world: tuple[list[Edge], set[str]]) -> None:
    edges, listed = world
    table = edge_table(edges)
    net = OwnershipNetwork.from_edges(table)
    walked: nx.DiGraph[str] = nx.DiGraph(table.select("owner_id", "owned_id").rows())
    pairs = {
        (below, above)
        for above in set(listed) & set(walked)
        for below in nx.descendants(walked, above)
        if below != above
    }
    assert lineage.lineage(net, listed).rows() == sorted(pairs)
    some = np.arange(net.entities.height) % 2 == 0
    marked = set(net.entities["entity_id"].filter(pl.Series(some, dtype=pl.Boolean)))
    assert lineage.lineage(net, listed, some).rows() == sorted(p for p in pairs if p[0] in marked)


def test_more_ancestors_than_are_followed_together() -> None:
    count = 3 * lineage.TOGETHER + 1
    owners = [f"o{number:03d}" for number in range(count)]
    edges = pl.DataFrame({"owner_id": owners, "owned_id": ["c"] * count}).with_columns(
        share_min=pl.lit(1), share_max=pl.lit(1)
    )
    net = OwnershipNetwork.from_edges(edges)
    assert lineage.lineage(net, owners).rows() == [("c", owner) for owner in owners]


@settings(max_examples=60)
@given(worlds())
def test_edges_are_written_as_they_were_given(world: tuple[list[Edge], set[str]]) -> None:
    edges = edge_table(world[0])
    net = OwnershipNetwork.from_edges(edges.lazy())
    columns = ["owner_id", "owned_id", "share_min", "share_max"]
    assert sorted(net.edges.select(columns).rows()) == sorted(edges.select(columns).rows())
    ends: tuple[Literal["owner", "owned"], ...] = ("owner", "owned")
    for end in ends:
        ids = edges[f"{end}_id"].unique().sort().head(2)
        mine = net.edges.filter(pl.col(f"{end}_id").is_in(ids.implode()))
        assert net.edges_at([*ids, "nobody"], end).sort("owned", "owner").equals(mine)
