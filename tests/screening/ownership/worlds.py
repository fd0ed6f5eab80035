"""Random ownership graphs for the property tests."""

from __future__ import annotations

import polars as pl
from hypothesis import strategies as st

Edge = tuple[str, str, int, int]

SHARES = st.sampled_from([0, 50_000, 99_999, 100_000, 250_000, 499_999, 500_000, 500_001, 900_000, 1_000_000])
RANGES = st.tuples(SHARES, SHARES).map(lambda pair: (min(pair), max(pair)))
ENTITIES = "abcdefghij"


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Edge], set[str]]:
    """Draw a graph with loops, shares in oneself and records above 100 percent, and a listed set."""
    pair = st.tuples(st.sampled_from(ENTITIES), st.sampled_from(ENTITIES))
    pairs = draw(st.lists(pair, min_size=1, max_size=25, unique=True))
    edges = [(owner, owned, *draw(RANGES)) for owner, owned in pairs]
    return edges, draw(st.sets(st.sampled_from(ENTITIES), max_size=3))


def edge_table(edges: list[Edge]) -> pl.DataFrame:
    """Return the edges as a table."""
    schema = {"owner_id": pl.String, "owned_id": pl.String, "share_min": pl.Int64, "share_max": pl.Int64}
    return pl.DataFrame(edges, schema=schema, orient="row")
