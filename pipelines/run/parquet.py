"""Writing a table to a Parquet file; readers get back the frame that was given.

The lists of a case repeat the same few thousand sentences, and Polars writes the texts of a list out one by one: 180 MB
for 50,000 cases, before they are compressed. Texts that repeat are therefore written as indexes into a table of the
distinct ones, sorted, so that the bytes depend on the rows alone. Readers see plain texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl

LEVEL = 1
"""Of zstd: files a twentieth larger than by its usual level 3, in four fifths of the time."""
TEXTS = pl.List(pl.String)
ARROW_SCHEMA = "ARROW:schema"
"""Key of a file's metadata under which readers look for the types of its columns."""


def write_parquet(frame: pl.DataFrame, path: Path, metadata: Mapping[str, str]) -> None:
    """Write a table as a Parquet file."""
    packed = frame.with_columns(_packed(frame[name]) for name, kind in frame.schema.items() if kind == TEXTS)
    types = {} if packed.schema == frame.schema else {ARROW_SCHEMA: _arrow_schema(frame)}
    packed.write_parquet(path, compression="zstd", compression_level=LEVEL, metadata={**metadata, **types})


def _packed(lists: pl.Series) -> pl.Series:
    """Write texts that mostly repeat as indexes into the distinct ones, in the order of their bytes."""
    texts = lists.explode(empty_as_null=False).drop_nulls()
    distinct = texts.unique().sort()
    return lists.cast(pl.List(pl.Enum(distinct))) if 2 * len(distinct) < len(texts) else lists


def _arrow_schema(frame: pl.DataFrame) -> str:
    """Return the types of these columns as Polars writes them into a file."""
    file = BytesIO()
    frame.clear().write_parquet(file)
    file.seek(0)
    return pl.read_parquet_metadata(file)[ARROW_SCHEMA]
