"""The law as data: whole, consistent, and equal to the reference tables where those are at hand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.reference import reference as lists_reference
from screening.law import law_on
from screening.law.countries import countries_on
from screening.law.periods import status_on
from screening.law.tables import periods, rules, table, texts
from screening.redflags.facts.columns import schema
from screening.redflags.registry import computed_rules
from screening.redflags.rule import OUTCOMES, read_branch, rule_constants, rule_family
from screening.redflags.signals.deal_words import DEAL_WORDS
from screening.redflags.signals.places import PLACE_SENTENCES, PLACE_WORDS
from screening.redflags.signals.shipments import IN_SENTENCES
from screening.redflags.signals.shipments import QUOTED as SHIPMENT_WORDS
from screening.redflags.wording import placeholders

DESIGN_IDS = """
    EL_LISTING EL_ADDRESS DPL UVL MEU_LIST SDN_BLOCK SDN_EAR_744_8 SSI CMIC MBS CAPTA PLC FSE ISN AECA_DEBARRED
    MIEU_LIST UN_FREEZE EU_FREEZE UK_FREEZE UFLPA S1260H S1286 S889 FCC_COVERED
    OTHER_LIST SDN_50 SDN_TIES SSI_50 BIS_AFFILIATES LISTED_OWNER_US HQ_D5_MACAU MEU_RULE MIEU_RULE DEST_ADVCHIP
    DEST_EMBARGO DEST_REGION DEST_CHART EMBARGO_COUNTRY EMBARGO_REGION
    EMBARGO_ADDRESS_CONFLICT INPUT_COUNTRY NAME_HIDDEN
    BLOCKED_GOVT RU_IT_SERVICES AI_TRAIN_POLICY WEIGHTS_4E091 WEIGHTS_FDP COUNTRY_CAP NVEU_CAP UVEU_25 UVEU_7 UVEU_50
    VEU_ELIGIBILITY LPP_CAP AIA_REPORT ACM IAAS_FINE_TUNE_25 IAAS_CIP
