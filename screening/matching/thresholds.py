"""From which score on a match is an alert, and from which it is worth a look: per party type, as measured."""

from __future__ import annotations

from screening.names.tables import settings


def thresholds() -> dict[str, dict[str, float]]:
    """Return `alert` and `review` scores per party type, from `thresholds.toml`.

    >>> sorted(thresholds())
    ['aircraft', 'organization', 'person', 'unknown', 'vessel']
    """
    return {kind: dict(values) for kind, values in settings("thresholds").items()}
