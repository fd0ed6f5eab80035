"""Logs for machines: one JSON object a line on standard error, on request.

They name stages, counts, files and rows; never a customer, a party or a value of a field.
"""

from __future__ import annotations

import sys
from typing import Any


def begin() -> None:
    """Write logs as JSON lines from here on."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def asked() -> bool:
    """Tell whether logs are written for machines."""
    structlog = sys.modules.get("structlog")
    return structlog is not None and bool(structlog.is_configured())


def log(level: str, event: str, **fields: Any) -> None:
    """Write one line; `level`: info, warning or error."""
    import structlog

    getattr(structlog.get_logger(), level)(event, **fields)
