"""The tables of a run and the columns they are sorted by."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, tuple[str, ...]] = {
    "cases": ("customer_id",),
    "findings": ("customer_id", "rule_id", "outcome", "reason"),
    "matches": ("customer_id", "matched_entity_id", "role", "party_id"),
    "restricted": ("entity_id", "regime"),
    "judgements": ("customer_id",),
    "patterns": ("pattern",),
    "coverage": ("rule_id", "outcome", "branch", "missing"),
    "changes": ("customer_id",),
    "suppressed": ("matched_entity_id", "party_id"),
    "below_line": ("matched_entity_id", "party_id"),
    "contradicted": ("matched_entity_id", "party_id"),
    "hits": ("matched_entity_id", "party_id"),
    "parties": ("party_id",),
    "fingerprints": ("kind", "subject_id"),
    "words": ("word",),
    "problems": ("table", "file", "row", "column", "reason"),
}
