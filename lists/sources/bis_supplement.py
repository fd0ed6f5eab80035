"""Supplements 4, 6 and 7 to part 744 as Federal Register or eCFR XML: Entity List, Unverified List, MEU List.

Tables by country: entity with aliases and addresses, licence requirement, review policy, citation. A rule of the
Federal Register prints only what it adds or revises: read it as a sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from lists.assembly import NAMES, RELATIONS, Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key
from lists.normalize.countries import country_code
from lists.normalize.dates import parse_one
from lists.normalize.notices import citations, first_notice_date
from lists.sources.bis_entry import read_entry
from lists.tabular import record_table
from lists.xml import Element, elements, root_name, text

_LISTS = {"4": "EL", "6": "UVL", "7": "MEU"}
_SUPPLEMENT = re.compile(r"Supplement\s+No\.\s+([467])\s+to\s+Part\s+744", re.IGNORECASE)
_ROOTS = ("RULE", "RULES", "DIV5", "DIV6", "DIV8", "DIV9", "ECFR", "ROOT", "NOTICE", "DLPSTEXTCLASS")
_EFFECTIVE = re.compile(r"\beffective\s+(?:on\s+)?([A-Z][a-z]+ \d{1,2}, \d{4})")
_HEADINGS = ("country", "entity", "listed", "license", "federal register")
_STARS = re.compile(r"^[*\s]*$")
_ENTRY = {
    "entry": pl.Int64(),
    "list": pl.String(),
    "name": pl.String(),
    "country": pl.String(),
    "license_requirement": pl.String(),
    "license_policy": pl.String(),
    "notice": pl.String(),
}


@dataclass(slots=True)
class _Walk:
    """Where in the file we are, and what was read so far."""

    code: str | None = None
    country: str | None = None
    row: int = 0
    published: date | None = None
    entries: list[tuple[object, ...]] = field(default_factory=list)
    lines: dict[int, list[str]] = field(default_factory=dict)
    good: list[int] = field(default_factory=list)
    bad: list[tuple[int | None, str, str]] = field(default_factory=list)


def recognize(file: SourceFile) -> bool:
    """Tell by the root element and the supplement it prints, or the part of the regulation it amends."""
    return root_name(file) in _ROOTS and bool(
        _SUPPLEMENT.search(file.head_text) or re.search(r"15 CFR Parts? [^<]*744", file.head_text)
    )


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; table rows that stand under no list or no country are quarantined."""
    file = found[0]
    walk = _Walk()
    for tag, element in elements(file, ("EFFDATE", "HD", "HEAD", "GPOTABLE", "TABLE")):
        if tag in ("HD", "HEAD"):
            if supplement := _SUPPLEMENT.search(text(element) or ""):
                walk.code, walk.country = _LISTS[supplement.group(1)], None
        elif tag == "EFFDATE":
            effective = _EFFECTIVE.search(text(element) or "")
            walk.published = parse_one(effective.group(1)) if effective else None
        else:
            for cells in _rows(element):
                _take(walk, cells)
    return assemble(_draft(walk, file), (record_table(file.name, walk.good, walk.bad),), walk.published)


def _rows(table: Element) -> Iterator[list[list[str]]]:
    """Yield each row of a table as cells, each cell as its lines."""
    for row in table.iter("{*}ROW", "{*}TR"):
        cells = [_lines(cell) for cell in row.iterchildren("{*}ENT", "{*}TD", "{*}TH")]
        words = " ".join(line for cell in cells for line in cell)
        if not _STARS.match(words):
            yield cells


def _lines(cell: Element) -> list[str]:
    """Lines of a cell; the Federal Register wraps them in LI, the eCFR parts them with br."""
    parts = [""]
    for node in cell.iter():
        if isinstance(node.tag, str) and node.tag.rpartition("}")[2].lower() in ("li", "br", "p"):
            parts.append("")
        parts[-1] += node.text or ""
        if node is not cell:
            parts[-1] += node.tail or ""
    return [line for line in (" ".join(part.split()) for part in parts) if line and not _STARS.match(line)]


def _take(walk: _Walk, cells: list[list[str]]) -> None:
    """Take a row: a country heading, an entry, or more text of the entry before it."""
    flat = [" ".join(cell) for cell in cells] + ["", "", "", "", ""]
    country, entity, requirement, policy, notice = flat[:5]
    if country.lower() in _HEADINGS or entity.lower() in _HEADINGS:
        return
    walk.row += 1
    if country:
        walk.country = country.title() if country.isupper() else country
    if not entity:
        walk.good.append(walk.row)
    elif walk.code is None or walk.country is None:
        fault = "stands under no list we know" if walk.code is None else "stands under no country"
        walk.bad.append((walk.row, fault, entity))
    elif not any((requirement, policy, notice)) and walk.entries:
        walk.lines[int(str(walk.entries[-1][0]))] += cells[1]
        walk.good.append(walk.row)
    else:
        if walk.code != "EL":  # the other lists print country, party, citation
            requirement, policy, notice = "", "", requirement
        fields = (value or None for value in (walk.country, requirement, policy, notice))
        walk.entries.append((walk.row, walk.code, None, *fields))
        walk.lines[walk.row] = list(cells[1])
        walk.good.append(walk.row)


def _draft(walk: _Walk, file: SourceFile) -> Draft:
    read_entries = {row: read_entry(lines) for row, lines in walk.lines.items()}
    entries = pl.DataFrame(walk.entries, schema=_ENTRY, orient="row").with_columns(
        name=pl.Series([entry.name for entry in read_entries.values()], dtype=pl.String),
        tiebreak=pl.Series(["|".join(entry.addresses) for entry in read_entries.values()], dtype=pl.String),
        countries=pl.concat_list(country_code(pl.col("country"))).list.drop_nulls(),
    )
    labelled = pl.col("name").str.contains(r"^Address \d+$") & (pl.col("list") == "EL")
    names = [(row, name, "aka", None) for row, entry in read_entries.items() for name in entry.aliases]
    notes = [
        (row, "see_also", None, None, note) for row, entry in read_entries.items() for note in entry.notes
    ]
    places = [(row, address) for row, entry in read_entries.items() for address in entry.addresses]
    heading = entries.select("entry", "country")
    raw = pl.DataFrame(places, schema={"entry": pl.Int64, "raw": pl.String}, orient="row")
    return Draft(
        entries=entries.select(
            "entry",
            "list",
            "name",
            "tiebreak",
            "countries",
            "license_requirement",
            "license_policy",
            party_type=pl.when(labelled).then(pl.lit("address")),
            key=namesake_key(pl.col("list"), pl.col("countries"), pl.col("notice")),
            start=first_notice_date(pl.col("notice")),
            citations=citations(pl.col("notice")),
            source_ref=pl.lit(f"{file.name} row ") + pl.col("entry").cast(pl.String),
        ),
        names=pl.DataFrame(names, schema=NAMES, orient="row"),
        addresses=_addresses(raw, heading),
        relations=pl.DataFrame(notes, schema=RELATIONS, orient="row"),
    )


def _addresses(raw: pl.DataFrame, heading: pl.DataFrame) -> pl.DataFrame:
    """The country is the last word of an address where it is one, else that of the heading."""
    last = pl.col("raw").str.extract(r"([^,;]+?)\.?$").str.strip_chars()
    joined = raw.join(heading, on="entry", how="left", maintain_order="left")
    found = pl.when(country_code(last).is_not_null()).then(last)
    return joined.select("entry", "raw", street="raw", country=pl.coalesce(found, "country"))
