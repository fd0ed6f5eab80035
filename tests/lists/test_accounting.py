"""Every record of every reference file is parsed or quarantined, and nothing is counted that is not there."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from lists import checks
from lists.fetch import SourceFile, open_file
from lists.sources import bis_dpl
from lists.sources.registry import REGISTRY, Source, recognize_source

NO_LISTS = {
    "dat_spec.txt": "a specification",
    "advanced_xml.xsd": "a schema",
    "sdn_xml.xsd": "a schema",
    "screening-list.compact-2026-07-31.json": "the 2026-07-31 screening list once more, key-compressed by others",
}
FOLDERS = ("ofac", "csl", "bis", "state", "lists-us", "lists-other/un", "lists-other/eu", "lists-other/uk")
NOT_READ = ("cbp-wro", "ddtc-administrative", "eo14032", "ns-cmic", "eu-vessels")
"""Files of the collections that are no list by themselves, or one that is read from elsewhere."""
BEFORE_HEADER = ("uksl", "ofsi")
WITH_HEADER = ("dpl", "consolidated", "csl", "el.csv", "uvl.csv", "isn", "itar", *BEFORE_HEADER, "fsf")


def sets(folder: Path) -> list[tuple[Source, list[SourceFile]]]:
    found: dict[tuple[str, str], tuple[Source, list[SourceFile]]] = {}
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert paths
    for path in paths:
        file = open_file(path)
        source = recognize_source(file)
        if source is None:
            assert file.name in NO_LISTS or file.name.startswith(NOT_READ), f"{path} is not recognized"
            continue
        found.setdefault((source.name, source.group(file)), (source, []))[1].append(file)
    return list(found.values())


def records(path: Path) -> int | None:
    """Count records independently of our reader; None for layouts that are not rows."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    name = path.name.removesuffix(".gz")
    if name.endswith(".json"):
        document = json.loads(content)
        return len(document if isinstance(document, list) else document["entities"])
    if name.endswith(".xml"):
        counts = (content.count(tag) for tag in (b"<sdnEntry>", b"<sanctionEntity ", b"<Designation>"))
        return sum(counts) + content.count(b"<INDIVIDUAL>") + content.count(b"<ENTITY>") or None
    if name.endswith(".html"):
        return content.count(b"<tr>") - content.count(b"<table>")
    text = content.decode("cp1252", errors="replace").rstrip("\x1a")
    delimiter = "\t" if name.endswith(".txt") else ";" if name.startswith("fsf") else ","
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    header = name.startswith(WITH_HEADER) or "lists-us" in path.parts
    return len(rows) - header - name.startswith(BEFORE_HEADER)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_record_is_accounted_for(shared: Path, folder: str) -> None:
    for source, files in sets(shared / "data" / folder):
        parsed = source.read(files, True)
        account = {row["file"]: row for row in parsed.account.to_dicts()}
        for row in account.values():
            assert row["parsed"] + row["quarantined"] == row["rows"], row
        assert parsed.quarantine.height == sum(row["quarantined"] for row in account.values())
        assert parsed.quarantine["reason"].null_count() == 0
        assert checks.integrity(parsed.frames) == []
        for file in files:
            counted = records(file.path)
            if counted is not None:
                assert account[file.name]["rows"] == counted, file.path


def test_every_source_reads_some_reference_file(shared: Path) -> None:
    read = {source.name for folder in FOLDERS for source, _ in sets(shared / "data" / folder)}
    assert {source.name for source in REGISTRY} - read == {"own_csv", "ftm"}


def test_party_ids_do_not_depend_on_the_order_of_rows(shared: Path, tmp_path: Path) -> None:
    path = shared / "data/bis/dpl-2022.txt"
    header, *rows = path.read_text("ascii").splitlines(keepends=True)
    shuffled = tmp_path / "dpl.txt"
    shuffled.write_text(header + "".join(sorted(rows, key=lambda row: row[::-1])), "ascii")
    first, second = (bis_dpl.read([open_file(one)], False).frames for one in (path, shuffled))
    assert first.parties.drop("source_ref", "remarks").equals(second.parties.drop("source_ref", "remarks"))
    assert first.addresses.equals(second.addresses)
