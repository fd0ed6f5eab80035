from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.ownership import OwnershipReading, read_ownership
from screening.ownership import OwnershipNetwork

SHARES = ("owner_id", "owned_id", "share_min", "share_max", "interest", "direct")


def statement(kind: str, record: str, details: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "statementId": f"s-{record}-{more.get('statementDate', '2024-01-01')}",
        "statementDate": "2024-01-01",
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": details,
        **more,
    }


def relationship(
    record: str, owned: str, owner: Any, *interests: dict[str, Any], **more: Any
) -> dict[str, Any]:
    details = {"subject": owned, "interestedParty": owner, "interests": list(interests)}
    return statement("relationship", record, details, **more)


def stake(
    share: dict[str, Any] | None = None, kind: str = "shareholding", way: str = "direct"
) -> dict[str, Any]:
    return {"type": kind, "directOrIndirect": way, **({"share": share} if share else {})}


def read_bods(path: Path, *statements: Any, lines: bool = False) -> OwnershipReading:
    if lines:
        path.write_bytes(b"\n".join(orjson.dumps(each) for each in statements))
    else:
        path.write_bytes(orjson.dumps(statements))
    return read_ownership([path])


@pytest.mark.parametrize("lines", [False, True])
def test_bods_shares_and_interests(tmp_path: Path, lines: bool) -> None:
    company = {"entityType": {"type": "registeredEntity"}, "name": "C", "jurisdiction": {"code": "US-DE"}}
    read = read_bods(
        tmp_path / "bods.json",
        statement("entity", "c", company | {"identifiers": [{"scheme": "US-DE", "id": "1"}]}),
        statement("person", "p", {"personType": "knownPerson", "names": [{"fullName": "Pat"}]}),
        statement(
            "entity", "s", {"entityType": {"type": "state"}, "name": "S", "jurisdiction": {"code": "FI"}}
        ),
        statement("person", "x", {"personType": "anonymousPerson"}),
        relationship("r1", "c", "p", stake({"exact": 33.333}), stake({"exact": 60}, "votingRights")),
        relationship("r2", "c", "s", stake({"minimum": 25, "exclusiveMaximum": 50}, way="indirect")),
        relationship("r3", "c", "x", stake({"exclusiveMinimum": 5, "maximum": 10})),
        relationship("r4", "c", {"reason": "noBeneficialOwners"}),
        relationship("r5", "c", "q", {"directOrIndirect": "unknown"}, stake({"exact": 140})),
        lines=lines,
    )
    assert read.edges.select(SHARES).rows() == [
        ("p", "c", 333_330, 333_330, "equity", None),
        ("p", "c", 600_000, 600_000, "votes", None),
        ("s", "c", 250_000, 499_999, "equity", False),
        (None, "c", 50_001, 100_000, "equity", None),
        (None, "c", 0, 1_000_000, "equity", False),
        ("q", "c", 0, 1_000_000, "equity", False),
        ("q", "c", 0, 1_000_000, "equity", None),
    ]
    assert read.entities.select(
        "entity_id", "name", "kind", "incorporation_country", "identifiers"
    ).rows() == [
        ("c", "C", "organization", "US", ["US-DE:1"]),
        ("p", "Pat", "person", None, None),
        ("s", "S", "state", "FI", None),
    ]
    assert read.problems["reason"].to_list() == [
        "not a share from 0 to 100 percent; taken as undisclosed",
    ]


def test_bods_statements_supersede_each_other_and_end(tmp_path: Path) -> None:
    read = read_bods(
        tmp_path / "bods.json",
        relationship("r", "c", "p", stake({"exact": 100}), statementDate="2020-01-01"),
        relationship("r", "c", "p", stake({"exact": 40}), statementDate="2022-01-01", recordStatus="updated"),
        relationship("r", "c", "p", stake({"exact": 40}), statementDate="2023-01-01", recordStatus="closed"),
        {"statementId": "?", "recordType": "relationship"},
    )
    assert read.edges.select("share_min", "end").rows() == [
        (1_000_000, date(2021, 12, 31)),
        (400_000, date(2022, 12, 31)),
    ]
    assert read.problems["row"].to_list() == [4]
    net = OwnershipNetwork.from_edges(read.edges, as_of=date(2022, 6, 1))
    assert net.cascade({"p"})["low"].to_list() == [400_000, 0]


