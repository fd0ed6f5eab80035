"""One node for one entity: merging records that carry the same identifier and, on request, the same name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from screening.ownership.edges import check_edges, check_entities, series
from screening.ownership.identity_keys import identifier_keys, name_keys
from screening.tables.inputs import ENTITIES

CONFIDENCE = {"identifier": 1.0, "name_and_country": 0.9, "name": 0.6}

ALIASES = {
    "alias_id": pl.String(),
    "entity_id": pl.String(),
    "basis": pl.String(),  # identifier | name_and_country | name
    "evidence": pl.String(),
    "confidence": pl.Float64(),
}


@dataclass(frozen=True, slots=True)
class Merged:
    """Edges and entities with one id an entity.

    `stored`: the edges, in memory or on disk as they were given. `aliases`: each id that is replaced, the id that stays
    for it, and why; columns of `ALIASES`. `shared`: the identifiers that too many entities bear to name any.
    """

    stored: pl.LazyFrame
    entities: pl.DataFrame
    aliases: pl.DataFrame
    shared: pl.DataFrame


def merge(
    edges: pl.DataFrame | pl.LazyFrame,
    entities: pl.DataFrame,
    keep: Iterable[str] = (),
    *,
    by_name: bool = False,
) -> Merged:
    """Merge entities that share an identifier, or by request a name in one country.

    `keep`: ids that stay where there is a choice (the customers); else the lowest id stays. Two edges that now join the
    same pair stay both: the network merges them into one holding and reports a conflict.

    >>> edges = pl.DataFrame({"owner_id": ["a"], "owned_id": ["L2"], "share_min": [1], "share_max": [1]})
    >>> entities = pl.DataFrame({"entity_id": ["L2", "c"], "identifiers": [["lei:LEI2"], ["LEI:lei 2"]]})
    >>> merge(edges, entities, keep=["c"]).aliases.row(0)
    ('L2', 'c', 'identifier', 'lei:LEI2', 1.0)
    """
    checked, given = check_edges(edges.lazy()), check_entities(entities)
    keys, shared = identifier_keys(given)
    parts = [keys.with_columns(basis=pl.lit("identifier"))]
    if by_name:
        parts.append(name_keys(given, checked))
    aliases = _groups(pl.concat(parts), series(keep))
    return Merged(_rename(checked, aliases), _join(given, aliases), aliases, shared)


def _groups(keys: pl.DataFrame, keep: pl.Series) -> pl.DataFrame:
    """Join entities through the keys they share and choose one id for each group."""
    bound = keys.filter(pl.col("evidence").is_duplicated()).sort("entity_id", "evidence", "basis")
    if bound.is_empty():
        return pl.DataFrame(schema=ALIASES)
    ids, tokens = bound["entity_id"].unique().sort(), bound["evidence"].unique().sort()
    entity, token = ids.search_sorted(bound["entity_id"]), tokens.search_sorted(bound["evidence"])
    size = len(ids) + len(tokens)
    links = coo_array((np.ones(bound.height, dtype=np.int8), (entity, token + len(ids))), shape=(size, size))
    _, label = connected_components(links, directed=False)
    members = pl.DataFrame({"alias_id": ids, "group": label[: len(ids)]})
    preferred = pl.col("alias_id").is_in(keep.implode())
    first = members.sort(~preferred, "alias_id").group_by("group", maintain_order=True).first()
    strongest = bound.with_columns(
        pl.col("basis").replace_strict(CONFIDENCE, return_dtype=pl.Float64).alias("confidence")
    ).sort("confidence", "evidence", descending=[True, False])
    why = strongest.group_by("entity_id", maintain_order=True).first().rename({"entity_id": "alias_id"})
    return (
        members.join(first.rename({"alias_id": "entity_id"}), on="group")
        .filter(pl.col("alias_id") != pl.col("entity_id"))
        .join(why, on="alias_id")
        .select(*ALIASES)
        .sort("alias_id")
    )


def _rename(edges: pl.LazyFrame, aliases: pl.DataFrame) -> pl.LazyFrame:
    """Put every edge on the ids that stay; an edge between two ids of one entity goes."""
    if aliases.is_empty():
        return edges
    names = dict(zip(aliases["alias_id"], aliases["entity_id"], strict=True))
    owner, owned = (pl.col(f"{end}_id").replace(names) for end in ("owner", "owned"))
    new_loop = (owner == owned) & (pl.col("owner_id") != pl.col("owned_id"))
    return edges.filter(~new_loop.fill_null(value=False)).with_columns(owner, owned)


def _join(entities: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Describe each entity once; the record whose id stays comes first, the others fill its blanks."""
    every = pl.col("identifiers").list.drop_nulls().list.unique().list.sort()
    tidy = pl.when(every.list.len() > 0).then(every).alias("identifiers")
    if aliases.is_empty():
        return entities.with_columns(tidy)
    names = dict(zip(aliases["alias_id"], aliases["entity_id"], strict=True))
    several = pl.col("entity_id").is_in([*names, *names.values()])
    stacked = entities.filter(several).with_columns(
        pl.col("entity_id").alias("own_id"), pl.col("entity_id").replace(names)
    )
    own_first = stacked.sort((pl.col("entity_id") != pl.col("own_id")), "own_id").drop("own_id")
    one = own_first.group_by("entity_id", maintain_order=True).agg(
        pl.exclude("identifiers").drop_nulls().first(), pl.col("identifiers").drop_nulls().explode()
    )
    described = pl.concat(
        [entities.filter(~several), one.select(ENTITIES.names).cast(pl.Schema(ENTITIES.schema()))]
    )
    return described.with_columns(tidy).sort("entity_id")
