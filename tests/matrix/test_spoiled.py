"""Whatever a file spoils shows: as a problem of its row, or because the text stands as it was and is compared.

One file holds a row for each field and each way to spoil it, good but for that field.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from screening.tables.table import Table
from tests.matrix.spoils import HARMLESS, Spoiled, read, spoil, tables, trace, write

TABLES = dict(tables())
NOT_YET: Mapping[str, str] = {}
"""Fields that are spoiled without a trace, and why. One that leaves a trace must be taken out."""


@pytest.fixture(scope="module", params=TABLES)
def spoiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[Spoiled, str]:
    """The trace of each spoiled field of a table."""
    table: Table = TABLES[request.param]
    cells, path = spoil(table), Path(tmp_path_factory.mktemp("spoiled")) / f"{table.name}.csv"
    write(table, cells, path)
    frame, problems = read(table, path)
    assert problems.filter(problems["row"] == 2).rows() == [], "the good row has a problem"
    return {cell: trace(cell, frame, problems) for cell in cells}


def leaves_trace(cell: Spoiled, found: str) -> bool:
    return found == "problem" or (found == "kept" and cell.how in HARMLESS)


def test_every_spoiled_field_shows(spoiled: dict[Spoiled, str]) -> None:
    assert spoiled
    silent = [cell.name for cell, found in spoiled.items() if not leaves_trace(cell, found)]
    assert [name for name in silent if name not in NOT_YET] == []


def test_nothing_is_excused_that_shows(spoiled: dict[Spoiled, str]) -> None:
    assert [
        cell.name for cell, found in spoiled.items() if cell.name in NOT_YET and leaves_trace(cell, found)
    ] == []


def test_every_exception_is_a_field() -> None:
    assert set(NOT_YET) <= {cell.name for table in TABLES.values() for cell in spoil(table)}
