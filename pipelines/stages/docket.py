"""Who is to be judged tonight: everybody, or only those whom something touched since an earlier run.

To tell that takes little, so it is done first for the whole book, range by range. Those to be judged are then put
together in parts of about the size of a range: a delta that touches few judges them all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipelines.abreast import abreast
from pipelines.hashing import HASH
from pipelines.inputs.customers import Customers
from pipelines.run.staging import Part
from pipelines.stages.digest import LOOKED_AT, digests
from pipelines.stages.known import Known, of
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
    """Tonight's customers, range by range."""

    customers: Customers
    judgements: Sequence[pl.DataFrame]  # columns of JUDGEMENTS; without a pattern: to be judged
    matches: Sequence[pl.DataFrame]
    recall: Recall | None  # the judgements that stand are those of this run

    @classmethod
    def of(
        cls,
        known: Known,
        together: Together,
        customers: Customers,
        looked: Sequence[Part],
        recall: Recall | None,
    ) -> Docket:
        """Draw it up. `looked`: fingerprints of each range."""

        def drawn(number: int, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
            rows = customers.range(number, LOOKED_AT)
            met = known.matches(rows)
            seen = digests(known, together, rows, met).select(
                "customer_id", part.table("fingerprints")["hash"].alias("row"), "beside"
            )
            pattern = recall.answers(seen) if recall else pl.lit(None, pl.UInt64).alias("pattern")
            return seen.with_columns(pattern), met

        ranges = abreast(partial(drawn, *each) for each in zip(customers.sizes, looked, strict=True))
        judgements, matches = zip(*ranges, strict=True)
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

    def settled(self, answers: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
        """Return the judgements with those that were passed tonight: customer_id, pattern."""
        passed = pl.concat(answers)
        return [
            each.join(of(passed, each), on="customer_id", how="left", maintain_order="left", suffix="_now")
            .with_columns(pattern=pl.coalesce("pattern_now", "pattern"))
            .select(list(JUDGEMENTS))
            for each in self.judgements
        ]

    def _read(self, due: dict[int, pl.DataFrame]) -> pl.DataFrame:
        return pl.concat([self.customers.some(number, ids["customer_id"]) for number, ids in due.items()])
