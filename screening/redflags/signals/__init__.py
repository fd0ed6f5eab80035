"""The nested columns of the facts: hits, cascade results, leads and ledgers, answers."""
