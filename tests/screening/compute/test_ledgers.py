"""The ledgers at their limits: equal passes, a thousandth more does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.compute.allocations import cap, company_allocation, country_allocation, quarter
from screening.compute.deployments import deployments
from screening.compute.exceptions import artificial_intelligence_authorization, low_processing, manufacturing
from screening.compute.results import RESULT
from screening.compute.validated import eligibility, notices, shares
from screening.law import law_on
from screening.redflags.facts.inputs import read_activity

DAY = date(2026, 11, 22)
LAW = law_on(DAY)


def chips(
    *rows: dict[str, Any], holders: Mapping[str, tuple[str | None, str | None, str]] | None = None
) -> pl.DataFrame:
    """One row a deployment of chips of 5,000 TPP; holders: customer -> headquarters, parent's headquarters, group."""
    seats = holders or {"c": ("BR", "BR", "G")}
    filled = [
        {
            "customer_id": "c",
            "activity_id": f"a{i}",
            "kind": "deployment",
            "accelerator": "part",
            "start": "2026-02-01",
            "tpp": "5000",
            "site_country": "BR",
            **row,
        }
        for i, row in enumerate(rows)
    ]
    who = pl.DataFrame(
        [
            {"customer_id": c, "hq_country": own, "parent_hq_country": parent, "group": group}
            for c, (own, parent, group) in seats.items()
        ],
        schema=dict.fromkeys(("customer_id", "hq_country", "parent_hq_country", "group"), pl.String),
    )
    return deployments(read_activity(pl.DataFrame(filled, infer_schema_length=None)), who, LAW)


def branches(results: pl.DataFrame, rule_id: str | None = None) -> list[str]:
    assert dict(results.schema) == dict(RESULT)
    rows = results if rule_id is None else results.filter(pl.col("rule_id") == rule_id)
    return rows.sort("customer_id", "branch")["branch"].to_list()


def test_country_allocation_equal_passes() -> None:
    assert branches(country_allocation(chips({"count": 158_000}), LAW)) == ["within"]
    more = chips({"count": 158_000}, {"count": 1, "tpp": "4800"})
    assert branches(country_allocation(more, LAW)) == ["over"]


def test_country_allocation_adds_everybody_in_the_country_and_nobody_in_the_nineteen() -> None:
    seats = {"c": ("BR", "BR", "G"), "d": ("IN", "IN", "H")}
    both = chips({"count": 100_000}, {"customer_id": "d", "count": 100_000}, holders=seats)
    assert branches(country_allocation(both, LAW)) == ["over", "over"]
    assert branches(country_allocation(chips({"count": 900_000, "site_country": "JP"}), LAW)) == []
    assert branches(country_allocation(chips({"count": 900_000, "site_country": "CN"}), LAW)) == []


@pytest.mark.parametrize(
    "row",
    [
        {"start": "2024-12-31"},  # before 2025
        {"start": "2026-12-01"},  # not there yet
        {"end": "2026-11-21"},  # gone
        {"licence_ref": "NVEU 2026-7"},  # does not eat the country's allocation
        {"kind": "lease"},
        {"tpp": "1500"},
    ],
)
def test_what_the_country_allocation_leaves_out(row: dict[str, Any]) -> None:
    assert branches(country_allocation(chips({"count": 900_000, **row}), LAW)) == []


def test_company_allocation_follows_the_quarter() -> None:
    fleet = chips({"count": 854_550})  # 4,272,750,000 TPP, the figure of the fourth quarter of 2026
    assert branches(company_allocation(fleet, LAW)) == ["within"]
    assert branches(company_allocation(chips({"count": 854_551}), LAW)) == ["over"]
    assert branches(company_allocation(fleet, law_on(date(2026, 9, 30)))) == ["over"]
    assert branches(company_allocation(fleet, law_on(date(2028, 1, 1)))) == ["no_figure"]


