"""A certificate as one value: the proof of the run, the decisions of the desk, the clock of retention, one hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy.orm import Session

from desk.certificate.decisions import chain_position, decisions
from desk.certificate.retention import retention_of
from desk.certificate.sections import Section, sections
from pipelines.proof import screening_proof
from pipelines.run import Run


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of one customer in one run.

    `content`: everything as plain values. `sections`: the same to read, one for each field of the record that an
    examiner asks for, none of them empty. `sha256`: of `content` as JSON with sorted keys.
    """

    customer_id: str
    title: str
    case: Mapping[str, Any] | None
    sections: Sequence[Section]
    content: Mapping[str, Any]
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate as JSON values."""
        return {
            "customer_id": self.customer_id,
            "title": self.title,
            "certificate_sha256": self.sha256,
            "sections": [asdict(section) for section in self.sections],
            "content": self.content,
        }


def certificate(run: Run, customer_id: str, session: Session | None = None) -> Certificate:
    """Return the certificate of any customer of a run, with a case or without.

    `session`: of the desk's store, for decisions; without it the certificate says that none were looked up. The same
    run and the same log give the same bytes. Raises CustomerNotFound, RunDamaged.
    """
    proof = screening_proof(run, customer_id)
    as_of = date.fromisoformat(proof["run"]["as_of"])
    case_id = proof["customer"]["case_id"]
    decided = None if session is None else decisions(session, case_id)
    content = orjson.loads(
        orjson.dumps(
            proof
            | {
                "decisions": decided,
                "retention": retention_of(decided, as_of),
                "chain": None
                if session is None
                else chain_position(session, case_id, proof["run"]["run_id"]),
            },
            default=str,
        )
    )
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    name = (content["customer"]["names"] or [customer_id])[0]
    return Certificate(
        customer_id,
        f"Screening of {name} ({customer_id}) on {as_of}",
        content["customer"]["case"],
        sections(content, digest),
        content,
        digest,
    )
