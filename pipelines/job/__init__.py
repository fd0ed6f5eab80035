"""A screening job: what it is made of, its steps, its progress, what `run.json` says of it."""
