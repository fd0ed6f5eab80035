"""Chains of owners so deep that only their two ends are written."""

from __future__ import annotations

import polars as pl

from screening.ownership import OwnershipNetwork
from screening.ownership.cascade.proof import END_STEPS
from screening.ownership.cascade.result import CascadeResult
from screening.ownership.views import split_paths

DEPTH = 3_000


def chain_of(depth: int, second: str | None = None) -> CascadeResult:
    """N0 is listed and holds 60% of N1, which holds 60% of N2, ...; `second` shares N1 of an equal weight."""
    rows = [(f"N{step}", f"N{step + 1}", 600_000, 600_000) for step in range(depth)]
    if second:
        rows = [(rows[0][0], rows[0][1], 250_000, 250_000), (second, "N1", 250_000, 250_000), *rows[1:]]
    edges = pl.DataFrame(rows, schema=["owner_id", "owned_id", "share_min", "share_max"], orient="row")
    return OwnershipNetwork.from_edges(edges).run_cascade(["N0"] + ([second] if second else []))


def test_of_a_very_long_path_both_ends_are_written_and_the_rest_is_counted() -> None:
    result = chain_of(DEPTH)
    ids = result.frame(reached=True)["entity_id"].to_list()
    found = {each.entity_id: each for each in result.paths_for(ids, limit=3, shorten=True)}
    deepest = found[f"N{DEPTH}"]
    (path,) = deepest
    assert deepest.complete
    assert len(path.steps) == 2 * END_STEPS
    assert path.skipped == DEPTH - 2 * END_STEPS
    assert path.steps[END_STEPS - 1].owner_id == f"N{DEPTH - END_STEPS}"
    assert path.steps[END_STEPS].owned_id == f"N{END_STEPS}"
    assert path.steps[-1].owner_id == "N0"
    assert f" <- [{DEPTH - 2 * END_STEPS:,} holdings] - N{END_STEPS} <- 60% - " in str(path)
    assert sum(len(path.steps) for each in found.values() for path in each) <= 2 * END_STEPS * len(found)


def test_a_path_that_fits_is_whole_and_the_same_either_way() -> None:
    result = chain_of(2 * END_STEPS)
    ids = [f"N{step}" for step in range(1, 2 * END_STEPS + 1)]
    short, whole = (list(result.paths_for(ids, shorten=shorten)) for shorten in (True, False))
    assert [str(each) for each in short] == [str(each) for each in whole]


def test_without_shortening_one_entity_has_its_whole_path() -> None:
    (path,) = chain_of(DEPTH).paths(f"N{DEPTH}")
    assert (len(path.steps), path.skipped) == (DEPTH, 0)


def test_a_branch_in_the_part_left_out_makes_the_paths_incomplete() -> None:
    result = chain_of(DEPTH, second="M")
    (deepest,) = result.paths_for([f"N{DEPTH}"], shorten=True)
    assert not deepest.complete
    (near,) = result.paths_for(["N2"], shorten=True)
    assert near.complete and len(near) == 2


def test_a_shortened_path_is_split_into_names_and_arrows() -> None:
    text = str(next(iter(next(chain_of(DEPTH).paths_for([f"N{DEPTH}"], shorten=True)))))
    (parts,) = split_paths(text)
    assert parts[::2] == [
        *(f"N{DEPTH - step}" for step in range(END_STEPS + 1)),
        *(f"N{END_STEPS - step}" for step in range(END_STEPS + 1)),
    ]
