"""The rows of a request give the book that the same rows in files give."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.errors import InputRejected
from pipelines.inputs.book import BookFiles, read_book
from pipelines.inputs.request import read_request
from pipelines.job.config import Config

Row = Mapping[str, Any]
TABLES: dict[str, list[Row]] = {
    "customers": [
        {
            "customer_id": "new-1", "name": " Cascadia \x00Radio ", "country": "us",
            "identifiers": ["vat:DE1", "lei:A"], "date_of_birth": "someday", "incorporated_on": "2020-02-30",
        }
    ],
    "ownership": [
        {"owner_id": "h", "owner_name": "Huawei", "owned_id": "new-1", "share_percent": "60"},
        {"owner_id": "", "owned_id": "new-1", "share_percent": "25-50"},
        {"owner_id": "x", "owned_id": "new-1", "share_percent": "much"},
    ],
    "entities": [{"entity_id": "h", "name": "Huawei", "country": "CN"}, {"entity_id": "h", "kind": "company"}],
    "activity": [
        {"customer_id": "new-1", "activity_id": "a", "kind": "training", "training_ops_planned": 1e26, "count": 12},
    ],
}  # fmt: skip

LENIENT = Config.model_validate({"limits": {"max_rows_set_aside": 1.0, "max_other_rows_set_aside": 1.0}})


def in_files(tables: Mapping[str, list[Row]], folder: Path) -> BookFiles:
    paths = {}
    for name, rows in tables.items():
        columns = dict.fromkeys(key for row in rows for key in row)
        paths[name] = folder / f"{name}.ndjson"
        whole = [{column: row.get(column) for column in columns} for row in rows]
        paths[name].write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in whole))
    ownership = paths.pop("ownership", None)
    return BookFiles(paths.pop("customers"), (ownership,) if ownership else (), **paths)


def test_rows_are_read_as_files_are(tmp_path: Path) -> None:
    files, request = read_book(in_files(TABLES, tmp_path), LENIENT), read_request(TABLES, LENIENT)
    for name in ("customers", "entities", "activity", "edges"):
        assert_frame_equal(getattr(files, name), getattr(request, name))
    named = files.problems.with_columns(pl.col("file").str.strip_suffix(".ndjson"))
    assert named.height > 3
    assert_frame_equal(named, request.problems)
    assert request.connections is None  # not given is not the same as none


def test_columns_may_have_our_names_or_those_of_files() -> None:
    config = Config.model_validate({"columns": {"customers": {"customer_id": "KUNDE"}}})
    for name in ("customer_id", "KUNDE"):
        book = read_request({"customers": [{name: "1", "name": "Acme"}]}, config)
        assert book.customers["customer_id"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"customers": [{"customer_id": "1", "name": "a"}], "activity": [{"oops": 1}]}, "activity"),
        ({"customers": [{"customer_id": "1", "name": "a"}], "ownership": [{"owner_id": "x"}]}, "owned_id"),
        ({"customers": [{"customer_id": " ", "name": "a"}]}, "required and blank"),
        ({"customers": [{"customer_id": "1", "name": "a"}], "entities": [{"__row": 1}]}, "0 columns"),
    ],
)
def test_what_cannot_be_used_is_named(tables: Mapping[str, list[Row]], message: str) -> None:
    with pytest.raises(InputRejected, match=message):
        read_request(tables, Config())
