"""Why a run was made, and by which measures of likeness it went: what a certificate says besides inputs and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.hashing import value_hash
from pipelines.job.definition import Job
from pipelines.run.manifest import Basis
from screening.matching import thresholds
from screening.names.tables import measures
from screening.tables.inputs import INPUTS

CHANGED = {
    "code_sha256": "program_update",
    "config_sha256": "settings_change",
    "rules": "rule_change",
    "files": "input_change",
    "as_of": "new_day",
}
"""What may differ from the earlier run besides the lists -> the event it stands for."""


def build_logic(job: Job) -> dict[str, Any]:
    """Return the scores that were decisive, a hash of the weights behind them, and the columns that are not compared.

    thresholds: alert and review for each party type as measured; `config.matching` may replace them. kept_below: how
    far under the review score pairs are kept. not_compared: `table.column` of free text -> why no list is asked.
    """
    return {
        "thresholds": thresholds(),
        "kept_below": job.config.matching.below,
        "weights_sha256": value_hash(measures()),
        "not_compared": {
            f"{table.name}.{column.name}": column.free_text
            for table in INPUTS.values()
            for column in table.columns
            if column.free_text
        },
    }


def build_trigger(basis: Basis, previous: Mapping[str, Any] | None, given: str | None) -> dict[str, Any]:
    """Return why a run was made.

    kind: full or delta. given: the event as the caller names it. events: what changed since the earlier run, by its
    `run.json`; `list_update` goes before the others. lists: the lists that changed, each with the day before and now.
    """
    if previous is None:
        return {"kind": "full", "given": given, "events": [], "lists": {}, "since": None}
    now = basis.to_dict()
    before, after = (_days(each["lists"]) for each in (previous, now))
    lists = {
        code: {"before": before.get(code, (None,))[0], "now": after.get(code, (None,))[0]}
        for code in sorted({*before, *after})
        if before.get(code) != after.get(code)
    }
    changed = [event for name, event in CHANGED.items() if _plain(previous[name]) != _plain(now[name])]
    return {
        "kind": "delta",
        "given": given,
        "events": [*(["list_update"] if lists else []), *changed],
        "lists": lists,
        "since": {"run_id": previous["run_id"], "as_of": previous["as_of"]},
    }


def _days(lists: Any) -> dict[str, tuple[str, str]]:
    return {row["list"]: (row["published"], row["hash"]) for row in lists}


def _plain(value: Any) -> str:
    """Return a hash by which a value of today equals the same one read from `run.json`."""
    return value_hash(list(value) if isinstance(value, tuple) else value)
