"""What an earlier run remembers of the names it compared, so that only what changed is compared again.

A score depends on the two records and the code alone. So the hits of an unchanged subject against an unchanged party
stand; changed subjects meet every party, and unchanged ones only the parties that changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lists.schema import ListFrames
from pipelines.hashing import HASH, marked, text_hashes
from pipelines.run.folder import Run
from pipelines.stages.hits import index_names
from pipelines.stages.subjects import COUNTRIES, customer_names
from pipelines.stages.watch import HITS, Watch

FINGERPRINTS = {"kind": pl.String(), "subject_id": pl.String(), "entity_id": pl.String(), "hash": HASH}
SEEN = (
    "name", "other_names", "party_type", "country", "hq_country", "incorporation_country", "address", "date_of_birth",
    "identifiers", "segment",
)  # fmt: skip
"""Columns of a customer that a comparison looks at."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The subjects and hits of an earlier run that still count, and the parties that are new to it."""

    subjects: pl.DataFrame  # as FINGERPRINTS
    hits: pl.DataFrame  # as HITS, against parties that did not change
    changed: Watch  # over the parties that did

    @classmethod
    def of(cls, run: Run, watch: Watch) -> Memory:
        """Recall an earlier run for tonight's lists."""
        known = run.table("parties").join(
            party_hashes(watch.frames, watch.parties), on=["party_id", "hash"], how="semi"
        )
        subjects = run.table("fingerprints")
        once = subjects.filter(pl.len().over("entity_id") == 1)
        hits = run.table("hits").join(known, on="party_id", how="semi").sort("matched_entity_id", "party_id")
        return cls(once, hits, _without(watch, known))

    def customers(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, hashes: pl.DataFrame, watch: Watch
    ) -> pl.DataFrame:
        """Return what `watch.customers` would; `hashes` are those of `customer_hashes`."""
        same = self._same(hashes, nodes)
        old = customers.join(
            same, left_on="customer_id", right_on="subject_id", how="semi", maintain_order="left"
        )
        new = customers.join(
            same, left_on="customer_id", right_on="subject_id", how="anti", maintain_order="left"
        )
        near = _worth_comparing(old, "customer_id", self.changed.resembling(customer_names(old)))
        by_name, by_place = self.changed.names(near, nodes), self.changed.places(old, nodes)
        return pl.concat([watch.customers(new, nodes), by_name, by_place, self._remembered(same)])

    def entities(self, entities: pl.DataFrame, hashes: pl.DataFrame, watch: Watch) -> pl.DataFrame:
        """Return what `watch.entities` would; `hashes` are those of `entity_hashes`."""
        same = self._same(hashes, None)
        old = entities.join(same, on="entity_id", how="semi", maintain_order="left")
        new = entities.join(same, on="entity_id", how="anti", maintain_order="left")
        names = old.select("name", record_id="entity_id", party_type="kind").drop_nulls("name")
        near = _worth_comparing(old, "entity_id", self.changed.resembling(names))
        return pl.concat([watch.entities(new), self.changed.entities(near), self._remembered(same)])

    def _same(self, hashes: pl.DataFrame, nodes: pl.DataFrame | None) -> pl.DataFrame:
        """Return the subjects that did not change; a node that several customers share is always looked at anew."""
        ids = hashes["subject_id"]
        near = self.subjects.filter(
            pl.col("kind").is_in(hashes["kind"].unique().implode()),
            pl.col("subject_id").is_between(pl.lit(ids.min()), pl.lit(ids.max())),
        )
        same = hashes.join(near, on=list(FINGERPRINTS), how="semi")
        if nodes is None:
            return same
        shared = nodes.filter(pl.len().over("entity_id") > 1)
        return same.join(shared, on="entity_id", how="anti")

    def _remembered(self, same: pl.DataFrame) -> pl.DataFrame:
        return self.hits.join(same, left_on="matched_entity_id", right_on="entity_id", how="semi").select(
            list(HITS)
        )


def customer_hashes(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each customer, of the columns that a comparison looks at: columns of `FINGERPRINTS`."""
    rows = customers.join(nodes, on="customer_id", how="left", maintain_order="left")
    texts = rows.select(marked(_whole(name, rows)).alias(name) for name in SEEN)
    joined = texts.select(pl.concat_str(pl.all())).to_series()
    return _hashed("customer", rows["customer_id"], rows["entity_id"], joined)


def entity_hashes(entities: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each entity under all its names: columns of `FINGERPRINTS`, sorted."""
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
    return Watch.of(watch.frames, parties, watch.settings, watch.below)


def _worth_comparing(rows: pl.DataFrame, key: str, resembling: pl.Series) -> pl.DataFrame:
    """Keep whoever resembles a party by name, and whoever may be one by a number."""
    called = pl.col(key).is_in(resembling.implode())
    return rows.filter(called | (pl.col("identifiers").list.len() > 0).fill_null(False))


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
        schema=FINGERPRINTS,
    )
