"""The first sheet of an XLSX workbook as text: its header is found, and its extent bounded before it is read."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, time
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.headers import fold
from pipelines.inputs.sheet_extent import first_sheet_extent

MAX_CELLS = 40_000_000
"""Cells of the rectangle from A1 to the last used row and column; all of them are made in memory, used or not."""
HEADER_ROWS = 50
"""Rows among which the header is looked for."""


def read_workbook(path: Path, required: Collection[str]) -> tuple[pl.DataFrame, int]:
    """Read the first sheet; return its rows as text, and the number of the first of them in the sheet.

    The header is the first row that has all `required` names, and else the first row that is not blank. Raises
    InputRejected for a sheet whose last cell is too far out, ValueError for a workbook that is broken.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only where a workbook is read

    _check_extent(path)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python()
    except CalamineError as error:
        raise ValueError(str(error)) from error
    if not rows:
        return pl.DataFrame(), 2
    header = _header_row(rows, required)
    names = _names([_cell_text(cell) for cell in rows[header]])
    cells = [[_cell_text(cell) for cell in row] for row in rows[header + 1 :]]
    above = sheet.start[0] if sheet.start else 0
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String()), orient="row"), above + header + 2


def _header_row(rows: Sequence[Sequence[object]], required: Collection[str]) -> int:
    wanted = set(map(fold, required))
    for number, row in enumerate(rows[:HEADER_ROWS]):
        if wanted and wanted <= {fold(str(cell)) for cell in row}:
            return number
    return 0


def _names(header: Sequence[str | None]) -> list[str]:
    """Name every column once: one without a name by its place, one with the name of an earlier one with a number."""
    counts: Counter[str] = Counter()
    names = []
    for place, text in enumerate(header, 1):
        name = (text or "").strip() or f"column_{place}"
        names.append(f"{name}_duplicated_{counts[name] - 1}" if counts[name] else name)
        counts[name] += 1
    return names


def _cell_text(cell: object) -> str | None:
    """Write a cell as a CSV would have it: whole numbers without a fraction, days without a time.

    >>> [_cell_text(cell) for cell in (1001.0, 0.5, "", datetime(2026, 11, 22), datetime(2026, 11, 22, 8, 30))]
    ['1001', '0.5', None, '2026-11-22', '2026-11-22 08:30:00']
    """
    if cell in ("", None):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def _check_extent(path: Path) -> None:
    """Refuse a first sheet whose rectangle would not fit into memory: one stray cell far out makes it so."""
    try:
        with zipfile.ZipFile(path) as archive:
            extent = first_sheet_extent(archive)
    except zipfile.BadZipFile:
        return  # the reader says what is wrong
    if extent.rows * extent.columns > MAX_CELLS:
        raise InputRejected(
            f"{path.name}: its first sheet reaches to cell {extent.cell}, {extent.rows:,} rows by "
            f"{extent.columns:,} columns, too many to read (at most {MAX_CELLS:,} cells). Delete what stands beyond "
            "the table, or save it as CSV."
        )
