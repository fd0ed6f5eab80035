"""UK persons with significant control: bands become ranges, and a shielded person is an undisclosed owner."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from pipelines.inputs.ownership import read_ownership

SHARES = ("owner_id", "owned_id", "share_min", "share_max", "interest", "direct")


def test_psc(tmp_path: Path) -> None:
    def line(kind: str, number: str = "123", **data: Any) -> bytes:
        return orjson.dumps({"company_number": number, "data": {"kind": kind, **data}})

    person = "individual-person-with-significant-control"
    corporate = "corporate-entity-person-with-significant-control"
    path = tmp_path / "psc.jsonl"
    path.write_bytes(
        b"\n".join(
            [
                line(
                    person,
                    name="Ms Ann Bee",
                    natures_of_control=[
                        "ownership-of-shares-50-to-75-percent",
                        "significant-influence-or-control",
                    ],
                    links={"self": "/company/123/individual/a"},
                    notified_on="2017-01-01",
                    ceased_on="2020-01-01",
                ),
                line(
                    corporate,
                    name="Holder Ltd",
                    identification={"country_registered": "England", "registration_number": "77"},
                    natures_of_control=["ownership-of-shares-75-to-100-percent-as-trust", "odd-code"],
                ),
                line("super-secure-person-with-significant-control", description="super-secure"),
                line("persons-with-significant-control-statement", statement="psc-exists-but-not-identified"),
                line(
                    "persons-with-significant-control-statement",
                    statement="no-individual-or-entity-with-signficant-control",
                ),
                line("exemptions"),
                line("new-kind"),
                b"{broken",
                orjson.dumps({"data": {"kind": "totals#persons-of-significant-control-snapshot"}}),
            ]
        )
    )
    read = read_ownership([path])
    ann = "GB-PSC:/company/123/individual/a"
    assert read.edges.select(*SHARES[:5], "end").rows() == [
        (ann, "GB-COH:00000123", 500_001, 750_000, "equity", date(2020, 1, 1)),
        (ann, "GB-COH:00000123", 0, 1_000_000, "control", date(2020, 1, 1)),
        ("GB-COH:00000077", "GB-COH:00000123", 0, 1_000_000, "equity", None),
        ("GB-COH:00000077", "GB-COH:00000123", 0, 1_000_000, "control", None),
        (None, "GB-COH:00000123", 0, 1_000_000, "equity", None),
        (None, "GB-COH:00000123", 0, 1_000_000, "equity", None),
    ]
    assert read.problems.select("row", "column").rows() == [
        (2, "natures_of_control"),
        (7, "kind"),
        (8, "record"),
    ]


def test_every_psc_code_of_the_register_is_understood() -> None:
    from pipelines.inputs.ownership.psc import _nature
    from pipelines.inputs.ownership.records import Rows

    names = Path(__file__).with_name("psc_codes.txt").read_text(encoding="utf-8").split()
    assert len(names) == 60
    codes = pl.DataFrame({"code": names})
    rows = Rows("codes")
    read = codes.with_columns(pl.Series("read", [_nature(1, code, rows) for code in codes["code"]]))
    assert rows.problems == []
    assert (
        read.filter(pl.col("code").str.contains("percent"))["read"].struct.field("share_max").null_count()
        == 0
    )


def test_the_format_sample_of_the_register(shared: Path) -> None:
    sample = read_ownership([next((shared / "data" / "ownership" / "uk-psc").glob("*.jsonl"))])
    assert sample.problems.height == 1  # the kind that the format sample calls unknown


def test_a_country_of_registration_that_is_none_is_told(tmp_path: Path) -> None:
    holder = {"country_registered": "Narnia Companies Register", "registration_number": "77"}
    path = tmp_path / "psc.jsonl"
    record = {
        "company_number": "00000001",
        "data": {
            "kind": "corporate-entity-person-with-significant-control", "name": "Lion Ltd",
            "identification": holder, "natures_of_control": ["ownership-of-shares-75-to-100-percent"],
        },
    }  # fmt: skip
    path.write_bytes(orjson.dumps(record) + b"\n")
    reading = read_ownership([path])
    (problem,) = reading.problems.to_dicts()
    assert (problem["row"], problem["column"], problem["consequence"]) == (
        1,
        "country_registered",
        "value_ignored",
    )
    assert problem["reason"].startswith("not a country: ")
    assert [(lost.column, lost.values) for lost in reading.accounts[0].ignored] == [("country_registered", 1)]
