"""The bounds of what may be lost of the inputs: a job that exceeds one stops before it writes a run.

Losing a few values is told and goes on; losing a column, or a file that fits no customer, is a fault of the whole file,
and a run would look clean for want of facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipelines.errors import InputRejected
from pipelines.inputs.strangers import referring_columns
from pipelines.inputs.unused import REFERENTS
from pipelines.job.joins import Join
from pipelines.job.limits import Limits
from screening.tables.accounts import FileAccount, IgnoredValues
from screening.tables.inputs import INPUTS
from screening.tables.table import Referent

FEW = 3
"""So many ignored values of a column stop no job, unless it has no others: one bad day among three is a slip."""
NETWORK = ("ownership", "entities")
JOINING = (*NETWORK, "activity", "connections", "transactions", "answers", "licences")
"""Tables that bring facts of customers. Names to watch for concern no customer; reviews and renamings that fit nobody
set nothing aside, so that less silence comes of them, not more."""


def check_set_aside(accounts: Sequence[FileAccount], limits: Limits) -> None:
    """Refuse files of which too many rows cannot be used. Raises InputRejected with all of them."""
    refuse(list(too_much_set_aside(accounts, limits)))


def check_bounds(accounts: Sequence[FileAccount], joins: Mapping[int, Join], limits: Limits) -> None:
    """Refuse inputs of which too much is lost. Raises InputRejected with everything that exceeds a bound.

    joins: number of the account -> how its file joins the customers.
    """
    breaches = (
        too_much_set_aside(accounts, limits),
        _too_much_ignored(accounts, joins, limits),
        _too_little_joined(accounts, joins, limits),
    )
    refuse([breach for each in breaches for breach in each])


def refuse(reasons: Sequence[str]) -> None:
    """Raise InputRejected where there are reasons to."""
    if reasons:
        raise InputRejected("The inputs cannot be used.", reasons)


def too_much_set_aside(accounts: Sequence[FileAccount], limits: Limits) -> Iterator[str]:
    """Name the files of which too much cannot be used: each is probably the wrong file."""
    for account in accounts:
        name = "max_rows_set_aside" if account.table == "customers" else "max_other_rows_set_aside"
        if account.table in NETWORK or account.set_aside <= getattr(limits, name) * account.rows:
            continue
        rows = "".join(f"\n  - {row}" for row in account.first_set_aside)
        yield (
            f"{account.file}: {account.set_aside} of {account.rows} rows cannot be used, more than "
            f"limits.{name} ({_percent(getattr(limits, name))}). Correct them, or raise that bound to go on without "
            f"them.{rows}"
        )


def _too_much_ignored(
    accounts: Sequence[FileAccount], joins: Mapping[int, Join], limits: Limits
) -> Iterator[str]:
    for number, account in enumerate(accounts):
        for lost in account.ignored:
            limit = limits.share_ignored(account.table, lost.column)
            if _exceeds(lost, limit) and not of_no_join(account.table, lost.column, joins.get(number)):
                yield _ignored_words(account, lost, limit)


def of_no_join(table: str, column: str, join: Join | None) -> bool:
    """Return whether a column's ids are of nobody because the whole file joins nobody, which is told as that."""
    referring = referring_columns().get(table)
    return bool(referring and referring.name == column and join and not join.rows)


def _exceeds(lost: IgnoredValues, limit: float) -> bool:
    """Tell whether too many values are ignored; a bound of 0 allows none, any other `FEW` of a column that has more."""
    if lost.share <= limit:
        return False
    return limit == 0 or lost.values > FEW or 1 < lost.values == lost.filled


def _ignored_words(account: FileAccount, lost: IgnoredValues, limit: float) -> str:
    examples = f", such as {', '.join(map(repr, lost.examples))}" if lost.examples else ""
    enough = min(1.0, -(-100 * lost.values // lost.filled) / 100)
    refers = _refers(account.table, lost.column)
    fault, loss = "cannot be read", "They would count as unknown, and what they hide would raise nothing"
    if refers:
        fault, loss = f"name {REFERENTS[refers]}", "Nothing would come of them"
    return (
        f"{account.file}: {lost.values} of {lost.filled} values of {lost.column} ({_percent(lost.share)}) {fault}"
        f"{examples}; limits.max_values_ignored allows {_percent(limit)}. {loss}. Correct them "
        f"(headwater inspect {account.file} shows how the file is read), or go on without them: "
        f"[limits.values_ignored.{account.table}] {_key(lost.column)} = {enough:g}"
    )


def _refers(table: str, column: str) -> Referent:
    declared = INPUTS[table]
    return declared.column(column).refers if column in declared.names else ""


def _too_little_joined(
    accounts: Sequence[FileAccount], joins: Mapping[int, Join], limits: Limits
) -> Iterator[str]:
    for number, join in joins.items():
        account, needed = accounts[number], limits.rows_joined(accounts[number].table)
        given = account.rows or account.set_aside
        if account.table not in JOINING or not given or join.through or join.rows >= needed:
            continue
        examples = f" (its ids are such as {', '.join(map(repr, join.strangers))})" if join.strangers else ""
        yield (
            f"{account.file}: {join.rows or 'none'} of {account.rows} rows of {account.table} are of a customer of the "
            f"book{examples}; limits.min_joined asks for {needed}. Give both files the same ids, or customers "
            f"identifiers that the file has too (headwater inspect shows which keys join), or go on without them: "
            f"[limits.joined] {account.table} = {join.rows}"
        )


def _key(column: str) -> str:
    """Write a column as TOML writes a key."""
    return column if column.replace("_", "").isalnum() else f'"{column}"'


def _percent(share: float) -> str:
    """Write a share in percent.

    >>> _percent(0.05), _percent(35 / 300)
    ('5%', '11.7%')
    """
    return f"{100 * share:.1f}".removesuffix(".0") + "%"
