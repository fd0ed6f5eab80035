"""The cascade: worked cases, the examples of the regulation note, and a reference engine that it must equal."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.ownership import OwnershipNetwork
from screening.ownership.shares import share_range
from screening.tables.ownership_status import STATUSES
from tests.screening.ownership import reference
from tests.screening.ownership.worlds import ENTITIES, Edge, edge_table, worlds

CASES = Path(__file__).with_name("worked_cases.csv")
EDGE = re.compile(r"(\w+)>(\w+) ([\d.\-?]+)")


def parse(text: str) -> pl.DataFrame:
    rows = [(a, b, share.replace("?", "")) for a, b, share in EDGE.findall(text)]
    frame = pl.DataFrame(rows, schema=["owner_id", "owned_id", "share"], orient="row")
    return frame.with_columns(share_range(pl.col("share")).alias("range")).unnest("range").drop("share")


def worked_cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: case["case"])
def test_worked_cases(case: dict[str, str]) -> None:
    net = OwnershipNetwork.from_edges(parse(case["holdings"]))
    row = net.cascade(case["listed"].split()).filter(pl.col("entity_id") == case["target"]).row(0, named=True)
    assert (row["status"], row["low"], row["cause"] or "") == (
        case["status"],
        int(case["low"]),
        case["cause"],
    )


def test_examples_of_the_regulation_note() -> None:
    """All twelve rows of the note's own table."""
    with Path(__file__).with_name("regulation_examples.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 12
    for row in rows:
        net = OwnershipNetwork.from_edges(parse(row["holdings_percent"]))
        results = net.cascade({"X", "Y", "Z"} & set(re.findall(r"[XYZ]", row["holdings_percent"])))
        statuses = dict(results.select("entity_id", "status").iter_rows())
        for target in row["target"].split(" and "):
            assert statuses[target] == row["cascade_result"], row["case_id"]


@pytest.mark.slow
@settings(max_examples=400)
@given(worlds(), st.sampled_from([0, 100_000, 300_000]))
def test_equals_the_reference(world: tuple[list[Edge], set[str]], floor: int) -> None:
    edges, listed = world
    graph = reference.build_graph(edges)
    expected = reference.cascade(graph, listed, floor=Fraction(floor, 1_000_000))
    result = OwnershipNetwork.from_edges(edge_table(edges)).cascade(listed, remainder_floor=floor)
    assert result["entity_id"].to_list() == sorted(expected)
    for row in result.iter_rows(named=True):
        want = expected[row["entity_id"]]
        parts = tuple(share * 1_000_000 for share in (want.low, want.recorded, want.high))
        assert (row["low"], row["known"], row["high"]) == parts
        assert (row["status"], row["cause"]) == (want.status, want.cause)
        assert row["roots"] == reference.roots(graph, row["entity_id"], listed, expected)


@pytest.mark.slow
@settings(max_examples=100)
@given(worlds(), st.randoms())
def test_order_of_rows_does_not_matter(world: tuple[list[Edge], set[str]], random: Random) -> None:
    edges, listed = world
    shuffled = edges.copy()
    random.shuffle(shuffled)
    first = OwnershipNetwork.from_edges(edge_table(edges)).cascade(listed)
    assert first.equals(
        OwnershipNetwork.from_edges(edge_table(shuffled)).cascade(sorted(listed, reverse=True))
    )


RANK = {status: rank for rank, status in enumerate(STATUSES)}


@pytest.mark.slow
@settings(max_examples=100)
@given(worlds(), st.sampled_from(ENTITIES))
def test_listing_one_more_never_lowers_a_status(world: tuple[list[Edge], set[str]], extra: str) -> None:
    edges, listed = world
    net = OwnershipNetwork.from_edges(edge_table(edges))
    before = net.cascade(listed)["status"].replace_strict(RANK)
    after = net.cascade(listed | {extra})["status"].replace_strict(RANK)
    assert (after >= before).all()


@pytest.mark.slow
def test_a_chain_of_one_hundred_thousand() -> None:
    depth = 100_000
    names = [f"n{i:06d}" for i in range(depth + 1)]
    net = OwnershipNetwork.from_edges(
        pl.DataFrame({"owner_id": names[:-1], "owned_id": names[1:]}).with_columns(
            share_min=pl.lit(500_000), share_max=pl.lit(500_000)
        )
    )
    last = net.cascade({names[0]}).row(-1, named=True)
    assert (last["status"], last["rounds"], last["roots"]) == ("restricted", depth, [names[0]])
    assert len(net.paths(names[-1], {names[0]}).paths[0].steps) == depth
    assert net.upstream([names[-1]]).height == depth + 1


def test_a_graph_that_is_one_loop() -> None:
    names = [f"n{i}" for i in range(50)]
    shares = {"share_min": [600_000] * 50, "share_max": [600_000] * 50}
    net = OwnershipNetwork.from_edges(
        pl.DataFrame({"owner_id": names, "owned_id": names[1:] + names[:1], **shares})
    )
    result = net.cascade({"n7"})
    assert set(result["status"]) == {"restricted"}
    assert result["roots"].to_list() == [["n7"]] * 50
    assert set(net.ultimate_parents()["unknown"]) == {True}


def test_two_sources_for_one_share_count_once_and_conflicts_are_kept() -> None:
    edges = pl.DataFrame(
        {
            "owner_id": ["X", "X", "Y", "Y"],
            "owned_id": ["C", "C", "C", "C"],
            "share_min": [250_001, 300_000, 100_000, 200_000],
            "share_max": [500_000, 300_000, 100_000, 200_000],
            "source": ["registry", "filing", "registry", "filing"],
        }
    )
    net = OwnershipNetwork.from_edges(edges)
    row = net.cascade({"X", "Y"}).filter(pl.col("entity_id") == "C").row(0, named=True)
    assert (row["low"], row["known"]) == (400_000, 500_000)
    assert net.conflicts.rows() == [("Y", "C", 100_000, 200_000)]


def test_only_equity_adds_up_and_consolidation_is_a_share_of_unknown_size() -> None:
    edges = pl.DataFrame(
        {
            "owner_id": ["X"] * 4,
            "owned_id": ["votes", "board", "control", "consolidated"],
            "share_min": [500_000, None, None, None],
            "share_max": [500_000, None, None, None],
            "interest": ["votes", "board", "control", "consolidation"],
        }
    )
    result = OwnershipNetwork.from_edges(edges).cascade({"X"})
    statuses = dict(result.select("entity_id", "status").iter_rows())
    assert statuses == {
        "X": "none_found",
        "votes": "none_found",
        "board": "none_found",
        "control": "none_found",
        "consolidated": "indeterminate",
    }


def test_an_indirect_share_only_raises_doubt() -> None:
    edges = pl.DataFrame(
        {
            "owner_id": ["X", "X", "A"],
            "owned_id": ["A", "C", "C"],
            "share_min": [500_000, 300_000, 300_000],
            "share_max": [500_000, 300_000, 300_000],
            "direct": [True, False, True],
        }
    )
    result = OwnershipNetwork.from_edges(edges).cascade({"X"})
    row = result.filter(pl.col("entity_id") == "C").row(0, named=True)
    assert (row["low"], row["known"], row["status"]) == (300_000, 600_000, "indeterminate")


def test_an_undisclosed_holder_is_remainder() -> None:
    edges = pl.DataFrame(
        {
            "owner_id": ["X", None],
            "owned_id": ["C", "C"],
            "share_min": [499_900, 500_100],
            "share_max": [499_900, 500_100],
        }
    )
    row = OwnershipNetwork.from_edges(edges).cascade({"X"}).row(0, named=True)
    assert (row["entity_id"], row["status"], row["cause"]) == ("C", "indeterminate", "remainder_unknown")


def test_a_network_without_edges() -> None:
    net = OwnershipNetwork.from_edges(edge_table([]), pl.DataFrame({"entity_id": ["c1"]}))
    assert net.cascade({"c1", "absent"})["status"].to_list() == ["none_found"]
    assert net.ultimate_parents()["basis"].to_list() == ["no_owner_on_record"]


def test_doubt_keeps_twenty_roots_and_certainty_all() -> None:
    many = [f"x{n:03}" for n in range(60)]
    edges = [(owner, "sure", 10_000, 10_000) for owner in many] + [(o, "doubt", 0, 20_000) for o in many]
    result = OwnershipNetwork.from_edges(
        edge_table([*edges, ("doubt", "below", 1_000_000, 1_000_000)])
    ).cascade(many)
    found = {row["entity_id"]: row for row in result.iter_rows(named=True)}
    assert (found["sure"]["status"], found["sure"]["roots"], found["sure"]["roots_complete"]) == (
        "restricted",
        many,
        True,
    )
    for name in ("doubt", "below"):
        row = found[name]
        assert (row["status"], row["roots"], row["roots_complete"]) == ("indeterminate", many[:20], False)
