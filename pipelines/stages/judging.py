"""From everything known of the book to findings and cases, one range of customers at a time.

Customers with activities or transactions are seen together first: operations and accelerators add up over a group,
allocations over a country, and an item may have been ordered before by somebody else. Everybody else can be judged in
any division.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from lists.schema import LIST_CODES
from lists.store import ListSet
from pipelines.config import Config
from pipelines.inputs.book import Book
from pipelines.stages import hits, regimes
from pipelines.stages.network import BookNetwork
from screening.cases import assemble_cases, with_case_id
from screening.law import PeriodOverride
from screening.ownership.lineage import lineage
from screening.redflags import assess, coverage, plan_on
from screening.redflags.facts import assemble

SHARED = ("activity", "transactions")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the whole book before any customer is judged."""

    book: Book
    found: pl.DataFrame  # hits of everybody, with what the listing says and imposes
    related: pl.DataFrame  # entity_id, name, role, customer_id
    above: pl.DataFrame  # entity_id, ancestor_id
    nodes: pl.DataFrame  # customer_id, entity_id of the customers that are in the network
    restricted: pl.DataFrame  # by entity_id
    caught: pl.DataFrame  # the same by customer_id
    parents: pl.DataFrame
    listed: pl.DataFrame  # of the hits, those of whom others may share something with
    lists_missing: tuple[str, ...]
    as_of: date
    precautionary: frozenset[str]
    overrides: tuple[PeriodOverride, ...]

    def matches(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers, of everybody above them and of the people around them."""
        nodes = nodes_of(customers, self.nodes)
        above = self.above.join(nodes, on="entity_id", how="semi", maintain_order="left")
        return hits.of_customers(self.found, above, _of(self.related, customers), nodes)

    def facts(self, customers: pl.DataFrame, together: bool = False) -> pl.DataFrame:
        """Return the facts of customers without activities and transactions, or of all those with, `together`."""
        caught = _of(self.caught, customers)
        answers = self.book.answers
        shared = {name: getattr(self.book, name) for name in SHARED}
        if not together:
            shared = {name: None if rows is None else rows.clear() for name, rows in shared.items()}
        return assemble(
            customers,
            hits.speaking(self.matches(customers), caught),
            caught,
            _of(self.parents, customers),
            connections=self.book.connections,
            answers=None if answers is None else _of(answers, customers),
            as_of=self.as_of,
            lists_missing=self.lists_missing,
            listed=self.listed,
            edges=_of(self.book.edges, customers, "owned_id"),
            **shared,
        )


def learn(
    book: Book,
    owned: BookNetwork,
    found: pl.DataFrame,
    related: pl.DataFrame,
    listed: ListSet,
    as_of: date,
    config: Config,
) -> Known:
    """Run the 50 percent rules and gather what the customers are judged by. `found`: the hits of everybody."""
    network = owned.network
    restricted = regimes.restricted_entities(
        network, found, network.entities["entity_id"], config.ownership.remainder_floor
    )
    return Known(
        book=book,
        found=found,
        related=related,
        above=lineage(network, owned.nodes["entity_id"], _holders(owned, found)),
        nodes=owned.nodes,
        restricted=restricted,
        caught=owned.by_customer(restricted),
        parents=owned.by_customer(network.ultimate_parents()).rename({"hq_country": "parent_hq_country"}),
        listed=_of_third(book, found),
        lists_missing=tuple(sorted(set(LIST_CODES) - {ref.list for ref in listed.snapshots})),
        as_of=as_of,
        precautionary=frozenset(config.rules.precautionary),
        overrides=config.rules.periods,
    )


def nodes_of(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return customer_id, entity_id; a customer outside the network is its own node."""
    joined = customers.select("customer_id").join(nodes, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("entity_id", "customer_id").alias("entity_id"))


def judge(known: Known, customers: pl.DataFrame, users: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """Judge a range of customers; `users`: the facts of those seen together. Returns the tables
    cases, findings, matches, answers, patterns and tally."""
    facts = _facts(known, customers, users)
    assessed = assess(facts, known.as_of, known.precautionary, keep="material", overrides=known.overrides)
    findings = assessed.findings
    matches = known.matches(customers)
    cases = assemble_cases(customers, findings, matches, _of(known.caught, customers), assessed.unchecked)
    return {
        "cases": cases.sort("customer_id"),
        "findings": with_case_id(findings.drop("material")),
        "matches": matches.sort("customer_id", "matched_entity_id", "role", "party_id"),
        "answers": assessed.answers,
        "patterns": assessed.patterns,
        "tally": _tally(cases, findings),
    }


def covered(known: Known, judged: Iterable[Mapping[str, pl.DataFrame]]) -> pl.DataFrame:
    """Count over the ranges how many customers each rule could and could not be evaluated for."""
    parts = [(each["answers"], each["patterns"]) for each in judged]
    answers, patterns = (pl.concat(tables) for tables in zip(*parts, strict=True))
    return coverage(answers, patterns, plan_on(known.as_of, known.precautionary, known.overrides))


def _tally(cases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Count for `run.json`: name, count."""
    kinds = cases.group_by(name=pl.format("cases_{}", "recommendation")).agg(count=pl.len().cast(pl.Int64))
    whole = pl.DataFrame({"name": ["cases", "findings"], "count": [cases.height, findings.height]})
    return pl.concat([whole, kinds]).sort("name")


def _holders(owned: BookNetwork, found: pl.DataFrame) -> pl.Series:
    """Return who of those with a hit holds anything: nobody else stands above anybody."""
    holders = owned.network.edges["owner_id"].drop_nulls().unique()
    hit = found["matched_entity_id"].unique()
    return hit.filter(hit.is_in(holders.implode()))


def _of_third(book: Book, found: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of those with a stake, a connection or a transaction: they concern others who share it."""
    ids = [book.edges["owner_id"]]
    if book.connections is not None:
        ids.append(book.connections["entity_id"])
    if book.transactions is not None:
        ids.append(book.transactions["customer_id"])
    third = pl.DataFrame({"entity_id": pl.concat(ids).drop_nulls().unique()})
    return found.join(
        third, left_on="matched_entity_id", right_on="entity_id", how="semi", maintain_order="left"
    )


def _facts(known: Known, customers: pl.DataFrame, users: pl.DataFrame) -> pl.DataFrame:
    """Take the facts of those who use anything from where they were seen together, and make those of the others."""
    seen = users.join(customers.select("customer_id"), on="customer_id", how="semi")
    others = customers.join(seen.select("customer_id"), on="customer_id", how="anti")
    return pl.concat([known.facts(others), seen]).sort("customer_id")


def _of(rows: pl.DataFrame, customers: pl.DataFrame, key: str = "customer_id") -> pl.DataFrame:
    """Keep the rows that belong to these customers."""
    return rows.join(
        customers.select("customer_id"),
        left_on=key,
        right_on="customer_id",
        how="semi",
        maintain_order="left",
    )
