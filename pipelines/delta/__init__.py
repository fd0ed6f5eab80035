"""A delta: the work that a previous run lets a job skip, and why that is safe.

A run with a previous run gives the tables of a full run. Two things are reused: matches, since a score depends on two
records alone (`previous_matches`), and assessments of customers whose fingerprints did not change (`fingerprints`,
`previous_assessments`).
"""
