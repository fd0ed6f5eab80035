"""`headwater decisions erase`: what is held of a customer, what of it must stay, and the erasure of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.store import Ledger, Person
    from desk.store.obligations import Statement

COLUMNS = ("place", "holds", "answer", "because")


def erase(
    database: Annotated[
        str, typer.Argument(metavar="DATABASE", help="SQLite file, or postgresql+psycopg://...")
    ],
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of the customer or of its case.")],
    run: Annotated[
        list[Path] | None, typer.Option(help="Run folder to look into too; may be repeated.", file_okay=False)
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Ask for the erasure. Stays in the log: name nobody in it.")
    ] = None,
    no_transaction: Annotated[
        bool, typer.Option("--no-transaction", help="State that there was no transaction with the customer.")
    ] = False,
    last_transaction: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="State the day of the last transaction.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Sign what somebody else asked for.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="Turn a request down; needs --reason.")] = False,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with your own token: who asks, signs or declines.", dir_okay=False),
    ] = None,
) -> None:
    """Say where a customer's record stands, what keeps it until when, and erase the rest once two people signed."""
    from desk.cli.output import emit
    from desk.store import Ledger
    from desk.store.ledger import address
    from desk.store.obligations import Statement

    if no_transaction and last_transaction:
        raise typer.BadParameter(
            "there was a last transaction or there was none", param_hint="--no-transaction"
        )
    statement = Statement(no_transaction, last_transaction.date() if last_transaction else None)
    ledger = Ledger(address(database), create=False)
    try:
        with ledger.read() as session:
            rows = [
                *desk_places(session, customer, statement),
                *run_places(run or [], customer),
                *elsewhere(),
            ]
        emit(rows, COLUMNS, title=f"What is held of {customer}")
        if reason or approve or decline:
            _act(
                ledger,
                customer,
                reason or "",
                statement,
                "approve" if approve else "decline" if decline else "ask",
                token_file,
            )
    finally:
        ledger.close()


def desk_places(session: Session, customer: str, statement: Statement) -> Iterator[dict[str, Any]]:
    """Yield what the desk's database holds: case, log, pairs set aside, and other cases that name the customer."""
    from desk.store import cases, erasure, suppression
    from desk.store.errors import NotFound

    try:
        case = cases.find(session, customer)
    except NotFound as error:
        yield _place("desk", "no case", "nothing to erase", str(error))
        return
    found = erasure.standing(case, datetime.now(UTC).date(), statement)
    lines = len(cases.history(session, case.case_id))
    pairs = len(suppression.for_case(session, case.case_id))
    holds = f"case {case.case_id}, {lines} lines of the log, {pairs} pairs set aside"
    if found.keeping:
        yield from (_place("desk", holds, "stays", erasure.sentence(duty)) for duty in found.keeping)
    else:
        over = "; ".join(erasure.sentence(duty) for duty in found.duties)
        why = f"every duty is over ({over})" if over else (
            "a false positive without a transaction: no rule read here asks for it, and our own years give way"
        )  # fmt: skip
        yield _place("desk", holds, "may go", why)
    for other in erasure.mentions(session, case):
        yield _place("desk", f"case {other} names this customer", "stays", "as long as that case does")


def run_places(runs: list[Path], customer: str) -> Iterator[dict[str, Any]]:
    """Yield how many rows each run folder has of a customer. Runs are hashed whole and are not changed."""
    import polars as pl

    from pipelines.run import open_run
    from screening.documents import retention_regimes

    for path in runs:
        opened = open_run(path)
        day = datetime.fromisoformat(opened.manifest["as_of"]).date()
        counts = {}
        for table in sorted(opened.manifest["outputs"]):
            rows = opened.scan(table)
            keys = [name for name in ("customer_id", "subject_id") if name in rows.collect_schema().names()]
            if keys:
                own = rows.filter(pl.any_horizontal(pl.col(keys) == customer))
                counts[table] = own.select(pl.len()).collect().item()
        holding = ", ".join(f"{number} of {table}" for table, number in counts.items() if number)
        law = retention_regimes(day).filter(pl.col("regime") == "OFAC")
        years, citation = law.select("years", "citation").row(0)
        why = (
            f"hashed whole with all its customers, so it goes whole: {years} years after {day} if there was a "
            f"transaction ({citation}), later while a case or a hold lasts; of a screening without a case and without "
            "a transaction no rule read here asks for a record"
        )
        answer, because = ("stays", why) if holding else ("nothing to erase", "")
        yield _place(str(path), holding or "no row by this id", answer, because)


def elsewhere() -> Iterator[dict[str, Any]]:
    """Yield the places that the program does not see."""
    yield _place(
        "customers' files", "", "yours", "while the customer stands there, the next night screens it again"
    )
    yield _place(
        "next run",
        "",
        "goes",
        "a delta equals a full run of the files of its day: who is not in them is not in it",
    )
    yield _place(
        "backups",
        "",
        "yours",
        "made before, they hold everything; a restore says that what was erased is back",
    )
    yield _place(
        "papers and exports",
        "",
        "yours",
        "certificates, letters, reports and exports are not kept by the program",
    )


def _act(
    ledger: Ledger, customer: str, reason: str, statement: Statement, act: str, token_file: Path | None
) -> None:
    """Ask, sign or decline, as the person whose token it is."""
    from desk.cli.output import note
    from desk.store import cases, erasure, reconciliation

    now = datetime.now(UTC)
    person = _person(ledger, token_file, "approve" if act == "approve" else "erase", now)
    with ledger.change(person.name, now) as change:
        reconciliation.require_agreement(change.session)
        case_id = cases.find(change.session, customer).case_id
        if act == "approve":
            emptied = erasure.approve(change, case_id)
        elif act == "decline":
            erasure.decline(change, case_id, reason)
        else:
            keeping = erasure.propose(change, case_id, reason, statement).keeping
    if act == "approve":
        note(f"Case {case_id} is erased: {emptied} lines of the log have no content any more.")
        if obstacle := erasure.compact(ledger):
            note(f"Not everything is off the disk: {obstacle}.")
    elif act == "decline":
        note(f"The request to erase case {case_id} is declined.")
    elif keeping:
        note(
            f"Nothing goes. Case {case_id} stays {erasure.sentence(keeping[0])}. The log has request and duties."
        )
        raise typer.Exit(1)
    else:
        note(
            f"{person.name} asked for the erasure of case {case_id}; somebody else who may approve has to sign."
        )


def _person(ledger: Ledger, token_file: Path | None, permission: str, now: datetime) -> Person:
    """Return whose token it is. Raises typer.BadParameter without one, or where it does not carry the permission."""
    from desk.store import people

    if token_file is None:
        raise typer.BadParameter(
            "say who you are: a file with a token of your own", param_hint="--token-file"
        )
    with ledger.read() as session:
        person = people.by_token(session, token_file.read_text("utf-8").strip(), now)
    if person is None or not person.may(permission):
        raise typer.BadParameter(
            f"this token is unknown or spent, or does not carry the permission {permission!r}",
            param_hint="--token-file",
        )
    return person


def _place(place: str, holds: str, answer: str, because: str) -> dict[str, Any]:
    return {"place": place, "holds": holds, "answer": answer, "because": because}
