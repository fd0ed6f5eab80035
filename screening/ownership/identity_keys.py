"""By what two records may be recognised as one entity: identifiers, and names written alike.

A key is a text that both records give: "lei:5493001KJTIIGC8Y1R12", "acme ltd @ GB".
"""

from __future__ import annotations

import polars as pl

from screening.law.tables import table
from screening.ownership.edges import check_entities
from screening.ownership.register_numbers import companies_house
from screening.tables.inputs import EDGES
from screening.text import plain_name, plain_number

BEARERS = 10
"""An identifier that more entities bear names none of them: "0000", "applied for", a registration agent's own."""
COMPANIES_HOUSE, REGISTER, BRITISH = "gb-coh", "registration", "GB"
COUNTRY_BEHIND = r"\(([A-Za-z]{2})\)\s*$"
"""A country behind a number, as in 07000002 (GB)."""
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
    """Return `entity_id, evidence` for the identifiers in the records that are of a kind which can name anybody.

    A number of Companies House is one under any spelling of its type; so is a number of a register that is not named,
    or of no type at all, of a British entity, and then it has the key of either reading.
    """
    schemes = table("identifier_schemes").with_columns(pl.col("scheme").str.replace_all("-", "_"))
    same = dict(zip(schemes["scheme"], schemes["same_as"], strict=True))
    weak = schemes.filter(pl.col("merges") == "no")["same_as"].unique()
    seat = pl.coalesce("incorporation_country", "country", "hq_country")
    given = entities.select("entity_id", seat.alias("seat"), pl.col("identifiers").alias("text")).explode(
        "text"
    )
    parts = given.drop_nulls("text").with_columns(
        _scheme(pl.col("text").str.extract(r"^(.*?):")).replace(same).fill_null("").alias("scheme"),
        pl.col("text").str.extract(r"([^:]*)$").str.replace(COUNTRY_BEHIND, "").alias("number"),
        pl.coalesce(
            pl.col("text").str.extract(COUNTRY_BEHIND).str.to_uppercase().replace("UK", BRITISH), "seat"
        ).alias("seat"),
    )
    usable = parts.filter(~pl.col("scheme").is_in(weak.implode()))
    number = (
        pl.when(pl.col("scheme") == COMPANIES_HOUSE)
        .then(_registered("number"))
        .otherwise(plain_number(pl.col("number")))
    )
    plain = usable.with_columns(number.alias("value"))
    long = pl.col("number").pipe(plain_number).str.len_chars() >= pl.when(pl.col("scheme") == "").then(
        8
    ).otherwise(6)
    british = usable.filter(
        pl.col("scheme").is_in([REGISTER, ""]) & (pl.col("seat") == BRITISH) & long
    ).with_columns(pl.lit(COMPANIES_HOUSE).alias("scheme"), companies_house(pl.col("number")).alias("value"))
    return (
        pl.concat([plain, british])
        .filter(pl.col("value").str.len_chars() >= SHORTEST)
        .select("entity_id", pl.format("{}:{}", "scheme", "value").alias("evidence"))
    )


def _own_ids(entities: pl.DataFrame) -> pl.DataFrame:
    """Return `entity_id, evidence` for the id of each entity, read as an identifier."""
    scheme = pl.col("entity_id").str.extract(r"^(.*):").str.to_lowercase().fill_null("lei")
    number = pl.col("entity_id").str.extract(r"([^:]*)$")
    is_registered = scheme == COMPANIES_HOUSE
    value = pl.when(is_registered).then(_registered(number)).otherwise(plain_number(number))
    return entities.select("entity_id", pl.format("{}:{}", scheme, value).alias("evidence"))


def _registered(number: str | pl.Expr) -> pl.Expr:
    """Write a number of Companies House in full; what cannot be one stays as it is."""
    text = pl.col(number) if isinstance(number, str) else number
    return pl.coalesce(companies_house(text), plain_number(text))


def _scheme(written: pl.Expr) -> pl.Expr:
    """Write the type of a number as the table of schemes has it, whatever blanks and marks stand in it."""
    lower = written.str.strip_chars().str.to_lowercase().str.replace_all(r"[.#]", "")
    return lower.str.replace_all(r"[\s/-]+", "_").str.strip_chars("_")
