"""What a judgement looks at, one number a customer: while it stays the same, so does the judgement.

For one with activity or transactions that is, beside its own row, all its facts as they were seen together. Who has
connections or answers may depend on anybody and on the day: such a customer has no number and is always judged anew.
"""

from __future__ import annotations

import polars as pl

from pipelines.hashing import marked, text_hashes
from pipelines.inputs.book import Book
from pipelines.inputs.contracts import CUSTOMERS
from pipelines.stages.known import Known, of
from screening.redflags.facts.age import age_marks, stale_before

DIGESTS = {"customer_id": pl.String(), "digest": pl.UInt64()}
PARENT = ("parent_id", "parent_name", "parent_hq_country", "basis", "unknown")


def digests(
    known: Known, customers: pl.DataFrame, matches: pl.DataFrame, users: pl.DataFrame
) -> pl.DataFrame:
    """Return the digest of each customer, in their order: columns of `DIGESTS`; null for one always judged anew.

    `matches`: as `known.matches` of these customers. `users`: the facts of those seen together.
    """
    parents = known.parents.select("customer_id", pl.col(PARENT).name.prefix("traced_"))
    beside = pl.concat(
        [
            _lines(rows)
            for rows in (
                matches,
                of(known.caught, customers),
                _stakes(known, customers),
                of(users, customers),
            )
        ]
    )
    joined = beside.group_by("customer_id").agg(pl.col("line").sort().str.join(""))
    rows = customers.join(parents, on="customer_id", how="left", maintain_order="left").join(
        joined, on="customer_id", how="left", maintain_order="left"
    )
    lists = [
        marked(pl.col(c).list.eval(marked(pl.element())).list.join(""))
        for c in ("other_names", "identifiers")
    ]
    own = [c.name for c in CUSTOMERS.columns if c.kind != "texts"]
    texts = rows.select(
        pl.concat_str(
            *(marked(pl.col(c).cast(pl.String)) for c in (*own, *parents.columns[1:], "line")),
            *lists,
            *(marked(mark.cast(pl.String)) for mark in age_marks(known.as_of)),
        )
    ).to_series()
    told = rows["customer_id"].is_in(tied(known.book).implode())
    return pl.DataFrame({"customer_id": rows["customer_id"], "digest": text_hashes(texts)}).with_columns(
        digest=pl.when(~told).then("digest")
    )


def tied(book: Book) -> pl.Series:
    """Return the ids of those who have connections or answers."""
    tables = ((book.answers, "customer_id"), (book.connections, "entity_id"))
    return pl.concat([pl.Series([], dtype=pl.String), *(t[c] for t, c in tables if t is not None)]).unique()


def _stakes(known: Known, customers: pl.DataFrame) -> pl.DataFrame:
    """Return what the detectors of stakes read of these customers: listed holders, ended ones too, and old records."""
    about = known.listed.select("matched_entity_id", "list", "party_name", "band", listed_on="start").unique()
    mine = of(known.stakes.rename({"owned_id": "customer_id"}), customers).join(
        about, left_on="owner_id", right_on="matched_entity_id", how="left"
    )
    return mine.with_columns(
        ended=pl.col("end") < known.as_of, stale=pl.col("source_date") < stale_before(known.as_of)
    )


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text: customer_id, line."""
    return rows.select("customer_id", line=pl.struct(pl.exclude("customer_id")).struct.json_encode())
