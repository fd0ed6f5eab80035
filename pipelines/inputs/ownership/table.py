"""Edges from a table with our columns, under our names or the file's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.cleaning import clean_text, columns_with_nul, names_with_nul
from pipelines.inputs.files import ROW, TextTable, readable, scan_text_table
from pipelines.inputs.jsonlines import MORE
from pipelines.inputs.mapping import ColumnMap, expression, headers, resolve
from pipelines.inputs.ownership.checks import type_edges
from pipelines.inputs.ownership.units import ShareUnit, fractions_of_companies
from pipelines.inputs.packed import check_packed
from pipelines.inputs.problems import (
    IGNORED,
    WITH_NUL,
    guessed_encoding,
    malformed_rows,
    problem_rows,
    removed_nuls,
)
from screening.tables.inputs import EDGES, OWNERSHIP

COLUMNS = OWNERSHIP.names
JOINED = ";"
"""Separates several entities in one field; it occurs in no publisher's ids."""
UNUSUAL = "[;%]"
"""Without one of these nothing is joined, and no share written, in a field."""
NOBODY = rf"^[\s{JOINED}]+$"
"""Nothing but separators: no entity is joined there."""
NAMED = ("owner_id", "owner_name")
SHARE = r"[\[(]\s*([0-9.]+|nan)\s*%\s*[\])]\s*$"
"""A share written behind an id or a name: "Some Holding Co [55.0%]", "Other Ltd (nan%)"."""
BATCH_ROWS = 500_000
LOOKS_LIKE_FRACTIONS = (
    "looks like a fraction, for the shares of the company add up to 1: counted as unknown. Write 60 for 0.6, "
    "or the percent sign (0.6%)"
)


def edge_batches(
    path: Path, columns: ColumnMap, encoding: str | None = None
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, int]]:
    """Read one table of edges some rows at a time: edges with the columns of `EDGES`, undisclosed holders with a null
    `owner_id`; the problems of their rows; how many rows were read.

    Raises InputRejected when the file cannot be read, a required column is absent or the unit of the shares unclear.
    """
    required = [header for name in ("owner_id", "owned_id") for header in headers(columns.get(name, name))]
    scanned = _scan(path, encoding, required)
    if scanned.guessed is not None:
        yield EDGES.empty(), guessed_encoding(scanned.guessed, OWNERSHIP.name, path.name), 0
    unit = ShareUnit(path.name)
    with readable(path):
        mapped = _map(scanned.frame, columns, path.name)
        for batch in mapped.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
            unit.add(batch)
            yield (*_typed(batch, path.name), batch.height)
    yield EDGES.empty(), unit.problems(), 0


