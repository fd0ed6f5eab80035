"""Letters ask and give nothing away."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from screening.documents.letters import letters
from screening.law.tables import rules, table, texts

REPLY_BY = date(2026, 12, 6)


def letter(*rule_ids: str, name: str | None = "Acme Ltd", material: bool = True) -> dict[str, object]:
    findings = pl.DataFrame({"customer_id": "c", "rule_id": list(rule_ids), "material": material})
    customers = pl.DataFrame(
        {"customer_id": ["c"], "name": [name]}, schema={"customer_id": pl.String, "name": pl.String}
    )
    found = letters(findings, customers, REPLY_BY, "Cloud Inc.")
    return found.row(0, named=True) if found.height else {}


def test_a_training_case_asks_about_models_and_places() -> None:
    body = str(letter("RF28")["body"])
    assert body.startswith("Dear Acme Ltd,")
    assert "by 06 December 2026" in body
    assert "Do you intend to send the models" in body
    assert "principal place of business" in body
    assert body.rstrip().endswith("Cloud Inc.")


@pytest.mark.parametrize("rule_id", ["SDN_BLOCK", "DPL", "SDN_50", "SDN_EAR_744_8"])
def test_nothing_goes_to_a_possibly_blocked_or_denied_party(rule_id: str) -> None:
    row = letter("RF28", rule_id)
    assert (row["status"], row["body"], row["subject"]) == ("withheld", None, None)


def test_only_what_opens_a_case_is_asked_about() -> None:
    assert letter("RF28", material=False) == {}
    assert letter("CMIC")["status"] == "nothing_to_ask"


def test_a_question_stands_once_however_many_rules_ask_it() -> None:
    body = str(letter("RF28", "WEIGHTS_4E091", "WEIGHTS_FDP", "HQ_D5_MACAU")["body"])
    assert body.count("Models you train") == 1


def test_a_strange_name_stays_on_its_line() -> None:
    body = str(letter("RF28", name="A\n\nSincerely,\nB {provider}")["body"])
    assert body.splitlines()[0] == "Dear A Sincerely, B {provider},"
    assert str(letter("RF28", name=None)["body"]).startswith("Dear customer,")


def test_every_letter_there_can_be_discloses_nothing() -> None:
    """No list, rule, citation, limit, match, or answer that would settle the matter, whatever the case is made of."""
    every = [r for r in rules()["rule_id"] if r not in texts("letters")["rules"]["withheld"]]
    body = str(letter(*every)["body"]).lower()
    secrets = [
        *(name.lower() for name in table("lists")["name"]),
        *(r.lower() for r in rules()["rule_id"] if len(r) > 5),
        *(
            "entity list",
            "sanction",
            "red flag",
            "match",
            "listed",
            "blocked",
            "denied",
            "export control",
            "cfr",
            "ofac",
        ),
        *(
            "bis ",
            "threshold",
            "limit",
            "1e26",
            "10^26",
            "percent",
            "%",
            "d:5",
            "macau",
            "china",
            "russia",
            "military",
        ),
        *("published", "open weights", "exempt", "tpp", "19 destinations"),
    ]
    assert [word for word in secrets if word in body] == []


def test_every_rule_that_can_open_a_case_has_its_questions_or_none_on_purpose() -> None:
    page = texts("letters")["rules"]
    asked = {rule_id for topic_rules in page.values() for rule_id in topic_rules}
    silent = {
        "CMIC",
        "CAPTA",
        "RF11",
    }  # securities, correspondent accounts, packaging: nothing to ask a customer
    evaluated = set(rules().filter(pl.col("degree") != "context")["rule_id"])
    assert evaluated - asked == silent
    assert asked <= evaluated
