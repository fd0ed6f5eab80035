"""An index as bytes and back: arrays in numpy's zip format, texts as Arrow; nothing that could run when it is read.

The bytes are for the same version of the code on the same kind of machine only: whoever stores them must see to that,
and must trust whoever wrote them, because the kernel does not check the arrays that it walks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from io import BytesIO
from typing import Any, cast, get_type_hints
from zipfile import BadZipFile

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.index import NameIndex

_Arrays = Mapping[str, NDArray[Any]]


def to_bytes(index: NameIndex) -> bytes:
    """Write an index down.

    >>> listed = pl.DataFrame({"party_id": ["EL-1"], "name": ["Huawei Technologies Co., Ltd."]})
    >>> index = from_bytes(to_bytes(NameIndex.build(listed)))
    >>> index.match(pl.DataFrame({"query_id": ["c1"], "name": ["HUAWEI"]}))["party_id"].to_list()
    ['EL-1']
    """
    target = BytesIO()
    arrays: dict[str, Any] = dict(_take_apart("", index))
    np.savez(target, **arrays)
    return target.getvalue()


def from_bytes(data: bytes) -> NameIndex:
    """Read what `to_bytes` wrote. Raises ValueError or KeyError where the bytes are something else."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return cast(NameIndex, _put_together("", NameIndex, arrays))
    except (OSError, EOFError, BadZipFile, pl.exceptions.PolarsError) as error:
        raise ValueError(f"not a saved index: {error}") from error


def _parts(kind: Any) -> dict[str, Any] | None:
    """Names and types of the fields of a dataclass or named tuple; None for any other type."""
    if not isinstance(kind, type) or not (is_dataclass(kind) or hasattr(kind, "_fields")):
        return None
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else kind._fields
    return {name: hints[name] for name in names}


def _take_apart(path: str, value: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    parts = _parts(type(value))
    if parts is not None:
        for name in parts:
            yield from _take_apart(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, pl.DataFrame):
        yield path, _arrow(value)
    elif isinstance(value, pl.Series | list | dict):
        yield path, _arrow(pl.DataFrame({"text": pl.Series(list(value), dtype=pl.String)}))
    elif isinstance(value, int | np.ndarray):
        yield path, np.asarray(value)
    else:
        raise TypeError(f"{path}: {type(value).__name__} has no saved form")


def _put_together(path: str, kind: Any, arrays: _Arrays) -> Any:
    parts = _parts(kind)
    if parts is not None:
        return kind(**{name: _put_together(f"{path}.{name}", part, arrays) for name, part in parts.items()})
    array = arrays[path]
    if kind is int:
        return int(array)
    if kind is pl.DataFrame:
        return pl.read_ipc(array.tobytes())
    if kind is pl.Series:
        return pl.read_ipc(array.tobytes())["text"]
    if kind == list[str]:
        return pl.read_ipc(array.tobytes())["text"].to_list()
    if kind == dict[str, int]:
        return {word: i for i, word in enumerate(pl.read_ipc(array.tobytes())["text"].to_list())}
    return array


def _arrow(frame: pl.DataFrame) -> NDArray[np.uint8]:
    target = BytesIO()
    frame.write_ipc(target)
    return np.frombuffer(target.getvalue(), dtype=np.uint8)
