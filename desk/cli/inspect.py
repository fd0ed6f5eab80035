"""`headwater inspect FILE`: how a file would be read, before anybody is screened with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pipelines.inspection import Inspection

CLEAN = "none"


def inspect(
    file: Annotated[Path, typer.Argument(help="A file that you mean to hand over.")],
    kind: Annotated[
        str | None,
        typer.Option(help="Which table it is: customers, ownership, transactions ... Default: guessed."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Its encoding, such as cp1251, where it is not UTF-8.")
    ] = None,
    other: Annotated[
        Path | None, typer.Option("--with", help="Another file: which keys of the two join?")
    ] = None,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print nothing but the mapping of columns, to be kept.")
    ] = False,
) -> None:
    """Show how a file would be read: format, encoding, columns, values that would be ignored, keys that join."""
    from dataclasses import asdict

    from desk.cli.options import check_encoding
    from desk.cli.output import emit, is_terminal
    from pipelines.inspection import TABLES, inspect_file

    if kind is not None and kind not in TABLES:
        raise typer.BadParameter(f"there are {', '.join(TABLES)}", param_hint="--kind")
    if encoding is not None:
        check_encoding(encoding)
    result = inspect_file(file, kind, encoding, other)
    if toml:
        typer.echo(result.toml)
    elif is_terminal():
        _show(result)
    else:
        emit([asdict(result)], ())


def _show(result: Inspection) -> None:
    from desk.cli.output import console, emit, note, safe

    screen = console()
    screen.print(safe(f"{result.file}: {_form(result)}"), soft_wrap=True)
    screen.print(f"read as {result.table}: {result.usable:,} of {result.rows:,} rows can be used")
    emit(
        ({"ours": ours, "in the file": " + ".join(theirs)} for ours, theirs in result.columns.items()),
        ("ours", "in the file"),
        title="Columns",
    )
    if result.unused:
        screen.print(safe(f"Columns that are not used: {', '.join(result.unused)}"), soft_wrap=True)
    if result.toml:
        screen.print("\nTo be pasted into the file that --config names:\n")
        screen.print(result.toml, soft_wrap=True)
        screen.print()
    _troubles("Values that would be ignored", result.ignored)
    _troubles("Rows that would be set aside", result.set_aside)
    if result.identifiers:
        types = (
            {"type": each.type, "numbers": each.count, "recognized": "yes" if each.recognized else "no"}
            for each in result.identifiers
        )
        emit(types, ("type", "numbers", "recognized"), title="Types of numbers")
    keys = ({"key": key, "different values": count} for key, count in result.keys.items())
    emit(keys, ("key", "different values"), title="Keys by which other files join")
    if result.joins:
        emit(
            map(_join, result.joins), ("key", "with", "joined", "example"), title="Joins with the other file"
        )
    elif result.joins is not None:
        note("no key of the one file stands in the other: screened together they would say nothing")
    if result.refused:
        note(result.refused)


def _form(result: Inspection) -> str:
    form = result.form
    parts = [form.format + (", gzipped" if form.gzip else "")]
    if form.encoding:
        parts.append(f"{form.encoding} ({form.encoding_shown_by})")
    if form.separator:
        parts.append(f"separated by {form.separator}")
    if form.line_end:
        parts.append(f"line ends {form.line_end}")
    if form.header_row:
        parts.append(f"header in row {form.header_row}")
    return "; ".join(parts)


def _troubles(title: str, troubles: Iterable[Any]) -> None:
    from desk.cli.output import console, emit

    rows = [
        {
            "column": each.column,
            "count": each.count,
            "why": each.reason,
            "rows": ", ".join(map(str, each.rows)) + (" ..." if each.count > len(each.rows) else ""),
            "examples": " | ".join(each.examples),
        }
        for each in troubles
    ]
    if rows:
        emit(rows, ("column", "count", "why", "rows", "examples"), title=title)
    else:
        console().print(f"{title}: {CLEAN}")


def _join(join: Any) -> dict[str, str]:
    return {
        "key": join.key,
        "with": join.other_key,
        "joined": f"{join.joined:,} of {join.values:,}",
        "example": join.example or "",
    }
