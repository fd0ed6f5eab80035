"""The nightly job at size: a seeded book of any number of customers, and what the job costs on it."""
