"""Everything about ownership that the user gave, as one edge table and one entity table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.accounts import filled_in, make_account
from pipelines.inputs.mapping import ColumnMap
from pipelines.inputs.ownership.layouts import OwnershipFile, StoreEdges, read_entities, read_file
from pipelines.inputs.problems import rows_set_aside
from screening.ownership.shares import WHOLE
from screening.tables.accounts import FileAccount
from screening.tables.book import InputFile, NetworkFile
from screening.tables.inputs import EDGES, ENTITIES
from screening.tables.outputs import PROBLEMS


@dataclass(frozen=True, slots=True)
class OwnershipReading:
    """What the files say."""

    stored: pl.LazyFrame  # the edges, perhaps on disk: columns of `EDGES`
    entities: pl.DataFrame  # columns of `ENTITIES`
    problems: pl.DataFrame  # a row for each row set aside or value ignored: columns of `PROBLEMS`
    sources: tuple[InputFile, ...]
    accounts: tuple[FileAccount, ...]  # of each source
    files: tuple[NetworkFile, ...]  # each source apart

    @property
    def edges(self) -> pl.DataFrame:
        """Return the edges in memory."""
        return self.stored.collect()

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        return rows_set_aside(self.problems)


def read_ownership(
    paths: Sequence[Path],
    entities: Path | None = None,
    *,
    columns: ColumnMap | None = None,
    entity_columns: ColumnMap | None = None,
    encoding: Mapping[str, str] | None = None,
    store: StoreEdges = pl.DataFrame.lazy,
) -> OwnershipReading:
    """Read ownership from all `paths` together, and the entity table where there is one.

    A file is a table of edges (CSV, Parquet, NDJSON, XLSX), BODS 0.4, a GLEIF golden copy file (level 1, level 2,
    exceptions; CSV or XML), the UK PSC snapshot or FollowTheMoney; which one is known by its content.

    `columns` and `entity_columns` map our names to the files'; a file has either `share_min` and `share_max` (parts per
    million) or `share_percent` ("50", "33.333", "25-50", ">=75"; blank = undisclosed). `encoding`: that of
    delimited files by table, ownership or entities. `store` takes the edges of
    a table some rows at a time, so that those of a large file need not be in memory.
    Raises InputRejected with the problems of all files that cannot be used.
    """
    named = encoding or {}
    readers = [partial(read_file, path, columns or {}, store, named.get("ownership")) for path in paths]
    if entities is not None:
        readers.append(partial(read_entities, entities, entity_columns, named.get("entities")))
    return gather(readers)


def gather(readers: Iterable[Callable[[], OwnershipFile]]) -> OwnershipReading:
    """Put what several readers return together, the entity table last.

    Raises InputRejected with the problems of all readers that raised it.
    """
    refused: list[str] = []
    found: list[OwnershipFile] = []
    for read in readers:
        try:
            found.append(read())
        except InputRejected as error:
            refused.append(str(error))
    if refused:
        raise InputRejected("The ownership files cannot be used.", refused)
    return OwnershipReading(
        pl.concat([EDGES.empty().lazy(), *(file.edges for file in found)]),
        _once(pl.concat([ENTITIES.empty(), *(file.entities for file in found)])),
        pl.concat([PROBLEMS.empty(), *(file.problems for file in found)]),
        tuple(file.source for file in found),
        tuple(map(_account, found)),
        tuple(NetworkFile(file.edges, file.entities["entity_id"]) for file in found),
    )


def _account(file: OwnershipFile) -> FileAccount:
    def count_filled(columns: Sequence[str]) -> Mapping[str, int]:
        """Count the values of edges; a share that reaches from 0 to 100 percent is none."""
        counts = {name: pl.col(name).count() for name in columns if name in EDGES.names}
        if "share" in columns:
            counts["share"] = ((pl.col("share_min") > 0) | (pl.col("share_max") < WHOLE)).sum()
        edges = file.edges.select(**counts).collect() if counts else pl.DataFrame()
        return {**filled_in(file.entities)(columns), **(edges.row(0, named=True) if counts else {})}

    table = "entities" if file.from_entity_table else "ownership"
    return make_account(table, file.source, file.problems, count_filled)


def _once(entities: pl.DataFrame) -> pl.DataFrame:
    """Keep one row an entity, sorted; of several files the last that fills a field counts, the entity table
    above all."""
    if entities["entity_id"].is_unique().all():
        return entities.sort("entity_id")
    return (
        entities.group_by("entity_id", maintain_order=True)
        .agg(pl.all().drop_nulls().last())
        .sort("entity_id")
    )
