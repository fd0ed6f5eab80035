"""The ultimate parent: majority ownership followed upward (docs/method/ownership.md). Not the 50 percent test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from screening.law.tables import table
from screening.ownership.arrays import Flags, Ints
from screening.ownership.cascade import Holdings
from screening.ownership.shares import WHOLE

if TYPE_CHECKING:
    from screening.ownership.network import OwnershipNetwork

MAJORITY = 500_000
"""A majority is more than this; exactly half is none."""
NONE = -1


@dataclass(frozen=True, slots=True)
class Tops:
    """One value a node. `top`: the node at the end of the chain; `moved`: there is a chain; `declared`: one
    of its links is declared control without a disclosed majority; `looped`: the chain ends in a loop without
    a way out."""

    top: Ints
    moved: Flags
    declared: Flags
    looped: Flags


def majority_links(holdings: Holdings) -> Ints:
    """Return for each node the holder with surely more than half, or -1; a stake in oneself is none.

    Where records contradict each other and two hold more than half, the larger stake counts, then the lower
    node.
    """
    able = np.flatnonzero((holdings.share_min > MAJORITY) & (holdings.owner != holdings.owned))
    ranked = able[np.lexsort((-holdings.owner[able].astype(np.int64), holdings.share_min[able]))]
    link = np.full(holdings.nodes, NONE, dtype=np.int64)
    link[holdings.owned[ranked]] = holdings.owner[ranked]  # the last written is the largest
    return link


def perhaps_majority(holdings: Holdings) -> Flags:
    """Mark the nodes of which a recorded holder may have more than half, as far as the other stakes leave
    room."""
    others = holdings.total_min()[holdings.owned] - holdings.share_min
    possible = np.minimum(holdings.share_max, WHOLE - others)
    able = (possible > MAJORITY) & (holdings.owner != holdings.owned)
    marked = np.zeros(holdings.nodes, dtype=np.bool_)
    marked[holdings.owned[able]] = True
    return marked


def largest_holders(holdings: Holdings) -> Ints:
    """Return for each node its largest recorded holder by minimum, then maximum share, then node, or -1."""
    able = np.flatnonzero((holdings.owner != holdings.owned) & (holdings.share_max > 0))
    order = np.lexsort(
        (-holdings.owner[able].astype(np.int64), holdings.share_max[able], holdings.share_min[able])
    )
    largest = np.full(holdings.nodes, NONE, dtype=np.int64)
    largest[holdings.owned[able[order]]] = holdings.owner[able[order]]
    return largest


def climb(majority: Ints, declared: Ints) -> Tops:
    """Follow each node's link, majority before declared, to its end by pointer doubling.

    A chain of any depth takes a logarithmic number of steps; a loop stands for itself by its lowest node.
    """
    nodes = np.arange(len(majority))
    link = np.where(majority != NONE, majority, declared)
    pointer = np.where(link != NONE, link, nodes)
    weak = (majority == NONE) & (declared != NONE)
    lowest = np.minimum(nodes, pointer)
    for _ in range(max(1, len(nodes)).bit_length()):
        weak = weak | weak[pointer]
        lowest = np.minimum(lowest, lowest[pointer])
        pointer = pointer[pointer]
    looped = link[pointer] != NONE
    return Tops(np.where(looped, lowest[pointer], pointer), link != NONE, weak, looped)


def ultimate_parents(network: OwnershipNetwork) -> pl.DataFrame:
    """Tabulate every entity's ultimate parent; see `OwnershipNetwork.ultimate_parents` for the columns."""
    entities, edges, holdings = network.entities, network.edges, network.holdings
    recorded = np.zeros(holdings.nodes, dtype=np.bool_)
    recorded[edges.filter(pl.col("owner") != pl.col("owned"))["owned"].to_numpy()] = True
    tops = climb(majority_links(holdings), _declared_links(edges, holdings.nodes))
    open_top = perhaps_majority(holdings) | _undisclosed_majority(edges, holdings)
    unknown = ~recorded | tops.looped | open_top[tops.top]
    basis = np.select(
        [tops.moved & tops.declared, tops.moved, recorded],
        ["declared", "majority_chain", "no_majority"],
        default="no_owner_on_record",
    )
    top = _numbers(tops.top, recorded)
    largest = largest_holders(holdings)[tops.top]
    found = pl.DataFrame(
        {
            "entity_id": entities["entity_id"],
            "parent_id": entities["entity_id"].gather(top),
            "parent_name": entities["name"].gather(top),
            "hq_country": entities["hq_country"].gather(top),
            "incorporation_country": entities["incorporation_country"].gather(top),
            "basis": pl.Series(basis, dtype=pl.String),
            "unknown": unknown,
            "largest_holder_id": entities["entity_id"].gather(_numbers(largest, largest != NONE)),
        }
    )
    seat = pl.coalesce("hq_country", "incorporation_country")
    return found.with_columns(seat.is_in(_offshore()).fill_null(value=False).alias("offshore_caution"))


@cache
def _offshore() -> tuple[str, ...]:
    """Places where a holding company is often only registered, by ISO code."""
    places = table("countries").filter(pl.col("offshore_caution") == "yes")
    return tuple(places["iso2"])


def _declared_links(edges: pl.DataFrame, nodes: int) -> Ints:
    """Return for each node its declared parent: one that consolidates it at the top, else directly, else
    control."""
    rank = pl.when(pl.col("interest") == "control").then(0).when("direct").then(1).otherwise(2)
    declaring = pl.col("interest").is_in(["consolidation", "control"])
    told = (
        edges.filter(declaring & (pl.col("owner") < nodes) & (pl.col("owner") != pl.col("owned")))
        .with_columns(rank.alias("rank"))
        .sort("rank", "share_max", "owner", descending=[False, False, True])
    )
    link = np.full(nodes, NONE, dtype=np.int64)
    link[told["owned"].to_numpy()] = told["owner"].to_numpy()
    return link


def _undisclosed_majority(edges: pl.DataFrame, holdings: Holdings) -> Flags:
    """Mark the nodes of which an undisclosed holder on record may have more than half."""
    hidden = edges.filter((pl.col("owner") == holdings.nodes) & (pl.col("share_max") > MAJORITY))
    marked = np.zeros(holdings.nodes, dtype=np.bool_)
    marked[hidden["owned"].to_numpy()] = True
    return marked & (WHOLE - holdings.total_min() > MAJORITY)


def _numbers(values: Ints, valid: Flags) -> pl.Series:
    """Return node numbers with null where they are not valid."""
    return pl.Series(values).set(pl.Series(~valid), None)
