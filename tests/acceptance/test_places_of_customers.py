"""Cases from the field on places: addresses in embargoed regions, and countries written as names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from pipelines.inputs.book import BookFiles, read_book
from pipelines.inputs.problems import problem_remarks
from pipelines.job.config import Config
from screening.book.screen import screen
from screening.policy import Policy
from screening.tables.book import Book
from tests.screening.book import parties

DAY = date(2026, 12, 1)
REGION = "EMBARGO_REGION"
COUNTRY = "EMBARGO_COUNTRY"


def findings(book: Book) -> dict[str, set[str]]:
    """Return the rules on places that open a case, of each customer that has one."""
    rows = screen(book, parties.lists(), DAY, Policy()).tables["findings"]
    wanted = rows.filter(pl.col("rule_id").str.contains("^(EMBARGO|INPUT|DEST)_"))
    return {
        c: set(each["rule_id"]) for (c,), each in wanted.partition_by("customer_id", as_dict=True).items()
    }


def test_addresses_in_embargoed_places_are_told_and_their_namesakes_are_not(shared: Path) -> None:
    """Field case 02: A1-A8, A14, A15, A20, A22-A25 a region; A9-A11, A16-A19, A21 a country; A12, A13 nothing."""
    found = findings(read_book(BookFiles(shared / "field-cases/02-amazon-krimea/customers.csv"), Config()))
    regions = {f"A{n}" for n in (*range(1, 9), 14, 15, 20, 22, 23, 24, 25)}
    countries = {f"A{n}" for n in (9, 10, 11, 16, 17, 18, 19, 21)}
    assert {c for c, rules in found.items() if REGION in rules} == regions
    assert {c for c, rules in found.items() if COUNTRY in rules} == countries
    assert set(found) == regions | countries


def test_countries_written_as_names_are_read(shared: Path) -> None:
    """Field case 03: B1 to B11 an embargo, B13 to B18 the region, B12 (UK) nothing."""
    book = read_book(BookFiles(shared / "field-cases/03-country-as-name/customers.csv"), Config())
    found = findings(book)
    assert {c for c, rules in found.items() if COUNTRY in rules} == {f"B{n}" for n in range(1, 12)}
    assert {c for c, rules in found.items() if REGION in rules} == {f"B{n}" for n in range(13, 19)}
    assert "B12" not in found
    warnings = problem_remarks(book.problems)
    assert any("values of country are names, not codes" in text and "Crimea" in text for text in warnings)


def test_three_letter_codes_are_read_all_of_them(shared: Path) -> None:
    book = read_book(BookFiles(shared / "field-cases/03-country-as-name/iso3.csv"), Config())
    found = findings(book)
    assert len(found) == 200
    assert all(COUNTRY in rules for rules in found.values())


def test_a_country_by_name_gives_the_code_and_a_warning_with_counts(tmp_path: Path) -> None:
    """R16, and the same for what cannot be read."""
    path = tmp_path / "book.csv"
    path.write_text(
        "customer_id,name,country,hq_country,address\nR16,Works,China,,Shanghai\nU1,Works,Chine Populaire,Narnia,\n"
        "U2,Works,DE,unknown,Berlin\n",
        encoding="utf-8",
    )
    book = read_book(BookFiles(path), Config())
    assert book.customers["country"].to_list() == ["CN", None, "DE"]
    assert problem_remarks(book.problems) == [
        "book.csv: 1 values of country are not read as a country and count as unknown; the table problems lists them.",
        "book.csv: 2 values of hq_country are not read as a country and count as unknown; the table problems lists "
        "them.",
        "book.csv: 1 values of country are names, not codes, and were read so: China as China (CN). Give ISO 3166 "
        "codes to be sure.",
    ]
    assert findings(book) == {"U1": {"INPUT_COUNTRY"}}


def test_a_region_in_a_country_column_of_any_table_is_kept(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(
        "customer_id,name,country,hq_country,parent_country\nseat,Works,DE,Krimea,\nparent,Works,DE,,Crimea\n"
        "site,Works,DE,,\nship,Works,DE,,\nway,Works,DE,,\npays,Works,DE,,\nlicence,Works,DE,,\n",
        encoding="utf-8",
    )
    (tmp_path / "activity.csv").write_text(
        "customer_id,activity_id,kind,accelerator,count,site_country\nsite,a1,deployment,H100,8,Севастополь\n",
        encoding="utf-8",
    )
    (tmp_path / "transactions.csv").write_text(
        "customer_id,date,transaction_id,item,ship_to_country,via_countries,payer_country\n"
        "ship,2026-10-01,t1,servers,Crimea,,\nway,2026-10-01,t2,servers,TR,GE; Crimea,\n"
        "pays,2026-10-01,t3,servers,TR,,DNR\n",
        encoding="utf-8",
    )
    (tmp_path / "licences.csv").write_text(
        "customer_id,licence_ref,destinations\nlicence,L1,Crimea; TR\n", encoding="utf-8"
    )
    activity, transactions, licences = (
        tmp_path / f"{each}.csv" for each in ("activity", "transactions", "licences")
    )
    files = BookFiles(
        tmp_path / "customers.csv", activity=activity, transactions=transactions, licences=licences
    )
    found = findings(read_book(files, Config()))
    expected = {"seat": REGION, "parent": REGION, "pays": REGION}
    expected |= dict.fromkeys(("site", "ship", "way", "licence"), "DEST_REGION")
    assert {c: rule for c, rule in expected.items() if rule not in found.get(c, set())} == {}
