"""What the database itself refuses, and how the tables of an older version become those of the next.

No line of the audit log is changed or deleted. One change is let through: the content of a line gives way to the number
of the newest line, where that records an erasure in the same case; number, moment, person, kind and hash stay.
"""

from __future__ import annotations

REFUSAL = "the audit log is append-only"
_STAYING = ("seq", "case_id", "kind", "who", "at", "previous", "hash", "commitment")
_ERASING = " AND ".join(
    (
        *(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in _STAYING),
        "NEW.salt IS NULL",
        """NEW.body = (SELECT '{"erased":' || seq || '}' FROM audit WHERE kind = 'erased' """
        "AND case_id = OLD.case_id AND seq = (SELECT MAX(seq) FROM audit))",
    )
)
_SQLITE_NO_UPDATE = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit WHEN (({_ERASING}) IS NOT TRUE) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
_SQLITE_NO_DELETE = (
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
_SQLITE_NO_REPLACE = (  # INSERT OR REPLACE deletes without asking the trigger for DELETE
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "  # noqa: S608 - our own words alone
    f"WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
_POSTGRESQL_REFUSE = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_ERASING} THEN RETURN NEW; END IF; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}'; END $$"
)
GUARDS = {
    "sqlite": (_SQLITE_NO_UPDATE, _SQLITE_NO_DELETE, _SQLITE_NO_REPLACE),
    "postgresql": (
        _POSTGRESQL_REFUSE,
        "CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_refuse()",
    ),
}

_TOKENS_SAY_WHO_MADE_THEM = "ALTER TABLE tokens ADD COLUMN made_by VARCHAR(80)"
_CONTENT_MAY_BE_ERASED = (
    "ALTER TABLE audit ADD COLUMN commitment VARCHAR(64)",
    "ALTER TABLE audit ADD COLUMN salt VARCHAR(32)",
)
UPGRADES: dict[int, dict[str, tuple[str, ...]]] = {
    2: {
        "sqlite": (_TOKENS_SAY_WHO_MADE_THEM, _SQLITE_NO_REPLACE),
        "postgresql": (_TOKENS_SAY_WHO_MADE_THEM,),
    },
    3: {
        "sqlite": (*_CONTENT_MAY_BE_ERASED, "DROP TRIGGER audit_no_update", _SQLITE_NO_UPDATE),
        "postgresql": (*_CONTENT_MAY_BE_ERASED, _POSTGRESQL_REFUSE),
    },
}
"""For each older version of the tables and each database what brings them to the next version."""
