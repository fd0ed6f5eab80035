"""The health page of a run: what became of each input file, which lists were screened and which were not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.api.problems import Problem
from desk.store.tables import ImportedRun
from screening.law.tables import policy_figure

NONE: dict[str, list[dict[str, Any]]] = {"files": [], "lists": [], "lists_not_loaded": []}


def health_view(session: Session, run_id: str) -> dict[str, Any]:
    """Return run_id, as_of, warnings, files, lists (each with `stale`), lists_not_loaded, and whether they were
    recorded: earlier versions did not. Raises Problem 404."""
    run = session.scalar(select(ImportedRun).where(ImportedRun.run_id == run_id))
    if run is None:
        raise Problem(404, f"No run {run_id[:100]!r} was imported.")
    health = run.manifest.get("health") or NONE
    limit = int(policy_figure("fresh_list_business_days"))
    return {
        "run_id": run.run_id,
        "as_of": run.as_of,
        "recorded": bool(health["lists"]),
        "warnings": run.manifest.get("warnings") or [],
        "files": health["files"],
        "lists": [{**row, "stale": row["age_business_days"] > limit} for row in health["lists"]],
        "lists_not_loaded": health["lists_not_loaded"],
    }
