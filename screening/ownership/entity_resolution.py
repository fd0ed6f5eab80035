"""One node for one entity: merging records that carry the same identifier and, on request, the same name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from screening.law.tables import table
from screening.ownership.edges import check_edges, check_entities, series
from screening.tables.inputs import EDGES, ENTITIES

BEARERS = 10
"""An identifier that more entities bear names none of them: "0000", "applied for", a registration agent's own."""
SHORTEST = 4
"""Fewer letters and digits name nobody."""
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
    """Edges and entities with one id an entity. `aliases` says under which id each other one now stands and why;
    `shared` lists the identifiers that too many entities bear to name any."""

    stored: pl.LazyFrame  # the edges, where they were before
    entities: pl.DataFrame
    aliases: pl.DataFrame
    shared: pl.DataFrame

    @property
    def edges(self) -> pl.DataFrame:
        """Return the edges in memory."""
        return self.stored.collect()


def merge(
    edges: pl.DataFrame | pl.LazyFrame,
    entities: pl.DataFrame,
    keep: Iterable[str] = (),
    *,
    by_name: bool = False,
) -> Merged:
    """Merge entities that share an identifier, or by request a name in one country.

    `keep`: ids that stay where there is a choice (the customers); else the lowest id stays. Two edges that become one
    stake told twice are settled by the network, which keeps the conflict.

    >>> edges = pl.DataFrame({"owner_id": ["a"], "owned_id": ["L2"], "share_min": [1], "share_max": [1]})
    >>> entities = pl.DataFrame({"entity_id": ["L2", "c"], "identifiers": [["lei:LEI2"], ["LEI:lei 2"]]})
    >>> merge(edges, entities, keep=["c"]).aliases.row(0)
    ('L2', 'c', 'identifier', 'lei:LEI2', 1.0)
    """
    told, known = check_edges(edges.lazy()), check_entities(entities)
    marks, shared = _identifiers(known)
    parts = [marks.with_columns(basis=pl.lit("identifier"))]
    if by_name:
        parts.append(_names(known, told))
    aliases = _groups(pl.concat(parts), series(keep))
    return Merged(_rename(told, aliases), _join(known, aliases), aliases, shared)


def evidence(entities: pl.DataFrame) -> pl.DataFrame:
    """Return by what any entity might be known as one with another: columns `entity_id, evidence, basis`.

    Identifiers, its own id among them (basis `identifier`), and names (basis `name_and_country` or `name`); unlike in
    `merge` nobody else needs to bear them. `entities`: as ENTITIES.

    >>> told = pl.DataFrame({"entity_id": ["x1"], "name": ["Acme, Ltd."], "identifiers": [["vat:DE 12345"]]})
    >>> evidence(told)["evidence"].sort().to_list()
    ['acme ltd @ ?', 'lei:X1', 'vat:DE12345']
    """
    known = check_entities(entities)
    numbers = pl.concat([_borne(known), _own_ids(known)]).unique().with_columns(basis=pl.lit("identifier"))
    return pl.concat([numbers, _names(known, EDGES.empty().lazy())]).sort("evidence", "entity_id")


