"""A screening job: its definition and settings, its steps, its progress, the content of its `run.json`."""