def test_company_allocation_is_by_country_and_group() -> None:
    split = chips({"count": 500_000}, {"count": 500_000, "site_country": "IN"})
    assert branches(company_allocation(split, LAW)) == ["within", "within"]
    seats = {"c": ("BR", "BR", "G"), "d": ("BR", "BR", "G")}
    sisters = chips({"count": 500_000}, {"customer_id": "d", "count": 500_000}, holders=seats)
    assert branches(company_allocation(sisters, LAW)) == ["over", "over"]


def test_caps_and_quarters() -> None:
    assert [quarter(date(2025, m, 1)) for m in (1, 3, 4, 6, 7, 10)] == [
        f"2025Q{n}" for n in (1, 1, 2, 2, 3, 4)
    ]
    assert cap("nveu", "2025Q1") == 633_000_000


SHIPMENT = {"kind": "order", "licence_ref": "LPP", "site_country": "PH"}
MANILA = {"c": ("PH", "PH", "G"), "d": ("PH", "PH", "G")}


def test_low_processing_adds_suppliers_and_sisters_within_the_year() -> None:
    at = chips({**SHIPMENT, "count": 2690}, {**SHIPMENT, "count": 2690, "customer_id": "d"}, holders=MANILA)
    assert branches(low_processing(at, LAW)) == ["notice", "notice"]
    over = chips({**SHIPMENT, "count": 2690}, {**SHIPMENT, "count": 2691, "customer_id": "d"}, holders=MANILA)
    assert branches(low_processing(over, LAW)) == ["over", "over"]
    apart = chips(
        {**SHIPMENT, "count": 5000}, {**SHIPMENT, "count": 600, "start": "2025-12-31"}, holders=MANILA
    )
    assert branches(low_processing(apart, LAW)) == ["notice", "within"]


def test_low_processing_notice_from_its_figure_on() -> None:
    assert branches(low_processing(chips({**SHIPMENT, "count": 640}, holders=MANILA), LAW)) == ["notice"]
    assert branches(low_processing(chips({**SHIPMENT, "count": 639}, holders=MANILA), LAW)) == ["within"]


def test_low_processing_is_closed_to_d5_and_open_questions_stay_open() -> None:
    chinese = {"c": ("PH", "CN", "G")}
    assert branches(low_processing(chips({**SHIPMENT, "count": 1}, holders=chinese), LAW)) == [
        "not_available"
    ]
    unknown = {"c": ("PH", None, "G")}
    assert branches(low_processing(chips({**SHIPMENT, "count": 1}, holders=unknown), LAW)) == ["seat_unknown"]
    undated = {**SHIPMENT, "count": 1, "start": None}
    assert branches(low_processing(chips(undated, holders=MANILA), LAW)) == ["year_unknown"]


def test_certification_from_its_figure_on() -> None:
    french = {"c": ("FR", "FR", "G")}
    at = {"count": 50_600, "site_country": "IE"}
    assert branches(artificial_intelligence_authorization(chips(at, holders=french), LAW)) == ["due"]
    below = {**at, "count": 50_599}
    assert branches(artificial_intelligence_authorization(chips(below, holders=french), LAW)) == ["below"]
    assert (
        branches(
            artificial_intelligence_authorization(chips({**at, "site_country": "US"}, holders=french), LAW)
        )
        == []
    )
    assert branches(artificial_intelligence_authorization(chips(at), LAW)) == []


@pytest.mark.parametrize(
    ("seat", "site", "wanted"),
    [
        (("MY", "MY", "G"), "MY", "accounting"),
        (("MY", "CN", "G"), "MY", "not_available"),
        (("MY", "MY", "G"), "MO", "not_available"),
        (("MY", None, "G"), "MY", "seat_unknown"),
        (("MY", "MY", "G"), None, "seat_unknown"),
    ],
)
def test_manufacturing_exception(
    seat: tuple[str | None, str | None, str], site: str | None, wanted: str
) -> None:
    fleet = chips(
        {"count": 10, "licence_ref": "License Exception ACM", "site_country": site}, holders={"c": seat}
    )
    assert branches(manufacturing(fleet, LAW)) == [wanted]


