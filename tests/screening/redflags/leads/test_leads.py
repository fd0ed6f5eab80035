"""Each detector on the smallest tables in which it finds something, and on those in which it must not."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.redflags import evaluate
from screening.redflags.facts import assemble
from screening.redflags.leads.contact import ip_country
from screening.redflags.leads.word_patterns import mentions
from screening.text import sorted_words

DAY = date(2026, 11, 22)
CHIP = {"activity_id": "x", "kind": "order", "accelerator": "H100", "count": 512, "start": "2026-03-01"}
DEAL = {"date": "2026-03-01", "role": "purchaser", "counterparty": "Buyer Ltd", "item": "servers"}


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame | None:
    return pl.DataFrame(rows, infer_schema_length=None) if rows else None


def leads(
    customers: list[dict[str, Any]] | None = None, **tables: list[dict[str, Any]]
) -> set[tuple[str, str, str]]:
    """Return (customer, rule, branch) of every result; one customer `c` in Germany unless given otherwise."""
    book = customers or [{}]
    filled = [
        {
            "customer_id": "c",
            "name": "Firm",
            "country": "DE",
            "hq_country": "DE",
            "incorporation_country": "DE",
            **row,
        }
        for row in book
    ]
    own = ("transactions", "activity", "answers", "restricted", "parents")
    given = {
        name: frame([({"customer_id": "c", **row} if name in own else row) for row in rows])
        for name, rows in tables.items()
    }
    facts = assemble(pl.DataFrame(filled, infer_schema_length=None), as_of=DAY, **given)  # type: ignore[arg-type]
    found = (
        facts.select("customer_id", "results").explode("results", empty_as_null=False).drop_nulls("results")
    )
    return set(found.unnest("results").select("customer_id", "rule_id", "branch").rows())


def rule_ids(found: set[tuple[str, str, str]], customer: str = "c") -> set[str]:
    return {rule_id for who, rule_id, _ in found if who == customer}


@pytest.mark.parametrize(
    ("deal", "rule_id", "expected"),
    [
        ({"role": "ultimate_consignee", "counterparty": "Silk Gate Freight Forwarding FZE"}, "RF09", True),
        ({"role": "ultimate_consignee", "counterparty": "Silk Gate Freight Forwarding FZE"}, "G07", True),
        ({"role": "purchaser", "counterparty": "Silk Gate Freight Forwarding FZE"}, "RF09", False),
        ({"role": "ultimate_consignee", "counterparty": "Freightened Records GmbH"}, "RF09", False),
        ({"role": "end_user", "counterparty": "General Trading LLC"}, "G07", True),
        ({"role": "end_user", "counterparty": "General Trading LLC"}, "RF09", False),
        ({"payment_method": "crypto"}, "RF05", True),
        ({"payment_method": "wire"}, "RF05", False),
        ({"payer_country": "CY"}, "G12", True),
        ({"payer_country": "DE"}, "G12", False),
        ({"payer_country": "CY", "ship_to_country": "CY"}, "G12", False),
        ({"payer_country": "CY", "ship_to_country": "PA"}, "RF10", True),
        ({"payer_country": "CY", "ship_to_country": "DE"}, "RF10", False),
        ({"ship_to_country": "AM"}, "G13", True),
        ({"ship_to_country": "DE"}, "G13", False),
        ({"ship_to_country": "FR"}, "G13", False),
        ({"hs_code": "8542.31.00"}, "G14", True),
        ({"hs_code": "854231"}, "G14", True),
        ({"hs_code": "610910"}, "G14", False),
        ({"item": "actuator, ECCN 9A610.x"}, "RF13", True),
        ({"item": "actuator, ECCN 9A110"}, "RF13", False),
        ({"item": "actuator, ECCN 9A610.x", "ship_to_country": "CN"}, "RF14", True),
        ({"item": "actuator, ECCN 9A610.x", "ship_to_country": "FR"}, "RF14", False),
        ({"item": "EUV photoresist"}, "RF16", True),
        ({"item": "tool 3B001.f"}, "RF20", True),
        ({"item": "tool 3B001.f", "ship_to_country": "CN"}, "RF26", True),
        ({"item": "tool 3B001.f", "ship_to_country": "JP"}, "RF26", False),
        ({"item": "repair of scanner"}, "RF22", True),
        ({"item": "retrofit of stage"}, "RF23", True),
        ({"transistors": 50e9, "hbm": "yes"}, "RF19", True),
        ({"transistors": 49.9e9, "hbm": "yes"}, "RF19", False),
    ],
)
def test_a_single_transaction(deal: dict[str, Any], rule_id: str, expected: bool) -> None:
    assert (rule_id in rule_ids(leads(transactions=[{**DEAL, **deal}]))) == expected


def test_a_day_before_all_control_dates_is_a_day_like_others() -> None:
    book = pl.DataFrame({"customer_id": ["c"], "name": ["Firm"]})
    deals = pl.DataFrame([{"customer_id": "c", **DEAL, "amount": 5.0}])
    for orders in (None, deals):
        assert assemble(book, transactions=orders, as_of=date(2000, 1, 1)).height == 1


def test_orders_that_jump_after_a_control_date() -> None:
    before = [{**DEAL, "date": "2022-01-10", "amount": 100.0}]
    after = [{**DEAL, "date": f"2022-0{m}-10", "amount": 100.0} for m in (3, 5, 7)]
    assert ("c", "G03", "jump") in leads(transactions=before + after)
    assert "G03" not in rule_ids(leads(transactions=before + after[:2]))
    assert "G03" not in rule_ids(leads(transactions=after))
    flat = [{**row, "amount": 99.0} for row in after]
    assert "G03" not in rule_ids(leads(transactions=before + flat))


LISTED = [
    {"matched_entity_id": "L", "list": "EL", "party_id": "EL-1", "party_name": "Listed", "band": "alert"}
]


def shared(kind: str, mine: str, theirs: str, listed: list[dict[str, Any]] = LISTED) -> set[str]:
    rows = [
        {"entity_id": "L", "kind": kind, "value": theirs},
        {"entity_id": "c", "kind": kind, "value": mine},
    ]
    return rule_ids(leads(connections=rows, listed=listed))


@pytest.mark.parametrize(
    ("kind", "mine", "theirs", "wanted"),
    [
        ("director", "Quek Tze Linh", "QUEK, Tze-Linh", set()),  # a hyphen joins: not the same key
        ("director", "Quek Tze Linh", "Linh QUEK, Tze", {"RF24", "G17"}),
        ("director", "Quek Tze Linh", "Quek Tze", set()),
        ("phone", "+65 5550 0142", "+65-55500142", {"G17"}),
        ("email", "a@gmail.com", "a@gmail.com", {"G05"}),  # everybody shares a free-mail provider
        ("domain", "firm.example", "FIRM.example", {"G17"}),
        ("bank", "DE89 3704 0044", "de8937040044", {"G17"}),
        ("address", "Unit 5, Main St", "main st, unit 5", {"G17", "G08"}),
        ("ip", "203.0.113.24 DE", "203.0.113.24", {"G17"}),
    ],
)
def test_things_shared_with_a_listed_party(kind: str, mine: str, theirs: str, wanted: set[str]) -> None:
    assert shared(kind, mine, theirs) == wanted


def test_sharing_with_a_possible_match_or_another_list_is_less() -> None:
    review = [{**LISTED[0], "band": "review"}]
    assert shared("director", "A B", "A B", review) == set()
    sdn = [{**LISTED[0], "list": "SDN"}]
    assert shared("director", "A B", "A B", sdn) == {"G17"}


def test_a_listed_customer_does_not_share_with_itself() -> None:
    rows = [{"entity_id": "c", "kind": "phone", "value": "123456"}]
    assert leads(connections=rows, listed=[{**LISTED[0], "matched_entity_id": "c"}]) == set()


def test_free_mail_only_where_there_is_no_other_address() -> None:
    free = {"entity_id": "c", "kind": "email", "value": "sales@gmail.com"}
    own = {"entity_id": "c", "kind": "domain", "value": "firm.example"}
    assert ("c", "G05", "free_mail") in leads(connections=[free])
    assert "G05" not in rule_ids(leads(connections=[free, own]))
    assert "G05" not in rule_ids(leads([{"party_type": "person"}], connections=[free]))


def test_a_crowded_desk_is_three_leads() -> None:
    desk = "Flexi-desk 114, P.O. Box 4"
    rows = [{"entity_id": e, "kind": "address", "value": desk} for e in ("c", "n1", "n2", "n3", "n4")]
    found = leads(connections=rows)
    assert {("c", "G04", "desk_or_box"), ("c", "G09", "shared")} <= found
    assert "G10" not in rule_ids(found)
    assert ("c", "G10", "marks") in leads([{"address": desk}], connections=rows)
    assert "G09" not in rule_ids(leads(connections=rows[:4]))


@pytest.mark.parametrize(
    ("value", "hq", "expected"),
    [
        ("203.0.113.24 CN", "DE", True),
        ("203.0.113.24 CN", "CN", False),
        ("203.0.113.24", "DE", False),
        ("x MO", "DE", True),
    ],
)
def test_traffic_from_d5(value: str, hq: str, expected: bool) -> None:
    rows = [{"entity_id": "c", "kind": "ip", "value": value}]
    assert ("G21" in rule_ids(leads([{"hq_country": hq}], connections=rows))) == expected


def test_ip_values_end_in_a_country_or_not() -> None:
    values = pl.DataFrame({"v": ["1.2.3.4 cn", "1.2.3.4/KP", "CU", "fe80::1", "1.2.3.4 CNX"]})
    assert values.select(ip_country(pl.col("v")))["v"].to_list() == ["CN", "KP", "CU", None, None]


@pytest.mark.parametrize(
    ("customer", "rows", "rule_id", "expected"),
    [
        ({}, [CHIP], "G01", True),
        ({}, [CHIP, {**CHIP, "activity_id": "y", "start": "2022-10-06"}], "G01", False),
        ({}, [{**CHIP, "kind": "lease", "count": 100}], "G01", False),
        ({}, [{**CHIP, "kind": "lease", "count": 203}], "G01", True),
        ({}, [{**CHIP, "accelerator": "T4"}], "G01", False),
        ({"incorporated_on": date(2022, 10, 7)}, [CHIP], "G02", True),
        ({"incorporated_on": date(2022, 10, 6)}, [CHIP], "G02", False),
        ({"segment": "food trading"}, [CHIP], "RF02", True),
        ({"segment": "cloud provider"}, [CHIP], "RF02", False),
        ({}, [{**CHIP, "resale": "yes"}], "RF21", True),
        ({}, [{**CHIP, "resale": "yes"}, {**CHIP, "activity_id": "y", "resale": "no"}], "RF12", True),
        ({}, [{**CHIP, "resale": "unknown", "provision": "items"}], "RF12", True),
        ({}, [{**CHIP, "resale": "unknown", "provision": "remote_only"}], "RF12", False),
        ({}, [{**CHIP, "accelerator": "Ascend 910B"}], "G23", True),
        ({}, [{**CHIP, "accelerator": "Ascend 910D"}], "G23", True),
        ({}, [{**CHIP, "payer_country": "CY"}], "G12", True),
        ({}, [{**CHIP, "count": -1}], "G01", False),
    ],
)
def test_activities(
    customer: dict[str, Any], rows: list[dict[str, Any]], rule_id: str, expected: bool
) -> None:
    assert (rule_id in rule_ids(leads([customer], activity=rows))) == expected


def test_a_reseller_that_names_its_end_user_is_no_lead() -> None:
    parent = [
        {
            "parent_id": "P",
            "parent_name": "P",
            "parent_hq_country": "DE",
            "basis": "majority_chain",
            "unknown": False,
        }
    ]
    chips = [{**CHIP, "resale": "yes", "count": 1}]
    assert "RF21" in rule_ids(leads(activity=chips, parents=parent))
    named = [{**DEAL, "role": "end_user"}]
    assert "RF21" not in rule_ids(leads(activity=chips, transactions=named, parents=parent))


def test_an_item_made_for_somebody_who_is_listed_now() -> None:
    book = [{}, {"customer_id": "old"}]
    listed = [{**LISTED[0], "matched_entity_id": "old"}]
    first = {**DEAL, "customer_id": "old", "date": "2024-01-01", "item": "board HW-7731"}
    later = {**DEAL, "customer_id": "c", "date": "2025-01-01", "item": "Board, HW-7731"}
    found = leads(book, transactions=[first, later], listed=listed)
    assert {("c", "RF25", "taken_over"), ("c", "G18", "taken_over")} <= found
    assert "RF25" not in rule_ids(found, "old")
    assert "RF25" not in rule_ids(
        leads(book, transactions=[{**first, "date": "2026-01-01"}, later], listed=listed)
    )
    common = [{**later, "customer_id": f"o{i}"} for i in range(3)]
    others = [*book, *({"customer_id": f"o{i}"} for i in range(3))]
    assert "RF25" not in rule_ids(leads(others, transactions=[first, later, *common], listed=listed))


def edge(low: int, high: int, start: str | None, end: str | None) -> dict[str, Any]:
    span = {"start": start and date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    return {"owner_id": "L", "owned_id": "c", "share_min": low, "share_max": high, **span}


@pytest.mark.parametrize(
    ("before", "after", "listed_on", "expected"),
    [
        (550_000, 490_000, date(2025, 1, 16), True),
        (550_000, 490_000, date(2024, 1, 16), False),  # long before
        (550_000, 500_000, date(2025, 1, 16), False),  # still half
        (450_000, 440_000, date(2025, 1, 16), False),  # never half
    ],
)
def test_a_share_moved_to_just_under_half(before: int, after: int, listed_on: date, expected: bool) -> None:
    edges = [edge(before, before, "2021-05-01", "2025-01-10"), edge(after, after, "2025-01-11", None)]
    listed = [{**LISTED[0], "start": listed_on}]
    assert (("c", "G19", "moved") in leads(edges=edges, listed=listed, activity=[CHIP])) == expected


def test_a_share_just_under_half() -> None:
    entry = {"regime": "bis", "status": "minority", "low": 499_999, "high": 499_999, "path": "L -> c"}
    assert ("c", "G19", "just_under") in leads(restricted=[entry], activity=[CHIP])
    assert "G19" not in rule_ids(leads(restricted=[{**entry, "low": 449_999}], activity=[CHIP]))


def test_a_sale_on_or_after_the_listing_is_a_question() -> None:
    listed = [{**LISTED[0], "list": "SDN", "start": date(2025, 6, 1)}]
    after = leads(edges=[edge(600_000, 600_000, "2020-01-01", "2025-06-01")], listed=listed, activity=[CHIP])
    before = leads(edges=[edge(600_000, 600_000, "2020-01-01", "2025-05-31")], listed=listed, activity=[CHIP])
    assert ("c", "SDN_50", "sold_after_listing") in after
    assert "SDN_50" not in rule_ids(before)


def test_old_ownership_records_behind_a_listed_owner() -> None:
    entry = {"regime": "bis", "status": "minority", "low": 300_000, "high": 300_000, "path": "L -> c"}
    old = [{**edge(300_000, 300_000, "2020-01-01", None), "source_date": date(2024, 1, 1)}]
    assert ("c", "RF21", "stale_ownership") in leads(edges=old, restricted=[entry], activity=[CHIP])
    assert "RF21" not in rule_ids(leads(edges=old, activity=[{**CHIP, "count": 1}]))


@pytest.mark.parametrize(("kind", "rule_id"), [("tip", "G15"), ("bis_letter", "G16")])
def test_lists_that_the_user_supplies(kind: str, rule_id: str) -> None:
    watch = [{"list": kind, "name": "BUYER Ltd.", "source": "register of 2026-01-01"}]
    assert rule_id in rule_ids(leads(transactions=[DEAL], watchlists=watch))
    assert rule_id not in rule_ids(
        leads(transactions=[{**DEAL, "counterparty": "Seller Ltd"}], watchlists=watch)
    )


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("bis_letter", "Ltd. FIRM", {"G16"}),
        ("bis_letter", "Firma Ltd", set()),
        ("tip", "Firm Ltd", {"G15"}),
        ("tip", "Firma Ltd", set()),
    ],
)
def test_a_watchlist_may_name_the_customer_and_needs_no_other_table(
    kind: str, name: str, expected: set[str]
) -> None:
    found = leads([{"name": "Firm, Ltd"}], watchlists=[{"list": kind, "name": name}])
    assert rule_ids(found) & {"G15", "G16"} == expected


def test_a_name_without_letters_matches_nobody() -> None:
    assert not leads([{"name": "***"}], watchlists=[{"list": "bis_letter", "name": "???"}])


def test_ownership_history_is_read_without_any_activity() -> None:
    entry = {"regime": "OFAC", "status": "minority", "low": 490_000, "high": 490_000, "path": "x"}
    recorded = {"owner_id": "x", "owned_id": "c", "share_min": 490_000, "share_max": 490_000}
    assert ("c", "G19", "just_under") in leads(restricted=[entry], edges=[recorded])


def tuned(**row: Any) -> set[tuple[str, str, str]]:
    job = {"activity_id": "x", "kind": "fine_tuning", "model_id": "m", "weights_published": "no", **row}
    return {found for found in leads(activity=[job]) if found[1] == "IAAS_FINE_TUNE_25"}


@pytest.mark.parametrize(
    ("row", "branch"),
    [
        ({"base_model_ops": 2e26, "base_published": "no", "training_ops_planned": 5e25}, "within"),
        ({"base_model_ops": 2e26, "base_published": "no", "training_ops_planned": 5.0001e25}, "over"),
        ({"base_model_ops": 2e26, "training_ops_planned": 6e25}, "base_unknown"),
        ({"training_ops_planned": 2.6e25}, "base_unknown"),
        ({"training_ops_planned": 2.5e25}, None),
        ({"base_model_ops": 2e26, "base_published": "yes", "training_ops_planned": 6e25}, None),
        ({"base_model_ops": 9e25, "base_published": "no", "training_ops_planned": 6e25}, None),
    ],
)
def test_fine_tuning_against_a_quarter_of_the_base(row: dict[str, Any], branch: str | None) -> None:
    assert {name for _, _, name in tuned(**row)} == ({branch} if branch else set())


def test_words_stand_alone() -> None:
    texts = pl.DataFrame({"w": ["Cargo Lines", "Cargotec", "AIR-CARGO", "embargo", None]})
    assert texts.select(mentions(pl.col("w"), "forwarder"))["w"].to_list() == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_names_are_equal_whatever_their_order() -> None:
    names = pl.DataFrame({"n": ["Müller, Anna", "ANNA  Muller", "Anna M."]})
    keys = names.select(sorted_words(pl.col("n")))["n"].to_list()
    assert keys[0] == keys[1] != keys[2]


def test_a_lead_opens_a_finding_that_quotes_it() -> None:
    book = pl.DataFrame({"customer_id": ["c"], "country": ["DE"], "hq_country": ["DE"]})
    deals = pl.DataFrame(
        [{"customer_id": "c", **DEAL, "role": "end_user", "counterparty": "Alpha Cargo; x=1"}]
    )
    facts = assemble(book, transactions=deals, as_of=DAY)
    found = evaluate(facts, DAY, only={"RF09"}).row(0, named=True)
    assert (found["outcome"], found["recommendation"]) == ("raised", "ask")
    assert "Alpha Cargo; x=1" in found["reason"]
    assert "subject=Alpha Cargo, x=1" in found["evidence"]
