"""Comparing names with the help of what an earlier run remembers, where there is one it can be trusted for."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.config import Config
from pipelines.run.folder import Run
from pipelines.run.manifest import SCHEMA_VERSION, Basis
from pipelines.stages import subjects
from pipelines.stages.lexis import SPELLED, Lexis
from pipelines.stages.memory import FINGERPRINTS, Memory, customer_hashes, entity_hashes
from pipelines.stages.watch import Watch
from pipelines.work import Tables


@dataclass(slots=True)
class Looking:
    """A watch, and what is remembered of earlier nights.

    The watch comes to know the words of all names that it sees, so that each word is compared with the lists once; what
    it finds does not depend on that. Parts may be made side by side: each keeps to the watch that read its names, since
    another numbers their words in another way.
    """

    watch: Watch
    memory: Memory | None

    def customers(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> Tables:
        """Return the hits of customers, and the fingerprints and words under which they are remembered."""
        hashes = customer_hashes(customers, nodes)
        same = self._same(hashes, nodes)
        new, old = _parted(customers, "customer_id", same)
        watch, names = self._reading(subjects.customer_names(new))
        found = [watch.customers(new, nodes, names)]
        if self.memory:
            found.append(self.memory.customers(old, nodes, same))
        return self._tables(watch, found, hashes, names, same)

    def entities(self, entities: pl.DataFrame) -> Tables:
        """Return the hits of entities, and the fingerprints and words under which they are remembered."""
        hashes = entity_hashes(entities)
        same = self._same(hashes, None)
        new, old = _parted(entities, "entity_id", same)
        watch, names = self._reading(subjects.entity_names(new))
        found = [watch.entities(new, names)]
        if self.memory:
            found.append(self.memory.entities(old, same))
        return self._tables(watch, found, hashes, names, same)

    def _same(self, hashes: pl.DataFrame, nodes: pl.DataFrame | None) -> pl.DataFrame:
        return self.memory.same(hashes, nodes) if self.memory else pl.DataFrame(schema=FINGERPRINTS)

    def _reading(self, names: pl.DataFrame) -> tuple[Watch, pl.DataFrame]:
        watch, read = self.watch.reading(names)
        self.watch = watch
        return watch, read

    def _tables(
        self,
        watch: Watch,
        found: list[pl.DataFrame],
        hashes: pl.DataFrame,
        names: pl.DataFrame,
        same: pl.DataFrame,
    ) -> Tables:
        lexis = Lexis.of(names, list(watch.index.known))
        if self.memory:
            lexis = lexis.followed_by(Lexis.using(same.select(list(SPELLED)), self.memory.vocabulary))
        spelled = hashes.join(lexis.subjects, on="subject_id", how="left", maintain_order="left")
        return {
            "hits": pl.concat(found),
            "fingerprints": spelled.with_columns(pl.col("words").fill_null([])).select(list(FINGERPRINTS)),
            "words": lexis.vocabulary.to_frame(),
        }


def _parted(rows: pl.DataFrame, key: str, same: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows into those of subjects that changed and those of the same."""
    is_same = rows[key].is_in(same["subject_id"].implode())
    return rows.filter(~is_same), rows.filter(is_same)


def remembers(run: Run, basis: Basis, config: Config) -> bool:
    """Tell whether the hits of an earlier run were made by the same code with the same score bands."""
    told = run.manifest
    return bool(
        told["schema_version"] == SCHEMA_VERSION
        and told["code_sha256"] == basis.code_sha256
        and told["config"]["matching"] == config.matching.model_dump(mode="json")
    )
