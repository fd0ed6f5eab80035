"""The whole job on the real lists: counts as published, real companies found, real look-alikes explained."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import refresh
from lists.store import Store
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Columns, Config
from pipelines.job.definition import Job
from pipelines.job.limits import Limits
from pipelines.job.run import run
from pipelines.run import Run, open_run

TODAY = date(2026, 11, 22)
GLEIF = "customers/gleif-legal-names-2025-10.csv.gz"
GEM = "ownership/gem/gist-owner-parent-edges.derived.csv"
CONFIG = Config(
    columns=Columns(
        customers={"customer_id": "LEI", "name": "Entity.LegalName", "country": "Entity.LegalAddress.Country"},
        ownership={
            "owner_id": "parent_id", "owner_name": "parent", "owned_id": "owner_id", "owned_name": "owner",
            "share_percent": "share_pct",
        },
    ),
    defaults={"customers": {"party_type": "organization"}},
    limits=Limits(joined={"ownership": 0}),  # the steel makers are in no book of these names
)  # fmt: skip
LISTED = ("ROSOBORONEXPORT", "HUAWEI", "Amsterdam Trade Bank", "SHANDONG INDEPENDENT ENERGY TRADING DMCC")


@pytest.fixture(scope="module")
def store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    found = Store(tmp_path_factory.mktemp("store"))
    data = shared / "data"
    report = refresh(
        [
            data / "ofac/2023-12-28",
            data / "csl/consolidated.rebuilt-2026-07-31.csv.gz",
            data / "bis/dpl-2022.txt",
        ],
        found,
    )
    assert not report.failed, report
    return found


@pytest.fixture(scope="module")
def screened(shared: Path, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A tenth of the real book, with every name that any word of LISTED stands in."""
    folder = tmp_path_factory.mktemp("real")
    book = pl.read_csv(shared / "data" / GLEIF, infer_schema=False)
    wanted = pl.col("Entity.LegalName").str.contains_any(list(LISTED), ascii_case_insensitive=True)
    book.filter(wanted | (pl.int_range(pl.len()) % 10 == 0)).write_csv(folder / "book.csv")
    files = BookFiles(customers=folder / "book.csv", ownership=(shared / "data" / GEM,))
    job = Job(files, store.root, folder / "run", TODAY, config=CONFIG)
    run(job)
    return open_run(job.out)


def test_the_lists_hold_what_the_agencies_published(store: Store) -> None:
    parties = {ref.list: ref.counts["parties"] for ref in store.load(TODAY).snapshots}
    assert (parties["EL"], parties["SDN"], parties["MEU"], parties["UVL"]) == (3420, 19181, 70, 222)
    old = store.load(date(2024, 1, 15))
    assert {ref.list: ref.counts["parties"] for ref in old.snapshots}["SDN"] == 13821


def test_sdn_from_two_publishers_hits_once(screened: Run) -> None:
    matches = screened.table("matches")
    assert matches.select("customer_id", "matched_entity_id", "party_id").is_unique().all()
    assert any("SDN is here from" in warning for warning in screened.manifest["warnings"])


def test_real_companies_that_are_listed_are_alerts(screened: Run) -> None:
    alerts = screened.table("matches").filter(pl.col("band") == "alert")
    for name in ("HUAWEI", "Amsterdam Trade Bank", "SHANDONG INDEPENDENT ENERGY TRADING DMCC"):
        found = alerts.filter(pl.col("query_name").str.contains_any([name], ascii_case_insensitive=True))
        assert found.height >= 1, name


def test_alerts_stay_rare(screened: Run) -> None:
    """Real companies, nearly all of them nobody's concern: the limit is twice what was measured."""
    alerts = screened.table("matches").filter(pl.col("band") == "alert")["customer_id"].n_unique()
    assert alerts / screened.manifest["counts"]["customers"] < 0.011


def test_every_row_is_accounted_for(screened: Run) -> None:
    counts = screened.manifest["counts"]
    rows = sum(source["rows"] for source in screened.manifest["inputs"] if source["name"] == "book.csv")
    assert counts["customers"] == rows
