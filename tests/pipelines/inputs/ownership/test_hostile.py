"""Files made by nobody we trust: whatever they hold, they are read with problems noted, or refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputRejected
from pipelines.inputs.ownership import read_ownership
from screening.ownership import OwnershipNetwork

KEYS = (
    *(
        "recordType",
        "recordId",
        "recordDetails",
        "statementDate",
        "subject",
        "interestedParty",
        "interests",
        "share",
    ),
    *(
        "exact",
        "minimum",
        "type",
        "names",
        "identifiers",
        "company_number",
        "data",
        "kind",
        "natures_of_control",
    ),
    *(
        "links",
        "self",
        "identification",
        "registration_number",
        "id",
        "schema",
        "properties",
        "owner",
        "asset",
    ),
    *(
        "percentage",
        "startDate",
        "endDate",
        "recordStatus",
        "personType",
        "entityType",
        "source",
        "jurisdiction",
    ),
)
WORDS = (
    *(
        "relationship",
        "entity",
        "person",
        "closed",
        "Ownership",
        "Company",
        "shareholding",
        "2024-01-01",
        "",
        "a",
        "b",
    ),
    *(
        "individual-person-with-significant-control",
        "ownership-of-shares-25-to-50-percent",
        "\x00",
        "=1+1",
        "50",
    ),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)
MARKS: tuple[dict[str, Any], ...] = (
    {"statementId": "s", "recordType": "relationship"},
    {"company_number": "1", "data": {"kind": "x"}},
    {"id": "a", "schema": "Ownership", "properties": {}},
)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.sampled_from(MARKS), st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8), max_size=5)
)
def test_odd_records_are_noted_and_never_crash(
    tmp_path: Path, mark: dict[str, Any], records: list[dict[str, Any]]
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(b"\n".join(orjson.dumps(record) for record in [mark, *({**mark, **r} for r in records)]))
    read = read_ownership([path])
    OwnershipNetwork.from_edges(read.edges, read.entities).cascade({"a"})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"owner_id,owned_id,share_percent",
        b"owner_id,owned_id,share_percent\n" + b"a" * 20_000 + b",b,50\n",
        b'owner_id,owned_id,share_percent\n"a,b,50\n',
        b"\xff\xfe\x00broken",
        b"PAR1 not really",
        b'{"statementId": "s", "recordType": "entity"',
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".jsonl", ".xml", ".csv.gz", ".xlsx"])
def test_broken_files_are_refused_or_read_with_problems(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(content)
    try:
        read = read_ownership([path])
    except InputRejected as error:
        assert path.name in str(error)
    else:
        assert read.edges.is_empty()


def test_text_that_a_spreadsheet_would_run_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text('owner_id,owned_id,share_percent,owner_name\n=cmd,b,50,"=HYPERLINK(""x"")"\n')
    assert read_ownership([path]).edges["owner_name"].to_list() == ['=HYPERLINK("x")']


def test_one_row_with_every_fault_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("owner_id,owned_id,share_percent,start,end\n,,999,2024-13-01,x\na,b,50,,\n")
    read = read_ownership([path])
    assert read.edges.select("owner_id", "owned_id").rows() == [("a", "b")]
    assert read.problems["row"].to_list() == [2] * 5
    assert read.problems.filter(pl.col("consequence") == "row_set_aside").height == 2
