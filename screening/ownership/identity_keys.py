"""By what two records may be recognised as one entity: identifiers, and names written alike.

A key is a text that both records give: "lei:5493001KJTIIGC8Y1R12", "acme ltd @ GB".
"""

from __future__ import annotations

import polars as pl

from screening.law.tables import table
from screening.ownership.edges import check_entities
from screening.tables.inputs import EDGES
from screening.text import plain_name, plain_number

BEARERS = 10
"""An identifier that more entities bear names none of them: "0000", "applied for", a registration agent's own."""
SHORTEST = 4
"""An identifier or a name of fewer letters and digits names nobody."""


def identity_keys(entities: pl.DataFrame) -> pl.DataFrame:
    """Return every key of every entity: columns `entity_id, evidence` (the key), `basis`.

    Identifiers, the entity's own id among them (basis `identifier`), and names (basis `name_and_country` or `name`).
    `entities`: as ENTITIES. Unlike in `merge`, nobody else needs to bear a key.

    >>> given = pl.DataFrame({"entity_id": ["x1"], "name": ["Acme, Ltd."], "identifiers": [["vat:DE 12345"]]})
    >>> identity_keys(given)["evidence"].sort().to_list()
    ['acme ltd @ ?', 'lei:X1', 'vat:DE12345']
    """
    given = check_entities(entities)
    numbers = number_keys(given).with_columns(basis=pl.lit("identifier"))
    return pl.concat([numbers, name_keys(given, EDGES.empty().lazy())]).sort("evidence", "entity_id")


def number_keys(entities: pl.DataFrame) -> pl.DataFrame:
    """Return `entity_id, evidence` for the identifiers of entities and for their own ids, read as identifiers.

    >>> number_keys(pl.DataFrame({"entity_id": ["x1"], "identifiers": [["vat:DE 12345"]]}))["evidence"].sort().to_list()
    ['lei:X1', 'vat:DE12345']
    """
    given = check_entities(entities)
    return pl.concat([_borne(given), _own_ids(given)]).unique()


def identifier_keys(entities: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `entity_id, evidence` for identifiers that name one entity, and `evidence, entities` for too common ones.

    An entity's own id counts as the identifier that another record gives it (an LEI, "GB-COH:01234567").
    """
    usable = _borne(entities)
    bearing = entities if usable.height else entities.clear()
    own = _own_ids(bearing).join(usable.select("evidence").unique(), on="evidence", how="semi")
    keys = pl.concat([usable, own]).unique()
    bearers = keys.group_by("evidence").agg(pl.len().alias("entities"))
    too_common = bearers.filter(pl.col("entities") > BEARERS).sort("evidence")
    return keys.join(too_common, on="evidence", how="anti"), too_common


def name_keys(entities: pl.DataFrame, edges: pl.LazyFrame) -> pl.DataFrame:
    """Return `entity_id, evidence, basis` for names written alike, those in the edges too; with a country if given."""
    edge_names = pl.concat(
        edges.select(pl.col(f"{end}_id").alias("entity_id"), pl.col(f"{end}_name").alias("name"))
        for end in ("owner", "owned")
    )
    names = edge_names.drop_nulls().unique().collect()
    place = pl.coalesce("incorporation_country", "country", "hq_country").alias("place")
    everybody = pl.concat(
        [entities.select("entity_id", "name", place), names.with_columns(place=None)], how="diagonal"
    )
    named = everybody.with_columns(plain_name(pl.col("name"))).filter(
        pl.col("name").str.len_chars() >= SHORTEST
    )
    one = named.group_by("entity_id", "name").agg(pl.col("place").drop_nulls().first())
    return one.select(
        "entity_id",
        pl.concat_str("name", pl.lit(" @ "), pl.col("place").fill_null("?")).alias("evidence"),
        pl.when(pl.col("place").is_null())
        .then(pl.lit("name"))
        .otherwise(pl.lit("name_and_country"))
        .alias("basis"),
    )


def _borne(entities: pl.DataFrame) -> pl.DataFrame:
    """Return `entity_id, evidence` for the identifiers in the records that are of a kind which can name anybody."""
    schemes = table("identifier_schemes")
    same = dict(zip(schemes["scheme"], schemes["same_as"], strict=True))
    weak = schemes.filter(pl.col("merges") == "no")["scheme"]
    item = pl.col("identifier")
    given = entities.select("entity_id", pl.col("identifiers").alias("identifier")).explode("identifier")
    parts = given.drop_nulls("identifier").with_columns(
        item.str.extract(r"^(.*):").str.strip_chars().str.to_lowercase().replace(same).alias("scheme"),
        plain_number(item.str.extract(r"([^:]*)$")).alias("value"),
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
            plain_number(pl.col("entity_id").str.extract(r"([^:]*)$")),
        ).alias("evidence"),
    )
