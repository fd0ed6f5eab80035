"""Payment messages become transactions: every party in its role, and the customer found by account, number or name."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.book import BookFiles, open_book, read_book
from pipelines.inputs.payments import payment_layout
from pipelines.inspection import inspect_file
from pipelines.job.config import Config
from pipelines.run.staging import Staging
from screening.tables.book import Book

LENIENT = {"limits": {"max_other_rows_set_aside": 1.0}}
MT103 = (
    "{1:F21OWNBUS33AXXX5195167828}{4:{177:1704260717}{451:0}}{1:F01OWNBUS33AXXX5195167828}"
    "{2:O1031612260425VOLGRUMMAXXX01613135552604251717N}{3:{121:8579f4a4-a547-463e-ae63-e7c6620d59b4}}{4:\r\n"
    ":20:REF1\r\n:23B:CRED\r\n:32A:260425USD3700,5\r\n:50F:/DE89370400440532013000\r\n1/ALPHA TRADING\r\n1/GMBH\r\n"
    "2/RING 5\r\n3/DE/50667 KOELN\r\n7/DE/123456\r\n:52A:KRAYRUMM\r\n:53B:/0000\r\n:56D:MIDDLE BANK\r\nMAIN ST\r\n"
    ":57A:/777\r\nBANKCHZZXXX\r\n:59:/12345678\r\nVOLGA LLC\r\nLENINA 5\r\nMOSCOW RU\r\n"
    ":70:/INV/7 ON BEHALF OF ALMAZ LLC\r\n:72:/INS/DEUTSCHE BANK\r\n//NEW YORK\r\n:77B:/BENEFRES/RU//OIL\r\n-}"
)
FEDWIRE = (
    "{1500}30User ReqP {1510}1000{1520}20260410Source08000001{2000}000001234567{3100}121042882Wells Fargo NA*"
    "{3400}231380104Citadel*{3600}CTR   *{4100}BKRAYRUMM*{4200}D12345678*Volga LLC*Lenina 5*Moscow*"
    "{5000}21234567*Alpha Trading*Ring 5**Koeln*{6000}For invoice 7*c/o Almaz LLC*"
)
PACS = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M</MsgId>
<CreDtTm>2026-04-24T09:00:00</CreDtTm><InstgAgt><FinInstnId><BICFI>KRAYRUMM</BICFI></FinInstnId></InstgAgt></GrpHdr>
<CdtTrfTxInf><PmtId><EndToEndId>E2E-1</EndToEndId></PmtId><IntrBkSttlmAmt Ccy="EUR">10.50</IntrBkSttlmAmt>
<IntrBkSttlmDt>2026-04-25</IntrBkSttlmDt>
<UltmtDbtr><Nm>Almaz LLC</Nm><CtryOfRes>RU</CtryOfRes></UltmtDbtr>
<Dbtr><Nm>Alpha Trading GmbH</Nm><PstlAdr><StrtNm>Ring</StrtNm><BldgNb>5</BldgNb><PstCd>50667</PstCd><TwnNm>Köln</TwnNm>
<Ctry>DE</Ctry></PstlAdr><Id><OrgId><LEI>5493001KJTIIGC8Y1R12</LEI></OrgId></Id></Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>COBADEFF</BICFI><Nm>Commerz</Nm></FinInstnId></DbtrAgt>
<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>1234</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>
<Cdtr><Nm>Volga LLC</Nm><PstlAdr><Ctry>RU</Ctry><AdrLine>Lenina 5</AdrLine></PstlAdr></Cdtr>
<CdtrAcct><Id><Othr><Id>12345678</Id></Othr></Id></CdtrAcct><UltmtCdtr><Nm>Gamma &lt;b&gt;</Nm></UltmtCdtr>
<RmtInf><Ustrd>for account of Almaz LLC</Ustrd></RmtInf></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>E2E-2</EndToEndId></PmtId><IntrBkSttlmAmt Ccy="EUR">x</IntrBkSttlmAmt>
<IntrBkSttlmDt>2026-13-45</IntrBkSttlmDt><Dbtr><Nm>Volga LLC</Nm></Dbtr></CdtTrfTxInf>
</FIToFICstmrCdtTrf></Document>"""
PAIN = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr>
<InitgPty><Nm>Group Treasury</Nm></InitgPty></GrpHdr><PmtInf><ReqdExctnDt><Dt>2026-04-25</Dt></ReqdExctnDt>
<Dbtr><Nm>Whoever</Nm><Id><OrgId><Othr><Id>C1</Id><SchmeNm><Cd>CUST</Cd></SchmeNm></Othr></OrgId></Id></Dbtr>
<DbtrAgt><FinInstnId><BIC>COBADEFFXXX</BIC></FinInstnId></DbtrAgt>
<CdtTrfTxInf><PmtId><EndToEndId>A</EndToEndId></PmtId><Amt><InstdAmt Ccy="USD">1</InstdAmt></Amt>
<Cdtr><Nm>Volga LLC</Nm></Cdtr></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>B</EndToEndId></PmtId><Amt><InstdAmt Ccy="USD">2</InstdAmt></Amt>
<Cdtr><Nm>Beta</Nm></Cdtr></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>"""
CUSTOMERS = (
    "customer_id,name,identifiers\nC1,Alpha Trading GmbH,iban:DE89 3704 0044 0532 0130 00\nC2,Alpha Trading,\n"
    "C3,Same Name,\nC4,Same Name,\n"
)


def book(tmp_path: Path, content: str | bytes, customers: str = CUSTOMERS, **settings: object) -> Book:
    (tmp_path / "customers.csv").write_text(customers, encoding="utf-8")
    path = tmp_path / "payments.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    files = BookFiles(tmp_path / "customers.csv", transactions=path)
    return read_book(files, Config.model_validate(LENIENT | settings))


def aside(read: Book) -> pl.DataFrame:
    return read.problems.filter(pl.col("consequence") == "row_set_aside")


def deals(read: Book) -> pl.DataFrame:
    assert read.transactions is not None
    return read.transactions.select(
        "customer_id", "role", "counterparty", "counterparty_country", "counterparty_identifiers"
    )


def test_mt103(tmp_path: Path) -> None:
    read = book(tmp_path, MT103)
    assert deals(read).rows() == [
        (
            "C1",
            "payer",
            "ALPHA TRADING GMBH",
            "DE",
            ["iban:DE89370400440532013000", "national_id:123456 (DE)"],
        ),
        ("C1", "beneficiary", "VOLGA LLC", "RU", ["account:12345678"]),
        ("C1", "bank", "KRAYRUMM", "RU", ["bic:KRAYRUMM"]),
        ("C1", "bank", "MIDDLE BANK", None, None),
        ("C1", "bank", "BANKCHZZ", "CH", ["bic:BANKCHZZ", "account:777"]),
        ("C1", "bank", "DEUTSCHE BANK NEW YORK", None, None),
        ("C1", "bank", "OWNBUS33", "US", ["bic:OWNBUS33"]),
        ("C1", "bank", "VOLGRUMM", "RU", ["bic:VOLGRUMM"]),
    ]
    assert read.transactions is not None
    row = read.transactions.row(1, named=True)
    assert (row["counterparty_address"], row["payer_country"]) == ("LENINA 5, MOSCOW RU", "DE")
    assert "ON BEHALF OF ALMAZ LLC" in row["item"]
    assert read.transactions.select("date", "transaction_id", "payment_method").unique().height == 1
    assert read.transactions["transaction_id"][0] == "8579f4a4-a547-463e-ae63-e7c6620d59b4"
    assert read.transactions["amount"].drop_nulls().to_list() == [3700.5]
    assert aside(read).is_empty()


def test_fedwire(tmp_path: Path) -> None:
    read = book(tmp_path, FEDWIRE.replace("{1510}", "\n{1510}"))
    assert [row[:4] for row in deals(read).rows()] == [
        ("C2", "payer", "Alpha Trading", None),
        ("C2", "beneficiary", "Volga LLC", None),
        ("C2", "bank", "KRAYRUMM", "RU"),
        ("C2", "bank", "Wells Fargo NA", "US"),
        ("C2", "bank", "Citadel", "US"),
    ]
    assert read.transactions is not None
    assert read.transactions["amount"].drop_nulls().to_list() == [12345.67]
    assert read.transactions["item"][0] == "For invoice 7 c/o Almaz LLC"


def test_pacs_008(tmp_path: Path) -> None:
    read = book(tmp_path, gzip.compress(PACS.encode()))
    assert [row[:4] for row in deals(read).rows()] == [
        ("C1", "payer", "Alpha Trading GmbH", "DE"),
        ("C1", "payer", "Almaz LLC", "RU"),
        ("C1", "beneficiary", "Volga LLC", "RU"),
        ("C1", "beneficiary", "Gamma <b>", None),
        ("C1", "bank", "Commerz", "DE"),
        ("C1", "bank", "1234", None),
        ("C1", "bank", "KRAYRUMM", "RU"),
    ]
    assert read.transactions is not None
    assert read.transactions["counterparty_address"].to_list()[0] == "Ring, 5, 50667, Köln"
    assert aside(read).select("row", "column").rows() == [(2, "customer_id")]


def test_pain_001_finds_the_customer_by_its_number(tmp_path: Path) -> None:
    read = book(tmp_path, PAIN)
    assert [row[:3] for row in deals(read).rows()] == [
        (customer, role, name)
        for customer, last in (("C1", "Volga LLC"), ("C1", "Beta"))
        for role, name in (
            ("payer", "Whoever"),
            ("payer", "Group Treasury"),
            ("beneficiary", last),
            ("bank", "COBADEFF"),
        )
    ]
    assert read.transactions is not None
    assert read.transactions["amount"].drop_nulls().to_list() == [1.0, 2.0]


def test_a_payment_of_no_customer_is_counted_or_given_to_one(tmp_path: Path) -> None:
    customers = "customer_id,name\nC3,Same Name\nC4,Same Name\nHOUSE,Ourselves\n"
    with pytest.raises(InputRejected, match="1 of 1 rows cannot be used"):
        book(tmp_path, MT103, customers, limits={})
    unjoined = book(tmp_path, MT103, customers)
    assert unjoined.transactions is not None
    assert unjoined.transactions.is_empty()
    (problem,) = aside(unjoined).to_dicts()
    assert problem["reason"].startswith("no party of the payment is a customer")
    assert (problem["row"], problem["consequence"]) == (1, "row_set_aside")
    given = book(tmp_path, MT103, customers, defaults={"transactions": {"customer_id": "HOUSE"}})
    assert deals(given)["customer_id"].unique().to_list() == ["HOUSE"]
    assert "VOLGA LLC" in deals(given)["counterparty"].to_list()


def test_a_name_that_two_customers_have_names_none(tmp_path: Path) -> None:
    text = MT103.replace("VOLGA LLC", "SAME NAME").replace("DE89370400440532013000", "DE00000000000000000000")
    read = book(tmp_path, text.replace("1/ALPHA TRADING\r\n1/GMBH", "1/NOBODY"))
    assert deals(read).is_empty()


def test_both_sides_may_be_customers_and_accounts_stand_in_connections(tmp_path: Path) -> None:
    customers = "customer_id,name\nA,Alpha Trading GmbH\nB,Volga LLC\n"
    (tmp_path / "connections.csv").write_text("entity_id,kind,value\nB,bank,12-345-678\n", encoding="utf-8")
    (tmp_path / "customers.csv").write_text(customers, encoding="utf-8")
    (tmp_path / "mt.rje").write_text(
        MT103 + "$" + MT103.replace("VOLGA LLC", "OTHER NAME"), encoding="utf-8", newline=""
    )
    files = BookFiles(
        tmp_path / "customers.csv", transactions=tmp_path / "mt.rje", connections=tmp_path / "connections.csv"
    )
    customers_on_disk, read = open_book(files, Config(), Staging.open(tmp_path / "run", "key"), 1)
    assert customers_on_disk.count == 2
    assert set(deals(read)["customer_id"]) == {"A", "B"}
    paid = deals(read).filter(pl.col("role") == "beneficiary", pl.col("customer_id") == "B")
    assert paid["counterparty"].to_list() == ["VOLGA LLC", "OTHER NAME"], "another name is looked at too"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (MT103.replace("{2:O103", "{2:O940"), "is of type MT940"),
        (MT103.replace("-}", ""), "cut off"),
        (MT103.replace(":32A:", ":33B:"), "no value date"),
        (MT103.replace("{2:", "{9:"), "no application header"),
        (MT103.replace("VOLGA LLC", "X" * (1 << 20)), "longer than any message"),
        (FEDWIRE.replace("{2000}", "{2001}"), "no amount"),
        (FEDWIRE.replace("20260410", "soon"), "no date"),
        (PAIN.replace("<ReqdExctnDt><Dt>2026-04-25</Dt></ReqdExctnDt>", ""), "has no date"),
    ],
)
def test_a_bad_message_is_set_aside_with_its_reason(tmp_path: Path, content: str, reason: str) -> None:
    read = book(tmp_path, content)
    assert read.transactions is not None
    assert read.transactions.is_empty()
    assert reason in aside(read)["reason"][0]


def test_a_day_that_is_none_costs_the_message(tmp_path: Path) -> None:
    read = book(tmp_path, MT103.replace("260425USD", "261345USD"))
    assert aside(read).select("column", "reason").row(0) == (
        "date",
        "not a date from 1000-01-01 to 9999-12-31, written YYYY-MM-DD",
    )
    assert deals(read).is_empty()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (PACS.replace("<Document", '<!DOCTYPE d [<!ENTITY x "y">]><Document', 1), "document type definition"),
        (PACS[: PACS.index("</RmtInf>")], "broken or cut off"),
    ],
)
def test_hostile_or_broken_xml_is_refused(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(InputRejected, match=why):
        book(tmp_path, content)


def test_several_currencies_do_not_add_up(tmp_path: Path) -> None:
    read = book(tmp_path, MT103 + "\n$\n" + MT103.replace("USD3700,5", "EUR1,"))
    assert read.transactions is not None
    assert read.transactions["amount"].null_count() == read.transactions.height
    mixed = read.problems.filter(pl.col("column") == "(file)", pl.col("reason").str.contains("EUR"))
    assert mixed["reason"].to_list() == ["pays in EUR, USD: the amounts do not add up and are left out"]


def test_tables_are_no_messages(tmp_path: Path) -> None:
    for name, text in (
        ("t.csv", "customer_id,date\n"),
        ("t.ndjson", '{"customer_id":"1"}'),
        ("t.xml", "<LEIData/>"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert payment_layout(tmp_path / name) is None
    assert payment_layout(tmp_path / "absent") is None


def test_they_are_inspected(tmp_path: Path) -> None:
    (tmp_path / "wires.fin").write_text(
        MT103 + MT103.replace("{2:O103", "{2:O940"), encoding="utf-8", newline=""
    )
    result = inspect_file(tmp_path / "wires.fin")
    assert (result.table, result.form.format, result.rows, result.usable) == ("transactions", "mt103", 2, 1)
    assert [trouble.reason for trouble in result.set_aside] == ["is of type MT940; MT103 is read"]
    (tmp_path / "c.csv").write_text(CUSTOMERS, encoding="utf-8")
    (join,) = inspect_file(tmp_path / "c.csv", other=tmp_path / "wires.fin").joins or ()
    assert (join.key, join.joined) == ("numbers", 1)


def test_real_messages(tmp_path: Path, shared: Path) -> None:
    folder = shared / "data" / "formats"
    for name, count in (("swift-mt/MT103-out-ack.rje", 13), ("swift-mt/MT103-bulk-with-ack.rje", 3)):
        result = inspect_file(folder / name)
        assert (result.rows, result.usable) == (count, count)
    for name in ("CustomerTransfer", "CustomerTransferPlus", "BankTransfer"):
        result = inspect_file(folder / "fedwire" / f"fedWireMessage-{name}.txt")
        assert (result.form.format, result.rows, result.usable) == ("fedwire", 1, 1)
