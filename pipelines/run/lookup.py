"""Finding one case in a run."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.errors import CaseNotFound
from pipelines.run.folder import Run


def find_case(run: Run, wanted: str) -> dict[str, Any]:
    """Return the case with this case id or customer id; raises CaseNotFound."""
    found = run.table("cases").filter((pl.col("case_id") == wanted) | (pl.col("customer_id") == wanted))
    if found.is_empty():
        raise CaseNotFound(
            f"{run.path}: no case {wanted!r} in this run. It holds {run.manifest['counts']['cases']} cases; "
            "a customer without a finding has none."
        )
    return found.row(0, named=True)
