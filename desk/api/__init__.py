"""The HTTP API: screening in milliseconds, cases, the ownership graph, lists and rules. Door: `create_app`."""

from desk.api.app import create_app
from desk.api.settings import Limits, Settings

__all__ = ["Limits", "Settings", "create_app"]
