"""Ties of customers, and of those they deal with, to blocked persons below the 50 percent rule (OFAC FAQ 398, 400)."""

from __future__ import annotations

import numpy as np
import polars as pl

from screening.book.counterparties import Counterparties
from screening.book.network import BookNetwork
from screening.book.regimes import run_regime
from screening.law import figure, policy_figure
from screening.law.regimes import regimes
from screening.ownership import OwnershipNetwork
from screening.ownership.arrays import Flags
from screening.ownership.cascade.fixed_point import NEVER
from screening.ownership.cascade.result import CascadeResult
from screening.ownership.lineage import lineage
from screening.ownership.shares import format_shares
from screening.ownership.ties import DEALING, NEAR, SIGNIFICANT, Bands, Ties, find_ties, sign_edges, tying

TIES = {
    "entity_id": pl.String(),
    "kind": pl.String(),
    "band": pl.String(),
    "known": pl.Int64(),
    "signs": pl.String(),
    "above": pl.String(),
    "path": pl.String(),
    "root_score": pl.Float64(),
    "root_entities": pl.List(pl.String()),
}
"""Columns of the fact `ties`, before whose they are. known: parts per million. above: the owner from whom it comes."""
FIRST = ("alert",)
BOTH = ("alert", "review")


def ties_to_blocked(
    owned: BookNetwork, parties: Counterparties, matches: pl.DataFrame, remainder_floor: int
) -> pl.DataFrame:
    """Return the ties of every customer and counterparty: columns of `TIES`, sorted by entity.

    `matches`: as of `regimes.restricted_entities`. A tie that needs a doubtful match has the band "review", and is
    there only where it is stronger than those that are sure. `root_entities`: every matched entity that a tie
    explains.
    """
    ofac = next(regime for regime in regimes() if regime.id == "ofac")
    counting = matches.filter(ofac.counts())
    among = owned.with_nodes(parties.nodes["node_id"])
    parts, sure = [pl.DataFrame(schema=TIES)], np.zeros(len(among), dtype=np.int64)
    for band, bands in (("alert", FIRST), ("review", BOTH)):
        listed = counting.filter(pl.col("band").is_in(bands))
        if listed.is_empty() or (band == "review" and not (listed["band"] == "review").any()):
            continue
        result = run_regime(ofac, owned.network, listed, remainder_floor)
        blocked = result.point.sure != NEVER
        ties = find_ties(owned.network, result.point, _bands(result.threshold))
        chosen = among & (ties.strength > sure)
        if chosen.any():
            rows = _describe(owned.network, result, ties, blocked, chosen)
            explained = _explained(owned.network, listed, chosen)
            parts.append(rows.join(explained, on="entity_id", how="left").with_columns(band=pl.lit(band)))
        sure = ties.strength
    every = pl.concat([part.select(list(TIES)).cast(pl.Schema(TIES)) for part in parts])
    return every.sort("entity_id", "kind", "band", "above", nulls_last=True)


def _bands(half: int) -> Bands:
    return Bands(int(policy_figure("significant_share")), int(policy_figure("just_under_half")), half)


def _describe(
    network: OwnershipNetwork, result: CascadeResult, ties: Ties, blocked: Flags, chosen: Flags
) -> pl.DataFrame:
    """Return one row for each node's own ties, and one where an owner above hands down a stronger one."""
    own = np.flatnonzero(chosen & (ties.own > 0))
    handed = np.flatnonzero(chosen & (ties.strength > ties.own))
    signs = _sign_words(network, np.flatnonzero(blocked))
    kinds = _kinds(result, ties, own)
    above = np.select(
        [ties.strength[handed] >= NEAR, ties.strength[handed] >= SIGNIFICANT],
        ["above_hold", "above_significant"],
        default="above_small",
    )
    whose, from_whom = np.concatenate([own, handed]), np.concatenate([own, ties.source[handed]])
    names = network.entities.select(called=pl.coalesce("name", "entity_id"))["called"]
    ids = network.ids.gather(from_whom)
    paths = [str(found) for found in result.paths_for(ids.to_list(), limit=3, shorten=True)]
    rows = pl.DataFrame(
        {
            "entity_id": network.ids.gather(whose),
            "kind": [*kinds.tolist(), *above.tolist()],
            "known": result.point.recorded[from_whom],
            "owned": pl.Series(from_whom, dtype=pl.Int32),
            "above": names.gather(from_whom).set(pl.Series(from_whom == whose), None),
            "path": pl.Series(paths, dtype=pl.String).replace("", None),
        },
        schema_overrides={"kind": pl.String(), "known": pl.Int64()},
    )
    return rows.join(signs, on="owned", how="left", maintain_order="left").with_columns(
        path=pl.when(pl.col("known") > 0).then("path")
    )


def _kinds(result: CascadeResult, ties: Ties, nodes: np.ndarray) -> np.ndarray:
    """Name the tie that each of the nodes has itself."""
    own = ties.own[nodes]
    return np.select(
        [
            own == DEALING,
            ties.signs[nodes],
            result.point.high[nodes] >= result.threshold,
            own == NEAR,
            own == SIGNIFICANT,
        ],
        ["dealing", "control", "could_reach_half", "just_under", "significant"],
        default="small",
    )


def _sign_words(network: OwnershipNetwork, blocked: np.ndarray) -> pl.DataFrame:
    """Return by what blocked persons sign for or control an entity, in words: owned (node number), signs."""
    edges = sign_edges(network, blocked)
    names = network.entities.select(called=pl.coalesce("name", "entity_id"))["called"].gather(edges["owner"])
    votes = pl.format(
        "{} of votes", format_shares(pl.col("share_min"), pl.col("share_max"), "an unknown share")
    )
    kind = (
        pl.when(pl.col("interest") == "votes").then(votes).otherwise(pl.col("interest").str.replace("_", " "))
    )
    words = edges.with_columns(words=pl.format("{} ({})", names.fill_null("somebody"), kind))
    return words.group_by("owned").agg(signs=pl.col("words").unique().sort().str.join("; "))


def _explained(network: OwnershipNetwork, listed: pl.DataFrame, chosen: Flags) -> pl.DataFrame:
    """Return entity_id and `root_entities`: the matched entities above from whom a tie may come down."""
    through = tying(network.numbered_edges, figure("ownership_half"))
    best = listed.group_by(ancestor_id="matched_entity_id").agg(score=pl.col("score").max())
    pairs = lineage(network, best["ancestor_id"], chosen, through).join(best, on="ancestor_id")
    return pairs.group_by("entity_id").agg(
        root_entities=pl.col("ancestor_id").sort(), root_score=pl.col("score").min()
    )
