"""The rooms of the data folder: every file is described, dated rows say how sure they are, names are unique."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.reference import reference
from screening.law.tables import decimal_figure, figure, policy, table, table_names

DATED = {"effective_from", "effective_to", "effective", "period", "last_reviewed"}
CERTAINTY = {
    "primary": "read in the text of the law, or in a copy of it",
    "secondary": "read in a summary by somebody else",
    "memory": "not looked up",
    "uncertain": "looked up and not found",
    "house": "our own choice",
}
ROOMS = ("law", "policy", "names", "places")


def dated_tables() -> dict[str, pl.DataFrame]:
    tables = {name: table(name) for name in table_names("law")}
    tables["ear_744_8_tags"] = reference("ear_744_8_tags")
    return {name: frame for name, frame in tables.items() if DATED & set(frame.columns)}


def test_there_are_dated_tables() -> None:
    assert len(dated_tables()) >= 12


@pytest.mark.parametrize("name", sorted(dated_tables()))
def test_dated_rows_say_how_sure_they_are_and_when_they_were_read(name: str) -> None:
    frame = dated_tables()[name]
    assert set(frame["certainty"]) <= set(CERTAINTY)
    assert frame["citation"].null_count() == 0
    days = [date.fromisoformat(day) for day in frame["last_reviewed"]]
    assert date(2026, 1, 1) <= min(days)
    assert max(days) <= date(2026, 12, 31)


def test_no_name_stands_in_two_rooms() -> None:
    names = [name for room in (*ROOMS, ".") for name in table_names(room)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_is_described_in_the_readme_of_its_room(root: Path, room: str) -> None:
    folder = root / "screening" / "data" / room
    readme = (folder / "README.md").read_text(encoding="utf-8")
    files = [path for path in folder.iterdir() if path.suffix in (".csv", ".toml")]
    assert files
    assert [path.name for path in files if f"`{path.name}`" not in readme] == []


def test_every_figure_of_the_law_is_read_exactly() -> None:
    rows = table("figures")
    assert rows["name"].is_unique().all()
    for name, value, unit in rows.select("name", "value", "unit").iter_rows():
        assert unit
        assert decimal_figure(name) == float(value)
    assert figure("controlled_training_ops") == 10**26
    assert figure("derived_addition_ops") == 25 * 10**24
    with pytest.raises(ValueError, match="decimal_figure"):
        figure("chip_a_density")


def test_policy_figures_are_numbers() -> None:
    assert policy("figures")
    assert all(isinstance(value, (int, float)) for value in policy("figures").values())
