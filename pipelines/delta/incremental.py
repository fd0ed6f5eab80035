"""Comparing names with the lists, reusing the matches of a previous run where that is safe."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.delta.previous_matches import CARRIED_COLUMNS, PreviousMatches, customer_hashes, entity_hashes
from pipelines.delta.vocabulary import SUBJECT_WORDS, SubjectWords
from pipelines.job.config import Config
from pipelines.parallel.tasks import Tables
from pipelines.run.folder import Run
from pipelines.run.manifest import SCHEMA_VERSION, Basis
from screening.book.screener import Screener
from screening.book.subjects import customer_names, entity_names, given_names
from screening.tables.outputs import FINGERPRINTS


@dataclass(slots=True)
class IncrementalScreener:
    """A screener, and the matches of a previous run.

    The screener takes the words of all names into its vocabulary, so that each word is compared with the lists once;
    the matches do not depend on that. Parts may be made in several threads: each uses the screener that tokenized its
    names, since another one numbers the words differently.
    """

    screener: Screener
    previous: PreviousMatches | None

    def customers(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> Tables:
        """Return the tables hits, fingerprints and words of customers; a later delta reads the last two."""
        hashes = customer_hashes(customers, nodes)
        unchanged = self._unchanged(hashes, nodes)
        new, old = _split(customers, "customer_id", unchanged)
        screener, names = self._tokenize(customer_names(new))
        found = [screener.match_customers(new, nodes, names)]
        if self.previous:
            found.append(self.previous.customers(old, nodes, unchanged))
        given = customers.select("segment", names=given_names()).to_dict()
        return self._tables(screener, found, hashes.with_columns(**given), names, unchanged)

    def entities(self, entities: pl.DataFrame) -> Tables:
        """Return the tables hits, fingerprints and words of entities; a later delta reads the last two."""
        hashes = entity_hashes(entities)
        unchanged = self._unchanged(hashes, None)
        new, old = _split(entities, "entity_id", unchanged)
        screener, names = self._tokenize(entity_names(new))
        found = [screener.match_entities(new, names)]
        if self.previous:
            found.append(self.previous.entities(old, unchanged))
        given = entities.select("entity_id", "name").drop_nulls().unique().sort("entity_id", "name")
        listed = given.group_by(subject_id="entity_id", maintain_order=True).agg(names="name")
        named = hashes.join(listed, on="subject_id", how="left", maintain_order="left")
        return self._tables(screener, found, named, names, unchanged)

    def _unchanged(self, hashes: pl.DataFrame, nodes: pl.DataFrame | None) -> pl.DataFrame:
        return (
            self.previous.unchanged(hashes, nodes)
            if self.previous
            else FINGERPRINTS.empty().select(CARRIED_COLUMNS)
        )

    def _tokenize(self, names: pl.DataFrame) -> tuple[Screener, pl.DataFrame]:
        screener, tokenized = self.screener.tokenize_names(names)
        self.screener = screener
        return screener, tokenized

    def _tables(
        self,
        screener: Screener,
        found: list[pl.DataFrame],
        hashes: pl.DataFrame,
        names: pl.DataFrame,
        unchanged: pl.DataFrame,
    ) -> Tables:
        words = SubjectWords.from_names(names, screener.index.words)
        if self.previous:
            earlier = SubjectWords.compact(unchanged.select(SUBJECT_WORDS), self.previous.vocabulary)
            words = words.followed_by(earlier)
        spelled = hashes.join(words.subjects, on="subject_id", how="left", maintain_order="left")
        return {
            "hits": pl.concat(found),
            "fingerprints": FINGERPRINTS.conform(
                spelled.with_columns(pl.col("words", "names").fill_null([]))
            ),
            "words": words.vocabulary.to_frame(),
        }


def _split(rows: pl.DataFrame, key: str, unchanged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split rows into those of subjects that changed and those that did not."""
    is_unchanged = rows[key].is_in(unchanged["subject_id"].implode())
    return rows.filter(~is_unchanged), rows.filter(is_unchanged)


def can_reuse(run: Run, basis: Basis, config: Config) -> bool:
    """Tell whether the matches of a previous run were made by the same code with the same settings of matching."""
    manifest = run.manifest
    return bool(
        manifest["schema_version"] == SCHEMA_VERSION
        and manifest["code_sha256"] == basis.code_sha256
        and manifest["config"]["matching"] == config.matching.model_dump(mode="json")
    )
