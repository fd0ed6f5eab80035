"""Print, as Markdown, what the rules say: every rule with its status on four days, the demo world on the same days, and
three letters.

python -m benchmarks.redflags.show
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.demo import demo_job
from pipelines.job.run import run
from pipelines.run import open_run
from screening.documents import letters
from screening.redflags import rules_on

DAYS = (date(2025, 5, 1), date(2025, 10, 15), date(2026, 1, 15), date(2026, 11, 22))
SHOWN = ("BIS_AFFILIATES", "RF29", "RF28", "HQ_D5_MACAU", "COUNTRY_CAP", "SDN_50", "EL_LISTING", "G20")
LETTERS = ("C035", "C055", "C090")


def rule_table() -> list[str]:
    """Return one line a rule: id, title, degree, status on each of the four days."""
    frames = [rules_on(day).filter(pl.col("degree") != "context") for day in DAYS]
    lines = ["| rule | what | how far computed | " + " | ".join(map(str, DAYS)) + " |", "|---" * 7 + "|"]
    for place, row in enumerate(frames[0].to_dicts()):
        statuses = [frame["status"][place] for frame in frames]
        lines.append(f"| {' | '.join([row['rule_id'], row['title'], row['degree'], *statuses])} |")
    return lines


def demo_runs() -> tuple[dict[date, pl.DataFrame], pl.DataFrame]:
    """Return the findings of the demo world on each day, and its customers."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for day in DAYS:
            job = demo_job(Path(folder) / str(day), day)
            run(job)
            found[day] = open_run(job.out).table("findings")
        customers = pl.read_csv(job.files.customers, infer_schema=False)
    return found, customers


def four_days(found: dict[date, pl.DataFrame]) -> list[str]:
    """Return, for some rules, status, number raised and weight on each day."""
    lines = ["| rule | " + " | ".join(map(str, DAYS)) + " |", "|---" * 5 + "|"]
    for rule_id in SHOWN:
        cells = []
        for day in DAYS:
            raised = found[day].filter(pl.col("rule_id") == rule_id, pl.col("outcome") == "raised")
            status = rules_on(day).row(by_predicate=pl.col("rule_id") == rule_id, named=True)["status"]
            weight = raised.sort("severity")["recommendation"].last() if raised.height else "-"
            cells.append(", ".join([f"{raised.height} raised", status, str(weight)]))
        lines.append(f"| {rule_id} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    found, customers = demo_runs()
    today = found[DAYS[-1]].with_columns(material=pl.lit(True))
    drafts = letters(today, customers, date(2026, 12, 6), "Example Cloud, Inc.")
    print("\n".join(rule_table()), "", "\n".join(four_days(found)), sep="\n")
    for customer_id in LETTERS:
        row = drafts.row(by_predicate=pl.col("customer_id") == customer_id, named=True)
        print(
            f"\n{customer_id}, {row['status']}, asked because of {', '.join(row['rules'])}\n\n{row['body']}"
        )
    print(drafts["status"].value_counts(sort=True))


if __name__ == "__main__":
    main()
