"""`headwater serve`: the HTTP API and the investigators' pages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.screen_options import File

if TYPE_CHECKING:
    from desk.api import Settings

SHARE = 0.001
"""Seconds that one thread computes before another may: less than usual, because callers wait for milliseconds."""

THREADS = "1"
"""Of one computation on frames: those of an answer are small, and waking a second thread costs more than it saves."""


def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Start on the bundled sample world, with a login.")
    ] = False,
    run: Annotated[Path | None, typer.Option(help="Folder of a finished run.", file_okay=False)] = None,
    store: Annotated[Path | None, typer.Option(help="Folder of the list snapshots.", file_okay=False)] = None,
    database: Annotated[
        str | None,
        typer.Option(help="SQLite file, or postgresql+psycopg://... Default: desk.db beside the run."),
    ] = None,
    customers: File = None,
    ownership: Annotated[
        list[Path] | None, typer.Option(help="Ownership files of the run; may be repeated.")
    ] = None,
    entities: File = None,
    activity: File = None,
    connections: File = None,
    transactions: File = None,
    answers: File = None,
    licences: File = None,
    watchlists: File = None,
    config: Annotated[Path | None, typer.Option(help="The configuration of the run.")] = None,
    add_user: Annotated[
        str | None, typer.Option(metavar="NAME:ROLE", help="Add a user, print the password, and end.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine need --behind-tls.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    behind_tls: Annotated[
        bool, typer.Option("--behind-tls", help="A proxy does TLS: cookies only travel encrypted.")
    ] = False,
    host_name: Annotated[
        list[str] | None,
        typer.Option(help="Name under which the proxy is addressed; may be repeated. Others are refused."),
    ] = None,
) -> None:
    """Serve the API and the pages: screening in milliseconds, cases to decide, an ownership graph to walk."""
    from contextlib import nullcontext
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    os.environ.setdefault("POLARS_MAX_THREADS", THREADS)  # read when polars is first imported, which is below
    if not _loopback(host) and not behind_tls:
        raise typer.BadParameter(
            "beyond this machine passwords would travel in the clear; put TLS in front and say --behind-tls",
            param_hint="--host",
        )
    if not demo and (run is None or store is None):
        raise typer.BadParameter("name --run and --store, or try --demo", param_hint="--run")
    tables = {
        "entities": entities, "activity": activity, "connections": connections, "transactions": transactions,
        "answers": answers, "licences": licences, "watchlists": watchlists,
    }  # fmt: skip
    if customers is None and (ownership or any(tables.values())):
        raise typer.BadParameter("the other files of the run need its customers", param_hint="--customers")
    with TemporaryDirectory(prefix="headwater-demo-") if demo else nullcontext(None) as folder:
        settings = (
            _demo(Path(folder))
            if folder
            else _own(run, store, database, customers, ownership or [], tables, config, behind_tls)
        )
        settings = replace(settings, host_names=_host_names(host, host_name or [], behind_tls))
        if add_user:
            _print_login(settings, [add_user])
            return
        if folder:
            _print_login(settings, ["analyst:analyst", "approver:approver", "admin:admin", "viewer:viewer"])
        _listen(settings, host, port)


def _host_names(host: str, names: list[str], behind_tls: bool) -> tuple[str, ...]:
    """Return the names under which the server answers; behind a proxy without any named, all of them.

    >>> _host_names("127.0.0.1", [], False)
    ('localhost', '127.0.0.1', '[::1]')
    """
    if behind_tls and not names:
        return ()
    own = ("localhost", "127.0.0.1", "[::1]")
    return (*own, *(name for name in (host, *names) if name not in own))


def _loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError as error:
        raise typer.BadParameter(
            f"{host!r} is no address; give one like 127.0.0.1", param_hint="--host"
        ) from error


def _own(
    run: Path | None, store: Path | None, database: str | None, customers: Path | None, ownership: list[Path],
    tables: Mapping[str, Path | None], config: Path | None, behind_tls: bool,
) -> Settings:  # fmt: skip
    from desk.api import Settings
    from desk.store.ledger import address
    from pipelines.inputs.book import BookFiles
    from pipelines.job.config import load_config

    assert run is not None
    assert store is not None
    files = BookFiles(customers, tuple(ownership), **tables) if customers else None
    url = address(database or str(run.parent / "desk.db"))
    return Settings(run, store, url, files, load_config(config), secure_cookies=behind_tls)


def _demo(folder: Path) -> Settings:
    from datetime import UTC, datetime

    from desk.api import Settings
    from desk.cli.progress import stages
    from pipelines.demo import demo_job
    from pipelines.job.run import run

    job = demo_job(folder, datetime.now(UTC).date())
    with stages() as progress:
        run(job, progress)
    return Settings(job.out, job.store, f"sqlite:///{folder / 'desk.db'}", job.files, job.config)


def _print_login(settings: Settings, wanted: list[str]) -> None:
    """Make users with random passwords and print them, this once."""
    import secrets

    from desk.cli.output import emit
    from desk.store import Ledger, people

    ledger = Ledger(settings.database)
    rows = []
    with ledger.change("headwater", settings.clock()) as change:
        for pair in wanted:
            name, _, role = pair.partition(":")
            password = secrets.token_urlsafe(12)
            people.add_user(change, name, role, password)
            rows.append({"name": name, "role": role, "password": password})
    ledger.close()
    emit(rows, ("name", "role", "password"), "Sign in with (shown this once)")


def _listen(settings: Settings, host: str, port: int) -> None:
    import gc
    import sys

    import uvicorn

    from desk.api import create_app
    from desk.api.connections import BoundedConnection
    from desk.cli.output import note

    app = create_app(settings)
    gc.collect()
    gc.freeze()  # lists and index stay: the collector need not walk them while somebody waits
    sys.setswitchinterval(SHARE)
    note(f"Open http://{host}:{port} - Ctrl-C ends the server.")
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=BoundedConnection,
        ws="none",
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=settings.secure_cookies,  # nobody but a proxy may say where a caller comes from
    )
