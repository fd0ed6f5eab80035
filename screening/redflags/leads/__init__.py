"""Detectors: what connections, activities, transactions and ownership history show, one module a table.

Each returns leads in the columns of `compute.results.RESULT`. A lead raises a question; it is never a verdict.
"""
