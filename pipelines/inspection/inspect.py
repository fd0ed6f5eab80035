"""Reads a file as a job would, and says what it sees instead of screening anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.hashing import file_hash
from pipelines.inputs.files import ROW, TextTable, readable, scan_text_table
from pipelines.inputs.jsonlines import MORE
from pipelines.inputs.mapping import headers, resolve
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.ownership.layouts import edges_from_rows, published_layout
from pipelines.inputs.payments import payment_layout, read_payments
from pipelines.inputs.problems import IGNORED, SET_ASIDE
from pipelines.inputs.reading import check_table
from pipelines.inspection.form import Form, describe, describe_published
from pipelines.inspection.guess import Guess, count_hints, guess_columns, guess_table
from pipelines.inspection.joins import Join, file_keys, join_keys
from pipelines.inspection.mapping_toml import mapping_toml
from screening.names.tables import table as names_table
from screening.tables.book import InputFile
from screening.tables.inputs import ENTITIES, INPUTS
from screening.tables.outputs import PROBLEMS

TABLES = tuple(INPUTS)
EXAMPLES = 3
UNTYPED = "(no type)"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Rows with one problem: how many, and a few of their numbers and values."""

    column: str
    reason: str
    count: int
    rows: tuple[int, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberType:
    """A type of identifiers, whether it is one of `identifier_types.csv`, and how many numbers are of it."""

    type: str
    recognized: bool
    count: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """How a file would be read.

    `columns`: our column -> columns of the file. `toml`: the same as a configuration; blank where none is needed.
    `refused`: why the file cannot be used as it is, blank where it can.
    """

    file: str
    table: str
    form: Form
    rows: int
    usable: int
    columns: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]
    toml: str
    refused: str
    ignored: tuple[Trouble, ...]
    set_aside: tuple[Trouble, ...]
    identifiers: tuple[NumberType, ...]
    keys: dict[str, int]
    joins: tuple[Join, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Content:
    """What was read: the usable rows, the entities of an ownership file, the problems, or why it was refused."""

    frame: pl.DataFrame
    entities: pl.DataFrame
    problems: pl.DataFrame
    refused: str = ""


def inspect_file(
    path: Path, kind: str | None = None, encoding: str | None = None, other: Path | None = None
) -> Inspection:
    """Look at a file. `kind`: which table it is, where its headers do not show it. `other`: a file to be joined.

    Raises InputRejected for a file that is absent, of an unknown format or unreadable.
    """
    result, keys = _look(path, kind, encoding)
    if other is None:
        return result
    return replace(result, joins=tuple(join_keys(keys, _look(other, None, None)[1])))


def _look(path: Path, kind: str | None, encoding: str | None) -> tuple[Inspection, dict[str, pl.Series]]:
    if not path.is_file():
        raise InputRejected(f"{path}: no such file. Check the path.")
    if kind in (None, "ownership", "entities") and (layout := published_layout(path)):
        return _published(path, layout)
    if kind in (None, "transactions") and (layout := payment_layout(path)):
        return _payments(path, layout)
    scanned = _scan(path, encoding)
    with readable(path):
        text = scanned.frame.collect()
    have = [name for name in text.columns if name not in (ROW, MORE)]
    table = kind or guess_table(text, have)
    guess = guess_columns(INPUTS[table], text, have)
    own, _ = resolve({}, INPUTS[table].names, have)
    foreign = {name: source for name, source in guess.items() if own.get(name) != source}
    unused = [name for name in have if name not in {h for source in guess.values() for h in headers(source)}]
    form = describe(path, scanned, encoding)
    is_recoded = bool(encoding) or scanned.guessed is not None
    toml = mapping_toml(table, foreign, unused, form.encoding if is_recoded else None)
    content = _read(path, table, text, guess)
    result = _inspection(path, table, form, text.height, content)
    columns = {name: headers(source) for name, source in guess.items()}
    named = replace(result, columns=columns, unused=tuple(unused), toml=toml if foreign or is_recoded else "")
    return named, file_keys(table, content.frame, content.entities)


def _scan(path: Path, encoding: str | None) -> TextTable:
    """Scan a table; in a workbook the header is the row with most headers that are usual somewhere."""
    scanned = scan_text_table(path, marked=True, encoding=encoding)
    if path.suffix.lower() != ".xlsx":
        return scanned
    head = scanned.frame.drop(ROW).head(50).collect()
    rows: list[Sequence[object]] = [head.columns, *head.rows()]
    best = max(rows, key=count_hints)
    if not count_hints(best):
        return scanned
    required = [str(cell) for cell in best if cell not in (None, "")]
    return scan_text_table(path, marked=True, required=required)


def _read(path: Path, table: str, text: pl.DataFrame, guess: Guess) -> _Content:
    source = InputFile(path.name, file_hash(path), path.stat().st_size, text.height)
    nobody = ENTITIES.empty()
    try:
        if table == "ownership":
            edges = edges_from_rows(text, source, guess)
            return _Content(edges.edges.collect(), nobody, edges.problems)
        reading = check_table(text, source, INPUTS[table], guess)
    except InputRejected as error:
        return _Content(INPUTS[table].empty(), nobody, PROBLEMS.empty(), str(error))
    return _Content(reading.frame, nobody, reading.problems)


def _payments(path: Path, layout: str) -> tuple[Inspection, dict[str, pl.Series]]:
    """Look at payment messages; whose they are, the customers will tell."""
    reading = read_payments(path, layout, lambda: iter(()), None, {"customer_id": "?"})
    frame = reading.frame.drop("customer_id")
    content = _Content(frame, ENTITIES.empty(), reading.problems)
    form = describe_published(path, layout)
    result = _inspection(path, "transactions", form, reading.sources[0].rows, content)
    return result, file_keys("transactions", frame, content.entities)


def _published(path: Path, layout: str) -> tuple[Inspection, dict[str, pl.Series]]:
    form = describe_published(path, layout)
    try:
        reading = read_ownership([path])
        content = _Content(reading.edges, reading.entities, reading.problems)
        rows = reading.sources[0].rows
    except InputRejected as error:
        rows = 0
        content = _Content(INPUTS["ownership"].empty(), ENTITIES.empty(), PROBLEMS.empty(), str(error))
    return (
        _inspection(path, "ownership", form, rows, content),
        file_keys("ownership", content.frame, content.entities),
    )


def _inspection(path: Path, table: str, form: Form, rows: int, content: _Content) -> Inspection:
    aside = content.problems.filter(pl.col("consequence") == SET_ASIDE)
    keys = file_keys(table, content.frame, content.entities)
    return Inspection(
        file=path.name,
        table=table,
        form=form,
        rows=rows,
        usable=0 if content.refused else rows - aside["row"].n_unique(),
        columns={},
        unused=(),
        toml="",
        refused=content.refused,
        ignored=_troubles(content.problems.filter(pl.col("consequence") == IGNORED)),
        set_aside=_troubles(aside),
        identifiers=_identifier_types(table, content),
        keys={name: len(values) for name, values in keys.items()},
    )


def _troubles(problems: pl.DataFrame) -> tuple[Trouble, ...]:
    """Group problems by column and reason, the commonest first."""
    grouped = (
        problems.group_by("column", "reason")
        .agg(
            pl.len().alias("count"),
            pl.col("row").sort().head(EXAMPLES).alias("rows"),
            pl.col("value").drop_nulls().unique().sort().head(EXAMPLES).alias("examples"),
        )
        .sort("count", "column", "reason", descending=[True, False, False])
    )
    return tuple(
        Trouble(column, reason, count, tuple(rows), tuple(examples))
        for column, reason, count, rows, examples in grouped.rows()
    )


def _identifier_types(table: str, content: _Content) -> tuple[NumberType, ...]:
    """Count the numbers of each type as it is written; those that are not recognized come first."""
    columns = [c.name for c in INPUTS[table].columns if c.kind == "texts" and "identifier" in c.holds]
    texts = [content.frame.get_column(name) for name in columns if name in content.frame.columns]
    texts.append(content.entities["identifiers"])
    every = pl.concat(series.rename("text") for series in texts).explode().drop_nulls()
    kind = every.str.extract(r"^\s*(.*?)\s*:").str.to_lowercase().str.replace_all(r"[\s/-]+", "_")
    kind = kind.str.replace_all(r"[.#]", "").str.strip_chars("_").fill_null(UNTYPED)
    recognized = kind.is_in(names_table("identifier_types")["id_type"].implode())
    counts = pl.DataFrame({"type": kind, "recognized": recognized}).group_by("type", "recognized").len()
    ordered = counts.sort("recognized", "len", "type", descending=[False, True, False])
    return tuple(NumberType(*row) for row in ordered.rows())
