"""The planted matrix as Markdown, for `docs/method/matrix.md`: made from the cells and their exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lists.schema import LIST_CODES
from screening.tables.inputs import free_text_columns
from tests.matrix.exceptions import LINES, NOT_YET
from tests.matrix.planted import Cell, cells
from tests.matrix.plants import CONTACTS, EMBARGOED, NUMBERS

WORDS = {
    **{kind: f"number ({len(NUMBERS)} types)" for kind in NUMBERS},
    **dict.fromkeys((*CONTACTS, "domain"), "e-mail, telephone, website"),
    "country": "embargoed place",
    "place": "embargoed place",
    "ip": "embargoed place",
}
"""What a plant is called in the page, where it goes together with others."""


def by_list() -> str:
    """Return the table of what is listed: a row a column and kind of plant, a column a list."""
    return _table(LIST_CODES, "embargoed place", wanted=False)


def by_place() -> str:
    """Return the table of places: a row a column, a column a place."""
    return _table(tuple(EMBARGOED), "embargoed place", wanted=True)


def missing() -> str:
    """Return what is missing, with the columns and places that give nothing for want of it."""
    if not NOT_YET:
        return "Nothing: every cell gives a finding, or a line in the table `matches`."
    where: dict[str, list[str]] = {}
    for key, reason in NOT_YET.items():
        where.setdefault(reason, []).append(key.partition(":")[0])
    rows = [(reason, ", ".join(dict.fromkeys(keys))) for reason, keys in where.items()]
    return _lines([("what is missing", "so nothing comes of a plant in"), *rows])


def free_text() -> str:
    """Return the columns about which no list is asked, and why."""
    return _lines(
        [("column", "why no list is asked"), *((f"`{t}.{c}`", why) for t, c, why in free_text_columns())]
    )


def _table(sources: Sequence[str], word: str, wanted: bool) -> str:
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells():
        called = WORDS.get(cell.plant.kind, cell.plant.kind)
        if (called == word) == wanted and cell.plant.source in sources:
            groups.setdefault((f"`{cell.scene.table}.{cell.scene.column}`", called), []).append(cell)
    rows = [
        (
            column,
            called,
            *(_mark(cell for cell in group if cell.plant.source == source) for source in sources),
        )
        for (column, called), group in groups.items()
    ]
    return _lines([("column", "what is planted", *sources), *sorted(rows)])


def _mark(group: Iterable[Cell]) -> str:
    """Return how many cells of a group give a finding, where not all do: `7 of 10`; `match` counts as given."""
    there = list(group)
    given = [cell for cell in there if not any(key in NOT_YET for key in cell.keys)]
    if not there:
        return ""
    if len(given) < len(there):
        return f"{len(given)} of {len(there)}"
    lines = [cell for cell in given if any(key in LINES for key in cell.keys)]
    return f"{len(given) - len(lines)} + {len(lines)} line" if lines else str(len(given))


def _lines(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])
