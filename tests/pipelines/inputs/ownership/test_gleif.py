"""GLEIF golden copy: CSV and XML give the same edges, and consolidation is a stake of unknown size."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.ownership import read_ownership
from screening.ownership import OwnershipNetwork

SHARES = ("owner_id", "owned_id", "share_min", "share_max", "interest", "direct")


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
        # An exception says that no company consolidates it, and not who holds what: nobody's share is on record.
        ("L1", "remainder_open", True, "CN"),
        ("L2", "remainder_open", True, "US"),
        ("L3", "remainder_open", True, None),
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
    owned = read.edges["owned_id"].unique()
    assert net.entities.filter(pl.col("entity_id").is_in(owned.implode()))["name"].null_count() == 0
    samples = sorted(folder.glob("*.sample.xml"))
    assert samples
    for path in samples:
        sample = read_ownership([path])
        assert sample.edges.height or sample.entities.height, path.name


def test_a_table_and_relationships_make_one_network(tmp_path: Path) -> None:
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
