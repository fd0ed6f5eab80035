"""Counters for Prometheus, in a registry of the server's own."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 5.0, 30.0)


class Metrics:
    """What the server counts. Paths are counted by their route, so that ids never become labels."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("headwater_requests", "Requests answered", labels, registry=self._registry)
        self._seconds = Histogram(
            "headwater_request_seconds",
            "Time to answer",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._cases = Gauge("headwater_cases", "Cases by state", ("state",), registry=self._registry)
        self._ages = Gauge(
            "headwater_list_age_days", "Age of the lists in use", ("list",), registry=self._registry
        )
        self._swaps = Counter(
            "headwater_index_swaps", "Lists taken into use while running", registry=self._registry
        )
        self._refused = Counter("headwater_sign_ins_refused", "Failed sign-ins", registry=self._registry)

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        route = getattr(scope.get("route"), "path", "none")
        self._requests.labels(scope["method"], route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def swapped(self) -> None:
        """Count lists taken into use while running."""
        self._swaps.inc()

    def sign_in_refused(self) -> None:
        """Count a failed sign-in."""
        self._refused.inc()

    def text(self, cases: Mapping[str, int], ages: Mapping[str, int]) -> bytes:
        """Write everything in Prometheus' text format."""
        self._cases.clear()
        self._ages.clear()
        for state, count in cases.items():
            self._cases.labels(state).set(count)
        for code, days in ages.items():
            self._ages.labels(code).set(days)
        return generate_latest(self._registry)
