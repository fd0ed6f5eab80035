"""A delta is equal to a full run when whom customers deal with changed, or what the lists say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lists.store import Store
from pipelines.demo import demo_job
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run

TODAY = date(2026, 11, 22)
LISTS = ("EL", "MEU", "UVL", "DPL", "SDN", "SSI", "ISN")
DEALS = (
    {"customer_id": "C250", "transaction_id": "T1", "role": "end_user", "counterparty": "{listed}"},
    {"customer_id": "C251", "transaction_id": "T2", "role": "purchaser", "counterparty": "CP-1"},
    {"customer_id": "C252", "transaction_id": "T3", "role": "end_user", "counterparty": "Quiet Trade LLC"},
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, pl.DataFrame]:
    """The sample world with a run of last night in which customers deal with three further parties, and the SDN List.

    One bears the name of an SDN, one is an entity of the network, one is at the address of an SDN.
    """
    folder = tmp_path_factory.mktemp("parties")
    job = demo_job(folder, TODAY)
    frames = Store(job.store).load(TODAY).frames
    sdn = frames.parties.filter(pl.col("list") == "SDN", pl.col("party_type") == "organization").sort(
        "party_id"
    )
    job = replace(
        job, files=replace(job.files, transactions=deals(job, DEALS, sdn["primary_name"][0], folder))
    )
    run(job)
    return job, sdn


def deals(job: Job, rows: Any, listed: str, folder: Path) -> Path:
    """Write the sample's transactions and these."""
    assert job.files.transactions
    sample = pl.read_csv(Path("pipelines/sample/transactions.csv"), infer_schema=False)
    more = [
        {"date": "2026-11-01", **row, "counterparty": row["counterparty"].format(listed=listed)}
        for row in rows
    ]
    path = folder / "transactions.csv"
    pl.concat([sample, pl.DataFrame(more)], how="diagonal").write_csv(path)
    return path


def equal_nights(tonight: Job, since: Path, folder: Path) -> pl.DataFrame:
    """Run the night whole and as a delta; both are equal byte for byte. Returns its cases."""
    whole = {n: t for n, t in run(replace(tonight, out=folder / "full")).outputs.items() if n != "changes"}
    delta = {
        n: t
        for n, t in run(replace(tonight, out=folder / "delta", since=since)).outputs.items()
        if n != "changes"
    }
    assert delta == whole
    return open_run(folder / "delta").table("cases")


def rules_of(cases: pl.DataFrame, customer_id: str) -> set[str]:
    found = cases.filter(pl.col("customer_id") == customer_id)["findings"].to_list()
    return {finding["rule_id"] for finding in (found[0] if found else [])}


def test_a_new_listing_names_a_counterparty(world: tuple[Job, pl.DataFrame], tmp_path: Path) -> None:
    job, _ = world
    before = replace(
        job, config=Config(lists=tuple(code for code in LISTS if code != "SDN")), out=tmp_path / "before"
    )
    run(before)
    assert "SDN_BLOCK" not in rules_of(open_run(before.out).table("cases"), "C250")
    assert "SDN_BLOCK" in rules_of(equal_nights(job, before.out, tmp_path), "C250")


def test_a_new_transaction_of_an_existing_counterparty(
    world: tuple[Job, pl.DataFrame], tmp_path: Path
) -> None:
    job, sdn = world
    again = {**DEALS[0], "transaction_id": "T9", "date": "2026-11-20"}
    other = {**DEALS[0], "customer_id": "C253", "transaction_id": "T10"}
    files = replace(
        job.files, transactions=deals(job, (*DEALS, again, other), sdn["primary_name"][0], tmp_path)
    )
    cases = equal_nights(replace(job, files=files), job.out, tmp_path)
    (match,) = cases.filter(pl.col("customer_id") == "C250")["matches"].to_list()[0]
    assert (match["role"], match["transactions"], str(match["last_day"])) == ("end_user", 2, "2026-11-20")
    assert "SDN_BLOCK" in rules_of(cases, "C253")


def test_an_owner_of_a_counterparty_changes(world: tuple[Job, pl.DataFrame], tmp_path: Path) -> None:
    job, sdn = world
    edges = pl.read_csv(job.files.ownership[0], infer_schema=False)
    holding = {
        "owner_id": "CP-OWNER", "owner_name": sdn["primary_name"][0], "owned_id": "CP-1", "owned_name": "Quiet Ltd",
        "share_percent": "60",
    }  # fmt: skip
    pl.concat([edges, pl.DataFrame([holding])], how="diagonal").write_csv(tmp_path / "ownership.csv")
    files = replace(job.files, ownership=(tmp_path / "ownership.csv",))
    cases = equal_nights(replace(job, files=files), job.out, tmp_path)
    assert "SDN_50" in rules_of(cases, "C251")
    paths = cases.filter(pl.col("customer_id") == "C251")["paths"].to_list()[0]
    assert {(path["role"], path["counterparty"]) for path in paths} == {("purchaser", "CP-1")}


def test_details_of_a_listed_party_come_and_go(world: tuple[Job, pl.DataFrame], tmp_path: Path) -> None:
    """A counterparty and a connection that move to an SDN's address, and away again the next night."""
    job, sdn = world
    placed = Store(job.store).load(TODAY).frames.addresses.join(sdn, on="party_id", how="semi")
    there = (
        placed.filter(pl.col("street").str.contains(r"\d"), pl.col("city").is_not_null())
        .sort("raw")
        .row(0, named=True)
    )
    moved = {**DEALS[2], "counterparty_address": there["raw"], "counterparty_country": there["country"]}
    connections = pl.read_csv(Path("pipelines/sample/connections.csv"), infer_schema=False)
    point = pl.DataFrame([{"entity_id": "C249", "kind": "address", "value": there["raw"]}])
    pl.concat([connections, point], how="diagonal").write_csv(tmp_path / "connections.csv")
    files = replace(
        job.files,
        transactions=deals(job, (*DEALS[:2], moved), sdn["primary_name"][0], tmp_path),
        connections=tmp_path / "connections.csv",
    )
    (tmp_path / "there").mkdir()
    (tmp_path / "back").mkdir()
    cases = equal_nights(replace(job, files=files), job.out, tmp_path / "there")
    for customer in ("C252", "C249"):
        assert "G17" in rules_of(cases, customer)
    back = equal_nights(job, tmp_path / "there" / "delta", tmp_path / "back")
    for customer in ("C252", "C249"):
        assert "G17" not in rules_of(back, customer)
