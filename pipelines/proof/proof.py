"""The proof of one customer's screening out of a run's folder alone, as plain values."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from pipelines.hashing import value_hash
from pipelines.proof.answers import not_evaluated, rule_answers
from pipelines.proof.customer import ScreenedCustomer, find_customer, screened_subjects
from pipelines.proof.results import list_results, subject_pairs
from pipelines.run.folder import Run
from screening.cases import case_id

RUN_FIELDS = ("run_id", "as_of", "began_at", "code_version", "code_sha256", "config_sha256", "lists_mode")
LOOKED_AT = (
    "customers",
    "ownership",
    "entities",
    "activity",
    "connections",
    "transactions",
    "answers",
    "licences",
)
"""Tables that say something of customers; one that was not given was not looked at."""


def screening_proof(run: Run, customer_id: str) -> dict[str, Any]:
    """Return everything that a run records of the screening of one customer, with a case or without.

    Keys: customer, run, subjects, lists, lists_not_loaded, logic, results, pairs, suppressed, ownership, rules,
    findings, not_checked, trigger, inputs. Raises CustomerNotFound, RunDamaged.
    """
    customer = find_customer(run, customer_id)
    subjects = screened_subjects(run, customer)
    answers = rule_answers(run, customer.pattern)
    manifest = run.manifest
    return {
        "customer": _customer(run, customer),
        "run": {name: manifest.get(name) for name in RUN_FIELDS}
        | {"files_sha256": value_hash({name: table["files"] for name, table in manifest["outputs"].items()})}
        | {"content_sha256": run.content_sha256},
        "subjects": subjects.to_dicts(),
        "lists": manifest["health"]["lists"],
        "lists_not_loaded": manifest["health"]["lists_not_loaded"],
        "logic": manifest["logic"] | {"matching": manifest["config"]["matching"]},
        "results": list_results(run, subjects, customer.segment),
        "pairs": subject_pairs(run, subjects).to_dicts(),
        "suppressed": _suppressed(run, subjects),
        "ownership": _ownership(run, customer),
        "rules": answers,
        "findings": _findings(run, customer_id),
        "not_checked": _not_checked(run, customer_id, answers),
        "trigger": manifest["trigger"],
        "inputs": {"files": manifest["files"], "sources": manifest["inputs"]},
    }


def _customer(run: Run, customer: ScreenedCustomer) -> dict[str, Any]:
    case = run.scan("cases").filter(pl.col("customer_id") == customer.customer_id)
    found = case.select("case_id", "recommendation", "severity").collect().to_dicts()
    return {
        "customer_id": customer.customer_id,
        "entity_id": customer.entity_id,
        "names": list(customer.names),
        "segment": customer.segment,
        "row_fingerprint": customer.row,
        "other_fingerprint": customer.rest,
        "case": found[0] if found else None,
        "case_id": case_id(customer.customer_id),
    }


def _suppressed(run: Run, subjects: pl.DataFrame) -> list[dict[str, Any]]:
    mine = pl.col("matched_entity_id").is_in(subjects["entity_id"].drop_nulls().unique().to_list())
    return run.scan("suppressed").filter(mine).collect().to_dicts()


def _ownership(run: Run, customer: ScreenedCustomer) -> dict[str, Any]:
    """Return how far the owners are recorded, how old the record is, and the results of the 50 percent rules."""
    mine = pl.col("entity_id") == customer.entity_id
    recorded = run.scan("recorded_ownership").filter(mine).collect().to_dicts()
    columns = ("regime", "status", "low", "high", "path")
    results = run.scan("restricted").filter(mine).select(columns).collect().to_dicts()
    float_share = 1_000_000 - recorded[0]["low"] if recorded else 1_000_000
    oldest = recorded[0]["oldest"] if recorded else None
    as_of = date.fromisoformat(run.manifest["as_of"])
    return {
        "recorded": recorded[0] if recorded else None,
        "unrecorded_share": float_share,
        "oldest_age_days": (as_of - oldest).days if oldest else None,
        "results": results,
        "remainder_floor": run.manifest["config"]["ownership"]["remainder_floor"],
    }


def _findings(run: Run, customer_id: str) -> list[dict[str, Any]]:
    columns = ("rule_id", "outcome", "rule_status", "severity", "recommendation", "reason", "evidence")
    found = run.scan("findings").filter(pl.col("customer_id") == customer_id).select(columns).collect()
    return found.to_dicts()


def _not_checked(run: Run, customer_id: str, answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what was not looked at: rules, tables that were not given, columns that no list is asked about."""
    case = run.scan("cases").filter(pl.col("customer_id") == customer_id).select("not_checked").collect()
    given = {file["role"] for file in run.manifest["files"]}
    return {
        "rules": case["not_checked"][0].to_list() if case.height else not_evaluated(answers),
        "tables": [name for name in LOOKED_AT if name not in given],
        "columns": run.manifest["logic"]["not_compared"],
        "own_values": _own_problems(run, customer_id),
    }


def _own_problems(run: Run, customer_id: str) -> int:
    """Count the values of the customers' file that were ignored; the run does not keep which row is whose."""
    problems = run.table("problems").filter(pl.col("table") == "customers")
    return problems.filter(pl.col("consequence") == "value_ignored").height
