"""Status, weight, keys and the algebra of the engine."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import InvalidFrame, OverrideError, UnknownRule
from screening.redflags import PeriodOverride, assess, evaluate, rules_on
from screening.redflags.weights import strictest
from screening.tables.outputs import RULE_FINDINGS

FOUR_DAYS = (date(2025, 5, 1), date(2025, 10, 15), date(2026, 1, 15), date(2026, 11, 22))


def facts() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer_id": ["trainer", "affiliate"],
            "hq_country": ["US", "DE"],
            "incorporation_country": ["US", "DE"],
            "ultimate_parent_hq_country": ["CN", "DE"],
            "training_ops_planned": [2e26, None],
            "training_activity": [True, False],
            "weights_published": ["no", None],
            "restricted": [
                [],
                [
                    {
                        "regime": "bis",
                        "status": "restricted",
                        "low": 500_000,
                        "high": 500_000,
                        "root_lists": ["EL"],
                        "path": "X -50%-> affiliate",
                    }
                ],
            ],
        }
    )


def test_status_and_weight_change_with_the_day_and_the_outcome_does_not() -> None:
    by_rule: dict[str, list[tuple[str, str, int]]] = {"RF28": [], "BIS_AFFILIATES": [], "HQ_D5_MACAU": []}
    for day in FOUR_DAYS:
        found = evaluate(facts(), day).filter(pl.col("outcome") == "raised")
        for rule_id, rows in by_rule.items():
            row = found.row(by_predicate=pl.col("rule_id") == rule_id, named=True)
            rows.append((row["rule_status"], row["recommendation"], row["severity"]))
    assert by_rule == {
        "RF28": [("text_before_compliance", "ask", 40)] + [("codified_not_enforced", "ask", 40)] * 3,
        "BIS_AFFILIATES": [
            ("not_in_force", "note", 10),
            ("in_force", "hold", 80),
            ("suspended", "ask", 45),  # a stayed rule is still a red flag: floors.csv
            ("scheduled_verify", "hold", 80),
        ],
        "HQ_D5_MACAU": [("in_force", "licence_check", 60)] * 4,
    }


def test_a_precautionary_switch_lifts_the_weight_and_keeps_the_status() -> None:
    found = evaluate(facts(), FOUR_DAYS[3], {"RF28"}, only={"RF28"}).row(1, named=True)
    assert (found["rule_status"], found["recommendation"]) == ("codified_not_enforced", "licence_check")
    assert "precaution" in found["reason"]


def test_scheduled_rules_carry_the_banner() -> None:
    found = evaluate(facts(), FOUR_DAYS[3], only={"BIS_AFFILIATES"}, keep="material")
    assert "confirm in the Federal Register" in found["reason"].item()


def test_one_row_a_customer_and_rule_in_order_with_the_promised_columns() -> None:
    found = evaluate(facts(), FOUR_DAYS[0])
    assert dict(found.schema) == RULE_FINDINGS.schema()
    assert found.select("customer_id", "rule_id").is_unique().all()
    assert found.equals(found.sort("customer_id", "rule_id"))
    listed = rules_on(FOUR_DAYS[0]).filter(pl.col("degree") != "context")
    assert found.height == 2 * listed.height


def test_coverage_counts_every_customer_once_a_rule() -> None:
    counts = assess(facts(), FOUR_DAYS[0]).coverage
    assert set(counts.group_by("rule_id").agg(pl.col("customers").sum())["customers"]) == {2}


def test_material_findings_are_those_that_open_a_case() -> None:
    everything = evaluate(facts(), FOUR_DAYS[3])
    material = evaluate(facts(), FOUR_DAYS[3], keep="material")
    assert material.equals(everything.filter(pl.col("material")))
    assert set(everything.filter(pl.col("outcome") == "raised")["material"]) == {True}


def test_a_lazy_frame_will_do() -> None:
    assert evaluate(facts().lazy(), FOUR_DAYS[0]).equals(evaluate(facts(), FOUR_DAYS[0]))


def test_an_empty_book_gives_an_empty_answer() -> None:
    assert evaluate(facts().head(0), FOUR_DAYS[0]).height == 0


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pl.DataFrame({"id": ["a"]}), "no column customer_id"),
        (pl.DataFrame({"customer_id": ["a", "a"]}), "not unique: a"),
        (pl.DataFrame({"customer_id": ["a", None]}), "blank in 1 rows"),
    ],
)
def test_a_frame_without_a_key_is_refused(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(InvalidFrame, match=says):
        evaluate(frame, FOUR_DAYS[0])


def test_an_unknown_switch_is_refused() -> None:
    with pytest.raises(UnknownRule, match="RF99"):
        evaluate(facts(), FOUR_DAYS[0], {"RF99"})


def test_cells_of_the_wrong_kind_are_unknown_and_never_an_error() -> None:
    odd = pl.DataFrame(
        {
            "customer_id": ["a"],
            "hq_country": [7],
            "training_ops_planned": [["1e26"]],
            "hits": ["SDN"],
            "restricted": [[1]],
            "has_activity": ["perhaps"],
            "incorporated_on": ["yesterday"],
            "weights_published": [True],
        }
    )
    found = evaluate(odd, FOUR_DAYS[0]).filter(
        pl.col("rule_id").is_in(["HQ_D5_MACAU", "SDN_BLOCK", "SDN_50", "RF28"])
    )
    assert set(found["outcome"]) <= {"not_evaluable", "not_raised"}
    assert found.filter(pl.col("rule_id") == "SDN_BLOCK")["outcome"].item() == "not_evaluable"


def test_an_override_decides_the_status_and_is_hashed() -> None:
    decision = PeriodOverride(
        "BIS_AFFILIATES",
        "suspended",
        date(2026, 11, 10),
        None,
        "91 FR 99999",
        "A. Officer",
        date(2026, 11, 11),
    )
    row = rules_on(FOUR_DAYS[3], overrides=[decision]).row(
        by_predicate=pl.col("rule_id") == "BIS_AFFILIATES", named=True
    )
    assert (row["status"], row["recommendation"], row["overridden_by"]) == (
        "suspended",
        "ask",
        "A. Officer, 2026-11-11",
    )
    assert rules_on(FOUR_DAYS[1], overrides=[decision]).equals(rules_on(FOUR_DAYS[1]))


def test_a_faulty_override_names_every_fault() -> None:
    faulty = PeriodOverride("RF28", "off", date(2026, 1, 2), date(2026, 1, 1), " ", "", date(2026, 1, 1))
    with pytest.raises(OverrideError, match=r"unknown status 'off'.*no citation.*no person.*ends before"):
        rules_on(FOUR_DAYS[0], overrides=[faulty])
    with pytest.raises(UnknownRule):
        rules_on(
            FOUR_DAYS[0], overrides=[PeriodOverride("X", "in_force", *FOUR_DAYS[:2], "c", "p", FOUR_DAYS[0])]
        )


def test_strictest_follows_the_order_of_the_words() -> None:
    assert strictest(["note", "licence_check", "ask"]) == "licence_check"


_ROWS = st.fixed_dictionaries(
    {
        "hq_country": st.sampled_from([None, "US", "CN", "KY", "ZZ", "AE"]),
        "ultimate_parent_hq_country": st.sampled_from([None, "US", "CN", "MO"]),
        "training_ops_planned": st.sampled_from([None, 1e24, 9.9e25, 1e26, -1.0]),
        "weights_published": st.sampled_from([None, "no", "yes", "maybe"]),
    }
)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(_ROWS, min_size=1, max_size=8), st.randoms())
def test_answers_depend_on_the_row_alone_and_not_on_the_order(
    rows: list[dict[str, object]], order: object
) -> None:
    book = pl.DataFrame(
        [{"customer_id": f"c{i}", **row} for i, row in enumerate(rows)], infer_schema_length=None
    ).with_columns(pl.col("training_ops_planned").cast(pl.Float64))
    only = {"RF28", "HQ_D5_MACAU"}
    whole = evaluate(book, FOUR_DAYS[3], only=only)
    shuffled = book.sample(fraction=1, shuffle=True, seed=order.randint(0, 9))  # type: ignore[attr-defined]
    assert evaluate(shuffled, FOUR_DAYS[3], only=only).equals(whole)
    single = pl.concat([evaluate(book[i : i + 1], FOUR_DAYS[3], only=only) for i in range(book.height)])
    assert single.equals(whole)


@settings(max_examples=30)
@given(_ROWS, st.sampled_from([1e26, 3e26]))
def test_more_operations_never_turn_a_raised_flag_off(row: dict[str, object], more: float) -> None:
    def outcome(operations: object) -> str:
        book = pl.DataFrame([{"customer_id": "c", **row, "training_ops_planned": operations}])
        return str(evaluate(book, FOUR_DAYS[0], only={"RF28"})["outcome"].item())

    if outcome(row["training_ops_planned"]) == "raised":
        assert outcome(more) == "raised"
