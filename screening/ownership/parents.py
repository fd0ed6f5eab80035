"""The ultimate parent: majority ownership followed upward (docs/method/ownership.md). Not the 50 percent test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from screening.law.tables import table
from screening.ownership.arrays import Flags, Ints
from screening.ownership.cascade.fixed_point import Holdings
from screening.ownership.graph_data import GraphData
from screening.ownership.shares import WHOLE

MAJORITY = WHOLE // 2
"""A majority is more than this; exactly half is none."""
NONE = -1
BASES = (
    *("declared", "majority_chain", "no_majority", "no_owner_on_record"),
    *("person_owner", "remainder_open", "joint_half", "declared_conflict", "chain_open_offshore"),
)
UNSETTLED = BASES[-4:]
"""Bases on which the parent is not settled, although owners are on record."""
PERSON = "person"


@dataclass(frozen=True, slots=True)
class ChainEnds:
    """Where each node's chain of parents ends, one value a node.

    `node`: the number of the last parent, the node itself where it has none. `has_parent`: there is a chain.
    `declared`: a step of the chain is declared control without a disclosed majority. `looped`: the chain ends in a loop
    without a way out; `node` is then the lowest number of the loop.
    """

    node: Ints
    has_parent: Flags
    declared: Flags
    looped: Flags


def largest_holders(holdings: Holdings) -> tuple[Ints, Ints]:
    """Return for each node its largest recorded holder, or -1, and that holder's minimum share.

    By minimum, then maximum share, then lower node. A holding in oneself counts for nothing. Where records contradict
    each other and two hold more than half, the larger counts.
    """
    size = holdings.share_min.astype(np.int64) * (WHOLE + 1) + holdings.share_max
    size[holdings.owner == holdings.owned] = 0
    most = np.zeros(holdings.nodes, dtype=np.int64)
    np.maximum.at(most, holdings.owned, size)
    able = np.flatnonzero((size > 0) & (size == most[holdings.owned]))[::-1]
    holder, share = np.full(holdings.nodes, NONE, dtype=np.int64), np.zeros(holdings.nodes, dtype=np.int64)
    # They are sorted by owner and reversed, so the lowest owner is written last.
    holder[holdings.owned[able]] = holdings.owner[able]
    share[holdings.owned[able]] = holdings.share_min[able]
    return holder, share


def perhaps_majority(holdings: Holdings) -> Flags:
    """Mark the nodes of which a recorded holder may have more than half, as far as the others leave room."""
    others = holdings.total_min()[holdings.owned] - holdings.share_min
    possible = np.minimum(holdings.share_max, WHOLE - others)
    able = (possible > MAJORITY) & (holdings.owner != holdings.owned)
    marked = np.zeros(holdings.nodes, dtype=np.bool_)
    marked[holdings.owned[able]] = True
    return marked


def follow_parents(majority: Ints, declared: Ints) -> ChainEnds:
    """Follow each node's parent, majority before declared, to the end of the chain by pointer doubling.

    `majority`, `declared`: the parent of each node, -1 for none. A chain of any depth takes a logarithmic number of
    steps.
    """
    nodes = np.arange(len(majority))
    parent = np.where(majority != NONE, majority, declared)
    pointer = np.where(parent != NONE, parent, nodes)
    weak = (majority == NONE) & (declared != NONE)
    lowest = np.minimum(nodes, pointer)
    climbing = np.flatnonzero(parent[pointer] != NONE)
    for _ in range(max(1, len(nodes)).bit_length()):
        above = pointer[climbing]
        weak[climbing] |= weak[above]
        lowest[climbing] = np.minimum(lowest[climbing], lowest[above])
        pointer[climbing] = pointer[above]
        climbing = climbing[parent[pointer[climbing]] != NONE]
    looped = parent[pointer] != NONE
    return ChainEnds(np.where(looped, lowest[pointer], pointer), parent != NONE, weak, looped)


def ultimate_parents(data: GraphData) -> pl.DataFrame:
    """Tabulate every entity's ultimate parent; see `OwnershipNetwork.ultimate_parents` for the columns."""
    found, ids = numbered_parents(data), data.ids
    above = data.entities.select(
        pl.col("name", "hq_country", "incorporation_country").gather(found["parent"])
    )
    seat = pl.coalesce("hq_country", "incorporation_country")
    return above.select(
        ids,
        ids.gather(found["parent"]).alias("parent_id"),
        pl.col("name").alias("parent_name"),
        "hq_country",
        "incorporation_country",
        found["basis"].cast(pl.String),
        found["unknown"],
        ids.gather(found["largest_holder"]).alias("largest_holder_id"),
        seat.is_in(_offshore()).fill_null(value=False).alias("offshore_caution"),
    )


