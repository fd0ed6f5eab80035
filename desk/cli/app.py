"""The `headwater` command: its verbs and its exit codes.

0 done, 1 failed (the message says what, where, what to do), 2 bad usage, 10 flagged cases (only on request), 141 the
reader of standard output has gone.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from desk.cli import (
    certificate,
    check,
    decisions,
    delta,
    demo,
    diff,
    doctor,
    explain,
    inspect,
    letter,
    logs,
    match,
    merge,
    refresh,
    report,
    rules,
    screen,
    serve,
    thresholds,
    trace,
    verify,
    veu,
)
from desk.cli.standard_output import OutputRefused, checked_output
from desk.guard import ForeignPackage, ensure_own_packages

GARBAGE = (100_000, 20, 20)
"""How many objects are made before Python looks for garbage among them: modules make a hundred thousand that stay."""

app = typer.Typer(
    name="headwater",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def headwater(
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log to standard error in JSON lines, for machines.")
    ] = False,
) -> None:
    """Screen customers and the companies behind them against the US restricted-party lists."""
    if log_json:
        logs.begin()


app.command("demo")(demo.demo)
app.command("refresh")(refresh.refresh)
app.command("inspect")(inspect.inspect)
app.command("screen")(screen.screen)
app.command("merge")(merge.merge)
app.command("delta")(delta.delta)
app.command("verify")(verify.verify)
app.command("explain")(explain.explain)
app.command("certificate")(certificate.certificate)
app.command("letter")(letter.letter)
app.command("report")(report.report)
app.command("thresholds")(thresholds.thresholds)
app.command("trace")(trace.trace)
app.command("veu")(veu.veu)
app.command("match")(match.match)
app.command("rules")(rules.rules)
app.command("diff")(diff.diff)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.add_typer(check.app, name="config")
app.add_typer(decisions.app, name="decisions")


def main() -> None:
    """Run the command line; what went wrong becomes one message and an exit code."""
    gc.set_threshold(*GARBAGE)
    os.environ.setdefault(
        "PYPINYIN_NO_PHRASES", "yes"
    )  # we read characters alone: 40 MB and a tenth of a second
    try:
        ensure_own_packages()
        with checked_output():
            app()
    except Exception as error:
        message = _message(error)
        if logs.asked():
            details = {"message": message} if message else {"exc_info": error}
            logs.log("error", "failed", kind=type(error).__name__, **details)
        elif message:
            from desk.cli.output import safe

            with suppress(OSError):  # nobody reads that either
                print(f"error: {safe(message)}", file=sys.stderr)
        else:
            raise
        raise SystemExit(error.code if isinstance(error, OutputRefused) else 1) from error


def _message(error: Exception) -> str | None:
    """Return what to tell of an error that a person can do something about; None for a fault of the program.

    The packages' trees are only loaded once something failed.
    """
    from lists.errors import ListError
    from lists.refusals import describe
    from pipelines.errors import PipelineError
    from screening.errors import ScreeningError

    store = sys.modules.get("desk.store.errors")  # only loaded by who serves
    ours = (ListError, PipelineError, ScreeningError, ForeignPackage, OutputRefused)
    if isinstance(error, (*ours, store.StoreError) if store else ours):
        return str(error)
    return describe(error) if isinstance(error, OSError) else None