def _identifiers(entities: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `entity_id, evidence` for identifiers that name one entity, and those that name too many.

    An entity's own id counts as the identifier that another record gives it (an LEI, "GB-COH:01234567").
    """
    usable = _borne(entities)
    bearing = entities if usable.height else entities.clear()
    own = _own_ids(bearing).join(usable.select("evidence").unique(), on="evidence", how="semi")
    marks = pl.concat([usable, own]).unique()
    bearers = marks.group_by("evidence").agg(pl.len().alias("entities"))
    too_many = bearers.filter(pl.col("entities") > BEARERS).sort("evidence")
    return marks.join(too_many, on="evidence", how="anti"), too_many


def _borne(entities: pl.DataFrame) -> pl.DataFrame:
    """Return `entity_id, evidence` for the identifiers that entities are told to bear and that can name anybody."""
    schemes = table("identifier_schemes")
    same = dict(zip(schemes["scheme"], schemes["same_as"], strict=True))
    weak = schemes.filter(pl.col("merges") == "no")["scheme"]
    given = (
        entities.select("entity_id", pl.col("identifiers").alias("told")).explode("told").drop_nulls("told")
    )
    parts = given.with_columns(
        pl.col("told")
        .str.extract(r"^(.*):")
        .str.strip_chars()
        .str.to_lowercase()
        .replace(same)
        .alias("scheme"),
        _plain(pl.col("told").str.extract(r"([^:]*)$")).alias("value"),
    )
    return parts.filter(
        ~pl.col("scheme").fill_null("").is_in(weak.implode()) & (pl.col("value").str.len_chars() >= SHORTEST)
    ).select("entity_id", pl.format("{}:{}", pl.col("scheme").fill_null(""), "value").alias("evidence"))


def _own_ids(entities: pl.DataFrame) -> pl.DataFrame:
    """Return `entity_id, evidence` for the id of each entity, read as an identifier."""
    return entities.select(
        "entity_id",
        pl.format(
            "{}:{}",
            pl.col("entity_id").str.extract(r"^(.*):").str.to_lowercase().fill_null("lei"),
            _plain(pl.col("entity_id").str.extract(r"([^:]*)$")),
        ).alias("evidence"),
    )


def _names(entities: pl.DataFrame, edges: pl.LazyFrame) -> pl.DataFrame:
    """Return `entity_id, evidence, basis` for names written alike; with a country where one is known."""
    told = pl.concat(
        edges.select(pl.col(f"{end}_id").alias("entity_id"), pl.col(f"{end}_name").alias("name"))
        for end in ("owner", "owned")
    )
    names = told.drop_nulls().unique().collect()
    place = pl.coalesce("incorporation_country", "country", "hq_country").alias("place")
    everybody = pl.concat(
        [entities.select("entity_id", "name", place), names.with_columns(place=None)], how="diagonal"
    )
    named = everybody.with_columns(
        pl.col("name")
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    ).filter(pl.col("name").str.len_chars() >= SHORTEST)
    one = named.group_by("entity_id", "name").agg(pl.col("place").drop_nulls().first())
    return one.select(
        "entity_id",
        pl.concat_str("name", pl.lit(" @ "), pl.col("place").fill_null("?")).alias("evidence"),
        pl.when(pl.col("place").is_null())
        .then(pl.lit("name"))
        .otherwise(pl.lit("name_and_country"))
        .alias("basis"),
    )


def _groups(marks: pl.DataFrame, keep: pl.Series) -> pl.DataFrame:
    """Join entities through the evidence they share and choose the id under which each group stands."""
    bound = marks.filter(pl.col("evidence").is_duplicated()).sort("entity_id", "evidence", "basis")
    if bound.is_empty():
        return pl.DataFrame(schema=ALIASES)
    ids, tokens = bound["entity_id"].unique().sort(), bound["evidence"].unique().sort()
    entity, token = ids.search_sorted(bound["entity_id"]), tokens.search_sorted(bound["evidence"])
    size = len(ids) + len(tokens)
    links = coo_array((np.ones(bound.height, dtype=np.int8), (entity, token + len(ids))), shape=(size, size))
    _, label = connected_components(links, directed=False)
    members = pl.DataFrame({"alias_id": ids, "group": label[: len(ids)]})
    kept = pl.col("alias_id").is_in(keep.implode())
    first = members.sort(~kept, "alias_id").group_by("group", maintain_order=True).first()
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
    """Put every edge on the ids that stay; what becomes a whole stake in oneself was no stake."""
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
        pl.col("entity_id").alias("told_as"), pl.col("entity_id").replace(names)
    )
    own_first = stacked.sort((pl.col("entity_id") != pl.col("told_as")), "told_as").drop("told_as")
    one = own_first.group_by("entity_id", maintain_order=True).agg(
        pl.exclude("identifiers").drop_nulls().first(), pl.col("identifiers").drop_nulls().explode()
    )
    described = pl.concat(
        [entities.filter(~several), one.select(ENTITIES.names).cast(pl.Schema(ENTITIES.schema()))]
    )
    return described.with_columns(tidy).sort("entity_id")


def _plain(value: pl.Expr) -> pl.Expr:
    return value.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
