"""Tracing one entity: its direct and indirect owners, its ultimate parent, and the result of the 50 percent rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lists.store import Store
from pipelines.index_cache import open_screener
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.reading import read_table
from pipelines.job.config import Config
from screening.book.below_line import above_line
from screening.book.matches import join_parties
from screening.book.regimes import restricted_entities, run_regime, worst_only
from screening.errors import UnknownEntity
from screening.law.regimes import regimes
from screening.ownership import OwnershipNetwork
from screening.ownership.entity_resolution import merge
from screening.ownership.shares import format_share
from screening.ownership.views.proximity import nearby
from screening.tables.inputs import CONNECTIONS
from screening.tables.outputs import RESTRICTED
from screening.tables.ownership_status import STATUSES


@dataclass(frozen=True, slots=True)
class Trace:
    """What a trace found, as rows to print.

    `summary`: the ultimate parent. `owners`: every edge above the entity, nearest first. `verdicts`: the outcome of
    each 50 percent rule. `nearby`: listed and restricted parties not far off, nearest first. `deciding`: open shares
    that could decide an indeterminate outcome. `marks`: entity id -> listed, restricted, indeterminate or minority.
    """

    entity_id: str
    network: OwnershipNetwork
    summary: tuple[dict[str, Any], ...]
    owners: tuple[dict[str, Any], ...]
    verdicts: tuple[dict[str, Any], ...]
    nearby: tuple[dict[str, Any], ...]
    deciding: tuple[dict[str, Any], ...]
    marks: Mapping[str, str]


def trace_entity(
    entity: str,
    ownership: Sequence[Path],
    entities: Path | None,
    store: Path | None,
    as_of: date,
    config: Config,
    hops: int = 3,
    connections: Path | None = None,
) -> Trace:
    """Trace one entity upward to the end; screen everybody above it and everybody within `hops` of it.

    `connections`: people, addresses, phones and accounts of entities; those they share count for `nearby`.
    Raises UnknownEntity where neither an id nor a single name fits.
    """
    reading = read_ownership(
        ownership,
        entities,
        columns=config.columns.ownership,
        entity_columns=config.columns.entities,
        encoding=config.encoding,
    )
    merged = merge(reading.stored, reading.entities, by_name=config.ownership.join_by_name)
    network = OwnershipNetwork.from_edges(merged.stored, merged.entities, as_of)
    entity_id = find_entity(network, entity)
    above = network.upstream([entity_id])
    near = pl.Series("entity_id", sorted(network.graph(entity_id, hops).nodes), dtype=pl.String)
    around = pl.concat([above["entity_id"], near])
    matches = _screen(network, around, store, as_of, config) if store else pl.DataFrame()
    restricted = _restricted(network, matches, config)
    shared = _connections(connections, as_of, config) if connections else None
    return Trace(
        entity_id,
        network,
        _summary(network, entity_id),
        _owners(network, above, matches),
        _verdicts(network, restricted.filter(pl.col("entity_id") == entity_id)),
        _nearby(network, entity_id, matches, restricted, shared),
        _deciding(network, entity_id, matches, config),
        _marks(matches, restricted),
    )


def find_entity(network: OwnershipNetwork, wanted: str) -> str:
    """Return the id that is meant: the id itself, or the only entity of that name."""
    ids = network.entities.filter(pl.col("entity_id") == wanted)["entity_id"]
    if len(ids):
        return wanted
    named = network.entities.filter(pl.col("name").str.to_lowercase() == wanted.lower())["entity_id"]
    if len(named) == 1:
        return str(named[0])
    found = (
        f"{len(named)} entities of that name: {', '.join(named.head(5))}"
        if len(named)
        else "no entity of that name"
    )
    raise UnknownEntity(f"The ownership network holds no entity id {wanted!r}, and {found}. Name an id.")


def _summary(network: OwnershipNetwork, entity_id: str) -> tuple[dict[str, Any], ...]:
    parents = network.ultimate_parents().filter(pl.col("entity_id") == entity_id)
    named = parents.join(network.entities.select("entity_id", "name"), on="entity_id", how="left")
    return tuple(named.to_dicts())


def _screen(
    network: OwnershipNetwork, entity_ids: pl.Series, store: Path, as_of: date, config: Config
) -> pl.DataFrame:
    """Screen the given entities by name."""
    frames = Store(store).load(as_of, config.lists or None, config.optional_lists).frames
    screener = open_screener(store, frames, as_of, config.matching)
    people = network.entities.filter(pl.col("entity_id").is_in(entity_ids.implode()))
    return above_line(join_parties([screener.match_entities(people)], screener.parties))


def _owners(
    network: OwnershipNetwork, above: pl.DataFrame, matches: pl.DataFrame
) -> tuple[dict[str, Any], ...]:
    """List every edge above the entity, nearest first, with the parties that its owner resembles."""
    edges = network.edges_at(above["entity_id"], "owned").join(
        above.select("entity_id", "hops"), left_on="owned_id", right_on="entity_id", how="inner"
    )
    if matches.height:
        as_text = matches.select(
            "matched_entity_id",
            pl.format("{} {} ({})", "list", "party_name", pl.col("score").round(3)).alias("listed_as"),
        )
        named = as_text.group_by("matched_entity_id").agg(pl.col("listed_as").sort().str.join("; "))
        edges = edges.join(named, left_on="owner_id", right_on="matched_entity_id", how="left")
    rows = edges.sort("hops", "owned_id", "share_max", "owner_id", descending=[False, False, True, False])
    return tuple(
        {
            "hops": row["hops"] + 1,
            "owner": row["owner_name"] or row["owner_id"] or "undisclosed",
            "owner_id": row["owner_id"],
            "share": format_share(row["share_min"], row["share_max"]),
            "share_min": row["share_min"],
            "share_max": row["share_max"],
            "interest": row["interest"],
            "owned": row["owned_name"] or row["owned_id"],
            "owned_id": row["owned_id"],
            "listed_as": row.get("listed_as"),
            "source": row["source"],
        }
        for row in rows.to_dicts()
    )


def _connections(path: Path, as_of: date, config: Config) -> pl.DataFrame:
    """Read the connections that count on the day; an open first or last day counts."""
    read = read_table(
        path,
        CONNECTIONS,
        config.columns.connections,
        config.defaults.get("connections", {}),
        config.encoding.get("connections"),
    )
    start, end = pl.col("start"), pl.col("end")
    return read.frame.filter(start.is_null() | (start <= as_of), end.is_null() | (end >= as_of))


def _restricted(network: OwnershipNetwork, matches: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Run every regime's cascade over the network; empty where no list was screened or nobody is listed."""
    if matches.is_empty():
        return RESTRICTED.empty()
    return worst_only(restricted_entities(network, matches, config.ownership.remainder_floor))


