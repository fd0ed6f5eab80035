"""Hashes of files and values: what ties a run to its inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import orjson
import polars as pl
import polars_hash as plh

from lists.system import SYSTEM, System

BLOCK = 1 << 20
HASH_FIELDS = {"high": pl.UInt64(), "low": pl.UInt64()}
HASH = pl.Struct(HASH_FIELDS)
"""128 bits in two numbers: as fast to write, read and compare as one, and every reader of Parquet has the type."""


def file_hash(path: Path, system: System = SYSTEM) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with system.open(path) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def value_hash(value: object) -> str:
    """Return the SHA-256 of a value written as JSON with sorted keys.

    >>> value_hash({"b": 1, "a": None}) == value_hash({"a": None, "b": 1})
    True
    """
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def encode_text(column: pl.Expr) -> pl.Expr:
    """Write a text with its length before it, so that texts put together stay distinct; null is `~`.

    >>> pl.DataFrame({"a": ["x", None]}).select(encode_text(pl.col("a"))).to_series().to_list()
    ['1:x', '~']
    """
    return (
        pl.when(column.is_null())
        .then(pl.lit("~"))
        .otherwise(pl.format("{}:{}", column.str.len_bytes(), column))
    )


def encode_row(columns: Iterable[str | pl.Expr | None]) -> pl.Expr:
    """Write a row as one text: for each column that is not null its position, the length of its text and the text.

    Different rows give different texts, short ones where most columns are null. None stands for a column that is
    absent: the others keep their positions.

    >>> frame = pl.DataFrame({"a": [None, "x"], "b": [1, None]}, schema={"a": pl.String, "b": pl.Int64})
    >>> frame.select(encode_row(["a", None, "b"]).alias("text"))["text"].to_list()
    ['2=1:1', '0=1:x']
    """
    present = [
        (position, (pl.col(column) if isinstance(column, str) else column).cast(pl.String))
        for position, column in enumerate(columns)
        if column is not None
    ]
    pieces = [
        pl.concat_str(pl.lit(f"{position}="), text.str.len_bytes(), pl.lit(":"), text)
        for position, text in present
    ]
    return pl.concat_str(pieces or [pl.lit("")], ignore_nulls=True)


def pack_numbers(columns: Iterable[tuple[pl.Expr, int]]) -> pl.Expr:
    """Pack small numbers into one of 64 bits; each is null or below its bound. Different rows give different numbers.

    Where all are null it is 0.

    >>> frame = pl.DataFrame({"a": [None, 0, 1], "b": [None, 2, 0]})
    >>> frame.select(pack_numbers([(pl.col("a"), 2), (pl.col("b"), 3)]).alias("n"))["n"].to_list()
    [0, 7, 9]
    """
    whole = pl.lit(0, pl.UInt64)
    for column, bound in columns:
        whole = whole * (bound + 1) + (column.cast(pl.UInt64) + 1).fill_null(0)
    return whole


def text_hashes(texts: pl.Series) -> pl.Series:
    """Return the first 128 bits of the SHA-256 of each text: values of `HASH`.

    A shorter hash would not do: somebody who may choose both texts finds two that share 64 bits within a day.

    >>> text_hashes(pl.Series(["abc"]))[0]["high"] == int(hashlib.sha256(b"abc").hexdigest()[:16], base=16)
    True
    """
    digest = plh.col("text").chash.sha2_256().str.head(32).str.decode("hex")
    halves = digest.bin.reinterpret(dtype=pl.Array(pl.UInt64, 2), endianness="big")
    return texts.to_frame("text").select(halves.arr.to_struct(tuple(HASH_FIELDS))).to_series()
