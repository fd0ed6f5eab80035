"""The manifest of a run, `run.json`.

The run id is a hash of everything that decides the result, so it is fixed before anything is computed. The counts and
timings of the run are in the manifest but not in that hash. `content_sha256` is one over all the rest of `run.json`,
the hashes of the files among it: whoever keeps it can tell whether anything of the run was changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import PurePosixPath
from typing import Any

import orjson

from pipelines.hashing import value_hash
from pipelines.run.checked import SHOWN
from pipelines.run.code import code_hash

SCHEMA_VERSION = 10
CONTENT = "content_sha256"
REQUIRED = ("run_id", "as_of", "code_sha256", "code_version", "outputs")
"""What the account of any run has, whichever version wrote it."""
LINK = ("run_id", "as_of", "content_sha256", "folder")
"""What a run says of each earlier one that it was built upon; the folder is the way there from its own."""


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
    chain: tuple[Mapping[str, str], ...] = ()  # the runs before, newest first: fields of `LINK`
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
        """Return the text of `run.json`: one object, the basis among the rest, and the hash of it all."""
        body = asdict(self)
        body = {"run_id": self.run_id, **body.pop("basis"), **body}
        body[CONTENT] = content_hash(body)
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read what `to_json` wrote."""
        body = orjson.loads(text)
        mine = [each.name for each in fields(cls) if each.name != "basis"]
        basis = Basis(**{each.name: body[each.name] for each in fields(Basis)})
        return cls(basis, **{name: body[name] for name in mine})


def content_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything that a `run.json` says, but for the hash it states itself.

    >>> content_hash({"run_id": "a", "content_sha256": "b"}) == content_hash({"run_id": "a"})
    True
    """
    return value_hash({name: value for name, value in body.items() if name != CONTENT})


def read_body(text: bytes) -> dict[str, Any]:
    """Return the content of a `run.json`. Raises ValueError where it is not whole, or not as the run wrote it.

    A version before this one states no hash; of a run of this very code its absence is damage.
    """
    body: dict[str, Any] = orjson.loads(text)
    lacking = [name for name in REQUIRED if not isinstance(body, dict) or name not in body]
    if lacking:
        raise ValueError(f"it lacks {', '.join(lacking)}")
    _check_names(body["outputs"])
    _check_chain(body.get("chain", []))
    stated, found = body.get(CONTENT), content_hash(body)
    if stated is None and body["code_sha256"] == code_hash():
        raise ValueError(f"it lacks {CONTENT}")
    if stated is not None and stated != found:
        raise ValueError(f"its content has the SHA-256 {found[:SHOWN]}, written was {str(stated)[:SHOWN]}")
    return body


def _check_names(outputs: Any) -> None:
    """Raise ValueError unless each table has files inside the folder of the run, with a hash each."""
    try:
        files = [item for table in outputs.values() for item in table["files"].items()]
        paths = [PurePosixPath(name) for name, sha256 in files if isinstance(sha256, str)]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("its outputs are no tables of files") from error
    outside = [str(path) for path in paths if path.is_absolute() or {"..", "\0"} & {*path.parts, *str(path)}]
    if outside or len(paths) < len(files):
        raise ValueError(f"its outputs name {', '.join(outside) or 'files without a hash'}")


def _check_chain(chain: Any) -> None:
    """Raise ValueError unless the chain is a list of links with all that a link says."""
    links = chain if isinstance(chain, list) else [None]
    if not all(
        isinstance(each, dict) and all(isinstance(each.get(name), str) for name in LINK) for each in links
    ):
        raise ValueError("its chain is no list of earlier runs")
