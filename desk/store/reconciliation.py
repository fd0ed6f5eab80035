"""The log is the truth: whatever in the other tables it does not bear is found by replaying it.

Cases, people, tokens, pairs set aside and imported runs are only the latest state of what the log tells. Somebody who
edits them in the database leaves the chain of the log whole; this replay is what notices.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store.audit import ERASED, check
from desk.store.cases import line_fields
from desk.store.erasure import ASKED, REQUESTS
from desk.store.errors import LogDisagrees
from desk.store.ledger import image
from desk.store.suppression import LASTS, Pair, pair_key
from desk.store.tables import CASE_FIELDS, Case, Event, ImportedRun, Suppression, Token, User
from desk.store.user_names import folded

MOST_SHOWN = 5


@dataclass(slots=True)
class Replay:
    """What the log says that the tables should hold.

    `users`: role and whether active. `tokens`: how many of each user, label and expiry. `set_aside`: for each
    pair of a case when it was set aside, and whether that ended. `runs`: id and day. `asked`: by whom the erasure
    of a case waits for a signature. `unsigned`: erasures without one, in words.
    """

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, tuple[str, bool]] = field(default_factory=dict)
    tokens: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    set_aside: dict[str, dict[Pair, list[date]]] = field(default_factory=lambda: defaultdict(dict))
    ended: dict[str, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    runs: set[tuple[str, str]] = field(default_factory=set)
    asked: dict[str, str | None] = field(default_factory=dict)
    unsigned: list[str] = field(default_factory=list)

    def take(self, line: dict[str, Any]) -> None:
        """Follow one line of the log."""
        kind, case_id = line["kind"], line["case_id"]
        if kind == ERASED:
            self._erased(case_id, line)
        elif case_id is not None:
            case = self.cases.setdefault(case_id, dict.fromkeys(CASE_FIELDS))
            case |= line.get("changes", {})
            self._pairs(case_id, case, line)
            if kind in REQUESTS:
                self.asked[case_id] = line["who"] if kind == ASKED else None
        elif kind == "user_added":
            self.users[line["user"]] = (line["role"], True)
        elif kind == "user_retired":
            self.users[line["user"]] = (self.users[line["user"]][0], False)
            self.tokens = Counter({key: n for key, n in self.tokens.items() if key[0] != line["user"]})
        elif kind == "token_added":
            self.tokens[line["user"], line["label"], line["expires"]] += 1
        elif kind == "run_imported":
            self.runs.add((line["run_id"], line["as_of"]))

    def _erased(self, case_id: str, line: dict[str, Any]) -> None:
        """Forget a case; an erasure that nobody else had asked for is remembered as unsigned."""
        asked_by = self.asked.pop(case_id, None)
        if asked_by is None or folded(asked_by) == folded(line["who"]):
            self.unsigned.append(f"case {case_id}: erased by {line['who']} alone (line {line['seq']})")
        for emptied in (self.cases, self.set_aside, self.ended):
            emptied.pop(case_id, None)

    def _pairs(self, case_id: str, case: dict[str, Any], line: dict[str, Any]) -> None:
        parties = set(line.get("suppressed", ()))
        on = date.fromisoformat(line["at"][:10])
        for match in case["content"]["matches"] if parties else ():
            if match["party_id"] in parties:
                self.set_aside[case_id].setdefault(pair_key(match), []).append(on)
                self.ended[case_id].discard(pair_key(match))
        if line.get("suppression_ended"):
            self.ended[case_id] |= set(self.set_aside[case_id])


def differences(session: Session) -> list[str]:
    """Return what in the tables the log does not bear, each in a sentence; empty where all of it agrees."""
    replay = Replay()
    lines = session.scalars(select(Event).order_by(Event.seq).execution_options(yield_per=1000))
    with closing(lines):
        for line in lines:
            replay.take(line_fields(line))
    return [
        *_cases(session, replay),
        *_users(session, replay),
        *_tokens(session, replay),
        *_set_aside(session, replay),
        *_runs(session, replay),
        *replay.unsigned,
    ]


def require_agreement(session: Session) -> None:
    """Raise LogDisagrees where the chain is broken or the tables hold what the log does not bear."""
    verdict = check(session)
    found = [] if verdict.sound else [f"the chain is broken at line {verdict.broken_at}: {verdict.reason}"]
    found += differences(session)
    if found:
        raise LogDisagrees(
            f"{len(found)} things in this database are not as its audit log recorded them, so nothing is taken from "
            f"it: {'; '.join(found[:MOST_SHOWN])}. `headwater verify --audit` lists all."
        )


def _cases(session: Session, replay: Replay) -> Iterator[str]:
    rows = {case.case_id: image(case) for case in session.scalars(select(Case))}
    yield from _only("case", rows, replay.cases)
    for case_id in sorted(rows.keys() & replay.cases.keys()):
        changed = [name for name in CASE_FIELDS if rows[case_id][name] != replay.cases[case_id][name]]
        if changed:
            yield f"case {case_id}: {', '.join(changed)} differ from what the log recorded"


def _users(session: Session, replay: Replay) -> Iterator[str]:
    rows = {user.name: (user.role, user.active) for user in session.scalars(select(User))}
    yield from _only("user", rows, replay.users)
    for name in sorted(rows.keys() & replay.users.keys()):
        if rows[name] != replay.users[name]:
            yield f"user {name!r}: role and state are {rows[name]}, the log recorded {replay.users[name]}"


def _tokens(session: Session, replay: Replay) -> Iterator[str]:
    rows = Counter((token.user, token.label, token.expires) for token in session.scalars(select(Token)))
    for user, label, _ in sorted((rows - replay.tokens).elements()):
        yield f"token {label!r} of {user!r}: not in the log"


def _set_aside(session: Session, replay: Replay) -> Iterator[str]:
    rows: dict[str, set[Pair]] = defaultdict(set)
    for row in session.scalars(select(Suppression).order_by(Suppression.id)):
        pair = (row.entity_id, row.party_id, row.evidence_hash)
        rows[row.case_id].add(pair)
        days = replay.set_aside.get(row.case_id, {}).get(pair, [])
        if row.on not in days or row.until != row.on + LASTS:
            yield f"pair set aside in case {row.case_id} ({row.entity_id} ~ {row.party_id}): not as the log recorded"
        elif not row.ended and pair in replay.ended[row.case_id]:
            yield f"pair set aside in case {row.case_id} ({row.entity_id} ~ {row.party_id}): the log ended it"
    for case_id, pairs in sorted(replay.set_aside.items()):
        missing = {party for _, party, _ in pairs} - {party for _, party, _ in rows[case_id]}
        for party in sorted(missing):
            yield f"pair set aside in case {case_id} with {party}: in the log, not in the table"


def _runs(session: Session, replay: Replay) -> Iterator[str]:
    rows = {(run.run_id, run.as_of) for run in session.scalars(select(ImportedRun))}
    yield from _only("imported run", {run for run, _ in rows}, {run for run, _ in replay.runs})


def _only(what: str, rows: Iterable[str], logged: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {name}: not in the log" for name in sorted(set(rows) - set(logged)))
    yield from (f"{what} {name}: in the log, not in the table" for name in sorted(set(logged) - set(rows)))
