"""Tables of edges: every row is used, or set aside with a reason, in every format."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.ownership import read_ownership, table
from screening.ownership import OwnershipNetwork
from screening.tables.inputs import EDGES

GEM = {
    "owned_id": "owner_id",
    "owned_name": "owner",
    "owner_id": "parent_id",
    "owner_name": "parent",
    "share_percent": "share_pct",
}


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_percentages_and_parts_per_million_mean_the_same(tmp_path: Path) -> None:
    percent = write(tmp_path / "p.csv", "owner_id,owned_id,share_percent\na,b,33.333\na,c,25-50\na,d,\n")
    parts = write(
        tmp_path / "m.csv",
        "owner_id,owned_id,share_min,share_max\na,b,333330,333330\na,c,250000,500000\na,d,0,1000000\n",
    )
    first, second = read_ownership([percent]).edges, read_ownership([parts]).edges
    assert first.equals(second)
    assert first.schema == pl.Schema(EDGES.schema())
    assert first.select("share_min", "share_max").rows() == [
        (333_330, 333_330),
        (250_000, 500_000),
        (0, 1_000_000),
    ]


@pytest.mark.parametrize("suffix", [".parquet", ".ndjson", ".csv"])
def test_every_format_gives_the_same_edges(tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame(
        {
            "owner_id": ["a", "x"],
            "owned_id": ["b", "b"],
            "share_min": [400_000, 0],
            "share_max": [400_000, 1_000_000],
            "interest": ["equity", "Board"],
            "direct": [True, False],
            "start": [date(2020, 1, 31), None],
        }
    )
    path = tmp_path / f"edges{suffix}"
    if suffix == ".parquet":
        frame.write_parquet(path)
    elif suffix == ".ndjson":
        frame.write_ndjson(path)
    else:
        frame.write_csv(path)
    read = read_ownership([path])
    assert read.problems.is_empty()
    assert read.edges.select("owner_id", "interest", "direct", "start").rows() == [
        ("a", "equity", True, date(2020, 1, 31)),
        ("x", "board", False, None),
    ]


def test_nothing_is_dropped_in_silence(tmp_path: Path) -> None:
    rows = [
        "owner_id,owned_id,share_percent,interest,start,end",
        "a,b,50,equity,,",
        ",b,10,equity,,",
        "a,,10,equity,,",
        "a,c,120,equity,,",
        "a,d,-5,equity,,",
        "a,e,half,loan,,",
        "a,f,20,equity,2024-02-01,2023-02-01",
        "a,g,20,equity,01/02/2024,",
        "h,h,100,equity,,",
        "i,i,20,equity,,",
    ]
    read = read_ownership([write(tmp_path / "edges.csv", "\n".join(rows) + "\n")])
    assert read.problems.select("row", "column", "value", "consequence").rows() == [
        (3, "owner_id", None, "row_set_aside"),
        (4, "owned_id", None, "row_set_aside"),
        (5, "share", "120", "value_ignored"),
        (6, "share", "-5", "value_ignored"),
        (7, "interest", "loan", "value_ignored"),
        (7, "share", "half", "value_ignored"),
        (8, "end", "2023-02-01", "value_ignored"),
        (9, "start", "01/02/2024", "value_ignored"),
        (10, "owner_id", "h", "row_set_aside"),
    ]
    assert read.set_aside == 3
    usable = {row["owned_id"]: row for row in read.edges.iter_rows(named=True)}
    assert sorted(usable) == ["b", "c", "d", "e", "f", "g", "i"]
    assert (usable["c"]["share_min"], usable["c"]["share_max"]) == (0, 1_000_000)
    assert (usable["f"]["start"], usable["f"]["end"]) == (None, None)


def test_pseudo_owners_are_undisclosed_holders(tmp_path: Path) -> None:
    path = write(
        tmp_path / "edges.csv",
        "owner_id,owner_name,owned_id,share_percent\nE1,Natural Person(s),b,40\nunknown,,b,20\n"
        "E1,natural person(s),c,100\n,unknown,d,30\n",
    )
    read = read_ownership([path])
    assert read.problems.is_empty()
    assert read.edges["owner_id"].null_count() == 4
    assert OwnershipNetwork.from_edges(read.edges).entities["entity_id"].to_list() == ["b", "c", "d"]


def test_joined_entities_come_apart_with_an_undisclosed_share(tmp_path: Path) -> None:
    path = write(
        tmp_path / "edges.csv",
        "owner_id,owned_id,owned_name,share_percent\np,a; b,A Ltd; B Ltd,60\np,p; q,P; Q,60\ns; t,c,C,30\n",
    )
    edges = read_ownership([path]).edges
    assert edges.select("owner_id", "owned_id", "owned_name", "share_min", "share_max").rows() == [
        ("p", "a", "A Ltd", 0, 1_000_000),
        ("p", "b", "B Ltd", 0, 1_000_000),
        ("p", "p", "P", 0, 1_000_000),
        ("s", "c", "C", 0, 300_000),
        ("t", "c", "C", 0, 300_000),
    ]


def test_a_file_without_the_columns_is_refused_with_every_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "edges.csv", "from,to,pct\na,b,50\n")
    with pytest.raises(InputRejected) as raised:
        read_ownership([path, tmp_path / "absent.csv"], columns={"owner_id": "from", "owned": "to"})
    message = str(raised.value)
    assert "no column of ours is called 'owned'" in message
    assert "owned_id is required" in message
    assert "share_percent, or share_min and share_max" in message
    assert "from, to, pct" in message
    assert "absent.csv: no such file" in message


def test_entities(tmp_path: Path) -> None:
    edges = write(tmp_path / "edges.csv", "owner_id,owned_id,share_percent\na,b,60\n")
    entities = write(
        tmp_path / "entities.csv",
        "id,name,hq_country,identifiers\na,Alpha,cn,lei:1; reg:2\na,Again,,\n,x,,\n",
    )
    read = read_ownership([edges], entities, entity_columns={"entity_id": "id"})
    assert read.entities.select("entity_id", "hq_country", "identifiers").rows() == [
        ("a", "CN", ["lei:1", "reg:2"])
    ]
    assert sorted(read.problems["reason"].to_list()) == [
        "identifiers of the type lei cannot be one and are not looked up, in 1 values",
        "identifiers of the type reg, which is not known, are read by their form, else as passports and numbers, "
        "in 1 values",
        "required and blank",
        "stands in an earlier row already",
    ]
    parents = OwnershipNetwork.from_edges(read.edges, read.entities).ultimate_parents()
    assert parents.filter(pl.col("entity_id") == "b")["hq_country"].item() == "CN"


def test_steel_owners(shared: Path) -> None:
    """Every one of the 1,786 rows of the steel plant owners is an edge or has a reason."""
    read = read_ownership(
        [shared / "data" / "ownership" / "gem" / "gist-owner-parent-edges.derived.csv"], columns=GEM
    )
    itself = read.problems.filter(pl.col("reason").str.starts_with("owns itself"))
    assert itself.height >= 388
    assert read.edges["owner_id"].null_count() == 238
    assert read.edges["share_min"].max() == 1_000_000
    assert not read.problems["column"].is_in(["share"]).any()
    net = OwnershipNetwork.from_edges(read.edges)
    assert not net.entities["name"].str.to_lowercase().is_in(["unknown", "natural person(s)"]).any()
    assert net.oversubscribed()["entity_id"].len() == 13


def test_a_file_is_read_some_rows_at_a_time_as_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (
        "".join(f"a{n},b{n},{n % 120},{'extra' if n == 7 else ''}\n" for n in range(50)) + "a;b,c,,\n,d,10,\n"
    )
    path = write(tmp_path / "edges.csv", "owner_id,owned_id,share_percent,source\n" + rows)
    whole = read_ownership([path])
    monkeypatch.setattr(table, "BATCH_ROWS", 7)
    batches: list[pl.DataFrame] = []

    def store(batch: pl.DataFrame) -> pl.LazyFrame:
        batches.append(batch)
        return batch.lazy()

    parts = read_ownership([path], store=store)
    assert len(batches) > 1
    assert parts.edges.equals(whole.edges)
    assert parts.problems.equals(whole.problems)
    assert parts.sources == whole.sources
