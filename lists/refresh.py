"""From files to snapshots: recognize, read, check, publish. Whatever fails, the last good snapshot stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from lists import checks
from lists.assembly import Parsed
from lists.errors import ExpectationFailed, ListError, MalformedList, UnknownLayout
from lists.fetch import SourceFile, find_files, headers_path, open_file
from lists.normalize.dates import from_name
from lists.schema import ListFrames
from lists.snapshot import FileAccount, Manifest
from lists.sources.registry import Source, recognize_source
from lists.store import Store

SHOWN = 5
"""Names of files that a message shows."""


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What became of one list: new, unchanged or failed. `names` counts further names without the weak ones.

    `rows` counts the records of all files of the set, or where a file carries many lists those of this list.

    A set that could not be read at all has one outcome, under the name of its source.
    """

    list: str
    outcome: str
    publisher: str
    published: date | None = None
    parties: int = 0
    names: int = 0
    weak_names: int = 0
    addresses: int = 0
    rows: int = 0
    quarantined: int = 0
    defects: int = 0
    message: str = ""
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """Outcome per list, account per file, and everything worth saying."""

    outcomes: tuple[ListOutcome, ...]
    files: tuple[FileAccount, ...]
    messages: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether any list failed."""
        return any(outcome.outcome == "failed" for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class _Reading:
    source: Source
    files: tuple[SourceFile, ...]
    parsed: Parsed
    published: date
    basis: str
    accounts: tuple[FileAccount, ...]


def refresh(
    paths: Iterable[Path],
    store: Store,
    published: date | None = None,
    partial: bool = False,
    today: date | None = None,
) -> RefreshReport:
    """Read files and folders into the store; never raises for bad input, the report says what failed and why.

    `published` dates files that do not say it themselves; `partial` marks samples: bounds off, stamped as such.
    Sets are published in the order of their dates, so that a later one is compared with the one before it.
    """
    today = today or store.system.now().date()
    store.sweep()
    outcomes: list[ListOutcome] = []
    messages: list[str] = []
    readings: list[_Reading] = []
    for source, files in _sets(paths, outcomes, messages):
        try:
            readings.append(_reading(source, files, published, partial, today))
        except ListError as error:
            outcomes.append(
                _failure(
                    source.name,
                    source.publisher,
                    f"{error}. {describe_last_good(store, source.publisher, today)}",
                )
            )
    for reading in sorted(readings, key=lambda one: (one.published, one.source.name, one.files[0].path)):
        messages += reading.parsed.warnings
        outcomes += _publish(reading, store, partial, today)
    accounts = tuple(account for reading in readings for account in reading.accounts)
    return RefreshReport(tuple(outcomes), accounts, tuple(dict.fromkeys(messages)))


def _sets(
    paths: Iterable[Path], outcomes: list[ListOutcome], messages: list[str]
) -> list[tuple[Source, tuple[SourceFile, ...]]]:
    """Sort the files into sets by source; a file given by name must be a list, others in a folder may be anything."""
    found: dict[tuple[str, str], tuple[Source, list[SourceFile]]] = {}
    skipped: list[Path] = []
    paths = list(paths)
    for path, named in find_files(paths):
        try:
            file = open_file(path)
            source = recognize_source(file)
            if source is None:
                raise UnknownLayout(f"{path}: no layout we know; see docs/method/lists.md for those we do")
        except UnknownLayout as error:
            if named:
                outcomes.append(_failure(path.name, "", str(error)))
            else:
                messages.append(f"skipped {error}")
                skipped.append(path)
        except ListError as error:
            outcomes.append(_failure(path.name, "", str(error)))
        else:
            found.setdefault((source.name, source.group(file)), (source, []))[1].append(file)
    taken = [file.path for _, files in found.values() for file in files]
    for folder in (path for path in paths if path.is_dir()):
        of_folder = [path for path in skipped if path.is_relative_to(folder)]
        if of_folder and not any(path.is_relative_to(folder) for path in taken):
            outcomes.append(_failure(folder.name, "", _nothing_read(folder, of_folder)))
    return [(source, tuple(files)) for source, files in found.values()]


def _nothing_read(folder: Path, skipped: Sequence[Path]) -> str:
    names = ", ".join(path.name for path in skipped[:SHOWN]) + (", ..." if len(skipped) > SHOWN else "")
    return (
        f"{folder}: not one of its {len(skipped)} files is a list of a layout we know ({names}); get the files again, "
        "or see docs/method/lists.md for the layouts"
    )


def _reading(
    source: Source, files: tuple[SourceFile, ...], published: date | None, partial: bool, today: date
) -> _Reading:
    parsed = _read(source, files, partial)
    if parsed.frames.parties.is_empty():
        raise ExpectationFailed(f"{files[0].path}: not one party could be read")
    carried = set(parsed.frames.parties["list"])
    lost = [code for code in checks.required_lists(source.name) if code not in carried]
    if lost and not partial:
        raise ExpectationFailed(f"{files[0].path}: carries no row of {', '.join(lost)}; get the file again")
    day, basis = _dated(files, parsed, published, today)
    hashes = {file.name: file.sha256() for file in files}
    accounts = tuple(
        FileAccount(
            row["file"], hashes[row["file"].partition(":")[0]], row["rows"], row["parsed"], row["quarantined"]
        )
        for row in parsed.account.sort("file").to_dicts()
    )
    return _Reading(source, files, parsed, day, basis, accounts)


def _read(source: Source, files: tuple[SourceFile, ...], partial: bool) -> Parsed:
    """Read one set; whatever a file does to its reader, the other lists of the night go on."""
    try:
        return source.read(files, partial)
    except (pl.exceptions.PolarsError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        unexpected = f"unexpected content for {source.name} ({type(error).__name__}: {error})"
        raise MalformedList(f"{files[0].path}: {unexpected}; please report it with the file") from error


def _dated(
    files: Sequence[SourceFile], parsed: Parsed, published: date | None, today: date
) -> tuple[date, str]:
    """Publication date and how we know it, the surest way first."""
    if published:
        return published, "argument"
    if parsed.published:
        return parsed.published, "content"
    if named := from_name(files[0].name, files[0].folder.name):
        return named
    modified = max(file.path.stat().st_mtime for file in files)
    changed = datetime.fromtimestamp(modified, UTC).date()
    if any(headers_path(file.path).is_file() for file in files):
        return changed, "server"
    days = parsed.frames.parties["listed_from"]
    newest = days.filter(days <= today).max()
    if isinstance(newest, date):
        return newest, "newest date within"
    return changed, "modified"


def _publish(reading: _Reading, store: Store, partial: bool, today: date) -> list[ListOutcome]:
    lists = reading.parsed.frames.parties["list"].unique().sort()
    return [_publish_list(reading, code, store, partial, today) for code in lists]


def _publish_list(reading: _Reading, code: str, store: Store, partial: bool, today: date) -> ListOutcome:
    source, parsed = reading.source, reading.parsed
    frames = _only_list(parsed.frames, code)
    alone = parsed.frames.parties["list"].n_unique() == 1
    own = pl.col("list").is_null() | (pl.col("list") == code)
    quarantine = parsed.quarantine.filter(own).sort("file", "row")
    defects = parsed.defects.filter(pl.col("list") == code)
    total = sum(account.rows for account in reading.accounts)
    before = [ref for ref in store.snapshots(code) if ref.publisher == source.publisher and not ref.partial]
    earlier = [ref for ref in before if ref.published <= reading.published]
    faults = checks.integrity(frames)
    if not partial:
        counts = earlier[-1].counts if earlier else None
        faults += checks.plausibility(code, frames, reading.published, total, quarantine.height, counts)
    if faults:
        missing = f"; {', '.join(parsed.absent)} did not come with it" if parsed.absent else ""
        message = f"{reading.files[0].path}: {code} is not what it looks like: {'; '.join(faults)}{missing}"
        hint = "If this is right, refresh with --partial"
        return _failure(
            code,
            source.publisher,
            f"{message}. {hint}. {describe_last_good(store, source.publisher, today, code)}",
        )
    manifest = Manifest(
        list=code,
        publisher=source.publisher,
        source=source.name,
        parser_version=source.version,
        published=reading.published,
        published_basis=reading.basis,
        partial=partial,
        files=reading.accounts,
        absent=parsed.absent,
        warnings=parsed.warnings,
    )
    ref, new = store.publish(manifest, frames, quarantine, defects)
    return ListOutcome(
        list=code,
        outcome="new" if new else "unchanged",
        publisher=source.publisher,
        published=reading.published,
        parties=ref.counts["parties"],
        names=ref.counts["further_names"],
        weak_names=ref.counts["weak_names"],
        addresses=ref.counts["addresses"],
        rows=total if alone else frames.parties.height + quarantine.height,
        quarantined=quarantine.height,
        defects=defects.height,
        message=_note(reading),
        snapshot=ref.name,
    )


def _only_list(frames: ListFrames, code: str) -> ListFrames:
    parties = frames.parties.filter(pl.col("list") == code)
    ids = parties["party_id"].implode()
    tables = {name: frame.filter(pl.col("party_id").is_in(ids)) for name, frame in frames.tables().items()}
    return ListFrames(**tables | {"parties": parties})


def _note(reading: _Reading) -> str:
    note = f"dated by {reading.basis}"
    if reading.parsed.absent:
        note += f"; without {', '.join(reading.parsed.absent)}"
    return note


def _failure(name: str, publisher: str, message: str) -> ListOutcome:
    return ListOutcome(list=name, outcome="failed", publisher=publisher, message=message)


def describe_last_good(store: Store, publisher: str, today: date, code: str | None = None) -> str:
    """Say in a sentence which snapshots of a publisher stay in use and how old they are."""
    newest = {ref.list: ref for ref in store.snapshots(code) if ref.publisher == publisher}
    if not newest:
        return "No earlier snapshot is in the store"
    ages = [
        f"{ref.list} of {ref.published} ({(today - ref.published).days} days old)" for ref in newest.values()
    ]
    return f"The last good snapshot stays: {', '.join(ages)}"
