"""What the pages quote of the rules, the sample world and the command line, as Markdown."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import typer

from desk.cli import app
from docs.quote import DAY
from pipelines.demo import demo_job, sample_folder
from pipelines.job.run import run
from pipelines.run import open_run
from screening import documents
from screening.law import table as law_table
from screening.redflags import rules_on

DAYS = (date(2025, 5, 1), date(2025, 10, 15), date(2026, 1, 15), date.fromisoformat(DAY))
SHOWN = ("BIS_AFFILIATES", "RF29", "RF28", "HQ_D5_MACAU", "COUNTRY_CAP", "SDN_50", "EL_LISTING", "G20")
LETTERS = ("C035", "C055", "C090")
REPLY_BY, PROVIDER = date(2026, 12, 6), "Example Cloud, Inc."


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[str] = ()) -> str:
    """Write a table; the columns named in `numbers` stand to the right.

    >>> print(table(["what", "rows"], [["edges", 1200]], ["rows"]))
    | what | rows |
    | --- | ---: |
    | edges | 1,200 |
    """
    written = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    rule = ["---:" if column in numbers else "---" for column in head]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), rule, *written])


@cache
def _demo(day: date) -> tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]:
    """Screen the sample on a day and return what `run.json` says, the findings and the parties in effect."""
    with tempfile.TemporaryDirectory() as folder:
        job = demo_job(Path(folder), day)
        run(job)
        done = open_run(job.out)
        return dict(done.manifest), done.table("findings"), done.table("parties")


def sample_counts() -> str:
    """Return what the sample world holds and what its run on the day of the sample finds."""
    manifest, _, parties = _demo(DAYS[-1])
    counts = manifest["counts"]
    listed = sum(each["parties"] for each in manifest["lists"])
    rows = [
        ("customers", counts["customers"]),
        ("ownership edges", counts["ownership_edges"]),
        ("lists", len(manifest["lists"])),
        ("listed parties", listed),
        ("of them in effect that day", parties.height),
        ("training jobs, leases, orders and deployments", counts["activities"]),
        ("cases", counts["cases"]),
        ("findings", counts["findings"]),
    ]
    return table(["the sample world", "number"], rows, ["number"])


def sample_rows() -> str:
    """Return the number of rows of each file of the sample."""
    files = sorted(sample_folder().glob("*.csv"))
    rows = [(f"`{file.name}`", pl.read_csv(file, infer_schema=False).height) for file in files]
    return table(["file", "rows"], rows, ["rows"])


def rule_counts() -> str:
    """Return how many rules are computed how far, and their status on the day of the sample."""
    today = rules_on(DAYS[-1])
    meanings = {
        "computed": "the facts decide",
        "partial": "leads raise the question, a person answers it",
        "human": "only a person can say",
        "context": "not evaluated: a day in the law that other rules and people look up",
    }
    assert set(today["degree"]) == set(meanings)
    counted = dict(today["degree"].value_counts().iter_rows())
    how_far = table(
        ["how far computed", "rules", "meaning"],
        [(key, counted[key], meanings[key]) for key in meanings],
        ["rules"],
    )
    evaluated = today.filter(pl.col("degree") != "context")["status"].value_counts(sort=True)
    by_status = evaluated.sort("count", "status", descending=[True, False])
    status = table([f"status on {DAY}", "evaluated rules"], by_status.iter_rows(), ["evaluated rules"])
    return f"{how_far}\n\n{status}"


def rules_on_four_days() -> str:
    """Return one line a rule: id, title, how far it is computed, status on each of the four days."""
    frames = [rules_on(day).filter(pl.col("degree") != "context") for day in DAYS]
    rows = [
        [row["rule_id"], row["title"], row["degree"], *(frame["status"][place] for frame in frames)]
        for place, row in enumerate(frames[0].to_dicts())
    ]
    return table(["rule", "what", "how far computed", *map(str, DAYS)], rows)


def sample_on_four_days() -> str:
    """Return, for some rules, number raised, status and weight on each of the four days."""
    return table(
        ["rule", *map(str, DAYS)], [[rule, *(_four_day_cell(rule, day) for day in DAYS)] for rule in SHOWN]
    )


def _four_day_cell(rule_id: str, day: date) -> str:
    _, findings, _ = _demo(day)
    raised = findings.filter(pl.col("rule_id") == rule_id, pl.col("outcome") == "raised")
    status = rules_on(day).row(by_predicate=pl.col("rule_id") == rule_id, named=True)["status"]
    weight = str(raised.sort("severity")["recommendation"].last()) if raised.height else "-"
    return f"{raised.height} raised, {status}, {weight}"


@cache
def _drafts() -> pl.DataFrame:
    customers = pl.read_csv(sample_folder() / "customers.csv", infer_schema=False)
    findings = _demo(DAYS[-1])[1].with_columns(material=pl.lit(True))
    return documents.letters(findings, customers, REPLY_BY, PROVIDER)


def letter_counts() -> str:
    """Return how many flagged customers of the sample get the draft of a letter, and how many none."""
    counted = dict(_drafts()["status"].value_counts().iter_rows())
    assert set(counted) == {"draft", "withheld"}
    return (
        f"Drafts; each waits for an approver. In the sample world {counted['draft']} flagged customers get a "
        f"draft, and {counted['withheld']} get none\nbecause they may be blocked or denied. The rules named "
        "above a letter are for the file and not for the customer."
    )


def letters() -> str:
    """Return the drafts of three letters, with the rules that asked for them."""
    return "\n\n".join(_letter(customer_id) for customer_id in LETTERS)


def _letter(customer_id: str) -> str:
    row = _drafts().row(by_predicate=pl.col("customer_id") == customer_id, named=True)
    head = f"**{customer_id}, {row['status']}, asked because of {', '.join(row['rules'])}**"
    return f"{head}\n\n```text\n{row['body'].strip()}\n```"


def verbs() -> str:
    """Return every verb of the command line with what it does."""
    command: Any = typer.main.get_command(app)
    rows = []
    for name, verb in command.commands.items():
        below = getattr(verb, "commands", None)
        named = {f"{name} {word}": each for word, each in below.items()} if below else {name: verb}
        rows += [(f"`headwater {word}`", each.get_short_help_str(200)) for word, each in named.items()]
    return table(["verb", "what it does"], rows)


def party_effects() -> str:
    """Return what a match on each list is worth in each class of roles."""
    effects = law_table("party_effects").filter(pl.col("class") != "licence")
    order = effects.select("class", "possession").unique(maintain_order=True)
    heads = order.rows()
    cells = {
        (rule, kind, possession): f"{recommendation.replace('_', ' ')} {severity}"
        if branch != "line"
        else "line"
        for rule, kind, possession, branch, recommendation, severity in effects.select(
            "rule_id", "class", "possession", "branch", "recommendation", "severity"
        ).rows()
    }
    names = [kind if possession is None else f"{kind}, possession {possession}" for kind, possession in heads]
    rules = effects["rule_id"].unique(maintain_order=True)
    rows = [(f"`{rule}`", *(cells.get((rule, *head), "") for head in heads)) for rule in rules]
    return table(("list", *names), rows)
