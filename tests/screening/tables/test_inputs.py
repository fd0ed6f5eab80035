"""What the input tables promise: to the reader of the page, and to the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.inputs.ownership.entities import ENTITIES
from screening.law import table
from screening.tables.inputs import INPUTS

PAGE = Path(__file__).parents[3] / "docs" / "method" / "inputs.md"


@pytest.mark.parametrize("contract", [*INPUTS.values(), ENTITIES], ids=lambda contract: contract.name)
def test_every_column_stands_in_the_page_needed_ones_in_bold(contract) -> None:  # type: ignore[no-untyped-def]
    page = PAGE.read_text(encoding="utf-8")
    section = page.split(f"\n## {contract.name}\n", 1)[1].split("\n## ", 1)[0]
    for column in contract.columns:
        assert f"`{column.name}`" in section, column.name
        assert (f"**`{column.name}`**" in section) == column.required, column.name


@pytest.mark.parametrize(
    "name", ["activity", "transactions", "connections", "answers", "licences", "watchlists"]
)
def test_every_column_a_rule_looks_at_can_be_given(name: str) -> None:
    looked_at = {column for of, column, *_ in table("inputs").rows() if of == name}
    assert looked_at <= {column.name for column in INPUTS[name].columns}
