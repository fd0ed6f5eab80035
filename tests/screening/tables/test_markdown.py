"""The pages of the tables say what is declared today."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import quote
from screening.tables.inputs import INPUTS
from screening.tables.outputs import OUTPUTS
from screening.tables.table import Table


@pytest.mark.parametrize("page", ["inputs", "run-tables"])
def test_a_page_is_written_anew_when_a_table_changes(root: Path, tmp_path: Path, page: str) -> None:
    text = (root / "docs" / "method" / f"{page}.md").read_text(encoding="utf-8")
    assert "made by: screening.tables.markdown" in text
    assert quote.rewrite(text, quote.Terminal(tmp_path)) == text, "run `make docs`"


@pytest.mark.parametrize("table", INPUTS.values(), ids=lambda table: table.name)
def test_every_column_stands_in_the_page_needed_ones_in_bold(root: Path, table: Table) -> None:
    page = (root / "docs" / "method" / "inputs.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {table.name}\n", 1)[1].split("\n## ", 1)[0]
    for column in table.columns:
        name = f"**`{column.name}`**" if column.needed else f"`{column.name}`"
        assert f"\n| {name} | " in section, column.name


@pytest.mark.parametrize("table", OUTPUTS.values(), ids=lambda table: table.name)
def test_every_table_of_a_run_has_a_section(root: Path, table: Table) -> None:
    page = (root / "docs" / "method" / "run-tables.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {table.name}\n", 1)[1].split("\n## ", 1)[0]
    assert all(f"\n| `{name}` | " in section for name in table.names)
