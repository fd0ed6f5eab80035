"""NAME_HIDDEN: names that hide something, of the customer and of those around it."""

from __future__ import annotations

import polars as pl

from screening.compute.results import no_results, results
from screening.names.first_look import suspicious
from screening.names.hidden import TOO_LONG, hidden_signs
from screening.redflags.facts.inputs import Inputs
from screening.redflags.party_effects import role_words

RULE = "NAME_HIDDEN"
OWN, AROUND, LONG = "own", "around", "long"
"""Branches: a name of the customer, of somebody around it, and one that is only too long."""
COLUMNS = {"name": "name", "other_names": "other name", "parent_name": "declared parent's name"}
"""Columns of customers that hold names, and what each is called in a sentence."""
PERSONAL = ("director", "signatory", "beneficial_owner")


def of_customers(customers: pl.DataFrame) -> pl.DataFrame:
    """Return the leads on the names in the rows of customers: columns of `compute.results.RESULT`.

    `customers`: customer_id and those of `COLUMNS` that there are.

    >>> of_customers(pl.DataFrame({"customer_id": ["c"], "name": ["Hua\\u200bwei"]})).row(0)[2:4]
    ('own', 'name Hua<U+200B>wei')
    """
    parts = [no_results()]
    for column, words in COLUMNS.items():
        dtype = customers.schema.get(column, pl.Null())
        rows = customers.select("customer_id", text=column) if dtype != pl.Null else customers.head(0)
        rows = rows.explode("text") if isinstance(dtype, pl.List) else rows
        if rows.height:
            parts.append(
                leads(rows.with_columns(who=pl.lit(words)), AROUND if column == "parent_name" else OWN)
            )
    return pl.concat(parts)


def detect(inputs: Inputs) -> pl.DataFrame:
    """Return the leads on the names in transactions, activities and connections of customers."""
    people = inputs.connections.filter(pl.col("kind").is_in(PERSONAL))
    named = (
        (inputs.transactions, "customer_id", "counterparty", pl.col("role")),
        (inputs.activity, "customer_id", "end_user", pl.lit("end_user")),
        (people, "entity_id", "value", pl.col("kind")),
    )
    parts = [no_results()]
    for rows, customer, column, role in named:
        texts = rows[column].drop_nulls().unique()
        likely = texts.filter(suspicious(texts))
        if len(likely):
            concerned = rows.filter(pl.col(column).is_in(likely.implode()))
            who = concerned.select(customer_id=customer, text=column, who=role_words(role)).unique()
            parts.append(leads(who, AROUND))
    return pl.concat(parts)


def leads(rows: pl.DataFrame, branch: str) -> pl.DataFrame:
    """Return a result for each name that hides something. `rows`: customer_id, text, who (whose name it is)."""
    found = hidden_signs(rows["text"])
    if found.is_empty():
        return no_results()
    hiding = rows[found["row"]].with_columns(found["name"], found["signs"])
    only_long = pl.col("signs").str.contains(f"^[0-9,]+ {TOO_LONG}[^;]*$")
    return results(
        hiding,
        RULE,
        pl.when(only_long).then(pl.lit(LONG)).otherwise(pl.lit(branch)),
        subject=pl.concat_str(pl.col("who").fill_null("counterparty"), pl.lit(" "), "name"),
        figure=pl.col("signs"),
    ).unique()
