"""The ownership network: paths, edges of a day, owners above, the neighbourhood of an entity."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings

from screening.errors import InvalidFrame, UnknownEntity
from screening.ownership import OwnershipNetwork
from tests.screening.ownership.worlds import Edge, edge_table, worlds

DAY = date(2024, 6, 30)
EDGES = pl.DataFrame(
    {
        "owner_id": ["X", "X", "A", "B", "D", None],
        "owned_id": ["A", "B", "C", "C", "C", "C"],
        "share_min": [500_000, 500_000, 250_000, 250_000, 0, 100_000],
        "share_max": [500_000, 500_000, 250_000, 250_000, 0, 100_000],
        "interest": ["equity", "equity", "equity", "equity", "board", "equity"],
        "end": [None, None, None, date(2024, 6, 30), None, None],
    }
)
ENTITIES = pl.DataFrame({"entity_id": ["X", "A", "C"], "name": ["Listed X", "Alpha", "Customer"]})


def test_paths_print_as_readable_lines_and_none_is_to_spare() -> None:
    net = OwnershipNetwork.from_edges(EDGES, ENTITIES, DAY)
    found = net.paths("C", {"X"})
    assert (found.status, found.complete) == ("restricted", True)
    assert [str(path) for path in found] == [
        "Customer <- 25% - Alpha <- 50% - Listed X",
        "Customer <- 25% - B <- 50% - Listed X",
    ]
    assert net.paths("C", {"X"}, limit=1).complete is False
    assert len(net.paths("X", {"X"})) == 0


def test_edges_count_on_their_last_day_and_not_after() -> None:
    on = OwnershipNetwork.from_edges(EDGES, as_of=date(2024, 6, 30)).cascade({"X"})
    after = OwnershipNetwork.from_edges(EDGES, as_of=date(2024, 7, 1)).cascade({"X"})
    newest = OwnershipNetwork.from_edges(EDGES).cascade({"X"})
    pick = pl.col("entity_id") == "C"
    assert on.filter(pick)["status"].item() == "restricted"
    assert after.filter(pick)["status"].item() == "indeterminate"
    assert newest.equals(after)


def test_upstream_goes_to_the_end_through_every_interest() -> None:
    net = OwnershipNetwork.from_edges(EDGES, ENTITIES, DAY)
    assert net.upstream(["C"]).select("entity_id", "hops").rows() == [
        ("A", 1),
        ("B", 1),
        ("C", 0),
        ("D", 1),
        ("X", 2),
    ]
    with pytest.raises(UnknownEntity, match="no entity 'Z'"):
        net.upstream(["Z"])


def test_the_neighbourhood_has_the_attributes_of_the_tables() -> None:
    graph = OwnershipNetwork.from_edges(EDGES, ENTITIES, DAY).graph("C", hops=1)
    assert list(graph.nodes) == ["A", "B", "C", "D", "undisclosed holder of C"]
    assert graph.nodes["C"]["name"] == "Customer"
    data = graph.get_edge_data("B", "C")[0]
    assert (data["share_min"], data["interest"], data["end"]) == (250_000, "equity", date(2024, 6, 30))
    assert set(OwnershipNetwork.from_edges(EDGES).graph("C", hops=2)) >= {"X"}


def test_undisclosed_holders_do_not_connect_entities() -> None:
    edges = pl.DataFrame(
        {"owner_id": [None, None], "owned_id": ["A", "B"], "share_min": [0, 0], "share_max": [1, 1]},
        schema_overrides={"owner_id": pl.String},
    )
    assert "B" not in OwnershipNetwork.from_edges(edges).graph("A", hops=5)


def test_records_above_one_hundred_percent_are_reported() -> None:
    edges = EDGES.with_columns(share_min=pl.lit(300_000), share_max=pl.lit(300_000))
    assert OwnershipNetwork.from_edges(edges, as_of=DAY).oversubscribed().rows() == []
    edges = EDGES.with_columns(share_min=pl.lit(600_000), share_max=pl.lit(600_000))
    assert OwnershipNetwork.from_edges(edges, as_of=DAY).oversubscribed().rows() == [("C", 1_800_000, 3)]


def test_every_problem_of_the_edges_is_named_at_once() -> None:
    edges = EDGES.with_columns(
        owned_id=pl.lit(None, dtype=pl.String), share_min=pl.lit(-1), interest=pl.lit("loan")
    )
    with pytest.raises(InvalidFrame) as raised:
        OwnershipNetwork.from_edges(edges)
    assert len(raised.value.problems) == 3
    with pytest.raises(InvalidFrame, match="share_max is missing"):
        OwnershipNetwork.from_edges(EDGES.drop("share_max"))
    with pytest.raises(InvalidFrame, match="stands twice"):
        OwnershipNetwork.from_edges(EDGES, pl.concat([ENTITIES, ENTITIES]))


@settings(max_examples=150)
@given(worlds())
def test_a_path_set_suffices_and_has_nothing_to_spare(world: tuple[list[Edge], set[str]]) -> None:
    edges, listed = world
    result = OwnershipNetwork.from_edges(edge_table(edges)).run_cascade(listed)
    restricted_ids = (
        result.frame().filter((pl.col("status") == "restricted") & ~pl.col("listed"))["entity_id"].to_list()
    )
    for found in result.paths_for(restricted_ids, limit=10_000):
        assert found.complete
        assert all(path.steps[-1].owner_id in listed for path in found)
        proof = {(s.owner_id, s.owned_id, s.share_min, s.share_max) for path in found for s in path.steps}
        assert restricted(proof, listed, found.entity_id)
        assert not any(restricted(proof - {edge}, listed, found.entity_id) for edge in proof)


def restricted(edges: set[Edge], listed: set[str], entity_id: str) -> bool:
    result = OwnershipNetwork.from_edges(edge_table(sorted(edges))).cascade(listed)
    return result.filter(pl.col("entity_id") == entity_id)["status"].to_list() == ["restricted"]


def test_pages_of_an_entity_with_ten_thousand_owners() -> None:
    many = 10_000
    edges = pl.DataFrame(
        {"owner_id": [f"o{n:05}" for n in range(many)], "owned_id": ["C"] * many}
    ).with_columns(share_min=pl.int_range(1, many + 1), share_max=pl.int_range(1, many + 1))
    net = OwnershipNetwork.from_edges(edges)
    first, total = net.neighbours("C", "owners", limit=3)
    second, _ = net.neighbours("C", "owners", offset=3, limit=3)
    assert total == many
    assert first["share_min"].to_list() + second["share_min"].to_list() == [
        10_000,
        9_999,
        9_998,
        9_997,
        9_996,
        9_995,
    ]
    graph = net.graph("C", hops=2, fan=5)
    assert graph.in_degree("C") == 5
    assert graph.nodes["C"]["hidden_owners"] == many - 5
    assert net.graph("C", hops=1).number_of_nodes() == many + 1
