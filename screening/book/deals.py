"""Whom customers deal with, as far as it matters: the counterparties that were matched or are owned by listed parties.

A dealing is a customer, a role and a counterparty, with the transactions, activities and licences that name it there.
"""

from __future__ import annotations

import polars as pl

from screening.book.counterparties import INNER_FIELDS, Counterparties
from screening.book.mentions import SPELLED, mentions
from screening.redflags.party_effects import OWNER_SUFFIX, role_class
from screening.tables.book import Book

EMBEDDED_ROLE = "embedded"
TAKING = "intermediate_consignee"
"""Role of an agent who takes the goods abroad (15 CFR 748.5(d))."""
AGENTS = ("agent", "bank", "payer", "applicant")
ITEMS_SHOWN = 3
OCCASIONS = {"transactions": "transaction", "activity": "activity", "licences": "licence"}
PLURALS = {"transaction": "transactions", "activity": "activities", "licence": "licences"}
STATED = ("counterparty", "transactions", "first_day", "last_day")
"""What the table `matches` says of a dealing."""
FURTHER = ("occasions", "items", "possession", "service", "licensed", "field")
"""What only the rules read of it."""
DEALS = {
    **dict.fromkeys(("customer_id", "role", "entity_id", "counterparty"), pl.String()),
    "transactions": pl.Int64(),
    "first_day": pl.Date(),
    "last_day": pl.Date(),
    **dict.fromkeys(("occasions", "items", "possession"), pl.String()),
    "service": pl.Boolean(),
    "licensed": pl.Boolean(),
    "field": pl.String(),
}
LICENCE = r"\d"
"""What the number of a licence has, and the letters of a licence exception have not."""


def dealings(book: Book, parties: Counterparties, entity_ids: pl.Series) -> pl.DataFrame:
    """Return whom customers deal with among these counterparties: columns of `DEALS`, sorted.

    Rows of one customer, role and name are one dealing, whatever else they say of the counterparty.
    """
    wanted = pl.col("entity_id").is_in(entity_ids.implode())
    spelled, inner = parties.spelled.filter(wanted), parties.inner.filter(wanted)
    if spelled.is_empty() and inner.is_empty():
        return pl.DataFrame(schema=DEALS)
    rows = mentions(book)
    named = rows.join(spelled.lazy(), on=SPELLED, how="semi", nulls_equal=True)
    quoting = [
        rows.join(texts.lazy(), left_on=INNER_FIELDS[str(field)], right_on="text", how="semi")
        for (field,), texts in inner.group_by("field")
    ]
    customers = pl.concat(each.select("customer_id") for each in (named, *quoting)).unique().collect()
    read = mentions(book, customers["customer_id"]).collect()
    found = [
        read.join(spelled, on=SPELLED, nulls_equal=True).with_columns(
            counterparty=pl.coalesce("name", "address", "numbers"),
            field=pl.lit(None, pl.String),
            role=_role(),
        )
    ]
    for (field,), texts in inner.group_by("field"):
        column = INNER_FIELDS[str(field)]
        holding = read.join(texts, left_on=column, right_on="text")
        found.append(holding.with_columns(counterparty=column, role=pl.lit(EMBEDDED_ROLE)))
    return _summarised(pl.concat(found, how="diagonal"))


def _role() -> pl.Expr:
    takes = (pl.col("possession") == "yes") & role_class(pl.col("role")).is_in(AGENTS)
    return pl.when(takes).then(pl.lit(TAKING)).otherwise("role")