"""
NINETEEN = "AU BE CA DK FI FR DE IE IT JP NL NZ NO KR ES SE TW GB US"
BEFORE_COMPLIANCE = (
    *(
        "RF28",
        "AID_HW",
        "WEIGHTS_4E091",
        "WEIGHTS_FDP",
        "COUNTRY_CAP",
        "NVEU_CAP",
        "UVEU_25",
        "UVEU_7",
        "UVEU_50",
    ),
    *("VEU_ELIGIBILITY", "LPP_CAP", "AIA_REPORT", "ACM", "IAAS_FINE_TUNE_25"),
)
FOUR_DAYS = (date(2025, 5, 1), date(2025, 10, 15), date(2026, 1, 15), date(2026, 11, 22))


def reference(name: str) -> list[dict[str, str]]:
    """Return a table of the law as others have typed it, without the columns that no test reads."""
    with Path(__file__).with_name("reference").joinpath(name).open(encoding="utf-8", newline="") as page:
        return list(csv.DictReader(page))


def test_every_rule_of_the_catalogue_is_there_once() -> None:
    ids = rules()["rule_id"].to_list()
    assert len(ids) == len(set(ids))
    wanted = {
        *DESIGN_IDS.split(),
        *(f"RF{n:02d}" for n in range(1, 30)),
        *(f"G{n:02d}" for n in range(1, 25)),
    }
    context = set(rules().filter(pl.col("degree") == "context")["rule_id"])
    assert set(ids) - context == wanted


def test_every_rule_has_citation_weight_and_a_dated_status() -> None:
    frame = rules()
    assert (
        frame.select("title", "citation", "degree", "recommendation", "severity")
        .null_count()
        .sum_horizontal()
        .item()
        == 0
    )
    assert set(frame["recommendation"]) <= set(table("recommendations")["recommendation"])
    assert set(periods()["rule_id"]) == set(frame["rule_id"])
    assert set(periods()["status"]) <= set(table("statuses")["status"])
    ceilings = dict(table("recommendations").select("recommendation", "severity_ceiling").iter_rows())
    for row in frame.iter_rows(named=True):
        assert row["severity"] <= int(ceilings[row["recommendation"]]), row["rule_id"]


def test_periods_do_not_overlap() -> None:
    ordered = periods().sort("rule_id", "effective_from", nulls_last=False)
    before = ordered.with_columns(pl.col("effective_to", "rule_id").shift(1).name.prefix("previous_"))
    same = before.filter(pl.col("rule_id") == pl.col("previous_rule_id"))
    assert same.filter(pl.col("previous_effective_to").is_null()).is_empty()
    assert same.filter(pl.col("effective_from") <= pl.col("previous_effective_to")).is_empty()


def test_every_branch_has_words_and_every_word_a_branch() -> None:
    quotable = {
        *schema(), *(c.rsplit(".", 1)[-1] for c in table("facts")["column"]),
        "further_hits", "footnote_note", "policy_note", "beside_note", "tie_note", "how", "tie_share",
        "parent_words", "parent_open", "answer_evidence", "answered_on", "answered_by",
        "missing_fields", *DEAL_WORDS, *SHIPMENT_WORDS, *IN_SENTENCES, *PLACE_WORDS, *PLACE_SENTENCES, "certifications",
    }  # fmt: skip
    coded: set[tuple[str, str, str]] = set()
    for rule_id, code in computed_rules().items():
        family = rule_family(rule_id)
        for name in dict.fromkeys(name for day in FOUR_DAYS for name in code(law_on(day))):
            branch = read_branch(rule_id, family, name)
            coded |= {(family, rule_id, name), (family, "_", name), ("common", "_", name)}
            assert branch.outcome in OUTCOMES
            assert branch.material in ("always", "when_switched_on", "never")
            assert branch.material == "never" or branch.outcome == "not_evaluable", (rule_id, name)
            opens = branch.material != "never" or branch.outcome == "raised"
            assert branch.question or not opens, (rule_id, name)
            quoted = quotable | set(rule_constants(rule_id))
            for text in (branch.reason, branch.question or ""):
                assert set(placeholders(text)) <= quoted, (rule_id, name)
                assert "{" not in placeholders_removed(text), (rule_id, name)
    for page in {*rules()["family"], "common"}:
        written = {(page, rule_id, name) for rule_id, rows in texts(page).items() for name in rows}
        assert written <= coded, f"text without code: {sorted(written - coded)}"


def placeholders_removed(text: str) -> str:
    for name in placeholders(text):
        text = text.replace("{" + name + "}", "")
    return text


def test_no_text_grants_permission_or_clears_anybody() -> None:
    for page in {*rules()["family"], "common"}:
        for rows in texts(page).values():
            for name, row in rows.items():
                text = f"{row.get('reason', '')} {row.get('question', '')}".lower()
                for word in (
                    "cleared",
                    "you may go on",
                    "is allowed",
                    "is permitted",
                    "no problem",
                    "safe to",
                ):
                    assert word not in text, (page, name)


def test_inputs_of_computed_rules_are_columns_of_the_facts() -> None:
    for row in rules().filter(pl.col("degree") != "context").iter_rows(named=True):
        assert set(row["inputs"]) <= set(schema()), row["rule_id"]


def test_countries_follow_the_dated_changes() -> None:
    d5 = [countries_on(day).group("D:5") for day in (date(2024, 3, 14), date(2024, 3, 15), *FOUR_DAYS)]
    assert ["NI" in members for members in d5] == [False, True, True, True, True, True]
    assert ["KH" in members for members in d5] == [True, True, True, True, False, False]
    assert "HK" not in countries_on(date(2020, 12, 22)).d5_or_macau
    assert "MO" in countries_on(FOUR_DAYS[0]).d5_or_macau
    assert "MO" not in countries_on(FOUR_DAYS[0]).group("D:5")
    assert "AE" in countries_on(date(2026, 7, 9)).group("D:4")
    assert "AE" in countries_on(date(2026, 7, 10)).group("A:5")


def test_the_nineteen_destinations() -> None:
    nineteen = set(NINETEEN.split())
    law = countries_on(FOUR_DAYS[3])
    own = {
        row["iso2"]
        for row in table("countries").to_dicts()
        if row["supp_5a"] == "yes" and not row["treated_as"]
    }
    assert own == nineteen
    assert nineteen <= law.supp_5a
    assert "PR" in law.united_states


def test_country_tables_equal_the_reference() -> None:
    law = countries_on(date(2026, 7, 23))
    rows = reference("country_groups.csv")
    assert law.codes == {row["iso2"] for row in rows}
    for column in ("A1", "A5", "A6", "B", "D1", "D2", "D3", "D4", "D5", "E1", "E2"):
        wanted = {row["iso2"] for row in rows if row[column] == "1"}
        assert law.group(f"{column[0]}:{column[1:]}" if len(column) > 1 else column) == wanted, column
    for code, tier in ((row["iso2"], row["ai_tier"]) for row in rows):
        place = "3" if code in law.d5_or_macau else "1" if code in law.supp_5a else "2"
        assert place == tier, code
    caution = {
        r["iso2"] for r in reference("country_territories.csv") if r["offshore_holding_caution"] == "1"
    }
    assert law.offshore == caution


@pytest.mark.parametrize("day", FOUR_DAYS)
def test_statuses_equal_the_reference_timeline(day: date) -> None:
    ours = dict(status_on(day).select("rule_id", "status").iter_rows())
    stamp = day.isoformat()
    covered = {
        row["rule_id"]: row["status"]
        for row in reference("rules_timeline.csv")
        if (row["effective_from"] or "0") <= stamp <= (row["effective_to"] or "9")
    }
    undated = {"IAAS_CIP", "RASA", "AI_REPORTING_NPRM"}  # the reference gives no day
    if day < date(2025, 5, 13):
        # Read later: compliance was due on 2025-05-15, so on no day did these texts bind.
        covered |= dict.fromkeys(BEFORE_COMPLIANCE, "text_before_compliance")
    for rule_id, status in covered.items():
        if rule_id in ours and rule_id not in undated and status != "lapsed":
            assert ours[rule_id] == status, rule_id


def test_tags_equal_the_reference() -> None:
    """The tags of 15 CFR 744.8 are declared once, on the floor that reads the lists, with their day."""
    wanted = {(row["tag"], row["effective_from"]) for row in reference("sdn_744_8_tags.csv")}
    assert set(lists_reference("ear_744_8_tags").select("tag", "effective_from").rows()) == wanted
