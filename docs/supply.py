"""What an installation consists of besides our own code: distributions, with their licences, and vendored files.

From the locks, `requirements/licences.csv` and the record of vendored files alone, so the same on every machine.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from docs.locks import FOLDER, LOCKS, blocks
from docs.quote import ROOT

ALLOWED = frozenset(
    (
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "PSF-2.0",
        "Zlib",
    )
)
"""Licences that ask for no more than that their text is kept."""

WEAK_COPYLEFT = frozenset(("LGPL-3.0-only", "MPL-2.0"))
"""Licences that ask to publish changes of their own files; we change none, and pass none of them on."""

EXCEPTION = " WITH LLVM-exception"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of a lock."""

    name: str
    version: str
    lock: str  # run | serve | dev
    licence: str  # SPDX expression
    hashes: tuple[str, ...]  # SHA-256 of each of its files, for all platforms


@dataclass(frozen=True, slots=True)
class Vendored:
    """A file of somebody else that stands in our repository, as `desk/web/vendored.toml` records it."""

    file: str
    package: str
    version: str
    licence: str
    sha256: str


def distributions() -> list[Distribution]:
    """Return every distribution of the locks, by name."""
    with (FOLDER / "licences.csv").open(encoding="utf-8", newline="") as file:
        licence_by_name = {row["distribution"]: row["licence"] for row in csv.DictReader(file)}
    found = [
        Distribution(
            name,
            text.partition("==")[2].split()[0],
            lock,
            licence_by_name[name],
            tuple(re.findall(r"sha256:([0-9a-f]{64})", text)),
        )
        for lock in LOCKS
        for name, text in blocks((FOLDER / f"{lock}.txt").read_text("utf-8")).items()
    ]
    return sorted(found, key=lambda each: each.name)


def vendored(record: Path = ROOT / "desk/web/vendored.toml") -> list[Vendored]:
    """Return every vendored file, by name."""
    rows = tomllib.loads(record.read_text("utf-8"))["file"]
    fields = ("file", "package", "version", "licence", "sha256")
    return sorted((Vendored(*(row[name] for name in fields)) for row in rows), key=lambda each: each.file)


def licences_in(expression: str) -> frozenset[str]:
    """Return the licences that an SPDX expression names.

    >>> sorted(licences_in("MPL-2.0 AND (Apache-2.0 OR MIT)"))
    ['Apache-2.0', 'MIT', 'MPL-2.0']
    """
    return frozenset(
        re.findall(r"[A-Za-z0-9.-]+", re.sub(r"\b(AND|OR)\b", " ", expression.replace(EXCEPTION, "")))
    )


def licence_table() -> str:
    """Return what is installed or vendored, with its licence and where it is needed, as Markdown."""
    rows = [f"| {each.name} {each.version} | {each.licence} | {each.lock} |" for each in distributions()]
    rows += [
        f"| {each.package} {each.version}: `{each.file}` | {each.licence} | vendored |" for each in vendored()
    ]
    return "\n".join(["| what | licence | where |", "| --- | --- | --- |", *rows])


def licence_counts() -> str:
    """Return how many distributions and vendored files are under each licence, as Markdown."""
    counts = Counter([each.licence for each in distributions()] + [each.licence for each in vendored()])
    rows = [f"| {licence} | {count} |" for licence, count in sorted(counts.items())]
    return "\n".join(["| licence | distributions and files |", "| --- | ---: |", *rows])