def numbered_parents(data: GraphData) -> pl.DataFrame:
    """Return the ultimate parents by node number, one row a node.

    Columns: `parent`, `basis`, `unknown`, and of the parent `largest_holder`, its minimum share `largest_share` and
    `remainder`, what is not on record (parts per million). A natural person who owns most of a company has no
    headquarters: the company is its own top.
    """
    edges, holdings = data.numbered_edges, data.holdings
    recorded = np.zeros(holdings.nodes, dtype=np.bool_)
    recorded[edges.filter(pl.col("owner") != pl.col("owned"))["owned"].to_numpy()] = True
    largest, share = largest_holders(holdings)
    by_person = (share > MAJORITY) & _persons(data)[largest]
    majority = np.where((share > MAJORITY) & ~by_person, largest, NONE)
    declared = _declared_parents(edges, holdings.nodes)
    ends = follow_parents(majority, np.where(by_person, NONE, declared))
    remainder = _remainder(data)
    above = (share <= MAJORITY) & (ends.node == np.arange(holdings.nodes)) & recorded
    more = (
        (share + remainder > MAJORITY) | perhaps_majority(holdings) | _undisclosed_majority(edges, holdings)
    )
    remainder_open, joint = (above & more)[ends.node], (above & _halves(holdings))[ends.node]
    offshore = ends.has_parent & (_offshore_seats(data) & ~recorded)[ends.node]
    conflict = (majority != NONE) & _differs(data, declared_by_customer(edges, holdings.nodes), ends.node)
    doubts = [conflict, remainder_open, joint, offshore]
    kinds = [
        *doubts,
        by_person & ~ends.has_parent,
        ends.has_parent & ends.declared,
        ends.has_parent,
        recorded,
    ]
    names = [
        "declared_conflict",
        "remainder_open",
        "joint_half",
        "chain_open_offshore",
        "person_owner",
        *BASES[:3],
    ]
    basis = np.select(kinds, [BASES.index(name) for name in names], default=BASES.index("no_owner_on_record"))
    holder = largest[ends.node]
    return pl.DataFrame(
        {
            "parent": _numbers(ends.node, recorded),
            "basis": pl.Series(BASES, dtype=pl.Enum(BASES)).gather(basis),
            "unknown": ~recorded | ends.looped | np.logical_or.reduce(doubts),
            "largest_holder": _numbers(holder, holder != NONE),
            "largest_share": share[ends.node],
            "remainder": remainder[ends.node],
        }
    )


def _persons(data: GraphData) -> Flags:
    """Mark the nodes that are natural persons, and after the last one nobody: `NONE` marks no one."""
    persons = (data.entities["kind"] == PERSON).fill_null(False).to_numpy()
    marked: Flags = np.append(persons, False)
    return marked


def _remainder(data: GraphData) -> Ints:
    """Return what is not on record of each node: nothing where the rest is dispersed float by a source."""
    rest = np.maximum(WHOLE - data.holdings.total_min(), 0)
    rest[(data.entities["dispersed"] == "yes").fill_null(False).to_numpy()] = 0
    return rest


def _halves(holdings: Holdings) -> Flags:
    """Mark the nodes of which two holders have exactly half each."""
    halves = np.bincount(holdings.owned, weights=holdings.share_min == MAJORITY, minlength=holdings.nodes)
    marked: Flags = halves == 2
    return marked


def _offshore_seats(data: GraphData) -> Flags:
    seat = data.entities.select(pl.coalesce("hq_country", "incorporation_country").is_in(_offshore()))
    marked: Flags = seat.to_series().fill_null(False).to_numpy()
    return marked


def _differs(data: GraphData, declared: Ints, top: Ints) -> Flags:
    """Mark the nodes whose declared parent has another name and another seat than the top of the recorded chain."""
    differs = np.zeros(len(top), dtype=np.bool_)
    both = np.flatnonzero(declared != NONE)
    about = data.entities.select(
        pl.col("name").str.to_lowercase(), seat=pl.coalesce("hq_country", "incorporation_country")
    )
    mine, theirs = about[declared[both]], about[top[both]]
    differs[both] = ((mine["name"] != theirs["name"]) & (mine["seat"] != theirs["seat"])).fill_null(False)
    return differs


def joint_holders(holdings: Holdings) -> pl.DataFrame:
    """Return the holders of exactly half of an entity that two hold: owned, owner (node numbers)."""
    position = np.flatnonzero((holdings.share_min == MAJORITY) & _halves(holdings)[holdings.owned])
    return pl.DataFrame({"owned": holdings.owned[position], "owner": holdings.owner[position]})


def declared_by_customer(edges: pl.DataFrame, nodes: int) -> Ints:
    """Return the parent that each customer declares, -1 for none."""
    return _declared_parents(edges.filter(pl.col("interest") == "declared"), nodes)


@cache
def _offshore() -> tuple[str, ...]:
    """Places where a holding company is often only registered, by ISO code."""
    places = table("countries").filter(pl.col("offshore_caution") == "yes")
    return tuple(places["iso2"])


def _declared_parents(edges: pl.DataFrame, nodes: int) -> Ints:
    """Return the declared parent of each node, -1 for none: by ultimate consolidation, else direct, else control.

    What the customer declares ranks with control: the consolidation of a register goes before it.
    """
    rank = (
        pl.when(pl.col("interest") != "consolidation")
        .then(0)
        .when("direct")
        .then(1)
        .otherwise(2)
        .cast(pl.Int8)
    )
    declaring = pl.col("interest").is_in(["consolidation", "control", "declared"])
    declared = (
        edges.filter(declaring & (pl.col("owner") < nodes) & (pl.col("owner") != pl.col("owned")))
        .with_columns(rank.alias("rank"))
        .sort("rank", "share_max", "owner", descending=[False, False, True])
    )
    parent = np.full(nodes, NONE, dtype=np.int64)
    parent[declared["owned"].to_numpy()] = declared["owner"].to_numpy()
    return parent


def _undisclosed_majority(edges: pl.DataFrame, holdings: Holdings) -> Flags:
    """Mark the nodes of which an undisclosed owner on record may have more than half."""
    hidden = edges.filter((pl.col("owner") == holdings.nodes) & (pl.col("share_max") > MAJORITY))
    marked = np.zeros(holdings.nodes, dtype=np.bool_)
    marked[hidden["owned"].to_numpy()] = True
    return marked & (WHOLE - holdings.total_min() > MAJORITY)


def _numbers(values: Ints, valid: Flags) -> pl.Series:
    """Return node numbers with null where they are not valid."""
    return pl.Series(values, dtype=pl.Int32).set(pl.Series(~valid), None)
