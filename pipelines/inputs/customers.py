"""The customers file, read in a stream and written in ranges of customer_id, so that memory is that of one range.

Two passes: the first reads the ids alone, to find repeats and the bounds of the ranges; the second checks every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.accounts import make_account
from pipelines.inputs.cleaning import clean_text, columns_with_nul, is_strictly_increasing
from pipelines.inputs.files import ROW, readable, scan_text_table, unchanged
from pipelines.inputs.mapping import ColumnMap
from pipelines.inputs.problems import guessed_encoding
from pipelines.inputs.reading import check, clean, map_columns, repeated, required_names
from pipelines.inputs.typed import MAX_TEXT
from pipelines.run.staging import Part, Staging
from screening.tables.accounts import FileAccount
from screening.tables.book import InputFile
from screening.tables.inputs import CUSTOMERS
from screening.tables.outputs import PROBLEMS

BATCH_ROWS = 100_000
KEY = CUSTOMERS.key[0]


@dataclass(frozen=True, slots=True)
class Customers:
    """The usable customers in ranges of customer_id, on disk; the ranges follow each other in order."""

    part: Part
    sizes: Mapping[int, int]  # rows of each range
    problems: pl.DataFrame
    source: InputFile

    @property
    def count(self) -> int:
        """Usable customers in all."""
        return sum(self.sizes.values())

    def account(self) -> FileAccount:
        """Return what became of the rows and values of the file."""

        def count_filled(columns: Sequence[str]) -> Mapping[str, int]:
            ours = [name for name in columns if name in CUSTOMERS.names]
            counts = dict.fromkeys(ours, 0)
            for part in self.ranges(tuple({KEY, *ours})):
                for name in ours:
                    counts[name] += part.height - part[name].null_count()
            return counts

        return make_account(CUSTOMERS.name, self.source, self.problems, count_filled)

    def range(self, number: int, columns: Sequence[str] = CUSTOMERS.names) -> pl.DataFrame:
        """Return the customers of one range, sorted by customer_id, which is among the columns wanted."""
        return _sorted(self._scan(number).select(columns).collect())

    def some(self, number: int, ids: pl.Series) -> pl.DataFrame:
        """Return those of the customers of one range, sorted by customer_id."""
        return _sorted(self._scan(number).filter(pl.col(KEY).is_in(ids.implode())).collect())

    def ranges(self, columns: Sequence[str] = CUSTOMERS.names) -> Iterator[pl.DataFrame]:
        """Yield the ranges one after the other."""
        return (self.range(number, columns) for number in self.sizes)

    def _scan(self, number: int) -> pl.LazyFrame:
        files = sorted((self.part.folder / f"{number:05d}").glob("*.parquet"))
        return pl.scan_parquet(files) if files else CUSTOMERS.empty().lazy()


def write_ranges(
    path: Path,
    columns: ColumnMap,
    defaults: Mapping[str, str],
    staging: Staging,
    rows: int,
    encoding: str | None = None,
) -> Customers:
    """Check a customers file into the staging folder in ranges of about `rows` customers.

    encoding: as of `read_table`.

    Raises InputRejected for a file that cannot be read as customers, or that changes while it is read.
    """
    if not staging.is_finished("customers"):
        required = required_names(CUSTOMERS, columns)
        scanned = scan_text_table(path, marked=True, encoding=encoding, required=required)
        mapped = map_columns(scanned.frame, CUSTOMERS, columns, path.name)
        noted = PROBLEMS.empty()
        if scanned.guessed is not None:
            noted = guessed_encoding(scanned.guessed, CUSTOMERS.name, path.name)
        with staging.new_part("customers") as folder, unchanged(path) as sha256:
            _write_checked(mapped, defaults, path, sha256, staging, folder, rows, noted)
    part = staging.part("customers")
    sizes = dict(part.table("sizes").iter_rows())
    return Customers(
        part, sizes, part.table("problems"), InputFile(**part.table("source").row(0, named=True))
    )


def _write_checked(
    mapped: pl.LazyFrame,
    defaults: Mapping[str, str],
    path: Path,
    sha256: str,
    staging: Staging,
    folder: Path,
    rows: int,
    noted: pl.DataFrame,
) -> None:
    """Write the ranges, the problems and what is recorded of the file."""
    keys = _keys(mapped, defaults, path)
    again = repeated(keys, CUSTOMERS)
    starts = _once(keys[KEY].drop_nulls()).gather_every(rows)
    source = InputFile(path.name, sha256, path.stat().st_size, keys.height)
    del keys
    problems = [noted]
    sizes = dict.fromkeys(range(max(1, len(starts))), 0)
    for number in sizes:
        staging.system.make_folder(folder / f"{number:05d}")
    for batch_number, batch in enumerate(_batches(mapped, path)):
        good, wrong = check(clean(batch, CUSTOMERS, defaults), CUSTOMERS, source, again)
        problems.append(wrong)
        ranges = good.with_columns(range=starts.search_sorted(good[KEY], side="right").cast(pl.Int64) - 1)
        for (number,), group in ranges.partition_by("range", as_dict=True, include_key=False).items():
            sizes[number] += group.height
            staging.write_scratch(folder / f"{number:05d}" / f"{batch_number:06d}.parquet", group.drop(ROW))
    staging.write_table(folder / "problems.parquet", pl.concat(problems))
    counts = pl.DataFrame({"range": list(sizes), "rows": list(sizes.values())})
    staging.write_table(folder / "sizes.parquet", counts)
    staging.write_table(folder / "source.parquet", pl.DataFrame([_row(source)]))


def _keys(mapped: pl.LazyFrame, defaults: Mapping[str, str], path: Path) -> pl.DataFrame:
    """Read the keys alone, cleaned; null where there is none that can be one."""
    with readable(path):
        keys = mapped.select(ROW, KEY).collect()
    cleaned = clean_text(keys, [KEY], columns_with_nul(keys, [KEY]))
    key = pl.coalesce(KEY, pl.lit(defaults.get(KEY), pl.String))
    return cleaned.with_columns(pl.when(key.str.len_chars() <= MAX_TEXT).then(key).alias(KEY))


def _sorted(customers: pl.DataFrame) -> pl.DataFrame:
    return customers if customers[KEY].is_sorted() else customers.sort(KEY)


def _once(keys: pl.Series) -> pl.Series:
    """Return each key once, sorted."""
    return keys if is_strictly_increasing(keys) else keys.unique().sort()


def _batches(mapped: pl.LazyFrame, path: Path) -> Iterator[pl.DataFrame]:
    with readable(path):
        yield from mapped.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)


def _row(source: InputFile) -> dict[str, object]:
    return {"name": source.name, "sha256": source.sha256, "size": source.size, "rows": source.rows}


def check_not_empty(source: InputFile) -> None:
    """Refuse a customers file without rows. Raises InputRejected."""
    if not source.rows:
        raise InputRejected(f"{source.name}: holds no customers. Check the file.")
