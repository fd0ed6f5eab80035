"""Values that can be read and are none that anything here goes by: a rule that there is not, a word that no rule has.

They stay as they are written, for a rule of that name or another word is not the same as none.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from pipelines.inputs.files import ROW
from pipelines.inputs.problems import CLEANED, IGNORED, ROW_PROBLEMS
from screening.law import table as law_table
from screening.tables.table import Column, Referent, Table

NOTHING_COMES = ": nothing comes of it"
"""How the reason of a problem ends whose value stays and is of no use."""
REFERENTS: dict[Referent, str] = {
    "customer": "no customer of the book",
    "entity": "no customer of the book and no entity of the ownership files",
    "rule": "no rule",
}
"""What an id names that is none of what its column refers to."""
NO_WORD = "is none of the words that rules know"
SHOWN = 5


@cache
def _rule_ids() -> tuple[str, ...]:
    """Return the ids that an answer or a licence may speak to: of rules, and of certifications (Supp. 2(dd))."""
    return (*law_table("rules")["rule_id"], *law_table("certifications")["answer_id"])


def unused_values(typed: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return a problem for each id that names no rule, and one for each other word: the columns of `ROW_PROBLEMS`.

    `typed`: rows as they were read. A word is told once, with its first row and the number of its rows.
    """
    parts = [pl.DataFrame(schema=ROW_PROBLEMS)]
    for column in table.columns:
        if typed[column.name].null_count() == typed.height:
            continue
        if column.refers == "rule":
            parts.append(_no_rules(typed, column))
        elif column.kind == "word":
            parts.append(_other_words(typed, column))
    return pl.concat(parts)


def refers_to_nothing(refers: Referent) -> str:
    """Return the reason of a problem whose id is of nobody and nothing.

    >>> refers_to_nothing("rule")
    'names no rule: nothing comes of it'
    """
    return f"names {REFERENTS[refers]}{NOTHING_COMES}"


def _no_rules(typed: pl.DataFrame, column: Column) -> pl.DataFrame:
    named = pl.col(column.name)
    return _problems(
        typed.filter(named.is_not_null() & ~named.is_in(_rule_ids())).select(ROW, value=named),
        column,
        pl.lit(refers_to_nothing("rule")),
        IGNORED,
    )


def _other_words(typed: pl.DataFrame, column: Column) -> pl.DataFrame:
    word = pl.col(column.name).str.to_lowercase().str.replace_all(r"[\s-]+", "_")
    other = typed.filter(word.is_not_null() & ~word.is_in(column.choices))
    counted = other.group_by(value=column.name).agg(pl.col(ROW).min(), rows=pl.len()).sort(ROW)
    words = f"{NO_WORD} ({', '.join(column.choices)}), in "
    return _problems(counted, column, pl.format("{}{} rows", pl.lit(words), "rows"), CLEANED)


def _problems(rows: pl.DataFrame, column: Column, reason: pl.Expr, consequence: str) -> pl.DataFrame:
    named = rows.select(
        ROW, pl.lit(column.name).alias("column"), "value", reason.alias("reason"),
        pl.lit(consequence).alias("consequence"),
    )  # fmt: skip
    return named.cast(pl.Schema(ROW_PROBLEMS))


def word_remarks(problems: pl.DataFrame) -> list[str]:
    """Say of each file and column how many values are words that no rule knows, for the warnings of a run."""
    reason = pl.col("reason").str
    other = problems.filter(reason.starts_with(NO_WORD)).select(
        "file", "column", "value", rows=reason.extract(r"in (\d+) rows$").cast(pl.Int64)
    )
    words = other.sort("rows", "value", descending=[True, False]).group_by("file", "column")
    sums = words.agg(pl.col("rows").sum(), pl.col("value").unique(maintain_order=True))
    return [
        f"{file}: {rows} values of {column} are words that no rule knows: "
        f"{', '.join(map(repr, values[:SHOWN]))}{' and others' if len(values) > SHOWN else ''}."
        for file, column, rows, values in sums.sort("file", "column").rows()
    ]
