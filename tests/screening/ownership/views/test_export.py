"""Graphs in BODS, FollowTheMoney and GraphML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import orjson
import polars as pl

from pipelines.inputs.ownership import read_ownership
from screening.ownership import OwnershipNetwork
from screening.ownership.views.export import bods, ftm, graphml

EDGES = pl.DataFrame(
    {
        "owner_id": ["S", "A", "B", None],
        "owned_id": ["A", "C", "C", "C"],
        "share_min": [1_000_000, 250_001, 0, 100_000],
        "share_max": [1_000_000, 500_000, 1_000_000, 100_000],
        "owner_name": [None, None, None, "natural person(s)"],
        "interest": ["equity", "equity", "board", "equity"],
        "start": [date(2020, 1, 31), None, None, None],
        "source": ["registry", None, None, None],
    }
)
ENTITIES = pl.DataFrame(
    {
        "entity_id": ["S", "A", "B", "C"],
        "name": ["State", 'A & "B" <Ltd>', "Bo", "C"],
        "kind": ["state", "organization", "person", "organization"],
        "country": ["FI", None, "US", None],
        "incorporation_country": [None, "GB", None, "US"],
        "identifiers": [None, ["lei:LEIA"], None, None],
    }
)


def graph() -> nx.MultiDiGraph[str]:
    return OwnershipNetwork.from_edges(EDGES, ENTITIES).graph("C", hops=3)


COMPARED = ("owner_id", "owned_id", "share_min", "share_max", "interest", "start")


def as_read(path: Path) -> tuple[list[tuple[object, ...]], dict[str, str]]:
    read = read_ownership([path])
    assert read.problems.is_empty()
    edges = read.edges.select(COMPARED).sort("owned_id", "owner_id").rows()
    return edges, dict(read.entities.select("entity_id", "kind").iter_rows())


def test_bods_says_what_the_graph_says(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    statements = bods(graph(), date(2026, 1, 1), "us")
    path.write_bytes(orjson.dumps(statements))
    edges, kinds = as_read(path)
    assert edges == [
        ("S", "A", 1_000_000, 1_000_000, "equity", date(2020, 1, 31)),
        (None, "C", 100_000, 100_000, "equity", None),
        ("A", "C", 250_001, 500_000, "equity", None),
        ("B", "C", 0, 1_000_000, "board", None),
    ]
    assert kinds == {"S": "state", "A": "organization", "B": "person", "C": "organization"}
    assert len({each["statementId"] for each in statements}) == len(statements)
    assert statements == bods(graph(), date(2026, 1, 1), "us")


def test_ftm_says_what_it_can_of_disclosed_parties(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(entity) for entity in ftm(graph())))
    edges, kinds = as_read(path)
    assert edges == [
        ("S", "A", 1_000_000, 1_000_000, "equity", date(2020, 1, 31)),
        ("A", "C", 250_001, 500_000, "equity", None),
        ("B", "C", 0, 1_000_000, "board", None),
    ]
    assert kinds == {"S": "state", "A": "organization", "B": "person", "C": "organization"}


def test_graphml_reads_back_as_the_same_graph() -> None:
    back = nx.parse_graphml(graphml(graph()))
    assert sorted(back.nodes) == ["A", "B", "C", "S", "undisclosed holder of C"]
    assert back.nodes["A"]["name"] == 'A & "B" <Ltd>'
    assert back.get_edge_data("S", "A")["start"] == "2020-01-31"
    assert graphml(graph()) == graphml(graph())
