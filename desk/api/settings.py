"""The settings of a server: its run, lists, book and database, and its limits. None comes from the environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from desk.store.decisions import FOUR_EYES_FROM
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one caller may ask for."""

    body_bytes: int = 4 << 20
    bulk_bytes: int = 1 << 30
    line_bytes: int = 1 << 16
    queries: int = 500
    name_chars: int = 1_000
    requests_a_second: float = 100.0
    burst: int = 400
    sign_ins_before_waiting: int = 5
    sign_in_turn_seconds: float = 5.0  # how long a sign-in waits while others are checked


@dataclass(frozen=True, slots=True)
class Settings:
    """One desk. `files` are the inputs of the run, for the ownership graph; without them it shows what the run says."""

    run: Path
    store: Path
    database: str
    files: BookFiles | None = None
    config: Config = field(default_factory=Config)
    four_eyes_from: int = FOUR_EYES_FROM
    secure_cookies: bool = False  # true behind TLS
    host_names: tuple[str, ...] = ()  # under which the server may be addressed; none: any
    refresh_seconds: float = 30.0  # how often the list store is checked for newer lists
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: Callable[[], float] = monotonic  # the clock of the limits on requests and sign-ins
    limits: Limits = field(default_factory=Limits)
