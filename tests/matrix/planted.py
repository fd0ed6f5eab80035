"""The planted matrix: every scene with every plant that fits it, one customer a cell, screened in one book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from screening.book.screen import Screened, screen
from screening.policy import Policy
from tests.matrix.plants import CONTACTS, NUMBERS, Plant, addresses, contacts, names, numbers, places
from tests.matrix.scenes import WATCHED, Rows, Scene, scenes
from tests.screening.book import parties

DAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Cell:
    """One thing planted in one place."""

    scene: Scene
    plant: Plant
    customer: str

    @property
    def name(self) -> str:
        """What is planted where: `activity.end_user of a lease: name`."""
        return f"{self.scene.name}: {self.plant.kind}"

    @property
    def keys(self) -> tuple[str, str]:
        """By what `NOT_YET` and `LINES` name it: all lists or places together, or one of them."""
        return self.name, f"{self.name}, {self.plant.source}"


@cache
def cells() -> tuple[Cell, ...]:
    """Return every cell."""
    return tuple(Cell(scene, plant, f"c{number:05d}") for number, (scene, plant) in enumerate(_pairs()))


def _pairs() -> Iterator[tuple[Scene, Plant]]:
    number = 0
    for holds in ("name", "address", "identifier", "contact", "country"):
        for scene in scenes(holds):
            number += 1
            for plant in _plants(holds, scene, number):
                yield scene, plant


def _plants(holds: str, scene: Scene, number: int) -> Iterator[Plant]:
    match holds:
        case "name" if scene.table == "watchlists":
            yield Plant("name", "tip", WATCHED, ("tip", WATCHED))
        case "name":
            yield from names(number)
        case "address":
            yield from addresses(number)
            yield from places(as_address=True)
        case "identifier":
            yield from numbers(number, {**NUMBERS, **CONTACTS})
        case "contact" if scene.where == "as ip":
            yield from (
                Plant("ip", p.source, f"203.0.113.24 {p.value}", p.signs) for p in places(as_address=False)
            )
        case "contact":
            yield from contacts(number, scene.where.removeprefix("as "))
        case _:
            yield from places(as_address=False)


@cache
def answers() -> dict[str, str]:
    """Return what became of each cell, by its customer: "finding" that names the plant, "match" in the table, or ""."""
    planted = cells()
    with_plants, plain = (_screened(planted, plant) for plant in (True, False))
    found = _findings(with_plants.tables["findings"], plain.tables["findings"])
    matched = set(with_plants.tables["matches"].select("customer_id", "party_id").rows())
    return {cell.customer: _answer(cell, found.get(cell.customer, ""), matched) for cell in planted}


def _answer(cell: Cell, findings: str, matched: set[tuple[str, str]]) -> str:
    if any(sign in findings for sign in cell.plant.signs):
        return "finding"
    return "match" if (cell.customer, cell.plant.signs[0]) in matched else ""


def _findings(with_plants: pl.DataFrame, plain: pl.DataFrame) -> dict[str, str]:
    """Return all that the findings of each customer say beyond those of the same book without plants."""
    text = pl.concat_str("reason", "evidence", "question", separator=" ")
    rows = with_plants.join(plain, on=["customer_id", "rule_id", "reason", "evidence"], how="anti")
    return dict(rows.group_by("customer_id").agg(text.str.join("\n")).rows())


def _screened(planted: tuple[Cell, ...], with_plants: bool) -> Screened:
    rows: Rows = {}
    for cell in planted:
        given = (
            cell.scene.plant(cell.customer, cell.plant.value)
            if with_plants
            else cell.scene.rows(cell.customer)
        )
        for table, more in given.items():
            rows.setdefault(table, []).extend(more)
    listed = parties.lists(*(cell.plant.party for cell in planted if cell.plant.party))
    book = parties.book(rows.pop("transactions"), rows.pop("ownership"), rows.pop("customers"), **rows)
    return screen(book, listed, DAY, Policy())
