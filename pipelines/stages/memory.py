"""What an earlier run remembers of the names it compared, so that only what changed is compared again.

A score depends on the two records and the code alone. So the hits of an unchanged subject against an unchanged party
stand; changed subjects meet every party, and unchanged ones only the parties that changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lists.schema import ListFrames
from pipelines.errors import RunDamaged
from pipelines.hashing import HASH, marked, text_hashes
from pipelines.run.folder import Run
from pipelines.stages.hits import index_names
from pipelines.stages.lexis import SPELLED, names_of
from pipelines.stages.subjects import (
    COUNTRIES,
    customer_names,
    entity_names,
    told_by_customers,
    told_of_entities,
)
from pipelines.stages.watch import HITS, Watch
from screening.names.tokens import as_lists

FINGERPRINT = {"kind": pl.String(), "subject_id": pl.String(), "entity_id": pl.String(), "hash": HASH}
FINGERPRINTS = {**FINGERPRINT, "words": SPELLED["words"]}
SEEN = (
    "name", "other_names", "party_type", "country", "hq_country", "incorporation_country", "address", "date_of_birth",
    "identifiers", "segment",
)  # fmt: skip
"""Columns of a customer that a comparison looks at."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The subjects and hits of an earlier run that still count, and the parties that are new to it."""

    run: Run
    doubled: pl.Series  # entity_id of whom several subjects of the run stand for
    hits: pl.DataFrame  # as HITS, against parties that did not change
    changed: Watch  # over the parties that did; it knows the vocabulary
    vocabulary: Sequence[str]  # of the run
    ids: NDArray[np.int32]  # of word n, counted from one, in the index of `changed`

    @classmethod
    def of(cls, run: Run, watch: Watch) -> Memory:
        """Recall an earlier run for tonight's lists."""
        known = run.table("parties").join(
            party_hashes(watch.frames, watch.parties), on=["party_id", "hash"], how="semi"
        )
        entities = run.columns("fingerprints", "entity_id")["entity_id"]
        hits = run.table("hits").join(known, on="party_id", how="semi").sort("matched_entity_id", "party_id")
        vocabulary = run.table("words")["word"].to_list()
        changed = _without(watch, known).knowing(vocabulary)
        ids = np.append(np.int32(-1), changed.index.ids(vocabulary))
        return cls(run, entities.filter(entities.is_duplicated()).unique(), hits, changed, vocabulary, ids)

    def same(self, hashes: pl.DataFrame, nodes: pl.DataFrame | None) -> pl.DataFrame:
        """Return the subjects that did not change, of those with these hashes: columns of `FINGERPRINTS`.

        A node that several customers share is always looked at anew.
        """
        ids = hashes["subject_id"]
        if ids.is_empty():
            return pl.DataFrame(schema=FINGERPRINTS)
        near = self.run.rows("fingerprints", "subject_id", str(ids.min()), str(ids.max()))
        once = near.filter(~pl.col("entity_id").is_in(self.doubled.implode()))
        same = hashes.join(once, on=list(FINGERPRINT), maintain_order="left")
        if nodes is None:
            return same
        shared = nodes.filter(pl.len().over("entity_id") > 1)
        return same.join(shared, on="entity_id", how="anti", maintain_order="left")

    def customers(self, old: pl.DataFrame, nodes: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of customers that are the `same`: those remembered and those of changed parties."""
        names = self._spelled(customer_names(old), same)
        near = self._near(names, told_by_customers(old))
        compared = names.filter(pl.col("record_id").is_in(near.implode()))
        by_name = self.changed.names(old.filter(pl.col("customer_id").is_in(near.implode())), nodes, compared)
        return pl.concat([by_name, self.changed.places(old, nodes), self._remembered(same)])

    def entities(self, old: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of entities that are the `same`: those remembered and those of changed parties."""
        names = self._spelled(entity_names(old), same)
        near = self._near(names, told_of_entities(old))
        compared = names.filter(pl.col("record_id").is_in(near.implode()))
        by_name = self.changed.entities(old.filter(pl.col("entity_id").is_in(near.implode())), compared)
        return pl.concat([by_name, self._remembered(same)])

    def _near(self, names: pl.DataFrame, told: pl.DataFrame) -> pl.Series:
        """Return who resembles a changed party by name, and who may be one by a number: record_id."""
        return pl.concat([self.changed.resembling(names), self.changed.numbered(told)])

    def _spelled(self, names: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
        """Give names the words that the run remembers of them; nothing has to be read again. Raises RunDamaged."""
        records = names.select(subject_id=pl.col("record_id").rle().struct.field("value"))
        words = records.join(same, on="subject_id", how="left", maintain_order="left")["words"]
        offsets, numbers = names_of(words)
        if len(offsets) != names.height + 1:
            raise RunDamaged(
                f"{self.run.path}: the words of some names are missing. Run the screening again."
            )
        return names.with_columns(as_lists(offsets, self.ids[numbers]))

    def _remembered(self, same: pl.DataFrame) -> pl.DataFrame:
        return self.hits.join(same, left_on="matched_entity_id", right_on="entity_id", how="semi").select(
            list(HITS)
        )


def customer_hashes(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each customer, of the columns that a comparison looks at: columns of `FINGERPRINT`."""
    rows = customers.join(nodes, on="customer_id", how="left", maintain_order="left")
    texts = rows.select(marked(_whole(name, rows)).alias(name) for name in SEEN)
    joined = texts.select(pl.concat_str(pl.all())).to_series()
    return _hashed("customer", rows["customer_id"], rows["entity_id"], joined)


def entity_hashes(entities: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each entity under all its names: columns of `FINGERPRINT`, sorted."""
    texts = entities.select(
        "entity_id",
        text=pl.concat_str(
            marked(_whole(name, entities)) for name in ("name", "kind", "identifiers", *COUNTRIES)
        ),
    )
    whole = texts.group_by("entity_id").agg(pl.col("text").sort().str.join("")).sort("entity_id")
    return _hashed("entity", whole["entity_id"], whole["entity_id"], whole["text"])


def party_hashes(frames: ListFrames, parties: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each party in effect, of all that is compared of it: party_id, hash; sorted."""
    tables = {
        "N": (index_names(frames, parties), ("name", "party_type", "quality")),
        "P": (parties, ("primary_name", "party_type", "countries")),
        "A": (frames.addresses, ("raw", "street", "city", "postal_code", "country")),
        "I": (frames.identifiers, ("id_type", "id_value", "country")),
    }
    texts = pl.concat(
        rows.select("party_id", text=pl.concat_str(pl.lit(name), *(marked(_whole(c, rows)) for c in columns)))
        for name, (rows, columns) in tables.items()
    ).join(parties.select("party_id"), on="party_id", how="semi")
    whole = texts.group_by("party_id").agg(pl.col("text").sort().str.join(""))
    whole = whole.sort("party_id")
    return whole.select("party_id", hash=text_hashes(whole["text"]))


def _without(watch: Watch, known: pl.DataFrame) -> Watch:
    """Return the watch over all parties but the known ones."""
    parties = watch.parties.join(known, on="party_id", how="anti", maintain_order="left")
    those = {
        table: rows.join(parties, on="party_id", how="semi", maintain_order="left")
        for table, rows in watch.frames.tables().items()
    }
    return Watch.of(ListFrames(**those), parties, watch.settings, watch.below)


def _whole(name: str, rows: pl.DataFrame) -> pl.Expr:
    """Return a column as text; of a list each element marked, so that "a; b" is not "a" and "b"."""
    column = pl.col(name)
    whole = column.list.eval(marked(pl.element())).list.join("")
    return whole if isinstance(rows.schema[name], pl.List) else column


def _hashed(kind: str, subject: pl.Series, entity: pl.Series, texts: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "kind": [kind] * len(subject),
            "subject_id": subject,
            "entity_id": entity,
            "hash": text_hashes(texts),
        },
        schema=FINGERPRINT,
    )