def _summarised(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum up the rows of each customer, role and name, and say so for each entity that the name may stand for."""
    key = ["customer_id", "role", "field", "called"]
    rows = rows.with_columns(called=pl.col("counterparty").str.to_lowercase().str.replace_all(r"\s+", " "))
    counted = [
        pl.col("occasion").filter(pl.col("source") == source).n_unique().alias(f"_{source}")
        for source in OCCASIONS
    ]
    possession = pl.col("possession")
    sums = rows.group_by(key).agg(
        pl.col("counterparty").min(),
        *counted,
        first_day=pl.col("day").min(),
        last_day=pl.col("day").max(),
        items=pl.col("item").drop_nulls().unique().sort().head(ITEMS_SHOWN).str.join(", ").replace("", None),
        possession=pl.when((possession == "no").fill_null(False).all())
        .then(pl.lit("no"))
        .when((possession == "unknown").any())
        .then(pl.lit("unknown")),
        service=pl.col("service").fill_null(False).all(),
        licensed=pl.col("licence_ref").str.contains(LICENCE).fill_null(False).all(),
    )
    words = [
        pl.when(pl.col(f"_{source}") == 1)
        .then(pl.lit(f"1 {word}"))
        .when(pl.col(f"_{source}") > 1)
        .then(pl.format(f"{{}} {PLURALS[word]}", f"_{source}"))
        for source, word in OCCASIONS.items()
    ]
    summed = sums.with_columns(
        transactions=pl.sum_horizontal(f"_{source}" for source in OCCASIONS).cast(pl.Int64),
        occasions=pl.concat_str(words, separator=" and ", ignore_nulls=True),
    )
    pairs = rows.select(*key, "entity_id").unique()
    return (
        pairs.join(summed, on=key, nulls_equal=True)
        .select(pl.col(name).cast(dtype) for name, dtype in DEALS.items())
        .sort("customer_id", "role", "entity_id", "counterparty", "field", nulls_last=True)
    )


def touched(parties: Counterparties, matched: pl.Series, above: pl.Series) -> pl.Series:
    """Return the counterparties that matter: matched themselves, or as somebody of the network, or owned by such.

    `matched`: entity_id of everybody who was matched. `above`: entity_id of everybody who has one of them, or a listed
    owner, above.
    """
    own = parties.subjects.filter(pl.col("entity_id").is_in(matched.implode()))["entity_id"]
    concerned = pl.concat([matched, above]).unique()
    through = parties.nodes.filter(pl.col("node_id").is_in(concerned.implode()))["entity_id"]
    return pl.concat([own, through]).unique().sort()


def matched_as(deals: pl.DataFrame, parties: Counterparties, ancestors: pl.DataFrame) -> pl.DataFrame:
    """Return as whom counterparties may be matched: `DEALS` with matched_entity_id in place of entity_id.

    Themselves; the entity of the network that they are; and in the role of an owner everybody above that. `ancestors`:
    entity_id, ancestor_id.
    """
    nodes = deals.join(parties.nodes, on="entity_id", maintain_order="left")
    owners = nodes.join(
        ancestors, left_on="node_id", right_on="entity_id", maintain_order="left"
    ).with_columns(pl.col("role") + OWNER_SUFFIX, matched_entity_id="ancestor_id")
    columns = [*(name for name in DEALS if name != "entity_id"), "matched_entity_id"]
    ways = (
        deals.with_columns(matched_entity_id="entity_id"),
        nodes.with_columns(matched_entity_id="node_id"),
        owners,
    )
    return pl.concat(each.select(columns) for each in ways).unique(maintain_order=True)


def tied_parties(deals: pl.DataFrame, parties: Counterparties, ties: pl.DataFrame) -> pl.DataFrame:
    """Return the ties of counterparties to blocked persons, by customer_id and role, sorted. `ties`: by entity_id."""
    rows = deals.join(parties.nodes, on="entity_id", maintain_order="left").join(
        ties.rename({"entity_id": "node_id"}), on="node_id", maintain_order="left"
    )
    return rows.drop("field", "licensed", "entity_id", "node_id").sort(
        "customer_id", "role", "counterparty", "kind", "band", "above", nulls_last=True
    )


def restricted_parties(
    deals: pl.DataFrame, parties: Counterparties, restricted: pl.DataFrame, entities: pl.DataFrame
) -> pl.DataFrame:
    """Return the results of the 50 percent rules about counterparties, by customer_id and role, sorted.

    `restricted`: by entity_id. `entities`: those of the network. Columns: those of both, and place: where the
    counterparty is organised, or else where it is.
    """
    about = entities.select(node_id="entity_id", organised="incorporation_country")
    countries = parties.subjects.select("entity_id", "country")
    rows = (
        deals.join(parties.nodes, on="entity_id", maintain_order="left")
        .join(restricted.rename({"entity_id": "node_id"}), on="node_id", maintain_order="left")
        .join(about, on="node_id", how="left", maintain_order="left")
        .join(countries, on="entity_id", how="left", maintain_order="left")
    )
    placed = rows.with_columns(place=pl.coalesce("organised", "country"))
    return placed.drop("organised", "country", "field", "licensed").sort(
        "customer_id", "role", "counterparty", "regime"
    )
