"""Licence requirements and review policies of the Entity List, as printed."""

from __future__ import annotations

import polars as pl
import pytest

from lists.normalize.licensing import footnotes, policy, unread_footnote
from lists.reference import reference
from lists.schema import LICENSE_POLICIES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", [3]),
        ("(See §734.9(g), 3 §746.8(a)(3), and §744.21(b) of the EAR).", [3]),
        ("see §§ 734.9(e) 1 and 744.11 of the EAR 2", [1]),
        ("(See §734.9(e)1, and §744.11 of the EAR)2.", [1]),
        ("(See §§ 734.9(e)(2) and 744.11 of the EAR)4", [4]),
        ("(See §§ 734.9(e)(2) and 744.11 of the EAR)", [4]),
        ("(See §§ 734.9(e) and 744.11 of the EAR) 4", [4]),
        ("(See §§734.4(a)(9), 734.9(e)(3), and 744.11 of the EAR)5", [5]),
        ("(See §§ 734.9(e)(1) and 734.9(g) of the EAR)", [1, 3]),
        ("(See §734.9(e) and §744.11 of the EAR)", []),
        ("(See §744.11 of the EAR)3", []),
        (None, []),
    ],
)
def test_footnotes_come_from_the_section(text: str | None, expected: list[int]) -> None:
    assert pl.select(footnotes(pl.lit(text, pl.String))).item().to_list() == expected


def test_a_bare_section_is_for_a_human() -> None:
    frame = pl.DataFrame(
        {"t": ["(See §734.9(e) and §744.11)", "(See §734.9(e)(2) of the EAR)4", "(See §744.11)", None]}
    )
    assert frame.select(unread_footnote(pl.col("t"))).to_series().to_list() == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Policy of denial for all items apart from food, which will be reviewed on a case-by-case basis.",
            "mixed",
        ),
        ("Case-by-case review for 1A004.c; and presumption of denial for all other items.", "mixed"),
        ("Policy of denial See §§ 746.8(b) and 744.21(e).", "policy_of_denial"),
        ("Presumption of Denial", "presumption_of_denial"),
        (
            "Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items",
            "case_by_case",
        ),
        ("Presumption of approval for EAR99 items", "presumption_of_approval"),
        ("See § 746.8(b)(2) of the EAR", "see_section"),
        ("the policy is specified in §744.21(d) and (e).", "presumption_of_denial"),
        ("For all items subject to the EAR.", None),
        (None, None),
    ],
)
def test_policies(text: str | None, expected: str | None) -> None:
    assert pl.select(policy(pl.lit(text, pl.String))).item() == expected


def test_the_table_of_patterns_reads_its_own_examples() -> None:
    table = reference("license_policies")
    assert set(table["policy"]) == set(LICENSE_POLICIES)
    assert table.select(policy(pl.col("example"))).to_series().to_list() == table["policy"].to_list()
