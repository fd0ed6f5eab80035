"""The manifest of a run, `run.json`.

The run id is a hash of everything that decides the result, so it is fixed before anything is computed. The counts and
timings of the run are in the manifest but not in the hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import orjson

from pipelines.hashing import value_hash

SCHEMA_VERSION = 10


@dataclass(frozen=True, slots=True)
class Basis:
    """Everything that decides the result of a run."""

    as_of: str
    lists_mode: str  # as-of | latest
    code_version: str
    code_sha256: str
    config_sha256: str
    files: tuple[Mapping[str, str], ...]  # role, sha256
    lists: tuple[Mapping[str, Any], ...]  # list, published, hash, publisher, partial, parties
    rules: tuple[Mapping[str, Any], ...]  # rule_id, status on the as-of date, precautionary
    schema_version: int = SCHEMA_VERSION

    @property
    def run_id(self) -> str:
        """Hash of all that decides the result: inputs, lists, rules, config and code."""
        return value_hash(self.to_dict())[:16]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One run: its inputs, the rules it applied, its tables."""

    basis: Basis
    inputs: tuple[Mapping[str, Any], ...] = ()  # name, sha256, size, rows
    config: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # table: rows, files and their sha256
    warnings: tuple[str, ...] = ()
    health: Mapping[str, Any] = field(default_factory=dict)  # files, lists, lists_not_loaded
    logic: Mapping[str, Any] = field(default_factory=dict)  # thresholds, weights, columns not compared
    trigger: Mapping[str, Any] = field(default_factory=dict)  # why the run was made
    began_at: str | None = None  # moment in UTC
    since: str | None = None  # id of the previous run that a delta built on
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds by stage

    @property
    def run_id(self) -> str:
        """Hash of all that decides the result."""
        return self.basis.run_id

    @property
    def as_of(self) -> str:
        """The day whose lists, edges and rules count."""
        return self.basis.as_of

    def to_json(self) -> bytes:
        """Return the text of `run.json`: one object, the basis among the rest."""
        body = asdict(self)
        body = {"run_id": self.run_id, **body.pop("basis"), **body}
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read what `to_json` wrote."""
        body = orjson.loads(text)
        mine = [each.name for each in fields(cls) if each.name != "basis"]
        basis = Basis(**{each.name: body[each.name] for each in fields(Basis)})
        return cls(basis, **{name: body[name] for name in mine})