def test_bods_examples(shared: Path) -> None:
    folder = shared / "data" / "ownership" / "bods"
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == 22
    for path in paths:
        assert read_ownership([path]).problems.is_empty(), path.name
    loop = OwnershipNetwork.from_edges(read_ownership([folder / "fixture-10-circular-ownership.json"]).edges)
    assert loop.cascade({"rec-alpha-corp"})["status"].to_list() == ["restricted", "restricted"]
    state = read_ownership([folder / "example-bods-package-fi-soe.json"])
    parents = OwnershipNetwork.from_edges(state.edges, state.entities).ultimate_parents()
    assert parents.filter(pl.col("entity_id") == "19f1c5afe9d7")["parent_name"].item() == "Suomen tasavalta"
    unnamed = read_ownership([folder / "fixture-11-anonymous-person.json"]).edges
    assert unnamed["owner_id"].to_list() == [None]


RR = (
    "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType,"
    "Relationship.RelationshipStatus,Relationship.Period.1.startDate,Relationship.Period.1.endDate,"
    "Relationship.Period.1.periodType,Relationship.Quantifiers.1.QuantifierAmount,Registration.LastUpdateDate,"
    "Registration.RegistrationStatus"
)
OWN, YEAR = "RELATIONSHIP_PERIOD", "ACCOUNTING_PERIOD"
RR_ROWS = [
    f"child,d,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,2020-05-01T00:00:00Z,,{OWN},97.52,2025-10-06T12:00:00Z,PUBLISHED",
    f"child,u,IS_ULTIMATELY_CONSOLIDATED_BY,ACTIVE,2024-01-01T00:00:00Z,2024-12-31T00:00:00Z,{YEAR},,2025-01-01,LAPSED",
    f"one,d,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,,,{OWN},1.00,2025-01-01,PUBLISHED",
    f"gone,d,IS_DIRECTLY_CONSOLIDATED_BY,INACTIVE,,,{OWN},,2025-03-01T00:00:00Z,PUBLISHED",
    f"fund,m,IS_FUND-MANAGED_BY,ACTIVE,,,{OWN},,2025-01-01,PUBLISHED",
    f"feeder,master,IS_FEEDER_TO,ACTIVE,,,{OWN},,2025-01-01,PUBLISHED",
    f"x,y,IS_FRIEND_OF,ACTIVE,,,{OWN},,2025-01-01,PUBLISHED",
    f"x,y,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,,,{OWN},,2025-01-01,ANNULLED",
]


@pytest.mark.parametrize("packed", [False, True])
def test_gleif_level_2(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("rr.csv.gz" if packed else "rr.csv")
    text = "\n".join([RR, *RR_ROWS]).encode()
    path.write_bytes(gzip.compress(text) if packed else text)
    read = read_ownership([path])
    assert read.edges.select(*SHARES, "start", "end").rows() == [
        ("d", "child", 975_200, 975_200, "consolidation", True, date(2020, 5, 1), None),
        ("u", "child", 0, 1_000_000, "consolidation", False, None, None),
        ("d", "one", 10_000, 1_000_000, "consolidation", True, None, None),
        ("d", "gone", 0, 1_000_000, "consolidation", True, None, date(2025, 3, 1)),
        ("m", "fund", 0, 1_000_000, "votes", True, None, None),
        ("feeder", "master", 0, 1_000_000, "equity", True, None, None),
    ]
    assert read.problems.select("row", "consequence").rows() == [
        (4, "value_ignored"),
        (8, "row_set_aside"),
        (9, "row_set_aside"),
    ]


def test_direct_and_ultimate_parent_are_one_chain_and_never_add_up(tmp_path: Path) -> None:
    path = tmp_path / "rr.csv"
    rows = [
        f"c,p,{kind},ACTIVE,,,{OWN},30.00,2025-01-01,PUBLISHED"
        for kind in ("IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY")
    ]
    path.write_text("\n".join([RR, *rows]))
    row = OwnershipNetwork.from_edges(read_ownership([path]).edges).cascade({"p"}).row(0, named=True)
    assert (row["low"], row["known"]) == (300_000, 300_000)


XML_RR = """<?xml version="1.0"?>
<rr:RelationshipData xmlns:rr="http://www.gleif.org/data/schema/rr/2016"><rr:RelationshipRecords>
<rr:RelationshipRecord><rr:Relationship>
<rr:StartNode><rr:NodeID>child</rr:NodeID></rr:StartNode><rr:EndNode><rr:NodeID>d</rr:NodeID></rr:EndNode>
<rr:RelationshipType>IS_DIRECTLY_CONSOLIDATED_BY</rr:RelationshipType>
<rr:RelationshipPeriods>
<rr:RelationshipPeriod><rr:StartDate>2024-01-01</rr:StartDate><rr:PeriodType>ACCOUNTING_PERIOD</rr:PeriodType>
</rr:RelationshipPeriod>
<rr:RelationshipPeriod><rr:StartDate>2020-05-01T00:00:00Z</rr:StartDate>
<rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
</rr:RelationshipPeriods>
<rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus>
<rr:RelationshipQuantifiers><rr:RelationshipQuantifier>
<rr:QuantifierAmount>97.52</rr:QuantifierAmount></rr:RelationshipQuantifier></rr:RelationshipQuantifiers>
</rr:Relationship><rr:Registration><rr:LastUpdateDate>2025-10-06</rr:LastUpdateDate>
<rr:RegistrationStatus>PUBLISHED</rr:RegistrationStatus></rr:Registration></rr:RelationshipRecord>
</rr:RelationshipRecords></rr:RelationshipData>"""


def test_gleif_xml_reads_like_the_csv(tmp_path: Path) -> None:
    path = tmp_path / "rr.xml"
    path.write_text(XML_RR)
    assert read_ownership([path]).edges.select(*SHARES, "start").rows() == [
        ("d", "child", 975_200, 975_200, "consolidation", True, date(2020, 5, 1))
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY e "x">]>' + XML_RR.split("?>", 1)[1],
        "<other/>",
        XML_RR[:-100],
    ],
)
def test_hostile_or_broken_xml_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rr.xml"
    path.write_text(text)
    with pytest.raises(InputRejected):
        read_ownership([path])


