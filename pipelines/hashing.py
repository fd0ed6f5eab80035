"""Hashes of files and values: what ties a run to its inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import orjson
import polars as pl
import polars_hash as plh

BLOCK = 1 << 20
HASHED = {"high": pl.UInt64(), "low": pl.UInt64()}
HASH = pl.Struct(HASHED)
"""128 bits in two numbers: as fast to write, read and compare as one, and any reader of Parquet knows them."""


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def value_hash(value: object) -> str:
    """Return the SHA-256 of a value written as JSON with sorted keys.

    >>> value_hash({"b": 1, "a": None}) == value_hash({"a": None, "b": 1})
    True
    """
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def marked(column: pl.Expr) -> pl.Expr:
    """Write a text with its length before it, so that no two rows read alike; null is a mark of its own.

    >>> pl.DataFrame({"a": ["x", None]}).select(marked(pl.col("a"))).to_series().to_list()
    ['1:x', '~']
    """
    return (
        pl.when(column.is_null())
        .then(pl.lit("~"))
        .otherwise(pl.format("{}:{}", column.str.len_bytes(), column))
    )


def tagged(columns: Iterable[str | pl.Expr | None]) -> pl.Expr:
    """Write what a row tells: of each column that is not null its place, the length of its text and the text.

    Short where most is null, and no two rows read alike. None keeps the place of a column that is not there.

    >>> frame = pl.DataFrame({"a": [None, "x"], "b": [1, None]}, schema={"a": pl.String, "b": pl.Int64})
    >>> frame.select(tagged(["a", None, "b"]).alias("told"))["told"].to_list()
    ['2=1:1', '0=1:x']
    """
    there = (
        (place, pl.col(c) if isinstance(c, str) else c) for place, c in enumerate(columns) if c is not None
    )
    texts = [(place, column.cast(pl.String)) for place, column in there]
    pieces = [
        pl.concat_str(pl.lit(f"{place}="), text.str.len_bytes(), pl.lit(":"), text) for place, text in texts
    ]
    return pl.concat_str(pieces or [pl.lit("")], ignore_nulls=True)


def as_number(columns: Iterable[tuple[pl.Expr, int]]) -> pl.Expr:
    """Put small numbers together in one of 64 bits, each null or below its bound: no two rows give the same.

    Where all are null it is 0.

    >>> frame = pl.DataFrame({"a": [None, 0, 1], "b": [None, 2, 0]})
    >>> frame.select(as_number([(pl.col("a"), 2), (pl.col("b"), 3)]).alias("n"))["n"].to_list()
    [0, 7, 9]
    """
    whole = pl.lit(0, pl.UInt64)
    for column, bound in columns:
        whole = whole * (bound + 1) + (column.cast(pl.UInt64) + 1).fill_null(0)
    return whole


def text_hashes(texts: pl.Series) -> pl.Series:
    """Return the first 128 bits of the SHA-256 of each text: values of `HASH`.

    A shorter hash would not do: who may choose both names finds two that share 64 bits within a day.

    >>> text_hashes(pl.Series(["abc"]))[0]["high"] == int(hashlib.sha256(b"abc").hexdigest()[:16], base=16)
    True
    """
    digest = plh.col("text").chash.sha2_256().str.head(32).str.decode("hex")
    halves = digest.bin.reinterpret(dtype=pl.Array(pl.UInt64, 2), endianness="big")
    return texts.to_frame("text").select(halves.arr.to_struct(tuple(HASHED))).to_series()