def _verdicts(network: OwnershipNetwork, restricted: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    """Return for each regime the cascade's outcome for the entity, the share that counts, and the look-through share.

    The look-through share multiplies the shares of the same listed parties down the chains: exposure, not the test.
    """
    return tuple(
        {
            **row,
            "held": format_share(row["low"], row["high"]),
            "look_through": _look_through(network, row["entity_id"], row["root_entities"]),
        }
        for row in restricted.sort("regime").to_dicts()
    )


def _look_through(network: OwnershipNetwork, entity_id: str, roots: Sequence[str]) -> str:
    share = network.look_through(roots).filter(pl.col("entity_id") == entity_id)["look_through"].item()
    return format_share(share, share)


def _nearby(
    network: OwnershipNetwork,
    entity_id: str,
    matches: pl.DataFrame,
    restricted: pl.DataFrame,
    connections: pl.DataFrame | None,
) -> tuple[dict[str, Any], ...]:
    """Return the listed or restricted parties near the entity, by whatever connection, and how."""
    if matches.is_empty():
        return ()
    restricted_ids = restricted.filter(pl.col("status") == "restricted")["entity_id"]
    concern = pl.concat([matches["matched_entity_id"], restricted_ids]).unique()
    pairs = nearby(network, concern, [entity_id], connections).pairs
    return tuple(pairs.filter(pl.col("listed_id") != entity_id).sort("distance", "listed_id").to_dicts())


def _deciding(
    network: OwnershipNetwork, entity_id: str, matches: pl.DataFrame, config: Config
) -> tuple[dict[str, Any], ...]:
    """List per regime the open shares that alone could decide whether the entity is restricted."""
    if matches.is_empty():
        return ()
    rows: list[dict[str, Any]] = []
    for regime in regimes():
        result = run_regime(regime, network, matches, config.ownership.remainder_floor)
        rows += [{"regime": regime.id, **row} for row in result.deciding(entity_id).to_dicts()]
    return tuple(
        {
            **row,
            "holder_name": row["holder_name"] or "undisclosed holders",
            "share": format_share(row["share_min"], row["share_max"]),
            "needed": None if row["needed"] is None else format_share(row["needed"], row["needed"]),
        }
        for row in rows
    )


def _marks(matches: pl.DataFrame, restricted: pl.DataFrame) -> dict[str, str]:
    """Return the worst of each entity: its status, or listed."""
    marks: dict[str, str] = {}
    for status in STATUSES[1:]:
        marks |= dict.fromkeys(restricted.filter(pl.col("status") == status)["entity_id"], status)
    if matches.height:
        marks |= dict.fromkeys(matches.filter(pl.col("band") == "alert")["matched_entity_id"], "listed")
    return marks
