"""Importing a run: new cases open, cases that exist take the new findings, and no decision is lost.

A settled case opens again only when the run brings a concern that was not there when it was settled: another finding,
a stricter recommendation, another listed party; a false positive also when the evidence of a pair changed. A customer
whom the run no longer flags keeps case, state and notes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import func, select

from desk.store import audit
from desk.store.errors import StaleRun
from desk.store.ledger import Change
from desk.store.states import due_days, states
from desk.store.suppression import Pair, pair_key, suppressed
from desk.store.tables import Case, ImportedRun

NOTHING_NEW = "seen_again"
"""Kind of the lines of a run that brought nothing new for a case; they name the run and change nothing else."""
CONTENT = ("findings", "matches", "paths", "questions", "not_checked")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many cases an import opened, updated, opened again, left as they were, and found flagged no longer."""

    run_id: str
    opened: int = 0
    updated: int = 0
    reopened: int = 0
    unchanged: int = 0
    no_longer_flagged: int = 0


def import_run(
    change: Change, manifest: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]
) -> ImportReport:
    """Bring the cases of a finished run into the store, in the caller's transaction. The same run twice does nothing.

    `cases`: the rows of the run's table of that name, each match with its `evidence_hash`. Raises StaleRun for a run of
    an earlier day than the last one.
    """
    session, run_id, as_of = change.session, str(manifest["run_id"]), str(manifest["as_of"])
    audit.lock(session)
    if session.scalar(select(ImportedRun.seq).where(ImportedRun.run_id == run_id)):
        return ImportReport(run_id, unchanged=len(cases))
    latest = session.scalar(select(func.max(ImportedRun.as_of)))
    if latest is not None and as_of < latest:
        raise StaleRun(
            f"Run {run_id} is of {as_of}; a run of {latest} was imported already. Import newer runs only."
        )
    existing = {case.case_id: case for case in session.scalars(select(Case))}
    set_aside = suppressed(session, change.at.date())
    outcomes = [
        _update(change, existing[row["case_id"]], row, run_id, as_of, set_aside)
        if row["case_id"] in existing
        else _open(change, row, run_id, as_of)
        for row in sorted(cases, key=lambda row: str(row["case_id"]))
    ]
    gone = sorted(set(existing) - {row["case_id"] for row in cases})
    left = [existing[case_id] for case_id in gone if existing[case_id].in_run]
    for case in left:
        change.set(case, "no_longer_flagged", {"in_run": False}, run_id=run_id)
    counts = {kind: outcomes.count(kind) for kind in ("opened", "updated", "reopened", "unchanged")}
    report = ImportReport(run_id, **counts, no_longer_flagged=len(left))
    session.add(
        ImportedRun(
            run_id=run_id,
            as_of=as_of,
            imported_at=change.at.isoformat(),
            manifest=dict(manifest),
            report=asdict(report),
        )
    )
    change.record("run_imported", None, as_of=as_of, **asdict(report))
    return report


def concerns(content: Mapping[str, Any], set_aside: Collection[Pair]) -> frozenset[str]:
    """Return what in a case calls for a decision, as short texts that can be compared between runs.

    A pair that was set aside calls for none, until its evidence changes or its time is over.
    """
    findings = {f"{f['rule_id']} {f['outcome']} {f['recommendation']}" for f in content["findings"]}
    standing = (match for match in content["matches"] if pair_key(match) not in set_aside)
    return frozenset(findings | {f"{m['matched_entity_id']} ~ {m['party_id']}" for m in standing})


def _open(change: Change, row: Mapping[str, Any], run_id: str, as_of: str) -> str:
    """Open a case; the log keeps its first image."""
    due = change.at.date() + timedelta(days=due_days(row["recommendation"]))
    case = Case(
        case_id=row["case_id"], search=search_text(row), in_run=True, state="open", due_on=due.isoformat(),
        legal_hold=False, blocked_property=False, **_run_fields(row, run_id, as_of),
    )  # fmt: skip
    change.session.add(case)
    change.session.flush()
    first = _run_fields(row, run_id, as_of) | {"in_run": True, "state": "open", "due_on": case.due_on}
    blank = {"legal_hold": False, "blocked_property": False}
    change.record("opened", case.case_id, changes=first | blank, run_id=run_id)
    return "opened"


def _update(
    change: Change, case: Case, row: Mapping[str, Any], run_id: str, as_of: str, set_aside: frozenset[Pair]
) -> str:
    """Give an existing case the fields of the run; where there is more to decide, open it again or drop a proposal."""
    fields = _run_fields(row, run_id, as_of)
    same = all(
        getattr(case, name) == value for name, value in fields.items() if name not in ("run_id", "as_of")
    )
    before = case.settled if case.settled is not None else concerns(case.content, set_aside)
    new = sorted(concerns(fields["content"], set_aside) - frozenset(before))
    if same and case.in_run and not new:
        change.set(case, NOTHING_NEW, {"run_id": run_id, "as_of": as_of})
        return "unchanged"
    settled = states()[case.state].closing
    case.search = search_text(row)
    again = {"state": "open", "closed_on": None, "due_on": _due(change, row)} if settled and new else {}
    dropped = {"proposed": None, "proposed_by": None} if case.proposed and new else {}
    change.set(case, "reopened" if again else "updated", fields | {"in_run": True} | again | dropped, new=new)
    return "reopened" if again else "updated"


def _due(change: Change, row: Mapping[str, Any]) -> str:
    return (change.at.date() + timedelta(days=due_days(row["recommendation"]))).isoformat()


def _run_fields(row: Mapping[str, Any], run_id: str, as_of: str) -> dict[str, Any]:
    """Return the fields of a case that a run sets."""
    return {
        **{name: row[name] for name in ("customer_id", "name", "recommendation", "severity")},
        "content": orjson.loads(orjson.dumps({name: row[name] for name in CONTENT})),  # days as text
        "run_id": run_id,
        "as_of": as_of,
    }


def search_text(row: Mapping[str, Any]) -> str:
    """Return the text that a search of the queue searches: names, ids, rules and parties in lower case."""
    parties = " ".join(f"{m['party_name']} {m['party_id']}" for m in row["matches"])
    rules = " ".join(f["rule_id"] for f in row["findings"])
    return f"{row['name']} {row['customer_id']} {row['case_id']} {rules} {parties}".lower()[:20_000]
