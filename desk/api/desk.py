"""The parts of a running server, handed to every route as one value."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, cast

from fastapi import Request
from fastapi.templating import Jinja2Templates

from desk.api.chart import Charts
from desk.api.metrics import Metrics
from desk.api.server_data import ServerData
from desk.api.settings import Settings
from desk.api.throttle import RateLimit, SignInThrottle
from desk.store import Ledger, import_run
from desk.store.people import Person
from lists.errors import ListError
from pipelines.run import Run

log = logging.getLogger("headwater.desk")
MACHINE = Person("headwater", "admin")


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings, data, decisions, limits, counters and pages of one server."""

    settings: Settings
    data: ServerData
    ledger: Ledger
    charts: Charts
    rate: RateLimit
    sign_ins: SignInThrottle
    pages: Jinja2Templates
    metrics: Metrics = field(default_factory=Metrics)

    def import_run(self) -> None:
        """Bring the cases of the run into the decision store; the same run twice does nothing."""
        cases = cases_with_evidence(self.data.run)
        with self.ledger.change(MACHINE.name, self.settings.clock()) as change:
            import_run(change, self.data.run.manifest, cases)

    def refresh(self) -> bool:
        """Take newer lists into use; a store that cannot be read leaves the old ones in place."""
        try:
            swapped = self.data.refresh()
        except ListError as error:
            log.warning("lists stay as they are: %s", error)
            return False
        if swapped:
            self.charts.clear()
            self.metrics.swapped()
        return swapped

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Check the list store for newer lists from time to time while the block runs."""
        stop = Event()

        def watch() -> None:
            while not stop.wait(self.settings.refresh_seconds):
                self.refresh()

        thread = Thread(target=watch, name="lists", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=5)


def cases_with_evidence(run: Run) -> list[dict[str, Any]]:
    """Return the cases of a run, each match with the hash of its evidence, by which a decision finds it again."""
    pairs = run.table("matches").select("matched_entity_id", "party_id", "evidence_hash").unique()
    evidence = {(entity_id, party_id): value for entity_id, party_id, value in pairs.iter_rows()}
    cases = run.table("cases").to_dicts()
    for match in (match for case in cases for match in case["matches"]):
        match["evidence_hash"] = evidence[match["matched_entity_id"], match["party_id"]]
    return cases


def get_desk(request: Request) -> Desk:
    """Return the server's parts."""
    return cast(Desk, request.app.state.desk)
