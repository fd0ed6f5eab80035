"""Which columns of a file hold ours: one, several that are joined, or one for each type of number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from pipelines.inputs.files import NESTED, SEVERAL
from pipelines.inputs.headers import fold
from screening.tables.table import Column, Table

Named = str | tuple[str, ...]
Source = Named | Mapping[str, Named]
"""The column of a file, several to be joined, or type of number -> columns that hold numbers of that type."""
ColumnMap = Mapping[str, Source]
"""Our column -> where it stands in a file."""


def headers(source: Source) -> tuple[str, ...]:
    """Return the columns of the file that a source names.

    >>> headers("NAME1"), headers(("NAME1", "NAME2")), headers({"vat": "STCEG"})
    (('NAME1',), ('NAME1', 'NAME2'), ('STCEG',))
    """
    if isinstance(source, str):
        return (source,)
    if isinstance(source, Mapping):
        return tuple(header for named in source.values() for header in headers(named))
    return tuple(source)


def resolve(
    columns: ColumnMap, names: Sequence[str], have: Collection[str]
) -> tuple[dict[str, Source], list[str]]:
    """Return where each of our columns `names` stands in a file with the headers `have`, and what is unclear.

    A column that `columns` does not name is the one of the same name, or else of the same name but for case, blanks
    and punctuation ("Customer ID").

    >>> resolve({"name": "NAME1"}, ["customer_id", "name", "country"], ["Customer ID", "NAME1"])
    ({'customer_id': 'Customer ID', 'name': 'NAME1'}, [])
    """
    taken = {header for source in columns.values() for header in headers(source)} | set(names)
    alike: dict[str, list[str]] = {}
    for header in have:
        if header not in taken:
            alike.setdefault(fold(header), []).append(header)
    found: dict[str, Source] = {}
    unclear = []
    for name in names:
        spelled = alike.get(fold(name), [])
        if name in columns:
            found[name] = columns[name]
        elif name in have:
            found[name] = name
        elif len(spelled) == 1:
            found[name] = spelled[0]
        elif spelled:
            unclear.append(f"{name} may be {' or '.join(map(repr, spelled))}: name one of them in the config")
    return found, unclear


def present(source: Source, have: Collection[str]) -> Source | None:
    """Return what of a source is there, or None.

    >>> present(("a", "b"), ["b"]), present("a", ["b"])
    (('b',), None)
    """
    if isinstance(source, str):
        return source if source in have else None
    if isinstance(source, Mapping):
        parts = {kind: tuple(one for one in headers(named) if one in have) for kind, named in source.items()}
        return {kind: named for kind, named in parts.items() if named} or None
    return tuple(header for header in source if header in have) or None


def fault(table: Table, name: str, source: Source) -> str | None:
    """Return why a source cannot be that of a column, or None."""
    if not isinstance(source, str) and not source:
        return f"{name} names no column of the file"
    column = table.column(name)
    if isinstance(source, Mapping) and not (column.kind == "texts" and "identifier" in column.holds):
        return f"{name} holds no numbers: name one column of the file, or several as a list"
    return None


def expression(column: Column, source: Source) -> pl.Expr:
    """Return the expression that takes one of our columns from a file."""
    if isinstance(source, str):
        return pl.col(source)
    if isinstance(source, Mapping):
        parts = [_numbers(kind, header) for kind, named in source.items() for header in headers(named)]
    else:
        parts = [_filled(header) for header in source]
    nested = pl.any_horizontal(
        pl.col(header).cast(pl.String).str.starts_with(NESTED) for header in headers(source)
    )
    mark = pl.when(nested).then(pl.lit(NESTED)).otherwise(pl.lit(""))
    joined = pl.concat_str(parts, separator=_joint(column), ignore_nulls=True)
    return pl.when(joined != "").then(mark + joined)


def _joint(column: Column) -> str:
    if column.kind in ("texts", "countries"):
        return "; "
    return ", " if "address" in column.holds else " "


def _filled(header: str) -> pl.Expr:
    text = pl.col(header).cast(pl.String).str.strip_prefix(SEVERAL).str.strip_chars(" \t\r\n\0")
    return pl.when(text != "").then(text)


def _numbers(kind: str, header: str) -> pl.Expr:
    """Write the type before each number of a column; a number that has a type already keeps it."""
    parts = _filled(header).str.split(";").list.eval(pl.element().str.strip_chars())
    number = pl.element()
    typed = pl.when(number.str.contains(":")).then(number).otherwise(pl.lit(f"{kind}:") + number)
    filled = parts.list.eval(number.filter(number != "")).list.eval(typed).list.join("; ")
    return pl.when(filled != "").then(filled)
