"""Random ownership graphs for the property tests."""

from __future__ import annotations

import polars as pl
from hypothesis import strategies as st

Holding = tuple[str, str, int, int]

SHARES = st.sampled_from([0, 50_000, 99_999, 100_000, 250_000, 499_999, 500_000, 500_001, 900_000, 1_000_000])
RANGES = st.tuples(SHARES, SHARES).map(lambda pair: (min(pair), max(pair)))
ENTITIES = "abcdefghij"


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Holding], set[str]]:
    """Draw a graph with loops, stakes in oneself and records above 100 percent, and a listed set."""
    pair = st.tuples(st.sampled_from(ENTITIES), st.sampled_from(ENTITIES))
    pairs = draw(st.lists(pair, min_size=1, max_size=25, unique=True))
    holdings = [(owner, owned, *draw(RANGES)) for owner, owned in pairs]
    return holdings, draw(st.sets(st.sampled_from(ENTITIES), max_size=3))


def edges_of(holdings: list[Holding]) -> pl.DataFrame:
    """Make the edge table of holdings."""
    schema = {"owner_id": pl.String, "owned_id": pl.String, "share_min": pl.Int64, "share_max": pl.Int64}
    return pl.DataFrame(holdings, schema=schema, orient="row")
