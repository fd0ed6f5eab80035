"""Names inside the names of customers, owners and people: leads in the role `embedded`, as in transactions."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.embedded import inner_names, lead_kinds
from screening.book.screen import Screened, screen
from screening.policy import Policy
from tests.screening.book import parties

DAY = date(2026, 12, 1)
PLAIN = parties.CUSTOMER
INNER = "Almaz Shield LLC"
HOLDINGS = ("SDN_50", "SSI_50", "BIS_AFFILIATES", "RF29")
CUES = ("care of", "on behalf of", "o/b/o", "for account of", "c/o")


def edge(owner: str, name: str, owned: str, share: int) -> dict[str, Any]:
    parts = share * 10_000
    return {"owner_id": owner, "owner_name": name, "owned_id": owned, "share_min": parts, "share_max": parts}


def screened(**tables: Any) -> Screened:
    given = parties.book(tables.pop("transactions", ()), **tables)
    return screen(given, parties.lists(), DAY, Policy())


def leads(found: Screened) -> list[tuple[Any, ...]]:
    return found.tables["matches"].select("role", "query_name", "band", "counterparty").unique().rows()


def shown(found: Screened, rule: str = "SDN_BLOCK") -> dict[str, Any]:
    rows = found.tables["findings"].filter(pl.col("rule_id") == rule)
    assert rows.height == 1
    return rows.row(0, named=True)


def assert_only_a_lead(found: Screened, name: str, whose: str) -> None:
    assert leads(found) == [("embedded", INNER, "review", name)]
    finding = shown(found)
    assert (finding["branch"], finding["outcome"], finding["recommendation"]) == (
        "embedded",
        "not_evaluable",
        "review",
    )
    assert finding["severity"] == 60
    assert f'{INNER} stands inside "{name}" (name of {whose}) and matches' in finding["reason"]
    assert found.tables["restricted"].is_empty()
    raised = found.tables["findings"].filter(pl.col("outcome") == "raised")["rule_id"]
    assert not {*HOLDINGS, "SDN_BLOCK"} & set(raised)


@pytest.mark.parametrize("cue", CUES)
def test_a_customer_whose_name_holds_a_listed_one_has_a_lead(cue: str) -> None:
    name = f"Quiet Ventures {cue} {INNER}"
    assert_only_a_lead(screened(customers=[{**PLAIN, "name": name}]), name, "the customer")


def test_another_name_of_a_customer_is_read_too() -> None:
    name = f"Quiet Ventures c/o {INNER}"
    found = screened(customers=[{**PLAIN, "other_names": [name]}])
    assert_only_a_lead(found, name, "the customer")


def test_an_owner_whose_name_holds_a_listed_one_owns_nothing_for_it() -> None:
    name = f"Quiet Ventures on behalf of {INNER}"
    found = screened(edges=[edge("o", name, "m", 100), edge("m", "Middle Holding", "c", 100)])
    assert_only_a_lead(found, name, "an owner")


def test_a_director_whose_name_holds_a_listed_one_is_a_lead() -> None:
    name = f"Anna Quiet for account of {INNER}"
    found = screened(connections=[{"entity_id": "c", "kind": "director", "value": name}])
    assert_only_a_lead(found, name, "the director")


def test_a_trading_name_of_a_customer_is_its_own_and_no_lead() -> None:
    found = screened(customers=[{**PLAIN, "name": f"Quiet Ventures dba {INNER}"}])
    assert [row[:2] for row in leads(found)] == [(None, INNER)]


@pytest.mark.parametrize("written", ["dba {}", "f/k/a {}", "aka {}", "({})", 'd/b/a "{}"', "c/o {}"])
def test_a_party_in_the_name_of_a_counterparty_is_there_once(written: str) -> None:
    name = f"Quiet Ventures {written.format(INNER)}"
    deal = {"customer_id": "c", "date": DAY, "role": "end_user", "counterparty": name}
    assert leads(screened(transactions=[deal])) == [("embedded", INNER, "review", name)]


def test_the_name_that_a_counterparty_gives_first_is_its_own() -> None:
    deal = {
        "customer_id": "c",
        "date": DAY,
        "role": "end_user",
        "counterparty": f"{INNER} dba Quiet Ventures",
    }
    assert [row[0] for row in leads(screened(transactions=[deal]))] == ["end_user"]


def test_the_words_between_names_stand_in_one_table() -> None:
    assert lead_kinds("name") == ("care of", "on behalf of", "for account of")
    texts = pl.DataFrame({"field": ["name"] * 2, "text": ["Quiet (Almaz)", "Quiet, via Almaz Shield"]})
    assert inner_names(texts)["name"].to_list() == ["Almaz Shield"]


def test_a_number_of_the_listed_party_is_the_customers_own_whatever_its_name_holds() -> None:
    customer = {**PLAIN, "name": "Quiet Ventures c/o Mikron Joint Stock Company", "country": "RU"}
    found = screened(customers=[{**customer, "identifiers": ["tax_id:7735007358"]}])
    assert {row[0] for row in leads(found)} == {None, "embedded"}