def read_edge_rows(text: pl.DataFrame, columns: ColumnMap, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Check a table of edges whose columns are text, as from `read_text_table`.

    Returns the edges with the columns of `EDGES` and the problems of their rows. Raises InputRejected when a required
    column is absent.
    """
    rows, unit = _map(text.lazy(), columns, name).collect(), ShareUnit(name)
    unit.add(rows)
    edges, problems = _typed(rows, name)
    return edges, pl.concat([problems, unit.problems()])


def _typed(batch: pl.DataFrame, file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the usable edges of some rows, and the problems of all."""
    malformed = malformed_rows(batch) if MORE in batch.columns else None
    if malformed is not None:
        batch = batch.filter(pl.col(MORE).is_null()).drop(MORE)
    cleaned = _clean(batch)
    nuls = removed_nuls(cleaned)
    cleaned = cleaned.drop(WITH_NUL)
    doubted = fractions_of_companies(cleaned)
    looks_like = cleaned.filter(pl.col(ROW).is_in(doubted.implode())).select(
        ROW,
        pl.lit("share").alias("column"),
        pl.col("share_percent").alias("value"),
        pl.lit(LOOKS_LIKE_FRACTIONS).alias("reason"),
        pl.lit(IGNORED).alias("consequence"),
    )
    cleaned = cleaned.with_columns(
        pl.when(~pl.col(ROW).is_in(doubted.implode())).then("share_percent").alias("share_percent")
    )
    for end in ("owner", "owned"):
        cleaned = _split_joined(cleaned, end)
    edges, problems = type_edges(cleaned.with_columns(undisclosed=pl.lit(value=False)), file)
    if malformed is not None:
        problems = pl.concat([problems, problem_rows(malformed, "ownership", file)])
    every = pl.concat([problems, problem_rows(pl.concat([looks_like, nuls]), "ownership", file)])
    return edges, every.sort("row", "column", "reason")


def _scan(path: Path, encoding: str | None, required: list[str]) -> TextTable:
    """Scan the file. Parquet keeps its types: ten million rows are not turned into text and back."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return scan_text_table(path, encoding=encoding, required=required)
    check_packed(path)
    with readable(path):
        return TextTable(
            pl.scan_parquet(path, glob=False).with_row_index(ROW, offset=1).cast({ROW: pl.Int64})
        )


def _map(raw: pl.LazyFrame, columns: ColumnMap, file: str) -> pl.LazyFrame:
    """Select our columns, absent ones as null."""
    have = raw.collect_schema().names()
    sources, unclear = resolve(columns, COLUMNS, [name for name in have if name not in (ROW, MORE)])
    named = {header for source in columns.values() for header in headers(source)}
    problems = [f"no column of ours is called {name!r}" for name in sorted(set(columns) - set(COLUMNS))]
    problems += [f"the file has no column {header!r}" for header in sorted(named - set(have))]
    problems += unclear
    problems += [f"{name} is required" for name in ("owner_id", "owned_id") if name not in sources]
    has_share = "share_percent" in sources or {"share_min", "share_max"} <= set(sources)
    behind = [header for name in NAMED for header in headers(sources.get(name, ())) if header in have]
    if not has_share and not _has_inner_share(raw, behind):
        problems.append("share_percent, or share_min and share_max, are required")
    if problems:
        shown = ", ".join(name for name in have if name != ROW)
        raise InputRejected(
            f"{file}: cannot be read as ownership edges; name its columns in the config, [columns.ownership]. "
            f"Its columns: {shown[:500]}",
            problems,
        )
    nothing = pl.lit(None, dtype=pl.String)
    return raw.select(
        ROW,
        *([MORE] if MORE in have else []),
        *(
            (expression(column, sources[column.name]) if column.name in sources else nothing).alias(
                column.name
            )
            for column in OWNERSHIP.columns
        ),
    )


def _has_inner_share(raw: pl.LazyFrame, columns: list[str]) -> bool:
    """Return whether a share is written behind an id or a name."""
    if not columns:
        return False
    texts = (pl.col(column).cast(pl.String).str.contains(SHARE).any() for column in columns)
    return bool(raw.select(pl.any_horizontal(texts)).collect().item())


def _clean(mapped: pl.DataFrame) -> pl.DataFrame:
    """Strip text of blanks and NULs; what is blank then becomes null. Ids become text whatever their type.

    The columns that had NULs are named in `WITH_NUL`.
    """
    frame = mapped.with_columns(pl.col("owner_id", "owned_id", "share_percent").cast(pl.String))
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    with_nul = columns_with_nul(frame, texts)
    marked = frame.with_columns(names_with_nul(with_nul).alias(WITH_NUL))
    ids = pl.col("owner_id", "owned_id")
    return clean_text(marked, texts, with_nul).with_columns(pl.when(~ids.str.contains(NOBODY)).then(ids))


def _split_joined(rows: pl.DataFrame, end: str) -> pl.DataFrame:
    """Give each of several entities joined in one field a row of its own, with the share written after it.

    "A [55.0%]; B [45.0%]" has both shares. "A; B" has none, so both rows are marked `<end>_joint`. Of entities joined
    with their own owner only the owner remains: "A; B" owned by A says who controls the two, not that A owns B.
    """
    name, other = pl.col(f"{end}_name"), pl.col("owned_id" if end == "owner" else "owner_id")
    unusual = pl.col(f"{end}_id", f"{end}_name").str.contains(UNUSUAL).any()
    if not rows.select(pl.any_horizontal(unusual)).item():
        return rows.with_columns(pl.lit(value=False).alias(f"{end}_joint"))
    ids = pl.col(f"{end}_id").str.split(JOINED)
    names = name.str.split(JOINED)
    nameless = ids.list.eval(pl.lit(None, dtype=pl.String))
    written_share = pl.coalesce(pl.col(f"{end}_id", f"{end}_name").str.extract(SHARE))
    if end == "owned":  # a share behind the owned is its own share in something else
        written_share = pl.lit(None, dtype=pl.String)
    plain = ~pl.any_horizontal(
        pl.col(f"{end}_id").str.contains(JOINED, literal=True).fill_null(value=False),
        *(text.str.contains(SHARE).fill_null(value=False) for text in (pl.col(f"{end}_id"), name)),
    )
    rest = rows.filter(~plain)
    if rest.is_empty():
        return rows.with_columns(pl.lit(value=False).alias(f"{end}_joint"))
    apart = (
        rest.with_columns(
            ids.alias(f"{end}_id"),
            pl.when(names.list.len() == ids.list.len()).then(names).otherwise(nameless).alias(f"{end}_name"),
            (ids.list.len() > 1).alias(f"{end}_joint"),
        )
        .explode(f"{end}_id", f"{end}_name")
        .filter(pl.col(f"{end}_id").str.strip_chars() != "")
        .with_columns(written_share=written_share)
        .with_columns(
            pl.col(f"{end}_id", f"{end}_name").str.replace(SHARE, "").str.strip_chars(),
            pl.coalesce("written_share", "share_percent").alias("share_percent"),
            pl.col(f"{end}_joint") & ~pl.col("written_share").is_not_null().any().over(ROW),
        )
        .filter(
            (pl.col(f"{end}_id") == other)
            | ~pl.col(f"{end}_id").eq(other).any().over(ROW)
            | ~pl.col(f"{end}_joint")
        )
        .drop("written_share")
    )
    single = rows.filter(plain).with_columns(pl.lit(value=False).alias(f"{end}_joint"))
    return pl.concat([single, apart]).sort(ROW, maintain_order=True)
