"""The worked cases on destinations (B01 to B32 of the regulation note), and that no sentence contradicts them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.inputs.reading import read_table
from screening.law import law_on, table
from screening.law.destinations import on_days
from screening.law.periods import status_on
from screening.redflags import evaluate
from screening.redflags.destinations.chart import determinations
from screening.redflags.facts import assemble
from screening.tables.inputs import INPUTS

TODAY = "2026-12-01"
H100 = {"accelerator": "H100", "count": 100}
UNENFORCED = re.compile(r"not enforce|unenforced|does not enforce", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """Input rows of one customer, and the answer of one rule."""

    name: str
    rule_id: str
    branch: str
    outcome: str
    recommendation: str
    severity: int
    words: tuple[str, ...] = ()
    day: str = TODAY
    deal: dict[str, Any] | None = None
    activity: dict[str, Any] | None = None
    licence: dict[str, Any] | None = None
    customer: dict[str, Any] = field(default_factory=dict)


def chip(name: str, **fields: Any) -> dict[str, Any]:
    return {"accelerator": name, "count": 100, **fields}


V, E, R = "DEST_ADVCHIP", "DEST_EMBARGO", "DEST_REGION"
CASES = [
    Case("B01", V, "d5_case_by_case", "raised", "hold", 80,
         ("Licence required and enforced", "case by case", "nine certifications"),
         deal=chip("H100", count=500, ship_to_country="CN", movement="export")),
    Case("B02", V, "d5", "raised", "hold", 80, ("TPP 36,000", "denial presumed"),
         deal=chip("B200", count=500, ship_to_country="CN")),
    Case("B03", E, "embargo", "raised", "hold", 85, ("746.7", "560.204", "no exception"),
         deal=chip("H100", ship_to_country="IR")),
    Case("B04", E, "denial", "raised", "hold", 80, ("746.8(a)(1)", "denial"),
         activity=chip("H100", kind="deployment", count=500, site_country="RU")),
    Case("B05", V, "licence", "raised", "licence_check", 60, ("D:4", "enforced"),
         deal=chip("H100", count=500, ship_to_country="SA")),
    Case("B06", V, "licence", "raised", "licence_check", 60, ("D:1",),
         deal=chip("B200", count=500, ship_to_country="VN")),
    Case("B07", V, "licence", "raised", "licence_check", 60, ("D:1",), deal=chip("H100", ship_to_country="KZ")),
    Case("B08", V, "elsewhere", "not_raised", "note", 0, ("outside the groups", "diversion"),
         deal=chip("H100", ship_to_country="MY")),
    Case("B09", V, "elsewhere", "not_raised", "note", 0, ("A:6", "D:4"), deal=chip("H100", ship_to_country="IL")),
    Case("B10", V, "d5_case_by_case", "raised", "hold", 80, ("Macau, which is written apart",),
         deal=chip("H100", ship_to_country="MO")),
    Case("B11", V, "informed_letter", "not_evaluable", "ask", 45,
         ("below 3A090.a and .b by its figures: TPP 2,368, density 2.91", "letter of BIS in April 2025"),
         deal=chip("H20", ship_to_country="CN")),
    Case("B11b", V, "exception", "raised", "licence_check", 45,
         ("3A090.b", "ACA", "740.8 shuts out only parts for data centres of class 3A090.a", "written order"),
         deal=chip("A30", ship_to_country="VN")),
    Case("B12", V, "d5_by_density", "raised", "hold", 75,
         ("3A090.a: density 6.59 is 5.92 or more and TPP 1,936 is 1,600 or more",),
         deal=chip("L4", ship_to_country="CN")),
    Case("B13", V, "exception", "raised", "licence_check", 45, ("3A090.a", "ACA"),
         deal=chip("RTX 4090", ship_to_country="VN")),
    Case("B14", V, "exception_named", "not_raised", "note", 10, ("NAC", "Z100001", "30 days", "Show the notice"),
         deal=chip("RTX 4090", ship_to_country="CN", date="2026-11-30", licence_ref="NAC", notice_ref="Z100001",
                   notice_date="2026-10-31")),
    Case("B15", V, "exception_late", "raised", "hold", 75, ("25 calendar days", "24 days before"),
         deal=chip("RTX 4090", ship_to_country="CN", date="2026-11-30", licence_ref="NAC", notice_ref="Z100001",
                   notice_date="2026-11-06")),
    Case("B16", V, "uae", "raised", "licence_check", 60, ("A:5 since 2026-07-10", "named", "Supp. 8 to part 740"),
         deal=chip("H100", ship_to_country="AE")),
    Case("B17", V, "licence", "raised", "licence_check", 60, ("D:4 on that day",), "2026-07-09",
         deal=chip("H100", ship_to_country="AE", date="2026-07-20")),
    Case("B18", "HQ_D5_MACAU", "own_headquarters_china", "raised", "licence_check", 60,
         deal=chip("H100", ship_to_country="SG"), customer={"country": "CN", "hq_country": "CN"}),
    Case("B19", "HQ_D5_MACAU", "remote", "raised", "ask", 40, ("no export", "support for barred end uses"),
         activity=chip("H100", kind="lease", provision="remote_only", evidence="contract", site_country="US"),
         customer={"country": "CN", "hq_country": "CN"}),
    Case("B20", "EMBARGO_COUNTRY", "seated", "raised", "hold", 85,
         activity=chip("H100", kind="lease", provision="remote_only", evidence="contract", site_country="US"),
         customer={"country": "IR", "hq_country": "IR"}),
    Case("B21", V, "destination_unknown", "not_evaluable", "ask", 45, ("destination is not known",),
         activity=chip("H100", kind="order", provision="items")),
    Case("B23", E, "end_user", "raised", "hold", 80, ("where an item is to be used",),
         deal=chip("H100", ship_to_country="TR", end_user_country="RU")),
    Case("B24", "G13", "route", "raised", "ask", 35, ("or through",),
         deal={"item": "processors", "hs_code": "8542.31", "ship_to_country": "KZ", "via_countries": ["TR"]}),
    Case("B25", E, "relaxed_ear99", "raised", "ask", 40, ("SPP (740.5)", "part 744"),
         deal={"item": "server", "eccn": "EAR99", "ship_to_country": "SY", "movement": "export"}),
    Case("B26", E, "relaxed_chips", "raised", "hold", 75, ("Commerce Control List needs a licence", "D:5"),
         deal=chip("H100", ship_to_country="SY")),
    Case("B27", "EMBARGO_COUNTRY", "verify", "not_evaluable", "ask", 40, ("14312", "2025-08-25"), "2025-08-01",
         activity={"kind": "lease", "provision": "remote_only"}, customer={"country": "SY", "hq_country": "SY"}),
    Case("B28", R, "named", "raised", "hold", 85, ("Crimea", "746.6"),
         deal={"item": "servers", "role": "ultimate_consignee", "counterparty": "Office",
               "ship_to_country": "UA", "counterparty_country": "UA", "counterparty_address": "Simferopol"}),
    Case("B29", V, "before_compliance", "not_raised", "note", 10, ("compliance was due on 2025-05-15", "AID_HW"),
         "2025-03-01", deal=chip("H100", ship_to_country="MY", date="2025-03-01")),
    Case("B30", V, "elsewhere", "not_raised", "note", 0, ("Until 2023-11-16 the scope was China and Macau",),
         "2023-11-16", deal=chip("H100", ship_to_country="SA", date="2023-11-20")),
    Case("B31", V, "d5", "raised", "hold", 80, ("exports from the United States only",),
         deal=chip("H100", ship_to_country="CN", from_country="CN", movement="transfer_in_country")),
    Case("B32", V, "licence_on_record", "raised", "licence_check", 40, ("L-9", "item, quantity and parties"),
         deal=chip("H100", ship_to_country="CN", role="ultimate_consignee", counterparty="Blue Lake Ltd."),
         licence={"licence_ref": "L-9", "consignee": "BLUE LAKE LTD", "destinations": ["CN"],
                  "expires": "2027-06-30"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def answers() -> dict[str, pl.DataFrame]:
    """What every rule says of the customer of each case; the cases of a day as one book."""
    found: dict[str, pl.DataFrame] = {}
    for day in sorted({case.day for case in CASES}):
        cases = [case for case in CASES if case.day == day]
        rows = evaluate(pl.concat([facts_of(case) for case in cases]), date.fromisoformat(day))
        found |= {case.name: rows.filter(pl.col("customer_id") == case.name) for case in cases}
    return found


def facts_of(case: Case) -> pl.DataFrame:
    """Return the facts of the customer of a case, who bears its name."""
    day = date.fromisoformat(case.day)
    customer = {
        "customer_id": case.name,
        "name": "Acme",
        "country": "SG",
        "hq_country": "SG",
        **case.customer,
    }

    def rows(given: dict[str, Any] | None, **more: Any) -> pl.DataFrame | None:
        return None if given is None else pl.DataFrame([{"customer_id": case.name, **more, **given}])

    return assemble(
        pl.DataFrame([customer]),
        transactions=rows(case.deal, date=case.day),
        activity=rows(case.activity, activity_id="a1"),
        licences=rows(case.licence),
        as_of=day,
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_worked_case(case: Case, answers: dict[str, pl.DataFrame]) -> None:
    row = answers[case.name].row(by_predicate=pl.col("rule_id") == case.rule_id, named=True)
    assert (row["branch"], row["outcome"]) == (case.branch, case.outcome)
    assert (row["recommendation"], row["severity"]) == (case.recommendation, case.severity)
    text = f"{row['reason']} {row['question']} {row['evidence']}"
    assert [words for words in case.words if words not in text] == []


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_no_sentence_over_a_place_with_a_licence_speaks_of_a_text_that_is_not_enforced(
    case: Case, answers: dict[str, pl.DataFrame]
) -> None:
    places = {(case.deal or case.activity or {}).get(c) for c in ("ship_to_country", "site_country")}
    if places & {"CN", "MO", "RU", "IR"}:
        reasons = answers[case.name].filter("material")["reason"]
        assert not [text for text in reasons if UNENFORCED.search(text)]


def test_worked_cases_are_those_of_the_reference(shared: Path) -> None:
    with (shared / "regulation" / "cases_destinations.csv").open(encoding="utf-8", newline="") as page:
        reference = {row["case"]: row for row in csv.DictReader(page)}
    from_a_file = {"B22"}
    assert reference.keys() - from_a_file == {case.name for case in CASES}
    for case in CASES:
        row = reference[case.name]
        assert case.day == row["as_of"], case.name
        if case.name == "B29":
            continue  # its outcome is the status of AID_HW
        wanted = {"none": "note"}.get(row["recommendation"], row["recommendation"])
        assert (case.outcome, case.recommendation) == (row["outcome"].split(" ")[0], wanted), case.name
        assert str(case.severity) == row["severity"], case.name


def test_the_world_wide_text_bound_nobody_before_its_day_of_compliance() -> None:
    status = {d: status_on(date.fromisoformat(d)).filter(pl.col("rule_id") == "AID_HW")["status"].item()
              for d in ("2025-03-01", "2025-05-13")}  # fmt: skip
    assert status == {"2025-03-01": "text_before_compliance", "2025-05-13": "codified_not_enforced"}


def test_places_with_a_destination_licence_equal_the_reference(shared: Path) -> None:
    with (shared / "regulation" / "dest_advanced_computing.csv").open(encoding="utf-8", newline="") as page:
        reference = [row for row in csv.DictReader(page) if not row["effective_to"]]
    day = date(2026, 7, 23)
    codes = sorted(law_on(day).places.codes)
    ours = on_days(pl.DataFrame({"iso2": codes, "day": [day] * len(codes)}), "iso2", "day")
    wanted = {row["iso2"] for row in reference if row["destination_licence"] == "licence"}
    assert set(ours.filter("3A090.a")["iso2"]) == set(ours.filter("3A090.b")["iso2"]) == wanted
    assert len(wanted) == 47
    denied = {row["iso2"] for row in reference if row["review_policy_742_6_b_10"].startswith("presumption")}
    assert set(ours.filter("3A090.a", "closed")["iso2"]) == denied


def facts_of_files(folder: Path, day: date, **files: str) -> pl.DataFrame:
    """Return the facts of customers from the text of files, read as the nightly job reads them."""
    frames: dict[str, Any] = {}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        frames[name] = read_table(folder / f"{name}.csv", INPUTS[name]).frame
    return assemble(frames.pop("customers"), as_of=day, **frames)


def test_machines_and_goods_in_iran_are_embargo_findings(tmp_path: Path) -> None:
    day = date(2026, 12, 1)
    facts = facts_of_files(
        tmp_path,
        day,
        customers="customer_id,name,country\nT1,Rowan Compute,AE\nT2,Rowan Freight,AE\n",
        activity="customer_id,activity_id,kind,start,end,site_country,payer_country,accelerator,count\n"
        "T1,a1,deployment,2026-10-01,2026-12-31,IR,AE,H100,64\n",
        transactions="customer_id,date,role,counterparty,item,hs_code,ship_to_country,payer_country,amount\n"
        "T2,2026-10-02,ultimate_consignee,Orchid Lane Imports,software licence,490700,IR,AE,1000\n",
    )
    found = evaluate(facts, day, only={"DEST_EMBARGO"})
    assert found.select("customer_id", "branch", "severity").rows() == [
        ("T1", "embargo", 85),
        ("T2", "embargo", 85),
    ]


def test_a_country_as_a_word_is_read_and_routes_too(tmp_path: Path) -> None:
    """Case B22, and a route in words: each value is read as people write countries."""
    day = date(2026, 12, 1)
    facts = facts_of_files(
        tmp_path,
        day,
        customers="customer_id,name,country\nT1,Rowan Compute,AE\nT2,Rowan Freight,AE\n",
        transactions="customer_id,date,accelerator,count,item,ship_to_country,via_countries\n"
        "T1,2026-12-01,H100,500,,China,\n"
        "T2,2026-12-01,,,pumps,Turkmenistan,Turkey; Islamic Republic of Iran\n",
    )
    found = evaluate(facts, day, only={"DEST_ADVCHIP", "DEST_EMBARGO"}).filter("material")
    assert found.select("customer_id", "branch", "severity").rows() == [
        ("T1", "d5_case_by_case", 80),
        ("T2", "route", 45),
    ]


def test_several_shipments_answer_by_the_strictest_and_name_the_others() -> None:
    deals = [
        {"transaction_id": "t1", "ship_to_country": "VN"},
        {"transaction_id": "t2", "ship_to_country": "CN"},
        {"transaction_id": "t3", "ship_to_country": "MY"},
        {"transaction_id": "t4", "ship_to_country": "KZ"},
    ]
    rows = [{"customer_id": "c", "date": TODAY, **chip("H100"), **deal} for deal in deals]
    facts = assemble(
        pl.DataFrame({"customer_id": ["c"]}), transactions=pl.DataFrame(rows), as_of=date.fromisoformat(TODAY)
    )
    row = evaluate(facts, date.fromisoformat(TODAY), only={"DEST_ADVCHIP"}).row(0, named=True)
    assert row["branch"] == "d5_case_by_case"
    assert "transaction t2 of 2026-12-01" in row["reason"]
    others = row["evidence"].partition("other_shipments=")[2]
    assert ["t1" in others, "t3" in others, "t4" in others] == [True, False, True]


def test_rows_of_one_transaction_are_one_deal() -> None:
    rows: list[dict[str, Any]] = [
        {"role": "purchaser", "counterparty_country": "SG", "accelerator": "H100", "count": 8},
        {"role": "end_user", "counterparty_country": "RU", "accelerator": None, "count": None},
        {"role": "forwarder", "counterparty_country": "TR", "accelerator": None, "count": None},
    ]
    deals = pl.DataFrame([{"customer_id": "c", "date": TODAY, "transaction_id": "t", **row} for row in rows])
    day = date.fromisoformat(TODAY)
    facts = assemble(pl.DataFrame({"customer_id": ["c"]}), transactions=deals, as_of=day)
    found = evaluate(facts, day, only={"DEST_ADVCHIP", "DEST_EMBARGO"})
    assert found.select("rule_id", "branch").rows() == [
        ("DEST_ADVCHIP", "embargo_first"),
        ("DEST_EMBARGO", "denial"),
    ]
    assert "8 NVIDIA H100" in found["reason"][1]


@pytest.mark.parametrize(
    ("item", "branch"),
    [
        ("8 x NVIDIA H100 80GB SXM5 servers", "licence"),
        ("GeForce RTX-4090 graphics cards, GPU", "exception"),
        ("H100 printer cartridges", "nothing_on_record"),
        ("GPU servers", "nothing_on_record"),
    ],
)
def test_a_part_is_read_out_of_an_item_only_beside_a_word_for_chips(item: str, branch: str) -> None:
    deals = pl.DataFrame([{"customer_id": "c", "date": TODAY, "item": item, "ship_to_country": "VN"}])
    day = date.fromisoformat(TODAY)
    facts = assemble(pl.DataFrame({"customer_id": ["c"]}), transactions=deals, as_of=day)
    assert evaluate(facts, day, only={"DEST_ADVCHIP"})["branch"].item() == branch


def test_certifications_on_record_stand_in_the_reason() -> None:
    answers = [("CERT_I", "yes", "letter 7"), ("CERT_IV", "no", None)]
    day = date.fromisoformat(TODAY)
    facts = assemble(
        pl.DataFrame({"customer_id": ["c"]}),
        transactions=pl.DataFrame([{"customer_id": "c", "date": TODAY, "ship_to_country": "CN", **H100}]),
        answers=pl.DataFrame(
            [("c", *row) for row in answers],
            schema=["customer_id", "rule_id", "answer", "evidence"],
            orient="row",
        ),
        as_of=day,
    )
    reason = evaluate(facts, day, only={"DEST_ADVCHIP"})["reason"].item()
    assert "(i) yes [letter 7], (ii) unknown, (iii) unknown, (iv) no" in reason


@pytest.mark.parametrize(
    ("entry", "place", "answer"),
    [
        ("5A002", "VN", "required"),
        ("5A002", "CA", "not_by_chart"),
        ("5A002", "IR", "section"),
        ("5A002", "GP", "required"),
        ("3B001", "CN", "perhaps"),
        ("3A090", "VN", "not_by_chart"),
        ("4A994", "KP", "section"),
        ("0A503", "FR", "required"),
        ("9A005", "FR", "no_reasons"),
        ("EAR99", "CN", "not_by_chart"),
    ],
)
def test_the_country_chart_answers_by_entry_and_column(entry: str, place: str, answer: str) -> None:
    pair = pl.DataFrame({"entry": [entry], "place": [place]})
    row = determinations(pair, law_on(date.fromisoformat(TODAY))).row(0, named=True)
    assert row["chart"] == answer
    assert row["determination"].startswith(f"{entry} to ")


def test_the_country_chart_equals_the_reference(shared: Path) -> None:
    page = next((shared / "data" / "export-control").glob("commerce-country-chart.ecfr-*.csv"))
    with page.open(encoding="utf-8", newline="") as lines:
        reference = {
            row["iso2"]: {c for c in row if re.fullmatch(r"[A-Z]{2}\d", c) and row[c]}
            for row in csv.DictReader(lines)
        }
    ours = table("commerce_country_chart").select("iso2", pl.col("columns").fill_null("")).rows()
    assert {code: set(columns.split()) for code, columns in ours} == reference
    entries = next((shared / "data" / "export-control").glob("ccl-entries.ecfr-*.csv"))
    with entries.open(encoding="utf-8", newline="") as lines:
        codes = {row["eccn"] for row in csv.DictReader(lines)}
    assert set(table("eccn_reasons")["eccn"]) == codes


PLACES = {
    "transactions": (
        "counterparty_country", "from_country", "ship_to_country", "via_countries", "end_user_country",
        "counterparty_address",
    ),
    "activity": ("site_country", "site_address", "end_user_hq"),
    "licences": ("destinations",),
}  # fmt: skip


ROLES = (None, "purchaser", "end_user", "ultimate_consignee", "forwarder", "bank")
CELLS = [
    (name, column, role)
    for name, columns in PLACES.items()
    for column in columns
    for role in (ROLES if column.startswith("counterparty") else ROLES[:1])
]


@pytest.mark.parametrize(("name", "column", "role"), CELLS)
def test_an_embargoed_place_is_found_in_every_column_that_may_hold_one(
    name: str, column: str, role: str | None
) -> None:
    day = date.fromisoformat(TODAY)
    given: dict[str, dict[str, Any]] = {
        "transactions": {"date": TODAY, "role": role, "item": "pumps", "ship_to_country": "AE"},
        "activity": {"activity_id": "a", "kind": "inference", "start": TODAY},
        "licences": {"licence_ref": "L-1"},
    }
    plain = {"via_countries": ["IR"], "destinations": ["IR"]}.get(column, "IR")
    cell = "4 Azadi Street, Tehran, Iran" if column.endswith("address") else plain
    rows = {"customer_id": "c", **given[name], column: cell}
    frames: dict[str, Any] = {name: pl.DataFrame([rows])}
    facts = assemble(pl.DataFrame({"customer_id": ["c"]}), as_of=day, **frames)
    found = evaluate(facts, day, only={"DEST_EMBARGO"})
    assert found["material"].item(), found["branch"].item()
