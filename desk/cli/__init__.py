"""The command line: one module a verb, heavy imports inside the verbs so that --help answers at once."""

from desk.cli.app import app, main

__all__ = ["app", "main"]
