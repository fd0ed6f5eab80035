"""Cases from the field: counterparties, people, details and places around customers none of whom is listed."""

from __future__ import annotations

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

DAY = date(2026, 12, 1)
CONNECTIONS, SITES = "16-connections", "20-activity-site"


@pytest.fixture(scope="module")
def cases(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[pl.DataFrame, list[str]]]:
    """The cases and warnings of each run of the two field cases."""
    folder, field = tmp_path_factory.mktemp("field"), shared / "field-cases"
    assert not refresh([field / "stmini"], Store(folder / "store"), partial=True).failed
    first, second, sites = (
        BookFiles(
            customers=at / f"customers{n}.csv", connections=at / f"connections{n}.csv",
            transactions=at / f"transactions{n}.csv",
        )
        for at, n in ((field / CONNECTIONS, ""), (field / CONNECTIONS, "2"), (field / SITES, ""))
    )  # fmt: skip
    sites = BookFiles(
        customers=sites.customers, transactions=sites.transactions, activity=field / SITES / "activity.csv"
    )
    found = {}
    for name, files in (("first", first), ("second", second), ("sites", sites)):
        manifest = run(Job(files, folder / "store", folder / name, DAY, latest_lists=True))
        found[name] = (open_run(folder / name).table("cases"), list(manifest.warnings))
    return found


@pytest.mark.parametrize(
    ("name", "customer_id", "rule_id", "recommendation"),
    [
        ("first", "C1", "SDN_BLOCK", "hold"),
        ("first", "C3", "SDN_BLOCK", "stop_confirm"),
        ("first", "C5", "SDN_BLOCK", "stop_confirm"),
        ("first", "C5", "DEST_EMBARGO", "hold"),
        ("first", "C6", "G17", "ask"),
        ("second", "C3", "SDN_BLOCK", "stop_confirm"),
        ("second", "C6", "G17", "ask"),
        ("second", "C7", "DEST_EMBARGO", "hold"),
        ("second", "C8", "DEST_EMBARGO", "hold"),
        ("second", "C9", "DEST_REGION", "hold"),
        ("sites", "T1", "DEST_EMBARGO", "hold"),
        ("sites", "T2", "DEST_EMBARGO", "hold"),
    ],
)
def test_what_was_expected_is_found(
    cases: dict[str, tuple[pl.DataFrame, list[str]]],
    name: str, customer_id: str, rule_id: str, recommendation: str,
) -> None:  # fmt: skip
    case = cases[name][0].row(by_predicate=pl.col("customer_id") == customer_id, named=True)
    found = {finding["rule_id"]: finding["recommendation"] for finding in case["findings"]}
    assert found[rule_id] == recommendation


def test_people_and_counterparties_stand_in_their_roles(
    cases: dict[str, tuple[pl.DataFrame, list[str]]],
) -> None:
    roles = {
        (row["customer_id"], match["role"], match["party_id"])
        for row in cases["first"][0].to_dicts()
        for match in row["matches"]
    }
    assert {
        ("C1", "signatory", "SDN-90002"), ("C3", "end_user", "SDN-37447"), ("C5", "director", "SDN-90003"),
        ("C5", "ultimate_consignee", "SDN-16865"), ("C6", "address", "SDN-90001"),
    } <= roles  # fmt: skip


def test_every_detail_of_a_listed_party_is_named_with_the_party(
    cases: dict[str, tuple[pl.DataFrame, list[str]]],
) -> None:
    case = cases["second"][0].row(by_predicate=pl.col("customer_id") == "C6", named=True)
    contacts = {(match["query_name"], match["party_id"]) for match in case["matches"]}
    assert contacts == {
        ("e-mail address mail@kibank.ru", "SDN-19032"), ("internet domain kibank.ru", "SDN-19032"),
        ("address 19 Spruha, Trzin 1236, Slovenia", "SDN-90001"),
    }  # fmt: skip


def test_a_network_address_without_a_country_is_said_not_to_be_located(
    cases: dict[str, tuple[pl.DataFrame, list[str]]],
) -> None:
    table, warnings = cases["first"]
    assert "C2" not in table["customer_id"].to_list()
    assert any("1 of 2 ip addresses name no country" in line and "C2" in line for line in warnings)
