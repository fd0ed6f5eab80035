"""The cases as they stood at the end of an earlier day, replayed from the audit log, to be read like today's.

Each nightly run adds a line also to every case for which it brings nothing new. Of these lines only the newest matters,
so the work grows with what happened to the cases and not with the number of runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby

from sqlalchemy import Select, StaticPool, create_engine, func, select, union_all
from sqlalchemy.orm import Session

from desk.store.cases import day_end, is_erased, line_fields, replay
from desk.store.imports import NOTHING_NEW, search_text
from desk.store.tables import Base, Case, Event


@contextmanager
def cases_on(session: Session, day: date) -> Iterator[Session]:
    """Yield a session on a copy in memory that holds the cases of a day and nothing else."""
    ordered = session.scalars(
        lines_that_matter(day).order_by(Event.case_id, Event.seq).execution_options(yield_per=1000)
    )
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine, tables=[Case.__table__])  # type: ignore[list-item]
    with Session(engine) as copy:
        for case_id, lines in groupby(ordered, key=lambda line: line.case_id):
            events = [line_fields(line) for line in lines]
            fields = replay(events)
            if is_erased(fields):
                continue
            search = search_text({"case_id": case_id, **fields, **fields["content"]})
            copy.add(Case(case_id=case_id, search=search, **fields))
        copy.flush()
        yield copy
    engine.dispose()


def lines_that_matter(day: date) -> Select[Event]:
    """Select the lines of all cases up to the end of a day; of those that bring nothing new only each case's newest."""
    before = Event.at < day_end(day)
    with_changes = [
        select(Event.seq).where(kind, before) for kind in (Event.kind < NOTHING_NEW, Event.kind > NOTHING_NEW)
    ]
    newest = select(func.max(Event.seq)).where(Event.kind == NOTHING_NEW, before).group_by(Event.case_id)
    return select(Event).where(Event.case_id.is_not(None), Event.seq.in_(union_all(*with_changes, newest)))
