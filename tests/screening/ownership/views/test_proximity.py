"""Listed parties near an entity, and the path that counts."""

from __future__ import annotations

import networkx as nx
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.law.tables import policy
from screening.ownership import OwnershipNetwork
from screening.ownership.views.links import ownership_links
from screening.ownership.views.proximity import Proximity, nearby
from tests.screening.ownership.test_cascade import parse
from tests.screening.ownership.worlds import Edge, edge_table, worlds

NAMES = pl.DataFrame({"entity_id": ["C", "X", "P"], "name": ["Customer", "Listed X", "Parent"]})


def connections(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["entity_id", "kind", "value"], orient="row")


def near(text: str, *rows: tuple[str, str, str], listed: str = "X") -> Proximity:
    shared = connections(*rows) if rows else None
    return nearby(OwnershipNetwork.from_edges(parse(text), NAMES), listed.split(), ["C"], shared)


def test_a_sibling_of_a_listed_party() -> None:
    row = near("P>C 60; P>X 70").pairs.row(0, named=True)
    assert row == {
        "entity_id": "C",
        "listed_id": "X",
        "distance": 2,
        "hops": 2,
        "kinds": ["equity", "equity"],
        "sentence": "Customer is held 60% by Parent, which holds 70% of Listed X.",
    }


def test_the_best_path_counts_evidence_and_not_steps() -> None:
    found = near("P>C 60; X>P 60; X>C 5").pairs.row(0, named=True)
    assert (found["distance"], found["hops"]) == (2, 2)


def test_people_places_and_accounts_connect() -> None:
    rows = [
        ("C", "bank", "GB33 1234"),
        ("D", "bank", "gb331234"),
        ("D", "director", "Li Na"),
        ("X", "director", "LI  NA"),
    ]
    assert near("U>C 10", *rows).pairs["sentence"].to_list() == [
        "Customer shares the bank gb331234 with D, which shares the director LI  NA with Listed X."
    ]


def test_the_budget_bounds_the_walk() -> None:
    weak = [
        ("C", "address", "1 High Street"),
        ("D", "address", "1 High St."),
        ("D", "ip", "10.1.1.1"),
        ("X", "ip", "10.1.1.1"),
    ]
    assert near("U>C 10", *weak).pairs.is_empty()
    chain = "X>A 60; A>B 60; B>D 60; D>E 60; E>C 60"
    assert near(chain).pairs.is_empty()
    assert near("X>A 60; A>B 60; B>D 60; D>C 60").pairs["distance"].to_list() == [4]


def test_a_crowd_connects_nobody() -> None:
    crowd = [(f"e{n}", "address", "Agent House, Road Town") for n in range(policy("proximity")["crowd"])]
    rows = [*crowd, ("C", "address", "Agent House, Road Town"), ("X", "address", "Agent House Road Town")]
    found = near("U>C 10", *rows)
    assert found.pairs.is_empty()
    assert found.crowds["entities"].to_list() == [policy("proximity")["crowd"] + 2]


def test_a_nominee_of_many_does_not_connect_them() -> None:
    many = "; ".join(f"N>e{n} 60" for n in range(policy("proximity")["most_owned"]))
    found = near(f"N>C 60; N>X 60; {many}")
    assert found.pairs.is_empty()
    assert found.hubs["entity_id"].to_list() == ["N"]
    assert near(f"X>C 60; {many.replace('N>', 'X>')}").pairs["distance"].to_list() == [1]


@settings(max_examples=60)
@given(worlds(), st.sets(st.sampled_from("abcdefghij"), min_size=1, max_size=4))
def test_distances_are_those_of_the_shortest_paths(
    world: tuple[list[Edge], set[str]], asked: set[str]
) -> None:
    edges, listed = world
    network = OwnershipNetwork.from_edges(edge_table(edges))
    graph: nx.DiGraph[str] = nx.DiGraph()
    for row in ownership_links(network).sort("cost", descending=True).iter_rows(named=True):
        graph.add_edge(row["from_id"], row["to_id"], weight=row["cost"])
    expected = {
        (entity, start): distance
        for start in listed & set(graph)
        for entity, distance in nx.single_source_dijkstra_path_length(
            graph, start, cutoff=policy("proximity")["budget"]
        ).items()
        if entity in asked and entity != start
    }
    pairs = nearby(network, listed, asked).pairs
    assert {
        (row[0], row[1]): row[2] for row in pairs.select("entity_id", "listed_id", "distance").rows()
    } == expected
