"""Small lists in the official layouts, typed by us."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from lists.refresh import RefreshReport, refresh
from lists.store import Store

NULL = "-0- "
SDN = f"""\
36,"AEROCARIBBEAN AIRLINES",{NULL},"CUBA",{NULL},{NULL},{NULL},{NULL},{NULL},{NULL},{NULL},{NULL}\r
306,"BANCO NACIONAL DE CUBA",{NULL},"CUBA",{NULL},{NULL},{NULL},{NULL},{NULL},{NULL},{NULL},"a.k.a. 'BNC'."\r
7772,"PRCAC, Dragoljub","individual","BALKANS] [SDGT",{NULL},{NULL},{NULL},{NULL},{NULL},{NULL},{NULL},\
"DOB 18 Jul 1937; Passport A7 (Serbia); Linked To: BANCO NACIONAL DE CUBA; cut of\
"\r
15037,"ARK III","vessel","IRAN",{NULL},"T2",{NULL},"99,030",{NULL},"Iran","NITC",{NULL}\r
\x1a"""
ADD = f"""\
36,25,{NULL},"Havana","Cuba",{NULL}\r
306,199,"Zweierstrasse 35","Zurich CH-8022","Switzerland",{NULL}\r
306,200,{NULL},{NULL},{NULL},{NULL}\r
\x1a"""
ALT = f"""\
36,12,"aka","AERO-CARIBBEAN",{NULL}\r
306,220,"fka","NATIONAL BANK OF CUBA",{NULL}\r
\x1a"""
COMMENTS = '7772,"f at a thousand."\r\n9,"no such party"\r\n'

DPL_HEADER = (
    "Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date", "Expiration_Date",
    "Standard_Order", "Last_Update", "Action", "FR_Citation",
)  # fmt: skip
_CSL_HEADER = """\
_id source entity_number type programs name title addresses federal_register_notice start_date end_date standard_order
license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage vessel_flag vessel_owner
remarks source_list_url alt_names citizenships dates_of_birth nationalities places_of_birth source_information_url ids
"""

Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a file under the test's folder: write("a/sdn.csv", content), content text or bytes."""

    def writer(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return writer


@pytest.fixture
def ofac(write: Writer) -> Path:
    """Folder with a legacy SDN set of four parties, dated by its name."""
    for name, content in {
        "sdn.csv": SDN,
        "add.csv": ADD,
        "alt.csv": ALT,
        "sdn_comments.csv": COMMENTS,
    }.items():
        path = write(f"2024-01-02/{name}", content)
    return path.parent


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def take(store: Store) -> Callable[..., RefreshReport]:
    """Refresh the store with samples: take(path, ..., published=None, partial=True)."""

    def taker(*paths: Path, published: date | None = None, partial: bool = True) -> RefreshReport:
        return refresh(paths, store, published=published, partial=partial, today=date(2026, 11, 22))

    return taker


def dpl(*rows: Sequence[str]) -> str:
    """Return a dpl.txt: all fields quoted, tab-separated."""
    return "".join("\t".join(f'"{value}"' for value in row) + "\n" for row in (DPL_HEADER, *rows))


def csl(*rows: dict[str, str]) -> str:
    """Return a consolidated.csv of rows given by column."""
    header = _CSL_HEADER.split()
    lines = [",".join(header)]
    for row in rows:
        values = (row.get(name, "").replace('"', '""') for name in header)
        lines.append(",".join(f'"{value}"' for value in values))
    return "\n".join(lines) + "\n"


@pytest.fixture
def make_dpl() -> Callable[..., str]:
    """Builder of dpl.txt content."""
    return dpl


@pytest.fixture
def make_csl() -> Callable[..., str]:
    """Builder of consolidated.csv content."""
    return csl
