"""How a file would be read: what is guessed of it, and that the mapping which is written works."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.headers import fold
from pipelines.inputs.reading import read_table
from pipelines.inspection import inspect_file
from pipelines.inspection.guess import guess_columns
from pipelines.inspection.mapping_toml import mapping_toml
from pipelines.job.config import load_config
from screening.law import table as policy_table
from screening.names.tables import table as names_table
from screening.tables.inputs import CUSTOMERS, INPUTS
from tests.pipelines.inputs import test_workbooks as workbooks

SAP = (
    "MANDT,KUNNR,NAME1,NAME2,LAND1,STRAS,PSTLZ,ORT01,STCEG,LOEVM\n"
    "100,C1,Krayinvest,bank,RU,Lenina 5,101000,Moscow,RU7719404118,\n"
    "100,C2,Baker,,Chine Populaire,,,Leeds,,X\n"
)
SALESFORCE = (
    '"Account ID","Account Name","Billing Street","Billing City","Billing Zip/Postal Code","Billing Country","Type"\n'
    '"001A","Krayinvestbank","Lenina 5","Moscow","101000","Russia","Customer"\n'
)
GERMAN = (
    "Kundennummer;Firma;Straße;PLZ;Ort;Land;USt-IdNr.;Geburtsdatum\n"
    "17;Müller GmbH;Ring 5;50667;Köln;Deutschland;DE1;\n"
)
FRENCH = (
    "Code client;Raison sociale;Adresse;Code postal;Ville;Pays;SIRET\n"
    "9;Société Écho;1 rue X;75001;Paris;Chine;123\n"
)
SPANISH = (
    "Código Cliente;Nombre;Apellidos;Dirección;Población;País;NIF;Fecha de nacimiento\n"
    "7;José;Ruelas Ávila;C 1;León;México;A1;\n"
)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SAP, ("C1", "Krayinvest bank", "RU", "Lenina 5, 101000, Moscow", ["vat:RU7719404118"])),
        (SALESFORCE, ("001A", "Krayinvestbank", "RU", "Lenina 5, 101000, Moscow", None)),
        (GERMAN, ("17", "Müller GmbH", "DE", "Ring 5, 50667, Köln", ["vat:DE1"])),
        (FRENCH, ("9", "Société Écho", "CN", "1 rue X, 75001, Paris", ["registration_number:123"])),
        (SPANISH, ("7", "José Ruelas Ávila", "MX", "C 1, León", ["tax_number:A1"])),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_the_mapping_that_is_written_reads_the_file(
    tmp_path: Path, text: str, expected: tuple[object, ...], encoding: str
) -> None:
    path = write(tmp_path / "export.csv", text, encoding)
    result = inspect_file(path)
    assert (result.table, result.refused) == ("customers", "")
    config = load_config(write(tmp_path / "headwater.toml", result.toml))
    reading = read_table(path, CUSTOMERS, config.columns.customers, encoding=config.encoding.get("customers"))
    row = reading.frame.select("customer_id", "name", "country", "address", "identifiers").row(0)
    assert row == expected


def test_what_would_be_ignored_or_set_aside_is_told(tmp_path: Path) -> None:
    result = inspect_file(write(tmp_path / "kna1.csv", SAP + "100,C1,Twice,,DE,,,,,\n100,C4,,,FR,,,,,\n"))
    assert (result.rows, result.usable) == (4, 2)
    (country,) = result.ignored
    assert (country.column, country.count, country.rows, country.examples) == (
        "country",
        1,
        (3,),
        ("Chine Populaire",),
    )
    assert {(each.column, each.rows) for each in result.set_aside} == {("customer_id", (4,)), ("name", (5,))}
    assert result.unused == ("MANDT", "LOEVM")
    assert [(each.type, each.recognized, each.count) for each in result.identifiers] == [("vat", True, 1)]


@pytest.mark.parametrize(
    ("content", "encoding", "shown_by", "separator", "line_end"),
    [
        (SAP.encode("utf-8-sig"), "utf-8", "its byte order mark", "comma", "LF"),
        (SAP.encode("utf-16"), "utf-16-le", "its byte order mark", "comma", "LF"),
        (SAP.encode("utf-16-be"), "utf-16-be", "zero bytes between its letters", "comma", "LF"),
        (GERMAN.encode("cp1252"), "cp1252", "guessed", "semicolon", "LF"),
        (
            gzip.compress(SAP.replace("\n", "\r\n").encode()),
            "utf-8",
            "all of its bytes are UTF-8",
            "comma",
            "CRLF",
        ),
        (
            ("sep=|\n" + SAP.replace(",", "|")).replace("\n", "\r").encode(),
            "utf-8",
            "all of",
            "vertical bar",
            "CR",
        ),
    ],
)
def test_the_form_is_told(
    tmp_path: Path, content: bytes, encoding: str, shown_by: str, separator: str, line_end: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    form = inspect_file(path).form
    assert (form.encoding, form.separator, form.line_end) == (encoding, separator, line_end)
    assert form.encoding_shown_by is not None
    assert form.encoding_shown_by.startswith(shown_by)
    assert form.gzip == content.startswith(b"\x1f\x8b")
    assert form.header_row == (2 if content.startswith(b"sep=") else 1)


def test_an_encoding_that_is_named_goes_into_the_mapping(tmp_path: Path) -> None:
    path = write(tmp_path / "book.csv", "customer_id,name\n1,Алексей\n", "cp1251")
    with pytest.raises(InputRejected, match="looks like no Western one"):
        inspect_file(path)
    result = inspect_file(path, encoding="cp1251")
    assert load_config(write(tmp_path / "c.toml", result.toml)).encoding == {"customers": "cp1251"}


def test_titles_above_a_foreign_header_in_a_workbook(tmp_path: Path) -> None:
    words = ["Kundennummer", "Firma", "Land"]
    titled = workbooks.sheet(
        (1, [workbooks.text("A1", "Kundenliste")]),
        (3, [workbooks.text(f"{letter}3", word) for letter, word in zip("ABC", words, strict=True)]),
        (
            4,
            [workbooks.number("A4", 1001.0), workbooks.text("B4", "Müller"), workbooks.text("C4", "Schweiz")],
        ),
    )
    workbooks.write(tmp_path / "kunden.xlsx", titled)
    result = inspect_file(tmp_path / "kunden.xlsx")
    assert (result.form.format, result.form.header_row, result.usable) == ("xlsx", 3, 1)
    config = load_config(write(tmp_path / "c.toml", result.toml))
    reading = read_table(tmp_path / "kunden.xlsx", CUSTOMERS, config.columns.customers)
    assert reading.frame.select("customer_id", "country").rows() == [("1001", "CH")]


def test_nothing_hostile_comes_out_of_the_mapping(tmp_path: Path) -> None:
    header = '"customer_id","na\x1b[31mme","x""y\u202e","z\n[limits]"'
    result = inspect_file(write(tmp_path / "book.csv", f"{header}\n1,A,B,C\n"), kind="customers")
    assert "name is required" in result.refused
    shown = mapping_toml("customers", {"name": ("a\x1b[31m", "b\u202e")}, result.unused, None)
    assert shown.isprintable() or shown.replace("\n", "").isprintable()
    config = inspect_file(write(tmp_path / "b.csv", '"KUNNR","NAME1\x1b[31m","NAME1"\n1,A,B\n'))
    assert load_config(write(tmp_path / "c.toml", config.toml)).limits == load_config(None).limits


def test_published_layouts_and_the_keys_that_join(tmp_path: Path) -> None:
    psc = (
        '{"company_number":"06734419","data":{"kind":"individual-person-with-significant-control","name":"Ann Lee",'
        '"natures_of_control":["ownership-of-shares-75-to-100-percent"],"links":{"self":"/a"}}}\n'
    )
    other = write(tmp_path / "psc.jsonl", psc)
    assert (inspect_file(other).table, inspect_file(other).form.format) == ("ownership", "psc")
    customers = "customer_id,name,identifiers\n1,A,gb-coh:06734419\n2,B,lei:5493001KJTIIGC8Y1R12\n"
    (join,) = inspect_file(write(tmp_path / "a.csv", customers), other=other).joins or ()
    assert (join.key, join.other_key, join.joined, join.values) == ("numbers", "numbers", 1, 2)
    stranger = write(tmp_path / "b.csv", "customer_id,name\n1,A\n")
    assert inspect_file(stranger, other=other).joins == ()


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("owner_id,owned_id,share_percent", "ownership"),
        ("Shareholder ID,Company ID,Percentage,Shareholder", "ownership"),
        ("customer_id,date,counterparty", "transactions"),
        ("Kundennr;Buchungsdatum;Empfänger;Betrag", "transactions"),
        ("entity_id,kind,value", "connections"),
        ("customer_id,activity_id,kind", "activity"),
        ("entity_id,name,country", "entities"),
        ("old_id,new_id,date", "renames"),
    ],
)
def test_the_table_is_guessed(tmp_path: Path, header: str, table: str) -> None:
    assert inspect_file(write(tmp_path / "file.csv", f"{header}\n")).table == table


def test_the_table_of_headers_names_our_columns_and_types() -> None:
    rows = policy_table("column_headers")
    types = set(names_table("identifier_types")["id_type"])
    wrong = [
        row
        for row in rows.to_dicts()
        if row["column"] not in INPUTS[row["table"]].names
        or row["header"] != fold(row["header"])
        or (row["id_type"] or "vat") not in types
        or (row["part"] or "1").isdigit() is False
    ]
    assert rows.height > 500
    assert not wrong
    assert not rows.select("header", "table", "column").is_duplicated().any()


def test_a_second_name_column_counts_only_where_the_first_is_blank(tmp_path: Path) -> None:
    text = "ID,Company Name,First Name,Last Name\n1,Alpha,,\n2,,Ann,Lee\n"
    result = inspect_file(write(tmp_path / "a.csv", text))
    assert result.columns["name"] == ("Company Name", "First Name", "Last Name")
    both = inspect_file(write(tmp_path / "b.csv", text + "3,Beta,Bob,Ray\n"))
    assert both.columns["name"] == ("Company Name",)
    assert both.unused == ("First Name", "Last Name")


def test_guessing_needs_no_rows() -> None:
    assert guess_columns(CUSTOMERS, CUSTOMERS.empty().select("name"), ["name"]) == {"name": "name"}
