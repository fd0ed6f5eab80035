"""What an examiner asks of a certificate, row by row of the worked cases on proof (J01 to J12)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from desk.api.desk import cases_with_evidence
from desk.certificate import Certificate, as_page, certificate, full_text, short_text
from desk.certificate.words import NOT_RECORDED
from desk.store import Ledger, decisions, import_run
from desk.store.cases import find
from pipelines.demo import demo_job
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import Run, open_run

DAY = date(2026, 12, 1)
FIELDS = (
    "customer", "names", "lists", "lists_not_loaded", "logic", "results", "below_line", "suppressed", "ownership",
    "rules", "not_checked", "decisions", "trigger", "next_review", "retention", "hash",
)  # fmt: skip
WITH_CASE, WITHOUT = "C001", "C200"
HOSTILE = "<script>alert(1)</script> \u202eevil & Sons"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("examiner")
    job = demo_job(folder, DAY)
    customers = pl.read_csv(job.files.customers, infer_schema=False)
    hostile = pl.when(pl.col("customer_id") == "C202").then(pl.lit(HOSTILE)).otherwise("name")
    customers.with_columns(name=hostile).write_csv(folder / "customers.csv")
    return replace(job, files=replace(job.files, customers=folder / "customers.csv"))


@pytest.fixture(scope="module")
def night(job: Job) -> Run:
    run(job)
    return open_run(job.out)


@pytest.fixture
def desk(night: Run, tmp_path: Path) -> Ledger:
    """A desk that has imported the run."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'desk.db'}")
    with ledger.change("night", at(1)) as change:
        import_run(change, night.manifest, cases_with_evidence(night))
    return ledger


def at(hour: int) -> datetime:
    return datetime(2026, 12, 1, hour, 2, tzinfo=UTC)


def decide(ledger: Ledger, to: str = "false_positive") -> None:
    """Ann proposes and Bob agrees."""
    with ledger.read() as session:
        case = find(session, WITH_CASE)
    with ledger.change("ann", at(10)) as change:
        moved = (
            decisions.move(change, case.case_id, case.version, "in_review") if case.state == "open" else case
        )
        version = moved.version
    with ledger.read() as session:
        version = find(session, WITH_CASE).version
    with ledger.change("ann", at(10)) as change:
        decisions.move(change, case.case_id, version, to, "other birth date, passport seen")
    with ledger.read() as session:
        version = find(session, WITH_CASE).version
    with ledger.change("bob", at(10) + timedelta(minutes=38)) as change:
        decisions.approve(change, case.case_id, version, "agreed")


def lines(made: Certificate, key: str) -> str:
    (section,) = [each for each in made.sections if each.key == key]
    rows = "\n".join(" | ".join(row) for row in section.rows)
    return "\n".join([*section.lines, rows])


def text(made: Certificate) -> str:
    return "\n".join(line for _, line in full_text(made))


@pytest.mark.parametrize("customer_id", [WITH_CASE, WITHOUT, "C202", "C100"])
def test_every_field_of_the_record_is_there_and_none_is_empty(night: Run, customer_id: str) -> None:
    made = certificate(night, customer_id)
    assert tuple(section.key for section in made.sections) == FIELDS
    for section in made.sections:
        assert section.lines and all(line.strip() for line in section.lines), section.key
        assert all(cell.strip() for row in section.rows for cell in row), section.key
    whole = text(made) + as_page(made) + "\n".join(line for _, line in short_text(made, "run"))
    assert not re.search(r"\bcleared\b", whole, re.IGNORECASE)


def test_the_fields_are_those_of_the_record_that_the_reference_names(shared: Path) -> None:
    record = pl.read_csv(shared / "regulation" / "proof_record.csv")
    assert record.height == len(FIELDS)


def test_j01_a_customer_without_a_case_was_screened(night: Run) -> None:
    made = certificate(night, WITHOUT)
    assert made.case is None
    assert "Estero Bellaco Lanas S.A." in lines(made, "names")
    assert len(night.manifest["lists"]) == lines(made, "results").count("none at or above 0.40")
    for row in night.manifest["lists"]:
        assert f"{row['list']} | {row['publisher']} | {row['published']}" in lines(made, "lists")
        assert row["hash"][:16] in lines(made, "lists")
    assert "person | 0.75 | 0.50" in lines(made, "logic")
    assert "not raised" in lines(made, "rules") and "not applicable" in lines(made, "rules")


@pytest.mark.parametrize("code", ["EU", "UK", "UN", "1260H", "UFLPA"])
def test_j02_a_list_that_was_not_loaded_is_named(night: Run, code: str) -> None:
    assert f"\n{code} | " in lines(certificate(night, WITHOUT), "lists_not_loaded")


def test_j03_each_list_says_its_day_and_age(night: Run) -> None:
    assert re.search(
        r"SDN \| OFAC \| 2026-11-20 \| 6 business days", lines(certificate(night, WITHOUT), "lists")
    )
    assert any(
        "Lists published more than 1 business day before" in each for each in night.manifest["warnings"]
    )


def test_j04_a_delta_says_which_list_made_it(job: Job, night: Run, tmp_path: Path) -> None:
    store = tmp_path / "store"
    only = replace(job, config=job.config.model_copy(update={"lists": ("SDN",)}), out=tmp_path / "before")
    run(only)
    both = replace(
        job, config=job.config.model_copy(update={"lists": ("SDN", "EL")}), out=tmp_path / "after", since=only.out,
        trigger="order 77",
    )  # fmt: skip
    run(both)
    why = lines(certificate(open_run(both.out), WITHOUT), "trigger")
    assert "Delta run, begun " in why
    assert "Event as given: order 77." in why
    assert "Changed since: list_update, settings_change." in why
    assert "List EL: not loaded before, 2026-11-20 now." in why
    assert not store.exists()
    assert NOT_RECORDED in lines(certificate(night, WITHOUT), "trigger")


