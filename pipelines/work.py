"""The parts of a stage, and who does them: this process, a few side by side, or others; the result is the same.

A part is made from what is known to everybody and from its own rows, so both can be sent to where the work is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

import polars as pl

from pipelines.abreast import abreast
from pipelines.progress import Clock
from pipelines.run.staging import Part, Staging

K = TypeVar("K")
Tables = Mapping[str, pl.DataFrame]
Make = Callable[[K, str, pl.DataFrame], Tables]
"""From what is known, the name of a part and its rows: the tables of the part."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part to be made: its name in the staging folder, how many rows it has, and how to read them."""

    name: str
    size: int
    read: Callable[[], pl.DataFrame]


class Workers(Protocol):
    """Who makes parts."""

    def __call__(self, make: Make[K], known: K, pieces: Sequence[Piece]) -> Iterable[tuple[Piece, Tables]]:
        """Make the pieces; yield each with its tables as it is done, in any order."""


def here(make: Make[K], known: K, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Tables]]:
    """Make the pieces in this process, a few side by side; they come in their order."""

    def made(piece: Piece) -> tuple[Piece, Tables]:
        return piece, make(known, piece.name, piece.read())

    return abreast(partial(made, piece) for piece in pieces)


def finish(
    pieces: Sequence[Piece], make: Make[K], known: K, staging: Staging, workers: Workers, clock: Clock
) -> None:
    """Have made what is not finished of the pieces, and keep it in the staging folder. Raises OutOfSpace."""
    finished = [piece for piece in pieces if staging.holds(piece.name)]
    made = workers(make, known, [piece for piece in pieces if not staging.holds(piece.name)])
    kept = (_kept(staging, piece, tables) for piece, tables in made)
    for _ in clock.counted(chain(finished, kept), {piece: piece.size for piece in pieces}):
        pass


def parts(pieces: Sequence[Piece], staging: Staging) -> list[Part]:
    """Return the finished parts of the pieces, in their order."""
    return [Part(staging.root / piece.name) for piece in pieces]


def _kept(staging: Staging, piece: Piece, tables: Tables) -> Piece:
    staging.part(piece.name, lambda: tables)
    return piece
