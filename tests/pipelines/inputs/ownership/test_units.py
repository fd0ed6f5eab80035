"""Fractions in a column of percents: asked about, never read as a hundredth of what they are."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.ownership import table as module
from pipelines.inputs.problems import problem_remarks
from pipelines.inputs.request import read_request
from pipelines.job.config import Config


def edges(path: Path, *shares: str) -> Path:
    rows = "".join(f'o{number},S{number},"{share}"\n' for number, share in enumerate(shares, 1))
    path.write_text("owner_id,owned_id,share_percent\n" + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "shares", [("0.6", "0.4"), ("1", "0", "0.51", ""), ("0,51",), (".5",), (">=0.75", "0.25-0.5")]
)
@pytest.mark.parametrize("batch", [1, 1000])
def test_a_column_of_fractions_is_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: tuple[str, ...], batch: int
) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", batch)
    with pytest.raises(
        InputRejected, match=r"edges\.csv: are the shares in share_percent fractions or percents\?"
    ):
        read_ownership([edges(tmp_path / "edges.csv", *shares)])


@pytest.mark.parametrize(
    "shares", [("1", "0"), ("100", "51"), ("0.6%",), ("0.6 percent", "0.4"), ("", "nan"), ("majority",)]
)
def test_percents_are_none(tmp_path: Path, shares: tuple[str, ...]) -> None:
    assert read_ownership([edges(tmp_path / "edges.csv", *shares)]).edges.height == len(shares)


def test_numbers_of_parquet_and_of_requests_too(tmp_path: Path) -> None:
    frame = pl.DataFrame({"owner_id": ["a", "b"], "owned_id": ["c", "c"], "share_percent": [0.6, 0.4]})
    frame.write_parquet(tmp_path / "edges.parquet")
    with pytest.raises(InputRejected, match=r"0\.6 in row 1"):
        read_ownership([tmp_path / "edges.parquet"])
    tables = {"customers": [{"customer_id": "c", "name": "C"}], "ownership": frame.to_dicts()}
    with pytest.raises(InputRejected, match="fractions or percents"):
        read_request(tables, Config())


def test_field_case_13_a_fraction_among_percents_is_told(tmp_path: Path) -> None:
    reading = read_ownership([edges(tmp_path / "edges.csv", "51", "51%", "0.51", "51 %", "0.4")])
    assert reading.edges.height == 5
    assert problem_remarks(reading.problems) == [
        "edges.csv: 2 shares are under one percent without a percent sign, the first 0.51 in row 4: read as percents. "
        "Where they are fractions, write 60 for 0.6."
    ]


def test_shares_of_a_company_that_add_up_to_one_are_unknown(tmp_path: Path) -> None:
    """Regulation note 2, C.4: 0.6 and 0.4 among percents of other companies."""
    rows = [
        ("S1", "51"),
        ("S2", "0.6"),
        ("S2", "0,4"),
        ("S3", "0.6"),
        ("S4", "0.6%"),
        ("S4", "0.4%"),
        ("S5", "0.5"),
        ("S5", ""),
    ]
    text = "".join(f'o{number},{company},"{share}"\n' for number, (company, share) in enumerate(rows))
    path = tmp_path / "edges.csv"
    path.write_text("owner_id,owned_id,share_percent\n" + text, encoding="utf-8")
    reading = read_ownership([path])
    assert reading.edges.select("owned_id", "share_min", "share_max").rows() == [
        ("S1", 510_000, 510_000),
        *[("S2", 0, 1_000_000)] * 2,
        ("S3", 6_000, 6_000),
        *[("S4", 6_000, 6_000), ("S4", 4_000, 4_000), ("S5", 5_000, 5_000), ("S5", 0, 1_000_000)],
    ]
    doubted = reading.problems.filter(pl.col("reason").str.starts_with("looks like a fraction"))
    assert doubted.select("row", "value", "consequence").rows() == [
        (3, "0.6", "value_ignored"),
        (4, "0,4", "value_ignored"),
    ]
