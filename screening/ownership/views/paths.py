"""Why an entity has its status: the holdings that make it, as paths that print as one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from screening.ownership.cascade.fixed_point import Holdings
from screening.ownership.cascade.proof import Chain
from screening.ownership.shares import format_share

MORE = "; ..."
"""Ends a written set that holds only some of the paths."""
ARROW = re.compile(r"( <- (?:\[[\d,]+ holdings\]|[^ ]+) - )")
"""What is between two names of a written path: the share or a count of holdings, as an arrow to the owner."""


@dataclass(frozen=True, slots=True)
class Step:
    """One holding on a path, in parts per million."""

    owned_id: str
    owner_id: str
    share_min: int
    share_max: int
    owned_name: str
    owner_name: str


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of holdings from an entity up to a listed party, nearest owner first.

    >>> first = Step("c", "a", 500_000, 500_000, "Customer", "A")
    >>> print(Path((first, Step("a", "x", 0, 1_000_000, "A", "Listed X"))))
    Customer <- 50% - A <- undisclosed - Listed X
    """

    steps: tuple[Step, ...]
    skipped: int = 0
    """Holdings left out of a very long path, after `gap` steps."""
    gap: int = 0

    def __str__(self) -> str:
        written = self.steps[0].owned_name
        for place, step in enumerate(self.steps):
            if self.skipped and place == self.gap:
                written += f" <- [{self.skipped:,} holdings] - {step.owned_name}"
            written += f" <- {format_share(step.share_min, step.share_max)} - {step.owner_name}"
        return written


@dataclass(frozen=True, slots=True)
class PathSet:
    """Paths of holdings that together make an entity's status; where it is restricted, none of them is to spare.

    `complete` is false when more paths exist than were asked for. Iterates over its paths.
    """

    entity_id: str
    status: str
    paths: tuple[Path, ...]
    complete: bool

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __str__(self) -> str:
        return "; ".join(str(path) for path in self.paths) + ("" if self.complete else MORE)


def split_paths(text: str) -> list[list[str]]:
    """Split a written `PathSet` into its paths: each as name, arrow, name, ... from the entity upward.

    >>> split_paths("B <- 50% - A; Co <- 50-75% - X; B <- 20% - Y; ...")
    [['B', ' <- 50% - ', 'A; Co', ' <- 50-75% - ', 'X'], ['B', ' <- 20% - ', 'Y'], ['...']]
    """
    first, arrow, _ = text.partition(" <- ")
    whole = text.removesuffix(MORE)
    written = whole.split(f"; {first}{arrow}") if arrow else [whole]
    every = [ARROW.split(each) for each in (written[0], *(f"{first}{arrow}{rest}" for rest in written[1:]))]
    return every if whole == text else [*every, [MORE.removeprefix("; ")]]


def write_paths(holdings: Holdings, found: list[Chain], entities: pl.DataFrame) -> tuple[Path, ...]:
    """Return chains of holdings (positions in `holdings`) as paths with ids and names.

    `entities`: entity_id, name, in the order of the nodes.
    """
    positions = sorted({position for chain in found for position in chain.positions})
    columns = []
    for node in (holdings.owned[positions], holdings.owner[positions]):
        ids = entities["entity_id"].gather(node)
        columns.append((ids.to_list(), entities["name"].gather(node).fill_null(ids).to_list()))
    (owned, owned_name), (owner, owner_name) = columns
    low, high = holdings.share_min[positions].tolist(), holdings.share_max[positions].tolist()
    steps = {  # one object a holding, however many paths pass over it
        position: Step(*fields)
        for position, *fields in zip(positions, owned, owner, low, high, owned_name, owner_name, strict=True)
    }
    return tuple(
        Path(tuple(map(steps.__getitem__, chain.positions)), chain.skipped, len(chain.first))
        for chain in found
    )
