"""`headwater verify RUN`: does the run hold what it wrote, do the runs before it, and does it come out again?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import Encodings, MaybeStore, settings

if TYPE_CHECKING:
    from pipelines.job.config import Config


def verify(
    run: Annotated[Path | None, typer.Argument(metavar="RUN", help="Folder of a finished run.")] = None,
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--from", help="The inputs of the run, or folders that hold them; known by their hash."),
    ] = None,
    store: MaybeStore = None,
    config: Annotated[Path | None, typer.Option(help="The TOML of the run, where it had one.")] = None,
    encoding: Encodings = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Compare so many cases only; default: every row of every table.")
    ] = None,
    content: Annotated[
        str | None,
        typer.Option("--sha256", help="The SHA-256 of the content of run.json that was kept elsewhere."),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Where earlier runs lie now: one, or a folder of them; repeatable.",
        ),
    ] = None,
    audit: Annotated[
        str | None,
        typer.Option("--audit", metavar="DATABASE", help="Check the audit log of a desk's database."),
    ] = None,
    head: Annotated[str | None, typer.Option(help="A head of the audit log that was kept elsewhere.")] = None,
) -> None:
    """Check a run and the runs it was built upon; with --from and --store compute it again and say what differs."""
    if audit is not None:
        check_audit(audit, head)
    if run is not None:
        check_run(run, content, earlier or [], inputs, store, settings(config, encoding), sample)
    elif audit is None:
        raise typer.BadParameter("name a run, or a database with --audit", param_hint="RUN")


def check_audit(database: str, head: str | None) -> None:
    """Recompute the chain of a desk's audit log, and replay it to find what in the tables it does not bear."""
    from desk.cli.output import emit
    from desk.store import Ledger
    from desk.store.audit import check
    from desk.store.ledger import address
    from desk.store.reconciliation import differences

    ledger = Ledger(address(database), create=False)
    with ledger.read() as session:
        verdict = check(session, head)
        found = differences(session)
    ledger.close()
    state = "broken" if not verdict.sound else "sound" if not found else "differs"
    reason = verdict.reason or (
        f"{len(found)} things in the tables that the log does not bear" if found else None
    )
    row = {"state": state, "events": verdict.events, "head": verdict.head, "reason": reason}
    emit([row], tuple(row), title=f"Audit log of {database}")
    if found:
        emit([{"difference": each} for each in found], ("difference",), title="Tables against the log")
    if state != "sound":
        raise typer.Exit(1)


def check_run(
    path: Path,
    content: str | None,
    earlier: list[Path],
    inputs: list[Path] | None,
    store: Path | None,
    config: Config,
    sample: int | None,
) -> None:
    """Check a run's files and the runs it was built upon, and with its inputs compute it again."""
    from dataclasses import asdict

    from desk.cli.output import emit
    from desk.cli.progress import stages
    from pipelines.job.recompute import Comparison, find_inputs, recompute
    from pipelines.run import open_run
    from pipelines.run.chain import follow
    from pipelines.run.verify import check_content, check_files

    run = open_run(path)
    count = check_files(run)
    compared = [
        Comparison("run.json", *check_content(run, content)),
        Comparison("files", "equal", f"{count} files as written"),
        *(Comparison(f"earlier run {each.link}", each.state, each.detail) for each in follow(run, earlier)),
    ]
    if inputs and store:
        files = find_inputs(run, inputs)
        with stages() as progress:
            compared += recompute(run, files, store, config, sample, progress)
    elif inputs or store:
        raise typer.BadParameter("to compute the run again, give both --from and --store")
    emit(
        [asdict(table) for table in compared],
        ("table", "state", "detail"),
        title=f"Verification of {path}",
    )
    if any(table.state == "differs" for table in compared):
        raise typer.Exit(1)
