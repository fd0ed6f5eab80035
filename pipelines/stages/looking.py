"""Comparing names with the help of what an earlier run remembers, where there is one it can be trusted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.config import Config
from pipelines.run.folder import Run
from pipelines.run.manifest import SCHEMA_VERSION, Basis
from pipelines.stages.memory import Memory, customer_hashes, entity_hashes
from pipelines.stages.watch import Watch


@dataclass(frozen=True, slots=True)
class Looking:
    """A watch, and what is remembered of earlier nights."""

    watch: Watch
    memory: Memory | None

    def customers(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
        """Return the hits of customers and the fingerprints under which they are remembered."""
        hashes = customer_hashes(customers, nodes)
        found = (
            self.memory.customers(customers, nodes, hashes, self.watch)
            if self.memory
            else self.watch.customers(customers, nodes)
        )
        return {"hits": found, "fingerprints": hashes}

    def entities(self, entities: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
        """Return the hits of entities and the fingerprints under which they are remembered."""
        hashes = entity_hashes(entities)
        found = (
            self.memory.entities(entities, hashes, self.watch)
            if self.memory
            else self.watch.entities(entities)
        )
        return {"hits": found, "fingerprints": hashes}


def remembers(run: Run, basis: Basis, config: Config) -> bool:
    """Tell whether the hits of an earlier run were made by the same code with the same score bands."""
    told = run.manifest
    return bool(
        told["schema_version"] == SCHEMA_VERSION
        and told["code_sha256"] == basis.code_sha256
        and told["config"]["matching"] == config.matching.model_dump(mode="json")
    )
