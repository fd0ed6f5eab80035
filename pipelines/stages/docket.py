"""Who is to be judged tonight: everybody, or only those whom something touched since an earlier run.

To tell that takes little, so it is done first for the whole book, range by range. Those to be judged are then put
together in parts of about the size of a range: a delta that touches few judges them all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.abreast import abreast
from pipelines.hashing import HASH
from pipelines.inputs.customers import Customers
from pipelines.run.staging import Laid, Part
from pipelines.stages.digest import LOOKED_AT, digests
from pipelines.stages.known import Known
from pipelines.stages.recall import Recall
from pipelines.work import Piece
from screening.redflags.facts import Together

JUDGEMENTS = {
    "customer_id": pl.String(),
    "row": HASH,
    "beside": HASH,
    "pattern": pl.UInt64(),
}


@dataclass(frozen=True, slots=True)
class Docket:
    """Tonight's customers, range by range; both tables may lie on disk."""

    customers: Customers
    judgements: Iterable[pl.DataFrame]  # columns of JUDGEMENTS; without a pattern: to be judged
    matches: Iterable[pl.DataFrame]
    recall: Recall | None  # the judgements that stand are those of this run

    @classmethod
    def of(
        cls,
        known: Known,
        together: Together,
        customers: Customers,
        looked: Sequence[Part],
        recall: Recall | None,
        folder: Path,
    ) -> Docket:
        """Draw it up, in files of `folder`. `looked`: fingerprints of each range."""

        def drawn(number: int, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
            rows = customers.range(number, LOOKED_AT)
            met = known.matches(rows)
            seen = digests(known, together, rows, met).select(
                "customer_id", part.columns("fingerprints", "hash")["hash"].alias("row"), "beside"
            )
            pattern = recall.answers(seen) if recall else pl.lit(None, pl.UInt64).alias("pattern")
            return seen.with_columns(pattern), met

        judgements, matches = Laid(folder / "judgements"), Laid(folder / "matches")
        for each, met in abreast(partial(drawn, *each) for each in zip(customers.sizes, looked, strict=True)):
            judgements.add(each)
            matches.add(met)
        return cls(customers, judgements, matches, recall)

    def pieces(self, rows: int) -> list[Piece]:
        """Divide those to be judged into parts of about so many rows."""
        parts: dict[int, dict[int, pl.DataFrame]] = {}
        before = 0
        for number, judgements in zip(self.customers.sizes, self.judgements, strict=True):
            due = judgements.filter(pl.col("pattern").is_null()).select("customer_id")
            parts.setdefault(before // rows, {})[number] = due
            before += due.height
        return [
            Piece(f"judged/{number:05d}", sum(len(ids) for ids in due.values()), partial(self._read, due))
            for number, due in parts.items()
        ]

    def standing(self) -> Iterator[pl.DataFrame]:
        """Yield customer_id of those whose judgement stands."""
        return (each.drop_nulls("pattern").select("customer_id") for each in self.judgements)

    def settled(self, answers: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Yield the judgements with those that were passed tonight.

        `answers`: customer_id, pattern of each part of `pieces`, in their order.
        """
        due = (each["pattern"].null_count() for each in self.judgements)
        passed = dealt((each.sort("customer_id") for each in answers), due)
        for each, now in zip(self.judgements, passed, strict=True):
            joined = each.join(now, on="customer_id", how="left", maintain_order="left", suffix="_now")
            yield joined.with_columns(pattern=pl.coalesce("pattern_now", "pattern")).select(list(JUDGEMENTS))

    def _read(self, due: dict[int, pl.DataFrame]) -> pl.DataFrame:
        return pl.concat([self.customers.some(number, ids["customer_id"]) for number, ids in due.items()])


def dealt(frames: Iterable[pl.DataFrame], sizes: Iterable[int]) -> Iterator[pl.DataFrame]:
    """Yield the rows of the frames, in their order, in frames of these sizes; there is at least one frame.

    >>> [part.height for part in dealt([pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [3, 4]})], [3, 0, 1])]
    [3, 0, 1]
    """
    waiting = iter(frames)
    held = next(waiting)
    for size in sizes:
        while held.height < size:
            held = pl.concat([held, next(waiting)])
        yield held.head(size)
        held = held.slice(size)
