"""Optional lists and the bodies of 15 CFR 744.22(f)(2): screened where somebody asks, and named where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from desk.cli.store_checks import snapshots
from lists.errors import SnapshotNotFound
from lists.refresh import refresh
from lists.store import Store
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run

DAY = date(2026, 12, 1)
UN = """<CONSOLIDATED_LIST dateGenerated="2026-11-30T00:00:00Z"><ENTITIES><ENTITY>
<FIRST_NAME>ZORVIAN QUELTRASK FOUNDATION</FIRST_NAME><REFERENCE_NUMBER>TLe.001</REFERENCE_NUMBER>
<UN_LIST_TYPE>Test</UN_LIST_TYPE><LISTED_ON>2012-12-31</LISTED_ON></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""
COMPANIES = "name,aliases,country,effective_date\nPlimbrook Vartan Dynamics,,China,2026-01-05\n"
BODIES = "name,country,in_force_from,citation\nDirectorate of Ostrel Quavering,KP,2021-03-16,86 FR 4865\n"
BOOK = """customer_id,name,country
c1,Zorvian Queltrask Foundation,CH
c2,Plimbrook Vartan Dynamics,CN
c3,Directorate of Ostrel Quavering,KP
c4,Bakery of the Corner,DE
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job upon a store with the three lists, without a choice."""
    folder = tmp_path_factory.mktemp("optional")
    texts = {"un.xml": UN, "section-1260h.csv": COMPANIES, "744-22.csv": BODIES, "book.csv": BOOK}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = [folder / name for name in texts if name != "book.csv"]
    report = refresh(files, Store(folder / "store"), published=date(2026, 11, 30), partial=True, today=DAY)
    assert not report.failed
    return Job(BookFiles(folder / "book.csv"), folder / "store", folder / "run", DAY)


@pytest.fixture(scope="module")
def findings(job: Job) -> pl.DataFrame:
    """What a run finds that takes both optional lists."""
    taken = replace(job, config=Config(optional_lists=("UN", "1260H")))
    run(taken)
    return open_run(taken.out).table("findings")


def test_each_list_raises_its_own_rule(findings: pl.DataFrame) -> None:
    rows = findings.filter(pl.col("rule_id").is_in(["UN_FREEZE", "S1260H", "MIEU_LIST", "OTHER_LIST"]))
    assert rows.select("customer_id", "rule_id", "outcome", "recommendation", "severity").rows() == [
        ("c1", "UN_FREEZE", "raised", "hold", 80),
        ("c2", "S1260H", "raised", "ask", 30),
        ("c3", "MIEU_LIST", "raised", "hold", 85),
    ]
    assert "UN Security Council Consolidated List" in rows["reason"][0]
    assert "lists=" not in "".join(rows["evidence"])


def test_the_run_names_what_it_took_and_what_it_left(job: Job, findings: pl.DataFrame) -> None:
    health = open_run(job.out).manifest["health"]
    assert not findings.is_empty()
    assert [row["list"] for row in health["lists"]] == ["1260H", "MIEU", "UN"]
    absent = {row["list"]: row["why"] for row in health["lists_not_loaded"]}
    assert absent["EU"].startswith("an optional list")


def test_nobody_asked_so_only_the_bodies_of_the_section_are_screened(job: Job) -> None:
    lists = job.lists()
    assert [ref.list for ref in lists.snapshots] == ["MIEU"]
    with pytest.raises(SnapshotNotFound, match="no snapshot of EU"):
        replace(job, config=Config(optional_lists=("EU",))).lists()


def test_a_setting_takes_optional_lists_only() -> None:
    with pytest.raises(ValueError, match="unknown list SDN; known are UN"):
        Config(optional_lists=("SDN",))
    assert Config(lists=("UN",)).lists == ("UN",)


def test_the_doctor_says_what_is_missing(job: Job, tmp_path: Path) -> None:
    checks = {row["check"]: row for row in snapshots(job.store, DAY)}
    assert checks["list UN"]["detail"].startswith("UN, published 2026-11-30")
    assert "not there: EU, UK, 1286" in checks["optional lists"]["detail"]
    assert checks["list SDN"]["state"] == "missing"
    (tmp_path / "un.xml").write_text(UN, encoding="utf-8")
    refresh([tmp_path / "un.xml"], Store(tmp_path / "store"), partial=True, today=DAY)
    bare = {row["check"]: row for row in snapshots(tmp_path / "store", DAY)}
    assert bare["list MIEU"]["state"] == "missing"
    assert "type them from its text" in bare["list MIEU"]["detail"]
