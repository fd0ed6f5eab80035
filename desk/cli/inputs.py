"""What a run was given, for its end on a terminal: a line while all is well, a table where something is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from desk.cli.output import safe, table

COLUMNS = ("file", "rows", "set_aside", "values_ignored", "of_customers")


def print_inputs(screen: Console, health: Mapping[str, Any]) -> None:
    """Print the files with what was lost of each, and the lists that were not screened."""
    files = health["files"]
    if any(row["rows_set_aside"] or row["values_ignored"] for row in files):
        screen.print(table(map(_row, files), COLUMNS, "What went in"))
    else:
        named = "; ".join(f"{safe(row['file'])} {row['rows']:,}{_joined(row)}" for row in files)
        screen.print(Text(f"Read, with nothing set aside or ignored: {named}."))
    absent = health["lists_not_loaded"]
    if absent:
        codes = ", ".join(row["list"] for row in absent)
        screen.print(Text(f"Lists not screened: {codes} (run.json says why)."))


def _row(file: Mapping[str, Any]) -> dict[str, str]:
    lost = ", ".join(
        f"{row['column']} {row['values']:,} of {row['filled']:,}" for row in file["values_ignored"]
    )
    return {
        "file": file["file"],
        "rows": f"{file['rows']:,}",
        "set_aside": f"{file['rows_set_aside']:,}",
        "values_ignored": lost,
        "of_customers": _joined(file).removesuffix(" of customers)").strip(" ()"),
    }


def _joined(file: Mapping[str, Any]) -> str:
    """Say how many rows of a file are of customers."""
    join = file["joined"]
    if join is None:
        return ""
    return f" (by way of {safe(join['through'])})" if join["through"] else f" ({join['rows']:,} of customers)"
