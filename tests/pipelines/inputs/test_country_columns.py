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
UNREAD = {"Narnia": "no country that we can read", "Congo": "CG or CD"}


def book(path: Path, values: list[str]) -> BookFiles:
    rows = "".join(f'B{number:03d},Works,"{value}"\n' for number, value in enumerate(values))
    path.write_text("customer_id,name,country\n" + rows, encoding="utf-8")
    return BookFiles(path)


def test_field_case_03_names_and_codes(tmp_path: Path) -> None:
    read = read_book(book(tmp_path / "book.csv", list(CASE_3)), Config())
    assert read.customers["country"].to_list() == list(CASE_3.values())
    named = {"Iran", "Iran, Islamic Republic of", "North Korea", "Cuba", "Islamic Republic of Iran", "UK"}
    assert set(read.problems["value"]) == named
    assert set(read.problems["consequence"]) == {"value_cleaned"}
    assert read.customers["country_remarks"].null_count() == len(CASE_3)


def test_a_region_stays_with_its_row_and_names_are_told_with_their_counts(tmp_path: Path) -> None:
    values = [
        "China",
        "China",
        "Chine populaire",
        "Crimea",
        "Krimea",
        "Крым",
        "ДНР",
        "LNR",
        "Sevastopol",
        "unknown",
    ]
    read = read_book(book(tmp_path / "book.csv", values), Config())
    codes = ["CN", "CN", None, *["UA"] * 6, None]
    assert read.customers["country"].to_list() == codes
    regions = [["country=UA-43"]] * 3 + [["country=UA-14"], ["country=UA-09"], ["country=UA-43"]]
    assert read.customers["country_remarks"].to_list() == [
        None,
        None,
        ["country?Chine populaire"],
        *regions,
        None,
    ]
    warnings = problem_remarks(read.problems)
    assert any("2 values of country are not read" in text for text in warnings)
    shown = next(text for text in warnings if "are names" in text)
    assert shown.startswith("book.csv: 8 values of country are names, not codes")
    assert "region Crimea (UA-43)" in shown


def test_lists_of_countries_keep_their_regions(tmp_path: Path) -> None:
    customers = book(tmp_path / "book.csv", ["DE"]).customers
    path = tmp_path / "t.csv"
    path.write_text(
        "customer_id,date,via_countries,ship_to_country\nB000,2026-10-01,TR; Crimea,Sevastopol\n"
        "B000,2026-10-02,TR; Narnia,TR\n",
        encoding="utf-8",
    )
    read = read_book(BookFiles(customers, transactions=path), Config())
    assert read.transactions is not None
    rows = read.transactions.select("via_countries", "ship_to_country", "country_remarks").rows()
    assert rows == [
        (["TR", "UA"], "UA", ["ship_to_country=UA-43", "via_countries=UA-43"]),
        (None, "TR", ["via_countries?Narnia"]),
    ]


def test_what_is_not_read_is_recorded_with_its_reason(tmp_path: Path) -> None:
    read = read_book(book(tmp_path / "book.csv", [*UNREAD, "FR"]), Config())
    assert read.customers["country"].to_list() == [None, None, "FR"]
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