def test_gleif_level_1_and_exceptions(tmp_path: Path) -> None:
    level_1 = tmp_path / "lei.csv"
    level_1.write_text(
        "LEI,Entity.LegalName,Entity.LegalAddress.Country,Entity.HeadquartersAddress.Country,"
        "Entity.LegalJurisdiction,Entity.EntityCategory\nL1,Alpha,KY,CN,KY,GENERAL\nL2,Beta,US,US,US-DE,FUND\n"
    )
    exceptions = tmp_path / "repex.csv"
    exceptions.write_text(
        "LEI,Exception.Category,Exception.Reason.1\n"
        "L1,ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT,NATURAL_PERSONS\n"
        "L2,ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT,NON_PUBLIC\nL3,DIRECT_X,SHYNESS\n"
    )
    read = read_ownership([exceptions], level_1)
    assert read.entities.select(
        "entity_id", "name", "kind", "hq_country", "incorporation_country"
    ).rows() == [
        ("L1", "Alpha", "organization", "CN", "KY"),
        ("L2", "Beta", "fund", "US", "US"),
    ]
    parents = OwnershipNetwork.from_edges(read.edges, read.entities).ultimate_parents()
    assert parents.select("entity_id", "basis", "unknown", "hq_country").rows() == [
        ("L1", "no_majority", False, "CN"),
        ("L2", "no_majority", True, "US"),
        ("L3", "no_majority", True, None),
    ]
    assert read.problems["value"].to_list() == ["SHYNESS"]


def test_gleif_golden_copy(shared: Path) -> None:
    folder = shared / "data" / "ownership" / "gleif"
    small = next(folder.glob("*rr-golden-copy-subset-small.csv"))
    read = read_ownership([small], next(folder.glob("*lei2-subset.rebuilt.csv.gz")))
    assert read.edges.height + read.set_aside == 1_885
    exact = read.edges.filter(pl.col("share_min") == pl.col("share_max")).height
    assert exact > 300
    net = OwnershipNetwork.from_edges(read.edges, read.entities)
    held = read.edges["owned_id"].unique()
    assert net.entities.filter(pl.col("entity_id").is_in(held.implode()))["name"].null_count() == 0
    for path in sorted(folder.glob("*.sample.xml")):
        sample = read_ownership([path])
        assert sample.edges.height or sample.entities.height, path.name


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


def test_every_psc_code_of_the_register_is_understood(shared: Path) -> None:
    from pipelines.inputs.ownership.psc import _nature
    from pipelines.inputs.ownership.records import Rows

    folder = shared / "data" / "ownership" / "uk-psc"
    codes = pl.read_csv(folder / "natures_of_control.codes.csv")
    rows = Rows("codes")
    found = codes.with_columns(pl.Series("read", [_nature(1, code, rows) for code in codes["code"]]))
    assert rows.problems == []
    assert (
        found.filter(pl.col("code").str.contains("percent"))["read"].struct.field("share_max").null_count()
        == 0
    )
    sample = read_ownership([next(folder.glob("*.jsonl"))])
    assert sample.problems.height == 1  # the kind that the format sample calls unknown


