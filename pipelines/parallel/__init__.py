"""The parts of a job, and who makes them: threads here, shards on several machines, a Ray cluster."""
