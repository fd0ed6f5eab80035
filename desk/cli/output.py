"""How rows reach the reader: a table on a terminal, JSON lines in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.cli import logs

WIDTH_WITHOUT_TERMINAL = 120


def is_terminal() -> bool:
    """Tell whether a person reads standard output."""
    return sys.stdout.isatty()


def console() -> Console:
    """Return the console that people read; never interprets markup in data."""
    return Console(markup=False, highlight=False, width=None if is_terminal() else WIDTH_WITHOUT_TERMINAL)


def emit(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], title: str | None = None) -> None:
    """Print rows: the named columns as a table on a terminal, every column as JSON lines in a pipe."""
    if not is_terminal():
        for row in rows:
            sys.stdout.write(as_json(row) + "\n")
        return
    console().print(table(rows, columns, title))


def as_json(row: Mapping[str, Any], option: int | None = None) -> str:
    """Write a row as JSON in which every character that is not printed is an escape: a pipe may end at a terminal.

    >>> as_json({"name": "Hua\u200bwei\u202e \x1b[31m"})
    '{"name":"Hua\\\\u200bwei\\\\u202e \\\\u001b[31m"}'
    """
    text = orjson.dumps(dict(row), default=str, option=option).decode()
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\n" else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    return json.dumps(letter)[1:-1] if ord(letter) != 0x7F else "\\u007f"


def note(message: str) -> None:
    """Write a remark, which is no part of the result, on standard error: for a person, or into the log."""
    if logs.asked():
        logs.log("warning", "note", message=message)
        return
    Console(stderr=True, markup=False, highlight=False).print(
        Text(f"! {safe(message)}", style="yellow"), soft_wrap=True
    )


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], title: str | None = None) -> Table:
    """Build a table of the named columns; control characters in data are made visible, not obeyed."""
    drawn = Table(title=title, title_justify="left", header_style="bold", show_lines=False)
    for column in columns:
        drawn.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(_cell(column, row.get(column))) for column in columns))
    return drawn


def _cell(column: str, value: object) -> str:
    """Write a value of a table; scores as everywhere else."""
    if isinstance(value, float) and (column == "score" or column.endswith("_score")):
        from screening.text import format_score

        return format_score(value)
    return safe(value)


def safe(value: object) -> str:
    """Write a value for a terminal: lists joined, control characters replaced.

    >>> safe(["a", None, "b\\x1b[31m"])
    'a, , b�[31m'
    """
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(safe(part) for part in value)
    if isinstance(value, float):
        return f"{value:.3f}"
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in str(value)
    )
