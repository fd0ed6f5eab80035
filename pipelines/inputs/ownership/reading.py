"""Everything about ownership that the user gave, as one edge table and one entity table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.files import SourceFile
from pipelines.inputs.ownership.entities import ENTITIES
from pipelines.inputs.ownership.table import read_edge_table
from pipelines.inputs.reading import PROBLEMS, read_table
from screening.ownership.edges import EDGES


@dataclass(frozen=True, slots=True)
class OwnershipReading:
    """What the files hold. `edges` has the columns of `screening.ownership.edges.EDGES`, `entities` those of its
    `ENTITIES`, `problems` one row for each row set aside or value ignored."""

    edges: pl.DataFrame
    entities: pl.DataFrame
    problems: pl.DataFrame
    sources: tuple[SourceFile, ...]

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        rows = self.problems.filter(pl.col("consequence") == "row_set_aside")
        return rows.select("file", "row").unique().height


def read_ownership(
    paths: Sequence[Path],
    entities: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    entity_columns: Mapping[str, str] | None = None,
) -> OwnershipReading:
    """Read ownership edges from all `paths` together, and the entity table where there is one.

    `columns` and `entity_columns` map our names to the files'; a file has either `share_min` and `share_max` (parts per
    million) or `share_percent` ("50", "33.333", "25-50", ">=75"; blank = undisclosed).
    Raises InputRejected with the problems of all files that cannot be used.
    """
    refused: list[str] = []
    frames, problems = [pl.DataFrame(schema=dict(EDGES))], [pl.DataFrame(schema=PROBLEMS)]
    sources: list[SourceFile] = []
    for path in paths:
        try:
            found = read_edge_table(path, columns or {})
        except InputRejected as error:
            refused.append(str(error))
            continue
        frames.append(found.frame)
        problems.append(found.problems)
        sources.extend(found.sources)
    described = pl.DataFrame(schema=ENTITIES.schema())
    if entities is not None:
        try:
            table = read_table(entities, ENTITIES, entity_columns)
        except InputRejected as error:
            refused.append(str(error))
        else:
            described = table.frame
            problems.append(table.problems)
            sources.extend(table.sources)
    if refused:
        raise InputRejected("The ownership files cannot be used.", refused)
    return OwnershipReading(pl.concat(frames), described, pl.concat(problems), tuple(sources))
