"""Whoever or whatever is listed is found wherever a book may name it: each list, each column, each place of the column.

One book holds a customer for each cell. The rest of the rows is harmless, and what is planted occurs nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import pytest

from lists.schema import LIST_CODES
from screening.tables.inputs import INPUTS
from tests.matrix.exceptions import LINES, NOT_YET
from tests.matrix.planted import Cell, answers, cells
from tests.matrix.plants import EMBARGOED

CELLS = {name: list(group) for name, group in groupby(cells(), key=lambda cell: cell.name)}
KEYS = {key for cell in cells() for key in cell.keys}
NAMES = ("name", "address", "country", "identifier", "contact")
PLACES = {"place": set(EMBARGOED), "country": {code for code in EMBARGOED if len(code) == 2}}


def excused(cell: Cell, table: Mapping[str, str]) -> bool:
    return any(key in table for key in cell.keys)


@pytest.mark.parametrize("name", CELLS)
def test_what_is_planted_gives_a_finding(name: str) -> None:
    given = {
        cell.plant.source: answers()[cell.customer] for cell in CELLS[name] if not excused(cell, NOT_YET)
    }
    wanted = {
        cell.plant.source: "match" if excused(cell, LINES) else "finding"
        for cell in CELLS[name]
        if not excused(cell, NOT_YET)
    }
    assert given == wanted


@pytest.mark.parametrize("key", [*NOT_YET, *LINES])
def test_nothing_is_excused_that_is_found(key: str) -> None:
    """So that the tables of exceptions shrink with every repair."""
    named = [cell for cell in cells() if key in cell.keys]
    assert named, "there is no such cell"
    answer = "" if key in NOT_YET else "match"
    assert {answers()[cell.customer] for cell in named} == {answer}


def test_every_column_that_may_name_somebody_is_planted_in() -> None:
    declared = {
        (table.name, column.name, meaning)
        for table in INPUTS.values()
        for column in table.columns
        for meaning in column.holds
    }
    planted = {(cell.scene.table, cell.scene.column) for cell in cells()}
    assert {(table, column) for table, column, _ in declared} == planted
    assert {meaning for *_, meaning in declared} == set(NAMES)


@pytest.mark.parametrize("name", CELLS)
def test_every_list_and_every_place_is_planted(name: str) -> None:
    kinds = {cell.plant.kind for cell in CELLS[name]}
    sources = [cell.plant.source for cell in CELLS[name]]
    wanted = PLACES.get(min(kinds), set(LIST_CODES))
    if name.startswith("watchlists"):
        wanted = {"tip"}
    elif "ip" in kinds:
        wanted = PLACES["country"]
    assert set(sources) == wanted
    assert len(sources) == len(wanted)
