"""What a run says of itself: `run.json`.

The run id is a hash of everything that decides the result; timings and warnings are told but not hashed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from pipelines.hashing import value_hash

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """One run: what went in, under which rules, what came out."""

    as_of: str
    lists_mode: str  # as-of | latest
    code_version: str
    config_sha256: str
    inputs: tuple[Mapping[str, Any], ...]  # role, name, sha256, size, rows, set_aside
    lists: tuple[Mapping[str, Any], ...]  # list, published, hash, publisher, partial, parties
    rules: tuple[Mapping[str, Any], ...]  # rule_id, status on the as-of date, precautionary
    counts: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # table: rows, sha256
    warnings: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds by stage
    schema_version: int = SCHEMA_VERSION

    @property
    def run_id(self) -> str:
        """Hash of all that decides the result: inputs, lists, rules, config and code."""
        decisive = {
            key: value
            for key, value in asdict(self).items()
            if key not in ("counts", "outputs", "warnings", "timings")
        }
        return value_hash(decisive)[:16]

    def to_json(self) -> bytes:
        """Return the text of `run.json`."""
        body = {"run_id": self.run_id, **asdict(self)}
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
