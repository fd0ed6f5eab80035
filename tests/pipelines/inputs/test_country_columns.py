"""Countries as people write them in a column; what is not read is recorded and warned of, never dropped in silence."""

from __future__ import annotations

from pathlib import Path

from pipelines.inputs.book import BookFiles, open_book, read_book
from pipelines.inputs.problems import problem_remarks
from pipelines.job.config import Config
from pipelines.run.staging import Staging

CASE_3 = {
    "Iran": "IR", "IRN": "IR", "Iran, Islamic Republic of": "IR", "North Korea": "KP", "Cuba": "CU", "ir": "IR",
    " IR ": "IR", "Islamic Republic of Iran": "IR", "PRK": "KP", "AE": "AE", "UK": "GB", "364": "IR", "": None,
}  # fmt: skip
"""Field case 03: values of the column country, and what they mean."""
UNREAD = {"Crimea": "UA-43", "Narnia": "no country that we can read", "Congo": "CG or CD"}


def book(path: Path, values: list[str]) -> BookFiles:
    rows = "".join(f'B{number:03d},Works,"{value}"\n' for number, value in enumerate(values))
    path.write_text("customer_id,name,country\n" + rows, encoding="utf-8")
    return BookFiles(path)


def test_field_case_03_names_and_codes(tmp_path: Path) -> None:
    read = read_book(book(tmp_path / "book.csv", list(CASE_3)), Config())
    assert read.customers["country"].to_list() == list(CASE_3.values())
    assert read.problems.is_empty()


def test_what_is_not_read_is_recorded_with_its_reason(tmp_path: Path) -> None:
    read = read_book(book(tmp_path / "book.csv", [*UNREAD, "FR"]), Config())
    assert read.customers["country"].to_list() == [None, None, None, "FR"]
    found = read.problems.select("row", "value", "reason", "consequence").rows()
    for (row, value, reason, consequence), (written, why) in zip(found, UNREAD.items(), strict=True):
        assert (value, consequence) == (written, "value_ignored"), row
        assert why in reason


def test_two_hundred_unread_values_are_one_warning(tmp_path: Path) -> None:
    files = book(tmp_path / "book.csv", ["Narnia"] * 200)
    _, opened = open_book(files, Config(), Staging.open(tmp_path / "run", "key"), 50)
    assert problem_remarks(opened.problems) == [
        "book.csv: 200 values of country are not read as a country and count as unknown; the table problems lists them."
    ]
