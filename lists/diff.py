"""What changed between two snapshots: parties added, parties removed, and changes field by field."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lists.names_within import NAME_WITHIN
from lists.schema import TABLES, ListFrames
from lists.snapshot import SnapshotRef
from lists.store import Store

REMARKS_CUT = 1_000
"""OFAC's legacy files cut remarks here; the rest is in a file of its own, which may be absent."""

_PARTY_FIELDS = (
    "list",
    "party_type",
    "primary_name",
    "countries",
    "programs",
    "listed_from",
    "listed_to",
    "remarks",
)
_MEASURE_FIELDS = tuple(name for name in TABLES["measures"] if name != "party_id")
_TABLES_OF_ROWS = ("names", "addresses", "identifiers", "relations")


@dataclass(frozen=True, slots=True)
class Diff:
    """added, removed: party_id, list, primary_name. changed: party_id, list, primary_name, field, before, after.

    `uncompared` names fields that one of the two could not carry, because a file of its set was absent.
    """

    added: pl.DataFrame
    removed: pl.DataFrame
    changed: pl.DataFrame
    uncompared: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Number of parties added, removed and changed."""
        return self.added.height, self.removed.height, self.changed["party_id"].n_unique()


def diff(store: Store, before: str | SnapshotRef, after: str | SnapshotRef) -> Diff:
    """Compare two snapshots of a store, given by reference or by a name that `Store.find` knows."""
    first, second = (store.find(ref) if isinstance(ref, str) else ref for ref in (before, after))
    lacks = [{name for names in ref.absent.values() for name in names} for ref in (first, second)]
    return compare(store.read(first), store.read(second), frozenset(lacks[0] ^ lacks[1]))


def compare(before: ListFrames, after: ListFrames, uncompared: frozenset[str] = frozenset()) -> Diff:
    """Compare two sets of tables by party id, leaving out the fields named in `uncompared`."""
    brief = ["party_id", "list", "primary_name"]
    added = after.parties.join(before.parties, on="party_id", how="anti").select(brief)
    removed = before.parties.join(after.parties, on="party_id", how="anti").select(brief)
    both = after.parties.join(before.parties, on="party_id", how="semi").select(brief)
    cut = "long_remarks" in uncompared
    sides = [_fields(frames, uncompared, cut) for frames in (before, after)]
    pairs = sides[0].join(sides[1], on=["party_id", "field"], how="full", coalesce=True, suffix="_after")
    changed = (
        pairs.filter(pl.col("value").ne_missing(pl.col("value_after")))
        .join(both, on="party_id")
        .select(*brief, "field", before="value", after="value_after")
    )
    if cut:
        long = _long_remarks(before).vstack(_long_remarks(after))
        changed = changed.filter(
            ~(pl.col("field").is_in(_TABLES_OF_ROWS) & pl.col("party_id").is_in(long["party_id"].implode()))
        )
    return Diff(
        added.sort("party_id"),
        removed.sort("party_id"),
        changed.sort("party_id", "field"),
        tuple(sorted(uncompared)),
    )


def _long_remarks(frames: ListFrames) -> pl.DataFrame:
    return frames.parties.filter(pl.col("remarks").str.len_chars() >= REMARKS_CUT).select("party_id")


def _fields(frames: ListFrames, uncompared: frozenset[str], cut: bool) -> pl.DataFrame:
    """Return party_id, field, value: every field as text, tables of many rows as their sorted rows."""
    remarks = pl.col("remarks").str.slice(0, REMARKS_CUT) if cut else pl.col("remarks")
    parties = _long(frames.parties.with_columns(remarks), _PARTY_FIELDS)
    measures = _long(frames.measures, _MEASURE_FIELDS)
    tables = frames.tables()
    if "names" in uncompared:  # what stands inside names cannot be compared either
        tables["relations"] = frames.relations.filter(pl.col("relation") != NAME_WITHIN)
    many = [_joined(name, frame) for name, frame in tables.items() if name in _TABLES_OF_ROWS]
    return pl.concat([parties, measures, *many]).filter(~pl.col("field").is_in(list(uncompared)))


def _long(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    text = frame.select("party_id", *(_text(name, frame.schema[name]) for name in columns))
    return text.unpivot(index="party_id", variable_name="field", value_name="value").drop_nulls("value")


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.List):
        joined = pl.col(name).cast(pl.List(pl.String)).list.join("; ")
        return pl.when(joined != "").then(joined).alias(name)
    return pl.col(name).cast(pl.String)


def _joined(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    row = pl.concat_str(pl.exclude("party_id", "other_party_id"), separator=" | ", ignore_nulls=True)
    rows = frame.select("party_id", value=row).filter(pl.col("value") != "")
    joined = rows.group_by("party_id").agg(pl.col("value").sort().str.join("; "))
    return joined.select("party_id", field=pl.lit(name), value="value")
