"""The method page says what the data say."""

from __future__ import annotations

from pathlib import Path

from benchmarks.redflags.show import rule_table


def test_the_page_of_rules_is_the_table_of_rules(root: Path) -> None:
    page = (root / "docs/method/rules.md").read_text(encoding="utf-8").splitlines()
    missing = [line for line in rule_table() if line not in page]
    assert not missing, "docs/method/rules.md is behind: python -m benchmarks.redflags.show"
