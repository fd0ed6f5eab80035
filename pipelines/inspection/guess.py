"""Which columns of a file are ours, guessed from their headers (`screening/data/policy/column_headers.csv`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import polars as pl

from pipelines.inputs.headers import fold
from pipelines.inputs.mapping import Source, headers, resolve
from screening.law.tables import table as policy_table
from screening.tables.inputs import INPUTS
from screening.tables.table import Column, Table

Guess = dict[str, Source]


def guess_columns(table: Table, text: pl.DataFrame, have: Sequence[str]) -> Guess:
    """Return where our columns of a table probably stand in a file, those under our own names among them.

    `text`: the rows as text. `have`: the headers. Parts of a name or an address are joined in the usual order; of
    several columns that may be the key, the first without blanks and repetitions is taken.

    >>> text = pl.DataFrame({"KUNNR": ["1"], "NAME1": ["Alpha"], "ORT01": ["Köln"], "STRAS": ["Ring 5"]})
    >>> guess_columns(INPUTS["customers"], text, text.columns)
    {'customer_id': 'KUNNR', 'name': 'NAME1', 'address': ('STRAS', 'ORT01')}
    """
    own, _ = resolve({}, table.names, have)
    hints = _hints(table.name, have)
    found: Guess = {}
    for column in table.columns:
        rows = [row for row in hints if row["column"] == column.name]
        if (source := _source(column, table, text, own.get(column.name), rows)) is not None:
            found[column.name] = source
    return found


def guess_table(text: pl.DataFrame, have: Sequence[str]) -> str:
    """Return the name of the table that a file most probably is: the one most of whose columns it has.

    A table whose needed columns are there goes before one that lacks any.
    """

    def fit(name: str) -> tuple[bool, int]:
        found = guess_columns(INPUTS[name], text, have)
        needed = all(column.name in found for column in INPUTS[name].columns if column.needed)
        used = {header for source in found.values() for header in headers(source)}
        ours, _ = resolve({}, INPUTS[name].names, have)
        return needed, len(used) + len(ours)

    return max(INPUTS, key=fit)


def count_hints(cells: Sequence[object]) -> int:
    """Count the cells of a row that are headers which we or usual systems use."""
    usual = set(policy_table("column_headers")["header"])
    ours = {fold(name) for table in INPUTS.values() for name in table.names}
    return sum(fold(str(cell)) in usual | ours for cell in cells if cell not in (None, ""))


def _hints(name: str, have: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of the table of headers that a file has, each with the header as the file spells it."""
    spelled: dict[str, str] = {}
    for header in have:
        spelled.setdefault(fold(header), header)
    rows = policy_table("column_headers").filter(pl.col("table") == name).to_dicts()
    return [row | {"spelled": spelled[row["header"]]} for row in rows if row["header"] in spelled]


def _source(
    column: Column, table: Table, text: pl.DataFrame, own: Source | None, rows: Sequence[dict[str, str]]
) -> Source | None:
    if column.kind == "texts" and "identifier" in column.holds:
        return _numbers(own, rows)
    parts = sorted((row for row in rows if row["part"]), key=lambda row: int(row["part"]))
    joined = _once([row["spelled"] for row in parts])
    first = [own] if isinstance(own, str) and own not in joined else []
    whole = _once([*first, *(row["spelled"] for row in rows if not row["part"])])
    if column.name in table.key or not column.holds or column.kind == "country":
        return _best(text, whole, is_key=column.name in table.key) or own
    chosen = _exclusive(text, whole, joined)
    return chosen[0] if len(chosen) == 1 else tuple(chosen) or None


def _numbers(own: Source | None, rows: Sequence[dict[str, str]]) -> Source | None:
    """Return type of number -> columns; a column of ours holds numbers that say their types themselves."""
    typed: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row["spelled"] != own:
            typed[row["id_type"]] = (*typed.get(row["id_type"], ()), row["spelled"])
    if not typed:
        return own
    further = {"other": own} if isinstance(own, str) else {}
    return further | {kind: names[0] if len(names) == 1 else names for kind, names in typed.items()}


def _best(text: pl.DataFrame, whole: Sequence[str], *, is_key: bool) -> str | None:
    if is_key:
        unique = (name for name in whole if _filled(text, name).all() and text[name].is_unique().all())
        return next(unique, next(iter(whole), None))
    return next((name for name in whole if _filled(text, name).any()), next(iter(whole), None))


def _exclusive(text: pl.DataFrame, whole: Sequence[str], parts: Sequence[str]) -> list[str]:
    """Return the first column that holds a whole value, and others that are filled only where it is blank."""
    chosen = list(whole[:1])
    for group in (*([name] for name in whole[1:]), list(parts)):
        if not group:
            continue
        if not chosen:
            chosen = group
            continue
        new, old = _any_filled(text, group), _any_filled(text, chosen)
        if new.any() and not (new & old).any():
            chosen += group
    return chosen


def _any_filled(text: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    return reduce(lambda left, right: left | right, (_filled(text, name) for name in names))


def _filled(text: pl.DataFrame, name: str) -> pl.Series:
    return (text[name].str.strip_chars() != "").fill_null(value=False)


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))
