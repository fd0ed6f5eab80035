"""A chart as data for other programs: GraphML, BODS 0.4 statements, FollowTheMoney entities."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import networkx as nx
import orjson

from desk.api.chart import Chart

INTERESTS = {
    "equity": "shareholding", "votes": "votingRights", "board": "appointmentOfBoard", "nominee": "nominee",
    "control": "otherInfluenceOrControl", "consolidation": "otherInfluenceOrControl",
    "family": "otherInfluenceOrControl",
}  # fmt: skip
SCHEMAS = {"person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}


def graphml(chart: Chart) -> bytes:
    """Return the chart as GraphML, its attributes as text or numbers."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in chart.network.entities.to_dicts():
        graph.add_node(row["entity_id"], **_plain(row, ("name", "kind", "country", "hq_country")))
    for row in _edges(chart):
        graph.add_edge(
            row["owner_id"], row["owned_id"], **_plain(row, ("share_min", "share_max", "interest", "source"))
        )
    out = BytesIO()
    nx.write_graphml(graph, out)
    return out.getvalue()


def bods(chart: Chart) -> bytes:
    """Return the chart as a JSON array of statements of the Beneficial Ownership Data Standard."""
    said = [_bods_entity(row, chart) for row in chart.network.entities.to_dicts()]
    said += [_bods_relationship(row, chart) for row in _edges(chart)]
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def ftm(chart: Chart) -> bytes:
    """Return the chart as lines of FollowTheMoney entities."""
    lines = [
        {
            "id": row["entity_id"],
            "schema": SCHEMAS.get(row["kind"] or "", "LegalEntity"),
            "properties": _lists({"name": row["name"], "country": _lower(row["country"])}),
        }
        for row in chart.network.entities.to_dicts()
    ]
    lines += [
        {
            "id": _id("own", row["owner_id"], row["owned_id"], row["interest"]),
            "schema": "Ownership" if row["interest"] == "equity" else "UnknownLink",
            "properties": _lists(
                {
                    "owner": row["owner_id"],
                    "asset": row["owned_id"],
                    "percentage": _percent(row),
                    "startDate": row["start"],
                }
                if row["interest"] == "equity"
                else {"subject": row["owner_id"], "object": row["owned_id"], "role": row["interest"]}
            ),
        }
        for row in _edges(chart)
    ]
    return b"".join(orjson.dumps(line, default=str) + b"\n" for line in lines)


FORMATS: Mapping[str, tuple[str, str, Callable[[Chart], bytes]]] = {
    "graphml": ("application/xml", "graphml", graphml),
    "bods": ("application/json", "json", bods),
    "ftm": ("application/x-ndjson", "ftm.json", ftm),
}
"""Format -> media type, file ending, writer."""


def _edges(chart: Chart) -> list[dict[str, Any]]:
    """Return the holdings whose owner is known."""
    return [row for row in chart.network.edges.to_dicts() if row["owner_id"] is not None]


def _bods_entity(row: Mapping[str, Any], chart: Chart) -> dict[str, Any]:
    person = row["kind"] == "person"
    details: dict[str, Any] = (
        {
            "personType": "knownPerson",
            "names": [{"type": "legal", "fullName": row["name"] or row["entity_id"]}],
        }
        if person
        else {"entityType": {"type": "registeredEntity"}, "name": row["name"] or row["entity_id"]}
    )
    return _statement(
        "person" if person else "entity", row["entity_id"], chart, {"isComponent": False, **details}
    )


def _bods_relationship(row: Mapping[str, Any], chart: Chart) -> dict[str, Any]:
    low, high = row["share_min"] / 10_000, row["share_max"] / 10_000
    share = {"exact": low} if low == high else {"minimum": low, "maximum": high}
    interest: dict[str, Any] = {
        "type": INTERESTS[row["interest"]],
        "directOrIndirect": "direct" if row["direct"] else "indirect",
    }
    if row["interest"] in ("equity", "votes"):
        interest["share"] = share
    if row["start"]:
        interest["startDate"] = str(row["start"])
    details = {
        "isComponent": False,
        "subject": _id("entity", row["owned_id"]),
        "interestedParty": _id("entity", row["owner_id"]),
        "interests": [interest],
    }
    return _statement(
        "relationship", f"{row['owner_id']}>{row['owned_id']}>{row['interest']}", chart, details
    )


def _statement(kind: str, record: str, chart: Chart, details: dict[str, Any]) -> dict[str, Any]:
    name = kind if kind == "relationship" else "entity"
    return {
        "statementId": _id(name, record), "recordId": record, "recordType": kind, "recordStatus": "new",
        "statementDate": chart.day.as_of.isoformat(), "declarationSubject": chart.entity_id, "recordDetails": details,
    }  # fmt: skip


def _id(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def _plain(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _printable(row[name]) for name in names if row[name] is not None}


def _printable(value: Any) -> Any:
    """Drop what XML cannot hold."""
    return "".join(c for c in value if c.isprintable() or c in "\n\t") if isinstance(value, str) else value


def _lists(properties: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: [str(value)] for name, value in properties.items() if value is not None}


def _percent(row: Mapping[str, Any]) -> str | None:
    low, high = row["share_min"] / 10_000, row["share_max"] / 10_000
    return f"{low:g}" if low == high else None if (low, high) == (0, 100) else f"{low:g}-{high:g}"


def _lower(country: str | None) -> str | None:
    return country.lower() if country else None
