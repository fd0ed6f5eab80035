"""Which parties of payments are customers: by an account or number of theirs, else by a name that one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from pipelines.inputs.payments.message import BANK, Party
from screening.text import plain_name, plain_number

ACCOUNTS = ("account", "account_number", "account_no", "bank_account", "iban", "acct", "konto", "bank")
NUMBER, NAME, ID = "number", "name", "id"
SHORTEST = 5
"""Characters of a number that may name a customer."""


class Holder(NamedTuple):
    """A customer that a party is, and whether the message calls it as we do."""

    customer_id: str
    is_named: bool


def holders(
    parties: Sequence[Party], customers: Iterable[pl.DataFrame], connections: pl.DataFrame | None
) -> Mapping[Party, tuple[Holder, ...]]:
    """Return the customers that a party is, sorted; a party that is none is left out.

    A party is the customers with an equal account or number of the same type, or whose id its bank writes as the
    number of its customer. Where there is none, it is the one customer with its name; a name that several customers
    have names none of them. A bank is a customer by its numbers or name like anybody else.
    """
    wanted = _wanted(parties)
    if wanted.is_empty():
        return {}
    distinct = wanted.select("kind", "key").unique()
    found = [distinct.clear().with_columns(customer_id=pl.lit(None, pl.String))]
    ids: list[pl.Series] = []
    for part in customers:
        ids.append(part["customer_id"])
        found.append(
            _keys(part).join(distinct, on=["kind", "key"], how="semi").select("kind", "key", "customer_id")
        )
    if connections is not None and ids:
        accounts = connections.filter(
            pl.col("kind") == "bank", pl.col("entity_id").is_in(pl.concat(ids).implode())
        )
        keys = accounts.select(
            kind=pl.lit(NUMBER),
            key=pl.lit("account:") + plain_number(pl.col("value")),
            customer_id="entity_id",
        )
        found.append(keys.join(distinct, on=["kind", "key"], how="semi").select("kind", "key", "customer_id"))
    every = pl.concat(found).unique()
    one_name = (pl.col("kind") != NAME) | (pl.len().over("kind", "key") == 1)
    joined = wanted.join(every.filter(one_name), on=["kind", "key"])
    return dict(_chosen(parties, joined))


def _chosen(parties: Sequence[Party], joined: pl.DataFrame) -> Iterator[tuple[Party, tuple[Holder, ...]]]:
    by_party: dict[int, dict[str, set[str]]] = {}
    for number, kind, customer in joined.select("party", "kind", "customer_id").iter_rows():
        by_party.setdefault(number, {}).setdefault(kind, set()).add(customer)
    for number, kinds in by_party.items():
        sure, named = kinds.get(NUMBER, set()) | kinds.get(ID, set()), kinds.get(NAME, set())
        yield parties[number], tuple(Holder(one, one in named) for one in sorted(sure or named))


def _wanted(parties: Sequence[Party]) -> pl.DataFrame:
    """Return the keys of the parties: party (its place), kind, key. A bank's account here is somebody else's there."""
    rows: list[tuple[int, str, str]] = []
    for place, party in enumerate(parties):
        for text in party.identifiers:
            kind, _, value = text.partition(":")
            if party.role == BANK and kind in ACCOUNTS:
                continue
            rows.append((place, NUMBER, f"{_type(kind)}:{value}"))
        if party.customer_number:
            rows.append((place, ID, party.customer_number.strip()))
        if party.name:
            rows.append((place, NAME, party.name))
    schema = {"party": pl.Int64(), "kind": pl.String(), "text": pl.String()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.select("party", "kind", key=_plain()).filter(_is_long)


def _type(kind: str) -> str:
    return "account" if kind in ACCOUNTS else kind


def _plain() -> pl.Expr:
    text = pl.col("text")
    number = (
        text.str.extract(r"^(.*?):")
        + pl.lit(":")
        + plain_number(text.str.extract(r"([^:]*)$").str.replace(r"\([A-Za-z]{2}\)\s*$", ""))
    )
    return (
        pl.when(pl.col("kind") == NUMBER)
        .then(number)
        .when(pl.col("kind") == NAME)
        .then(plain_name(text))
        .otherwise(text)
    )


_is_long = (pl.col("kind") == ID) | (pl.col("key").str.extract(r"([^:]*)$").str.len_chars() >= SHORTEST)


def _keys(customers: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of customers: customer_id, kind, key."""
    kind = (
        pl.col("text")
        .str.extract(r"^(.*?):")
        .str.strip_chars()
        .str.to_lowercase()
        .str.replace_all(r"[\s-]+", "_")
    )
    typed = pl.when(kind.is_in(ACCOUNTS)).then(pl.lit("account")).otherwise(kind)
    numbers = (
        customers.select("customer_id", text="identifiers")
        .explode("text")
        .drop_nulls()
        .select(
            "customer_id",
            kind=pl.lit(NUMBER),
            text=typed + pl.lit(":") + pl.col("text").str.extract(r"([^:]*)$"),
        )
    )
    names = pl.concat(
        [
            customers.select("customer_id", kind=pl.lit(NAME), text="name"),
            customers.select("customer_id", kind=pl.lit(NAME), text="other_names").explode("text"),
        ]
    )
    own = customers.select("customer_id", kind=pl.lit(ID), text="customer_id")
    every = pl.concat([numbers, names, own]).drop_nulls("text")
    return every.select("customer_id", "kind", key=_plain()).filter(_is_long)
