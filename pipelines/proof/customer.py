"""One customer of a run, and everybody who was compared for its sake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.errors import CustomerNotFound
from pipelines.run.folder import Run

SELF = "customer"
"""Role of the customer itself."""
OWNER, SAME_AS, SUFFIX = "owner", "same_as", "_owner"
SHOWN = 5
END_OF_NAME = 0
"""Closes each name among the words of a subject."""


@dataclass(frozen=True, slots=True)
class ScreenedCustomer:
    """A customer as a run compared and judged it.

    `row`, `rest`: fingerprints in hexadecimal of the columns that are compared, and of everything else that its
    assessment rests on; `rest` is None for a customer who is assessed anew every time.
    """

    customer_id: str
    entity_id: str
    names: tuple[str, ...]
    segment: str | None
    row: str
    rest: str | None
    pattern: int


def find_customer(run: Run, customer_id: str) -> ScreenedCustomer:
    """Return a customer of a run. Raises CustomerNotFound, which says what was set aside while reading, RunDamaged."""
    wanted = pl.lit(customer_id)
    rows = run.scan("fingerprints").filter(pl.col("kind") == SELF, pl.col("subject_id") == wanted).collect()
    if rows.is_empty():
        raise CustomerNotFound(_absent(run, customer_id))
    compared = rows.row(0, named=True)
    judged = run.scan("judgements").filter(pl.col("customer_id") == wanted).collect().row(0, named=True)
    return ScreenedCustomer(
        customer_id,
        compared["entity_id"],
        tuple(compared["names"]),
        compared["segment"],
        _hex(judged["row"]),
        _hex(judged["beside"]) if judged["beside"] else None,
        judged["pattern"],
    )


def screened_subjects(run: Run, customer: ScreenedCustomer) -> pl.DataFrame:
    """Return everybody who was compared for a customer's sake: role, entity_id, names, compared, below.

    The customer comes first. An owner of somebody with whom the customer deals has the role `<role>_owner`. `names`: as
    given; `compared`: how many names were compared, those inside a name too. `below`: of an owner, whom it owns.
    `names` is empty for somebody without a recorded name, and `entity_id` null for an undisclosed owner.
    """
    found = [_own(customer), _around(run, customer)]
    visited = {customer.entity_id}
    frontier = pl.concat(found).select("entity_id", "role")
    while True:
        nodes = _as_nodes(run, frontier)
        above = _related(run, nodes["entity_id"], [OWNER]).join(nodes, on="entity_id")
        role = pl.when(pl.col("below_role") == SELF).then(pl.lit(OWNER)).otherwise(_owner_of("below_role"))
        owners = above.select(role=role, entity_id="related_id", below="entity_id").unique()
        found.append(owners.sort("role", "below", "entity_id", nulls_last=True))
        fresh = owners.drop_nulls("entity_id").filter(
            ~pl.concat_str("role", pl.lit("\0"), "entity_id").is_in(list(visited))
        )
        if fresh.is_empty():
            return _named(run, pl.concat(found))
        visited |= set(fresh.select(pl.concat_str("role", pl.lit("\0"), "entity_id")).to_series())
        frontier = fresh.select("entity_id", "role").unique()


def _own(customer: ScreenedCustomer) -> pl.DataFrame:
    return pl.DataFrame(
        {"role": [SELF], "entity_id": [customer.entity_id], "below": [None]},
        schema=dict.fromkeys(("role", "entity_id", "below"), pl.String),
    )


def _around(run: Run, customer: ScreenedCustomer) -> pl.DataFrame:
    """Return the people around a customer and whom it deals with."""
    others = _related(run, pl.Series([customer.customer_id]), None).filter(
        ~pl.col("role").is_in([OWNER, SAME_AS])
    )
    return others.select("role", entity_id="related_id", below=pl.lit(None, pl.String)).sort(
        "role", "entity_id"
    )


def _as_nodes(run: Run, frontier: pl.DataFrame) -> pl.DataFrame:
    """Return the entities of the network that these are: entity_id, below_role."""
    same = _related(run, frontier["entity_id"], [SAME_AS]).join(
        frontier.rename({"role": "below_role"}), on="entity_id"
    )
    nodes = same.select("below_role", entity_id="related_id")
    own = frontier.select("entity_id", below_role="role").select("below_role", "entity_id")
    return pl.concat([own, nodes]).unique()


def _owner_of(role: str) -> pl.Expr:
    """Return the role of an owner of somebody in a role; an owner's owner has the role of the owner."""
    is_owner = (pl.col(role) == OWNER) | pl.col(role).str.ends_with(SUFFIX)
    return pl.when(is_owner).then(role).otherwise(pl.col(role) + SUFFIX)


def _related(run: Run, entity_ids: pl.Series, roles: list[str] | None) -> pl.DataFrame:
    rows = run.scan("relations").filter(
        pl.col("entity_id").is_in(entity_ids.drop_nulls().unique().sort().to_list())
    )
    return (rows if roles is None else rows.filter(pl.col("role").is_in(roles))).collect()


def _named(run: Run, subjects: pl.DataFrame) -> pl.DataFrame:
    """Add the names as they were given, and how many were compared: also those that stand inside a name."""
    once = subjects.unique(maintain_order=True)
    ids = once["entity_id"].drop_nulls().unique().to_list()
    ends = pl.col("words").list.eval(pl.element() == END_OF_NAME).list.sum().alias("compared")
    of_subjects = run.scan("fingerprints").filter(pl.col("entity_id").is_in(ids))
    named = of_subjects.select("entity_id", "names", ends.cast(pl.Int64)).collect()
    names = named.group_by("entity_id").agg(
        pl.col("names").explode(empty_as_null=False).drop_nulls().unique().sort(), pl.col("compared").sum()
    )
    joined = once.join(names, on="entity_id", how="left", maintain_order="left")
    filled = joined.with_columns(pl.col("names").fill_null([]), pl.col("compared").fill_null(0))
    return filled.select("role", "entity_id", "names", "compared", "below")


def _absent(run: Run, customer_id: str) -> str:
    """Say why a run has no such customer, as far as it tells."""
    problems = run.table("problems").filter(
        pl.col("table") == "customers", pl.col("consequence") == "row_set_aside"
    )
    named = problems.filter(pl.col("value") == customer_id)
    head = f"{run.path}: no customer {customer_id!r} was screened in this run."
    if named.height:
        return f"{head} Its row was set aside: {_rows(named)}. Correct the row and screen again."
    count = problems.select("file", "row").n_unique()
    if not count:
        return f"{head} No row of the customers was set aside, so the file did not hold it. Check the id."
    return (
        f"{head} {count} rows of the customers were set aside while reading and it may be one of them: "
        f"{_rows(problems)}. The table problems lists all."
    )


def _rows(problems: pl.DataFrame) -> str:
    shown: list[dict[str, Any]] = problems.head(SHOWN).to_dicts()
    texts = [f"{row['file']} row {row['row']}, {row['column']}: {row['reason']}" for row in shown]
    more = problems.height - len(texts)
    return "; ".join(texts) + (f"; and {more} more" if more > 0 else "")


def _hex(halves: dict[str, int]) -> str:
    return f"{halves['high']:016x}{halves['low']:016x}"