def test_ftm(tmp_path: Path) -> None:
    def entity(key: str, schema: str, **properties: list[str]) -> bytes:
        return orjson.dumps({"id": key, "schema": schema, "properties": properties})

    path = tmp_path / "entities.ftm.json"
    path.write_bytes(
        b"\n".join(
            [
                entity("c", "Company", name=["C"], jurisdiction=["us"], leiCode=["LEI1"]),
                entity("s", "PublicBody", name=["State"], country=["fi"]),
                entity(
                    "o", "Ownership", owner=["a"], asset=["c"], percentage=["25-50"], endDate=["2020-05-05"]
                ),
                entity("d", "Directorship", director=["p"], organization=["c"]),
                entity("f", "Family", person=["p"], relative=["q"]),
                entity("x", "Ownership", owner=["a"]),
                entity("e", "Event", name=["?"]),
            ]
        )
    )
    read = read_ownership([path])
    assert read.edges.select(*SHARES[:5], "end").rows() == [
        ("a", "c", 250_000, 500_000, "equity", date(2020, 5, 5)),
        ("p", "c", 0, 1_000_000, "board", None),
        ("p", "q", 0, 1_000_000, "family", None),
    ]
    assert read.entities.select(
        "entity_id", "kind", "country", "incorporation_country", "identifiers"
    ).rows() == [
        ("c", "organization", None, "US", ["lei:LEI1"]),
        ("s", "state", "FI", None, None),
    ]
    assert read.problems["row"].to_list() == [6]


def test_shares_written_behind_names(tmp_path: Path) -> None:
    path = tmp_path / "plants.csv"
    path.write_text(
        "plant,owners\np1,A [55.0%]; B [45.0%]\np2,C (nan%); D (30%)\np3,E [7.000000000000001%];\np4,F; G\n"
        "p5,unknown [60%]; H [40%]\n"
    )
    edges = read_ownership([path], columns={"owned_id": "plant", "owner_id": "owners"}).edges
    assert edges.select(SHARES[:4]).rows() == [
        ("A", "p1", 550_000, 550_000),
        ("B", "p1", 450_000, 450_000),
        ("C", "p2", 0, 1_000_000),
        ("D", "p2", 300_000, 300_000),
        ("E", "p3", 70_000, 70_000),
        ("F", "p4", 0, 1_000_000),
        ("G", "p4", 0, 1_000_000),
        (None, "p5", 600_000, 600_000),
        ("H", "p5", 400_000, 400_000),
    ]


def test_global_energy_monitor_maps(shared: Path) -> None:
    folder = shared / "data" / "ownership" / "gem"
    maps = {
        "Iron-Steel-map-file-2025-03-25.csv": ("owner-gem-id", "parent-gem-id", 700),
        "nuclear-map-file-2024-07-17.csv": ("project-name", "owner", 1_300),
        "Oil-Gas-Extraction-map-file-2025-02-26.csv.gz": ("unit-id", "owner", 6_000),
        "LNG-terminals-map-file-2024-10-08.csv.gz": ("id", "owner", 4_500),
    }
    for name, (owned, owner, exact) in maps.items():
        edges = read_ownership([folder / name], columns={"owned_id": owned, "owner_id": owner}).edges
        assert edges.filter(pl.col("share_min") == pl.col("share_max")).height > exact, name


@pytest.mark.parametrize("text", ['[{"a": 1}]', "[1, 2", ""])
def test_json_of_no_known_layout_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.json"
    path.write_text(text)
    with pytest.raises(InputRejected):
        read_ownership([path])


def test_files_of_several_layouts_make_one_network(tmp_path: Path) -> None:
    table = tmp_path / "edges.csv"
    table.write_text("owner_id,owned_id,share_percent\nd,top,60\n")
    relationships = tmp_path / "rr.csv"
    relationships.write_text("\n".join([RR, RR_ROWS[0]]))
    read = read_ownership([table, relationships])
    assert len(read.sources) == 2
    assert OwnershipNetwork.from_edges(read.edges).cascade({"d"})["status"].to_list() == [
        "restricted",
        "none_found",
        "restricted",
    ]
