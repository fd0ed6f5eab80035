"""The numbered edges against the edge table, and holdings against their definition, row by row in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from screening.ownership import OwnershipNetwork
from screening.ownership.edge_store import ORDER, number_edges
from screening.ownership.edges import ADDING, check_edges, holdings_frame
from screening.ownership.shares import WHOLE
from screening.tables.inputs import EDGES
from tests.screening.ownership.worlds import RANGES

NODES = "abcdefgh"
NAMES = st.sampled_from([None, "Alpha", "Beta"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, *NODES]),
        st.sampled_from(NODES),
        RANGES,
        NAMES,
        NAMES,
        st.sampled_from(["equity", "consolidation", "votes"]),
        st.booleans(),
        st.sampled_from([None, date(2020, 1, 1), date(2024, 1, 1)]),
    ),
    max_size=40,
)
Row = tuple[str | None, str, tuple[int, int], str | None, str | None, str, bool, date | None]


def table(rows: list[Row]) -> pl.DataFrame:
    columns = ("owner_id", "owned_id", "owner_name", "owned_name", "interest", "direct", "start")
    values = [(o, e, oname, ename, kind, direct, day) for o, e, _, oname, ename, kind, direct, day in rows]
    frame = pl.DataFrame(values, schema={name: EDGES.column(name).dtype for name in columns}, orient="row")
    shares = [row[2] for row in rows]
    return check_edges(
        frame.with_columns(
            share_min=pl.Series([low for low, _ in shares], dtype=pl.Int64),
            share_max=pl.Series([high for _, high in shares], dtype=pl.Int64),
        )
    )


@given(ROWS, st.sets(st.sampled_from([*NODES, "zz", "A"])))
def test_the_edge_table_is_written_out_again_in_order(rows: list[Row], given: set[str]) -> None:
    edges = table(rows)
    net = OwnershipNetwork.from_edges(
        edges, pl.DataFrame({"entity_id": list(given)}, schema={"entity_id": pl.String})
    )
    ids = sorted({*given, *edges["owner_id"].drop_nulls(), *edges["owned_id"]})
    assert net.entities["entity_id"].to_list() == ids
    names: defaultdict[str, list[str]] = defaultdict(list)
    for end in ("owner", "owned"):
        for entity, name in edges.select(f"{end}_id", f"{end}_name").drop_nulls().rows():
            names[entity].append(name)
    assert net.entities["name"].to_list() == [min(names[each], default=None) for each in ids]
    order = ["owned_id", "owner_id", *ORDER]
    last = [name == "owner_id" for name in order]
    expected = edges.cast({"interest": pl.Enum(sorted(set(edges["interest"])))}).sort(
        order, nulls_last=last, maintain_order=True
    )
    assert net.edges.select(EDGES.names).equals(expected.cast({"interest": pl.String}))


@given(ROWS)
def test_edges_of_one_pair_are_one_holding(rows: list[Row]) -> None:
    edges = table([row for row in rows if row[0] is not None])
    _, numbered = number_edges(edges.lazy(), pl.Series(sorted(NODES)))
    pairs: defaultdict[tuple[int, int], defaultdict[bool, list[tuple[int, int]]]]
    pairs = defaultdict(lambda: defaultdict(list))
    for owned, owner, low, high, kind, direct in numbered.select(
        "owned", "owner", "share_min", "share_max", "interest", "direct"
    ).iter_rows():
        if kind in ADDING:
            one = direct or kind == "consolidation"
            pairs[owned, owner][one].append((low if direct else 0, high))
    expected = []
    for pair in sorted(pairs):
        merged = []
        for ranges in pairs[pair].values():
            low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
            agree = low <= high
            if not agree:
                low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
            merged.append((low, high, not agree))
        lows, highs, conflicts = zip(*merged, strict=True)
        expected.append((*pair, sum(lows), min(sum(highs), WHOLE), any(conflicts)))
    assert holdings_frame(numbered).rows() == expected