AMERICAN = {"c": ("US", "US", "G")}


def fleet_by_site(**sites: int) -> pl.DataFrame:
    return chips(*({"count": n, "site_country": s} for s, n in sites.items()), holders=AMERICAN)


def test_shares_of_a_universal_validated_end_user_pass_when_equal() -> None:
    at = fleet_by_site(US=100_000, IE=50_000, BR=14_000, MY=14_000, IN=14_000, AE=8_000)
    found = shares(at, LAW, 0)
    assert branches(found, "UVEU_25") == ["within"]
    assert branches(found, "UVEU_7") == ["within"]
    assert branches(found, "UVEU_50") == ["within"]


@pytest.mark.parametrize(
    ("sites", "rule_id"),
    [
        ({"US": 100_000, "IE": 49_999, "BR": 14_000, "MY": 14_000, "IN": 14_000, "AE": 8_001}, "UVEU_25"),
        ({"US": 186_000, "BR": 14_001}, "UVEU_7"),
        ({"US": 100_000, "IE": 100_001}, "UVEU_50"),
    ],
)
def test_shares_fail_when_one_chip_goes_over(sites: dict[str, int], rule_id: str) -> None:
    assert branches(shares(fleet_by_site(**sites), LAW, 0), rule_id) == ["over"]


def test_shares_need_a_seat_in_the_nineteen_a_fleet_and_a_place() -> None:
    assert branches(shares(chips({"count": 100_000}), LAW, 0)) == []
    small = chips({"count": 5, "site_country": "BR"}, holders=AMERICAN)
    assert branches(shares(small, LAW, 253_000_000)) == []
    named = chips({"count": 5, "site_country": "BR", "licence_ref": "UVEU-1"}, holders=AMERICAN)
    assert branches(shares(named, LAW, 253_000_000), "UVEU_25") == ["over"]
    somewhere = chips(
        {"count": 99, "site_country": "US"}, {"count": 1, "site_country": None}, holders=AMERICAN
    )
    assert branches(shares(somewhere, LAW, 0), "UVEU_25") == ["site_unknown"]


@pytest.mark.parametrize(
    ("seat", "site", "wanted"),
    [
        (("US", "CN", "G"), "US", "closed"),  # D:5 is tested first
        (("US", "US", "G"), "MO", "closed"),
        (("AE", "JP", "G"), "AE", "universal"),
        (("AE", "AE", "G"), "AE", "national"),
        (("KY", "US", "G"), "US", "seat_unknown"),
    ],
)
def test_eligibility(seat: tuple[str, str, str], site: str, wanted: str) -> None:
    fleet = chips({"count": 1, "site_country": site}, holders={"c": seat})
    assert branches(eligibility(fleet, LAW)) == [wanted]


def test_notices_before_chips_go_to_a_new_country() -> None:
    moves = chips(
        {"count": 1, "site_country": "FR", "licence_ref": "UVEU-1"},
        {"count": 1, "site_country": "FR", "licence_ref": "UVEU-1", "start": "2027-03-01"},
        {"count": 1, "site_country": "NO", "licence_ref": "UVEU-1", "start": "2027-03-01"},
        holders=AMERICAN,
    )
    due = notices(moves, LAW)
    assert due.select("site_country", "notice", "latest_day", "overdue").rows() == [
        ("NO", "new place", date(2026, 9, 2), True),
        ("NO", "new country", date(2026, 12, 31), False),
    ]


def test_a_row_with_a_problem_is_not_counted() -> None:
    assert chips({"count": -5}).is_empty()
    assert chips({"count": 1.5}).is_empty()


def test_fractions_of_tpp_add_up_exactly() -> None:
    fleet = chips(*({"count": 1, "tpp": "5000.1"} for _ in range(10)))
    assert str(fleet["tpp"].sum()) == "50001.000"