def test_j05_a_closed_hit_says_who_closed_it_why_and_when(night: Run, desk: Ledger) -> None:
    decide(desk)
    with desk.read() as session:
        written = lines(certificate(night, WITH_CASE, session), "decisions")
    assert "2026-12-01 10:02 UTC ann: proposed -> false_positive: other birth date, passport seen" in written
    assert (
        "2026-12-01 10:40 UTC bob: approved -> false_positive, second signature to the proposal of ann"
        in written
    )
    assert "Set aside: " in written and "expires 2027-12-01" in written


def test_j06_candidates_under_the_line_are_counted_and_the_best_is_named(job: Job, tmp_path: Path) -> None:
    matching = job.config.matching.model_copy(update={"review": 0.9995, "alert": 0.9999, "below": 0.5})
    strict = replace(job, config=job.config.model_copy(update={"matching": matching}), out=tmp_path / "run")
    run(strict)
    made = certificate(open_run(strict.out), "C002")
    assert "candidate" in lines(made, "below_line") and "EL: best 0.99+ 华为技术有限公司 ~ " in lines(
        made, "below_line"
    )
    assert "0.50" in lines(made, "below_line")


def test_j07_the_status_of_a_rule_is_that_of_the_day(job: Job, tmp_path: Path) -> None:
    january = replace(job, as_of=date(2026, 1, 15), out=tmp_path / "run")
    run(january)
    opened = open_run(january.out)
    raised = opened.table("findings").filter(
        pl.col("rule_id") == "BIS_AFFILIATES", pl.col("outcome") == "raised"
    )
    written = lines(certificate(opened, raised["customer_id"][0]), "rules")
    assert "BIS_AFFILIATES | suspended | raised | " in written


def test_j08_and_j09_the_clock_of_retention_and_what_stops_it(night: Run, desk: Ledger) -> None:
    """A customer that was declined after red flags has a case as any other: its clock runs from the closing."""
    decide(desk, "true_match")
    with desk.read() as session:
        clock = lines(certificate(night, WITH_CASE, session), "retention")
        case = find(session, WITH_CASE)
    assert "File of the case: until 2036-12-01" in clock
    assert "OFAC: 10 years from last transaction (31 CFR 501.601; 89 FR 74832)" in clock
    assert "EAR: 5 years from last transaction (15 CFR 762.6)" in clock
    with desk.change("ann", at(11)) as change:
        decisions.set_hold(change, case.case_id, case.version, "legal_hold", True, "subpoena")
    with desk.read() as session:
        assert "no day of expiry (legal hold: keep)" in lines(
            certificate(night, WITH_CASE, session), "retention"
        )


def test_j10_thresholds_that_the_firm_set_are_named(job: Job, tmp_path: Path) -> None:
    """Who approved them is not in the run: that stands in the firm's own record of its settings."""
    matching = job.config.matching.model_copy(update={"review": 0.6})
    changed = replace(job, config=job.config.model_copy(update={"matching": matching}), out=tmp_path / "run")
    run(changed)
    assert "{'review': 0.6}" in lines(certificate(open_run(changed.out), WITHOUT), "logic")


@pytest.mark.parametrize(
    ("expires", "written"), [("2025-01-31", "None: no review in force"), ("2027-01-31", "by ann on")]
)
def test_j11_a_review_that_expired_sets_nothing_aside(
    job: Job, night: Run, tmp_path: Path, expires: str, written: str
) -> None:
    hit = night.table("matches").filter(pl.col("customer_id") == WITH_CASE, pl.col("role").is_null()).head(1)
    hit.select(
        "customer_id", "party_id", "evidence_hash", reason=pl.lit("another"), by=pl.lit("ann"),
        date=pl.lit("2024-01-31"), expires=pl.lit(expires),
    ).write_csv(tmp_path / "reviews.csv")  # fmt: skip
    reviewed = replace(
        job, files=replace(job.files, suppressions=tmp_path / "reviews.csv"), out=tmp_path / "run"
    )
    run(reviewed)
    made = certificate(open_run(reviewed.out), WITH_CASE)
    assert written in lines(made, "suppressed")
    assert ("set aside by a review" in lines(made, "results")) == (expires > "2026")


def test_j12_records_are_found_by_party_through_the_tables_of_the_run(night: Run) -> None:
    """There is no search by party over all runs; the tables of a run answer for one."""
    party = night.table("hits")["party_id"][0]
    assert night.table("matches").filter(pl.col("party_id") == party).height


def test_the_same_run_gives_the_same_bytes_and_another_log_another_hash(night: Run, desk: Ledger) -> None:
    assert certificate(night, WITHOUT) == certificate(night, WITHOUT)
    with desk.read() as session:
        before = certificate(night, WITH_CASE, session)
    decide(desk)
    with desk.read() as session:
        after = certificate(night, WITH_CASE, session)
    assert before.sha256 != after.sha256
    assert "Audit log of the desk: line " in lines(after, "hash")


def test_a_hostile_name_stays_text(night: Run) -> None:
    page = as_page(certificate(night, "C202"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page and "U+202E" in page
