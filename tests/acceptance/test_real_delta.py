"""Two real publications of the SDN List, 2023-12-28 and 2024-05-03: what a delta says is what a full run says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import refresh
from lists.store import Store
from pipelines.inputs.book import BookFiles
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run
from tests.acceptance.test_real_lists import CONFIG, GEM, GLEIF

BEFORE, AFTER = "2023-12-28", "2024-05-03"


def book(shared: Path, path: Path) -> BookFiles:
    """Every owner and every company of a real ownership network, and one in 120 of the real company names."""
    network = pl.read_csv(shared / "data" / GEM, infer_schema=False)
    ends = [network.select(LEI=f"{end}_id", name=end) for end in ("owner", "parent")]
    companies = pl.read_csv(shared / "data" / GLEIF, infer_schema=False).gather_every(120)
    pl.concat(
        [
            companies.select("LEI", "Entity.LegalName", "Entity.LegalAddress.Country"),
            pl.concat(ends).drop_nulls().unique("LEI").sort("LEI").rename({"name": "Entity.LegalName"}),
        ],
        how="diagonal",
    ).write_csv(path)
    return BookFiles(customers=path, ownership=(shared / "data" / GEM,))


@pytest.mark.parametrize("day", [date(2023, 12, 28), date(2024, 5, 2)], ids=["law changed", "law stayed"])
def test_a_delta_over_real_publications_equals_a_full_run(shared: Path, tmp_path: Path, day: date) -> None:
    for published in (BEFORE, AFTER):  # of the later only the main file is whole, so take that of both
        source = shared / f"data/ofac/{published}/sdn.csv.gz"
        report = refresh(
            [source], Store(tmp_path / published), published=date.fromisoformat(published), partial=True
        )
        assert not report.failed
    files = book(shared, tmp_path / "book.csv")
    before = Job(files, tmp_path / BEFORE, tmp_path / "before", day, config=CONFIG)
    run(before)
    tonight = replace(before, store=tmp_path / AFTER, out=tmp_path / "full", as_of=date.fromisoformat(AFTER))
    full = run(tonight).outputs
    delta = run(replace(tonight, out=tmp_path / "delta", since=before.out)).outputs
    assert {name: table for name, table in delta.items() if name != "changes"} == full
    assert "new" in set(open_run(tmp_path / "delta").table("changes")["change"])
