"""A chart as JSON nodes and edges to draw, in pages: no browser gets ten thousand holders at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import polars as pl

from desk.api.chart import REMAINDER, Chart
from screening.ownership import WHOLE, Direction, OwnershipNetwork, format_share
from screening.ownership.views import split_paths
from screening.tables import WORST_FIRST
from screening.text import format_score

JointChart = Callable[[Sequence[str]], Chart]
"""Gives one chart of several entities, each with its own status."""
PAGE = 10
MOST = 80
REASONS = {
    "restricted": "Caught by ownership",
    "indeterminate": "Cannot rule out: shares are unknown",
    "minority": "Less than half held by listed parties",
}


def overview(chart: Chart, network: OwnershipNetwork) -> dict[str, Any]:
    """Return the entity, the paths that cause its status, and its owners level by level up to `MOST` nodes."""
    wanted = [chart.entity_id, *(node for edge in chart.on_path for node in edge)]
    shown, queue = dict.fromkeys(wanted), deque(dict.fromkeys(wanted))
    edges = []
    while queue and len(shown) < MOST:
        above, _ = chart.network.neighbours(queue.popleft(), "owners", limit=PAGE)
        edges += above.to_dicts()
        fresh = [row for row in above["owner_id"].drop_nulls() if row not in shown]
        shown |= dict.fromkeys(fresh)
        queue.extend(fresh)
    drawn = {(row["owner_id"], row["owned_id"], row["interest"]) for row in edges}
    for owner, owned in chart.on_path:
        between = chart.network.edges.filter((pl.col("owner_id") == owner) & (pl.col("owned_id") == owned))
        edges += [r for r in between.to_dicts() if (r["owner_id"], r["owned_id"], r["interest"]) not in drawn]
    return _elements(chart, network, list(shown), edges)


def expansion(
    chart: Chart,
    network: OwnershipNetwork,
    joint_chart: JointChart,
    node: str,
    direction: Direction,
    offset: int,
    limit: int,
) -> dict[str, Any]:
    """Return one page of a node's owners or of what it owns, largest share first.

    Entities outside the chart get the status that they have in `joint_chart`.
    """
    page, total = network.neighbours(node, direction, offset, limit)
    other = "owner_id" if direction == "owners" else "owned_id"
    nodes = [node, *page[other].drop_nulls().unique(maintain_order=True)]
    left = max(0, total - offset - page.height)
    inside = set(chart.network.entities["entity_id"])
    outside = [entity_id for entity_id in nodes if entity_id not in inside]
    joined = _join(chart, joint_chart(outside)) if outside else chart
    return _elements(joined, network, nodes, page.to_dicts()) | {"total": total, "left": left}


def _join(chart: Chart, other: Chart) -> Chart:
    """Return a chart with the matches and statuses that another has of entities outside the first."""
    inside = chart.network.entities["entity_id"].implode()
    matches = other.matches.filter(~pl.col("matched_entity_id").is_in(inside))
    restricted = other.restricted.filter(~pl.col("entity_id").is_in(inside))
    return replace(
        chart,
        matches=pl.concat([chart.matches, matches], how="diagonal"),
        restricted=pl.concat([chart.restricted, restricted]),
        from_run=chart.from_run | other.from_run,
    )


def _elements(
    chart: Chart, network: OwnershipNetwork, nodes: list[str], edges: list[dict[str, Any]]
) -> dict[str, Any]:
    drawn = [_edge(chart, row) for row in edges]
    sources = {edge["source"]: edge for edge in drawn}
    unknown = [_unknown_node(edge) for name, edge in sources.items() if name.startswith(REMAINDER)]
    made_up = {node["id"] for node in unknown}
    ends = [end for edge in drawn for end in (edge["source"], edge["target"]) if end not in made_up]
    every = list(dict.fromkeys([*nodes, *ends]))
    return {"focus": chart.entity_id, "nodes": [*_nodes(chart, network, every), *unknown], "edges": drawn}


def _nodes(chart: Chart, network: OwnershipNetwork, ids: list[str]) -> list[dict[str, Any]]:
    """Describe entities: who they are, whether listed or restricted and why, and how many neighbours they have."""
    wanted = pl.Series(ids, dtype=pl.String).implode()
    about = {
        row["entity_id"]: row for row in network.entities.filter(pl.col("entity_id").is_in(wanted)).to_dicts()
    }
    about |= {
        row["entity_id"]: row
        for row in chart.network.entities.filter(pl.col("entity_id").is_in(wanted)).to_dicts()
    }
    owners = _count(network, "owned", ids)
    owned = _count(network, "owner", ids)
    listed = _grouped(chart.matches.filter(pl.col("matched_entity_id").is_in(wanted)), "matched_entity_id")
    reached = _grouped(chart.restricted.filter(pl.col("entity_id").is_in(wanted)), "entity_id")
    return [
        _node(chart, about[id_], listed.get(id_, []), reached.get(id_, []))
        | {"owners": owners.get(id_, 0), "owned": owned.get(id_, 0)}
        for id_ in ids
        if id_ in about
    ]


def _node(
    chart: Chart, entity: dict[str, Any], listed: list[dict[str, Any]], reached: list[dict[str, Any]]
) -> dict[str, Any]:
    worst = min((WORST_FIRST.index(row["status"]) for row in reached), default=None)
    sure = any(row["band"] == "alert" for row in listed)
    status = (
        "listed" if sure else "resembles" if listed else WORST_FIRST[worst] if worst is not None else "plain"
    )
    return {
        "id": entity["entity_id"],
        "label": entity["name"] or entity["entity_id"],
        "kind": entity["kind"],
        "country": entity["country"] or entity["hq_country"] or entity["incorporation_country"],
        "focus": entity["entity_id"] == chart.entity_id,
        "status": status,
        "of_run": entity["entity_id"] in chart.from_run,
        "reason": _reason(chart, status, listed, reached),
        "listed": [
            {"written": format_score(row["score"])}
            | {
                name: row.get(name)
                for name in ("party_id", "list", "party_name", "matched_name", "score", "band")
            }
            for row in listed
        ],
        "regimes": [
            {"held": format_share(row["low"], row["high"]), "ways": split_paths(row["path"])}
            | {name: row[name] for name in ("regime", "status", "low", "high", "cause", "path", "root_lists")}
            for row in reached
        ],
    }


def _reason(chart: Chart, status: str, listed: list[dict[str, Any]], reached: list[dict[str, Any]]) -> str:
    if status in ("listed", "resembles"):
        best = max(listed, key=lambda row: float(row["score"]))
        verb = "Listed" if status == "listed" else "Resembles a listed party"
        when = "" if best["matched_entity_id"] in chart.from_run else ", looked up now"
        return f"{verb}: {best['list']} {best['party_name']} (score {format_score(best['score'])}{when})"
    shares = [f"{row['regime'].upper()} {format_share(row['low'], row['high'])}" for row in reached]
    return f"{REASONS[status]} ({', '.join(shares)})" if shares else ""


def _edge(chart: Chart, row: dict[str, Any]) -> dict[str, Any]:
    """Describe an edge: its share as text and how to draw it."""
    owner = row["owner_id"] or f"{REMAINDER}{row['owned_id']}"
    undisclosed = row["share_min"] == 0 and row["share_max"] >= WHOLE
    equity = row["interest"] == "equity"
    style = "unknown" if equity and undisclosed else "ownership" if equity else "control"
    share = format_share(row["share_min"], row["share_max"])
    label = share if equity else row["interest"] if undisclosed else f"{row['interest']} {share}"
    return {
        "id": f"{owner}>{row['owned_id']}>{row['interest']}>{row['source'] or ''}",
        "source": owner,
        "target": row["owned_id"],
        "label": "?" if style == "unknown" else label,
        "style": style,
        "on_path": chart.on_path.get((owner, row["owned_id"]), []),
        **{name: row[name] for name in ("share_min", "share_max", "interest", "direct", "start", "end")},
        "origin": row["source"],
    }


def _unknown_node(edge: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": edge["source"], "label": "Undisclosed", "kind": "undisclosed", "country": None, "focus": False,
        "status": "unknown", "of_run": False, "reason": "Who holds this is not disclosed", "listed": [], "regimes": [],
        "owners": 0, "owned": 1,
    }  # fmt: skip


def _count(network: OwnershipNetwork, end: Literal["owner", "owned"], ids: list[str]) -> dict[str, int]:
    counted = network.edges_at(ids, end).group_by(f"{end}_id").len()
    return dict(counted.iter_rows())


def _grouped(frame: pl.DataFrame, key: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dicts():
        groups.setdefault(row[key], []).append(row)
    return groups
