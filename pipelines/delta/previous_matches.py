"""The names that a previous run compared and its matches, so that only what changed is compared again.

A score depends on the two records and the code alone. So the matches of an unchanged subject with an unchanged party
are reused; changed subjects are compared with every party, and unchanged ones only with the parties that changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lists.schema import ListFrames
from pipelines.delta.vocabulary import split_names
from pipelines.errors import RunDamaged
from pipelines.hashing import encode_text, text_hashes
from pipelines.run.folder import Run
from screening.book.matches import index_names
from screening.book.screener import Screener
from screening.book.subjects import (
    COUNTRIES,
    customer_attributes,
    customer_names,
    entity_attributes,
    entity_names,
)
from screening.names.tokens import as_lists
from screening.tables.outputs import FINGERPRINTS, SUBJECT_MATCHES

FINGERPRINT = FINGERPRINTS.pick("", ("kind", "subject_id", "entity_id", "hash")).schema()
CARRIED_COLUMNS = (*FINGERPRINT, "words")
"""Columns of the fingerprints of a run that stand for a subject that did not change."""
COMPARED_COLUMNS = (
    "name", "other_names", "party_type", "country", "hq_country", "incorporation_country", "address", "date_of_birth",
    "identifiers", "segment",
)  # fmt: skip
"""Columns of a customer that a comparison reads."""


@dataclass(frozen=True, slots=True)
class PreviousMatches:
    """The subjects and matches of a previous run, and a screener over the parties that changed since."""

    run: Run
    shared_nodes: pl.Series  # entity_id of which the run had several subjects
    matches: pl.DataFrame  # as SUBJECT_MATCHES, against parties that did not change
    changed: Screener  # over the parties that changed; it has the vocabulary of the run
    vocabulary: Sequence[str]  # of the run
    ids: NDArray[np.int32]  # ids[n]: the id in the index of `changed` of word n, counted from one

    @classmethod
    def read(cls, run: Run, screener: Screener) -> PreviousMatches:
        """Read the subjects of a run, and its matches with the parties that are the same on the lists of `screener`."""
        unchanged = run.table("parties").join(
            party_hashes(screener.frames, screener.parties), on=["party_id", "hash"], how="semi"
        )
        entities = run.columns("fingerprints", "entity_id")["entity_id"]
        matches = from_hits(run.table("hits")).join(unchanged, on="party_id", how="semi")
        vocabulary = run.table("words")["word"].to_list()
        changed = _without(screener, unchanged).with_tokens(vocabulary)
        return cls(
            run,
            shared_nodes=entities.filter(entities.is_duplicated()).unique(),
            matches=matches.sort("matched_entity_id", "party_id"),
            changed=changed,
            vocabulary=vocabulary,
            ids=np.append(np.int32(-1), changed.index.ids(vocabulary)),
        )

    def unchanged(self, hashes: pl.DataFrame, nodes: pl.DataFrame | None) -> pl.DataFrame:
        """Return the rows of the run for the subjects that did not change: columns of `CARRIED_COLUMNS`.

        hashes: the fingerprints of the subjects now. A node that several customers share is always compared again.
        """
        ids = hashes["subject_id"]
        if ids.is_empty():
            return FINGERPRINTS.empty().select(CARRIED_COLUMNS)
        between = pl.col("subject_id").is_between(pl.lit(ids.min()), pl.lit(ids.max()))
        near = self.run.scan("fingerprints").filter(between).select(CARRIED_COLUMNS).collect()
        alone = near.filter(~pl.col("entity_id").is_in(self.shared_nodes.implode()))
        unchanged = hashes.join(alone, on=list(FINGERPRINT), maintain_order="left")
        if nodes is None:
            return unchanged
        shared = nodes.filter(pl.len().over("entity_id") > 1)
        return unchanged.join(shared, on="entity_id", how="anti", maintain_order="left")

    def customers(self, old: pl.DataFrame, nodes: pl.DataFrame, unchanged: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of unchanged customers: those of the previous run and those with changed parties."""
        names = self._with_words(customer_names(old), unchanged)
        near = self._candidates(names, customer_attributes(old))
        compared = names.filter(pl.col("subject_id").is_in(near.implode()))
        by_name = self.changed.match_names(
            old.filter(pl.col("customer_id").is_in(near.implode())), nodes, compared
        )
        return pl.concat([by_name, self.changed.match_addresses(old, nodes), self._standing(unchanged)])

    def entities(self, old: pl.DataFrame, unchanged: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of unchanged entities: those of the previous run and those with changed parties."""
        names = self._with_words(entity_names(old), unchanged)
        near = self._candidates(names, entity_attributes(old))
        compared = names.filter(pl.col("subject_id").is_in(near.implode()))
        close = old.filter(pl.col("entity_id").is_in(near.implode()))
        by_name = self.changed.match_entity_names(close, compared)
        by_address = self.changed.match_entity_addresses(old)
        return pl.concat([by_name, by_address, self._standing(unchanged)])

    def _candidates(self, names: pl.DataFrame, attributes: pl.DataFrame) -> pl.Series:
        """Return the subjects that resemble a changed party by name, or share a number with one: subject_id."""
        return pl.concat([self.changed.name_candidates(names), self.changed.number_candidates(attributes)])

    def _with_words(self, names: pl.DataFrame, unchanged: pl.DataFrame) -> pl.DataFrame:
        """Add the words that the run stored of these names, so that none is tokenized again. Raises RunDamaged."""
        subjects = names.select(subject_id=pl.col("subject_id").rle().struct.field("value"))
        words = subjects.join(unchanged, on="subject_id", how="left", maintain_order="left")["words"]
        offsets, numbers = split_names(words)
        if len(offsets) != names.height + 1:
            raise RunDamaged(
                f"{self.run.path}: the words of some names are missing. Run the screening again."
            )
        return names.with_columns(as_lists(offsets, self.ids[numbers]))

    def _standing(self, unchanged: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of the previous run of these subjects."""
        found = self.matches.join(unchanged, left_on="matched_entity_id", right_on="entity_id", how="semi")
        return found.select(SUBJECT_MATCHES.names)


def as_hits(matches: pl.DataFrame) -> pl.DataFrame:
    """Write matches in the columns of the run's table `hits`, which names the subject `record_id`."""
    return matches.select(SUBJECT_MATCHES.names).rename({"subject_id": "record_id"})


def from_hits(hits: pl.DataFrame) -> pl.DataFrame:
    """Read the run's table `hits`: the columns of `SUBJECT_MATCHES`."""
    return hits.rename({"record_id": "subject_id"})


def customer_hashes(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each customer, of the columns that a comparison reads: columns of `FINGERPRINT`."""
    rows = customers.join(nodes, on="customer_id", how="left", maintain_order="left")
    texts = rows.select(encode_text(_as_text(name, rows)).alias(name) for name in COMPARED_COLUMNS)
    joined = texts.select(pl.concat_str(pl.all())).to_series()
    return _fingerprints("customer", rows["customer_id"], rows["entity_id"], joined)


def entity_hashes(entities: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each entity under all its names: columns of `FINGERPRINT`, sorted."""
    texts = entities.select(
        "entity_id",
        text=pl.concat_str(
            encode_text(_as_text(name, entities))
            for name in ("name", "kind", "identifiers", "address", *COUNTRIES)
        ),
    )
    whole = texts.group_by("entity_id").agg(pl.col("text").sort().str.join("")).sort("entity_id")
    return _fingerprints("entity", whole["entity_id"], whole["entity_id"], whole["text"])


def party_hashes(frames: ListFrames, parties: pl.DataFrame) -> pl.DataFrame:
    """Return a fingerprint of each party in effect, of all that is compared of it: party_id, hash; sorted."""
    tables = {
        "N": (index_names(frames, parties), ("name", "party_type", "quality")),
        "P": (parties, ("primary_name", "party_type", "countries")),
        "A": (frames.addresses, ("raw", "street", "city", "postal_code", "country")),
        "I": (frames.identifiers, ("id_type", "id_value", "country")),
    }
    texts = pl.concat(
        rows.select(
            "party_id", text=pl.concat_str(pl.lit(name), *(encode_text(_as_text(c, rows)) for c in columns))
        )
        for name, (rows, columns) in tables.items()
    ).join(parties.select("party_id"), on="party_id", how="semi")
    whole = texts.group_by("party_id").agg(pl.col("text").sort().str.join(""))
    whole = whole.sort("party_id")
    return whole.select("party_id", hash=text_hashes(whole["text"]))


def _without(screener: Screener, unchanged: pl.DataFrame) -> Screener:
    """Return the screener over all parties but the unchanged ones."""
    parties = screener.parties.join(unchanged, on="party_id", how="anti", maintain_order="left")
    tables = {
        table: rows.join(parties, on="party_id", how="semi", maintain_order="left")
        for table, rows in screener.frames.tables().items()
    }
    return Screener.for_parties(ListFrames(**tables), parties, screener.settings, screener.below)


def _as_text(name: str, rows: pl.DataFrame) -> pl.Expr:
    """Return a column as text; each element of a list is encoded, so that ["a; b"] differs from ["a", "b"]."""
    column = pl.col(name)
    joined = column.list.eval(encode_text(pl.element())).list.join("")
    return joined if isinstance(rows.schema[name], pl.List) else column


def _fingerprints(kind: str, subject: pl.Series, entity: pl.Series, texts: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "kind": [kind] * len(subject),
            "subject_id": subject,
            "entity_id": entity,
            "hash": text_hashes(texts),
        },
        schema=FINGERPRINT,
    )
