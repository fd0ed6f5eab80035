"""The computed rules, one module a family."""
