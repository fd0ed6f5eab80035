"""`headwater demo`: the whole nightly job on the bundled sample world."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsOf, day


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the lists and the run.", file_okay=False)] = Path(
        "headwater-demo"
    ),
    as_of: AsOf = None,
) -> None:
    """Refresh lists, screen 300 customers, trace owners, open cases: all on a bundled sample world."""
    from desk.cli.output import console
    from desk.cli.screen_options import run_and_report
    from pipelines.demo import demo_job

    job = demo_job(out, day(as_of))
    run_and_report(job)
    screen = console()
    screen.print("\nTry next:")
    for line in (
        f"headwater explain CASE_ID --run {job.out}",
        f"headwater match 'Huawei Jishu Youxian Gongsi' --store {job.store}",
        f"headwater demo --as-of 2026-01-15 --out {out}-january   (while a rule was suspended)",
        "headwater rules --as-of 2025-10-15",
    ):
        screen.print(f"  {line}")
