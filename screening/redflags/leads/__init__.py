"""Leads: what the tables beside the customer record show, one module a table. A lead is a question, never a verdict."""
