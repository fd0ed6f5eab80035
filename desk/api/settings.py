"""What a server is told: which run, lists, book and database, and its limits. Nothing is read from the environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

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
    refresh_seconds: float = 30.0  # how often the list store is looked at
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    limits: Limits = field(default_factory=Limits)
