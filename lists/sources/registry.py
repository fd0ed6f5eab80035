"""The sources, a row each. To add a list: write its module, add its row; nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lists.assembly import Parsed
from lists.fetch import SourceFile
from lists.sources import bis_dpl, csl, ofac_advanced, ofac_legacy, ofac_xml


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
    Source("ofac_legacy", "OFAC", ofac_legacy.recognize, ofac_legacy.read, ofac_legacy.group),
    Source("ofac_xml", "OFAC", ofac_xml.recognize, ofac_xml.read),
    Source("ofac_advanced", "OFAC", ofac_advanced.recognize, ofac_advanced.read),
    Source("bis_dpl", "BIS", bis_dpl.recognize, bis_dpl.read),
    Source("csl", "trade.gov", csl.recognize, csl.read),
)


def source_of(file: SourceFile) -> Source | None:
    """Return the first source that recognizes the file, or None."""
    return next((source for source in REGISTRY if source.recognize(file)), None)
