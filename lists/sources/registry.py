"""The sources, a row each. To add a list: write its module, add its row; nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lists.assembly import Parsed
from lists.fetch import SourceFile
from lists.sources import (
    agency_csv,
    bis_dpl,
    bis_supplement,
    bis_uvl,
    csl,
    csl_json,
    eu,
    eu_xml,
    ftm,
    ofac_advanced,
    ofac_legacy,
    ofac_xml,
    own_csv,
    register_csv,
    register_json,
    state_dtc,
    uflpa_page,
    uk,
    uk_xml,
    un,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A layout we read: who publishes it, how to tell it, how to read it, how to date it.

    `group` names the set a file belongs to, for layouts that spread one list over several files.
    """

    name: str
    publisher: str
    recognize: Callable[[SourceFile], bool]
    read: Callable[[Sequence[SourceFile], bool], Parsed]
    group: Callable[[SourceFile], str] = lambda file: str(file.path)
    version: int = 1


REGISTRY = (
    Source("own_csv", "own", own_csv.recognize, own_csv.read),  # first: its owner says so
    Source("ofac_legacy", "OFAC", ofac_legacy.recognize, ofac_legacy.read, ofac_legacy.group),
    Source("ofac_xml", "OFAC", ofac_xml.recognize, ofac_xml.read),
    Source("ofac_advanced", "OFAC", ofac_advanced.recognize, ofac_advanced.read),
    Source("bis_dpl", "BIS", bis_dpl.recognize, bis_dpl.read),
    Source("bis_entity_csv", "BIS", agency_csv.recognize_bis, agency_csv.read),
    Source("state_isn_csv", "State", agency_csv.recognize_state, agency_csv.read),
    Source("bis_supplement", "BIS", bis_supplement.recognize, bis_supplement.read),
    Source("bis_uvl", "BIS", bis_uvl.recognize, bis_uvl.read),
    Source("state_dtc", "State", state_dtc.recognize, state_dtc.read),
    Source("un", "UN", un.recognize, un.read),
    Source("eu", "EU", eu.recognize, eu.read),
    Source("eu_xml", "EU", eu_xml.recognize, eu_xml.read),
    Source("uflpa_page", "DHS", uflpa_page.recognize, uflpa_page.read),
    Source("uk", "UK", uk.recognize, uk.read),
    Source("uk_xml", "UK", uk_xml.recognize, uk_xml.read),
    Source("uk_ofsi", "OFSI", uk.recognize_ofsi, uk.read_ofsi),
    Source("csl", "trade.gov", csl.recognize, csl.read, version=2),
    Source("csl_json", "trade.gov", csl_json.recognize, csl_json.read),
    Source("register_csv", "others", register_csv.recognize, register_csv.read),
    Source("register_json", "others", register_json.recognize, register_json.read),
    Source("ftm", "OpenSanctions", ftm.recognize, ftm.read),
)


def recognize_source(file: SourceFile) -> Source | None:
    """Return the first source that recognizes the file, or None."""
    return next((source for source in REGISTRY if source.recognize(file)), None)
