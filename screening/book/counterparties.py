"""Who is named in a book besides customers, owners and people: counterparties, end users, consignees, sites.

Transactions name counterparties, activities end users and sites, licences consignees. Each distinct one is compared
with the lists once, as a subject of its own, whatever the number of rows that name it. It may also be an entity of
the ownership network or a customer: by an identifier of theirs, or by their id in place of a name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import polars as pl

from screening.book.embedded import inner_names
from screening.book.mentions import SPELLED, mentions
from screening.book.network import BookNetwork
from screening.ownership.edges import contains
from screening.ownership.identity_keys import BEARERS, name_keys, number_keys
from screening.tables.book import Book
from screening.tables.inputs import EDGES, ENTITIES

PREFIX, EMBEDDED = "counterparty:", "embedded:"
"""Prefixes of the entity ids made for counterparties, and for names inside other fields."""
INNER_FIELDS = {"counterparty": "name", "address": "address", "item": "item"}
"""Fields of a mention that may hold a further name -> the column of `mentions`."""
NODES = {"entity_id": pl.String(), "node_id": pl.String()}


@dataclass(frozen=True, slots=True)
class Counterparties:
    """Everybody named in a book in a role.

    `subjects`: entity_id, name, country, address, identifiers; one row each, sorted; names inside other fields too.
    `spelled`: the columns of `SPELLED` as they are written, and the entity_id each stands for. `inner`: field, text,
    entity_id of the names inside other fields. `nodes`: entity_id, node_id of those who are an entity of the network.
    """

    subjects: pl.DataFrame
    spelled: pl.DataFrame
    inner: pl.DataFrame
    nodes: pl.DataFrame

    @property
    def texts(self) -> pl.Series:
        """The names as written: each may be an id of the network in truth."""
        return self.spelled["name"].drop_nulls().unique()


def named_counterparties(book: Book) -> Counterparties:
    """Return everybody whom the transactions, activities and licences of a book name."""
    rows = mentions(book)
    named = (
        rows.select(SPELLED)
        .unique()
        .filter(pl.any_horizontal(pl.col("name", "address", "numbers").is_not_null()))
    )
    spelled = _with_ids(named.collect())
    subjects = (
        spelled.group_by("entity_id")
        .agg(pl.col("name", "country", "address", "numbers").drop_nulls().min())
        .select("entity_id", "name", "country", "address", identifiers=pl.col("numbers").str.split("; "))
    )
    texts = pl.concat(
        rows.select(field=pl.lit(field), text=column).drop_nulls().unique()
        for field, column in INNER_FIELDS.items()
    )
    inner = inner_names(texts.collect()).with_columns(entity_id=pl.lit(EMBEDDED) + folded(pl.col("name")))
    leads = inner.group_by("entity_id").agg(pl.col("name").min())
    every = pl.concat([subjects, leads], how="diagonal").sort("entity_id")
    return Counterparties(
        every, spelled, inner.select("field", "text", "entity_id"), pl.DataFrame(schema=NODES)
    )


def located(parties: Counterparties, owned: BookNetwork, by_name: bool) -> Counterparties:
    """Return the same with their `nodes`: by an id written as the name, an identifier, or on request by the name."""
    ids = owned.network.ids
    texts = parties.spelled.select("entity_id", node_id="name").drop_nulls().unique()
    found = [_existing(texts, owned)]
    given = parties.subjects.filter(pl.col("identifiers").list.len() > 0)
    if given.height:
        found.append(_bearers(number_keys(_as_entities(given)), owned))
    if by_name:
        named = parties.subjects.filter(~pl.col("entity_id").str.starts_with(EMBEDDED))
        wanted = name_keys(_as_entities(named), EDGES.empty().lazy()).select("entity_id", "evidence")
        entities = name_keys(owned.network.entities, EDGES.empty().lazy()).select(
            "evidence", node_id="entity_id"
        )
        found.append(wanted.join(entities, on="evidence").select(*NODES))
    nodes = pl.concat(found).unique().sort(*NODES)
    return replace(parties, nodes=nodes.filter(contains(ids, nodes["node_id"])))


def _with_ids(spelled: pl.DataFrame) -> pl.DataFrame:
    """Add the entity id: name and country, and a mark of address and numbers where there are any."""
    further = pl.concat_str("address", "numbers", separator="\0", ignore_nulls=True)
    more = spelled.select(
        pl.when(pl.any_horizontal(pl.col("address", "numbers").is_not_null())).then(further)
    ).to_series()
    marks = [
        None if text is None else "#" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        for text in more
    ]
    name, country = folded(pl.col("name")).fill_null("?"), pl.col("country").fill_null("?")
    return (
        spelled.with_columns(pl.Series("mark", marks, dtype=pl.String))
        .with_columns(
            entity_id=pl.concat_str(pl.lit(PREFIX), name, pl.lit("@"), country, pl.col("mark").fill_null(""))
        )
        .drop("mark")
    )


def folded(name: pl.Expr) -> pl.Expr:
    """Return a name as it stands in an entity id: in small letters, one space between words."""
    return name.str.to_lowercase().str.replace_all(r"\s+", " ")


def _existing(texts: pl.DataFrame, owned: BookNetwork) -> pl.DataFrame:
    """Return those of the texts that are ids of the network, or of an entity that was merged into one: `NODES`."""
    merged = owned.aliases.select(node_id="alias_id", kept_id="entity_id")
    joined = texts.join(merged, on="node_id", how="left", maintain_order="left")
    return joined.select("entity_id", node_id=pl.coalesce("kept_id", "node_id"))


def _bearers(wanted: pl.DataFrame, owned: BookNetwork) -> pl.DataFrame:
    """Return the entities of the network that bear one of these numbers, unless too many do: `NODES`."""
    evidence = wanted["evidence"].unique()
    keys = [
        number_keys(part).filter(pl.col("evidence").is_in(evidence.implode()))
        for part in owned.network.entities.iter_slices(100_000)
    ]
    borne = pl.concat([wanted.clear(), *keys]).filter(pl.len().over("evidence") <= BEARERS)
    return wanted.join(borne.rename({"entity_id": "node_id"}), on="evidence").select(*NODES)


def _as_entities(subjects: pl.DataFrame) -> pl.DataFrame:
    columns = [pl.col(c) if c in subjects.columns else pl.lit(None).alias(c) for c in ENTITIES.names]
    return subjects.select(columns).cast(pl.Schema(ENTITIES.schema()))
