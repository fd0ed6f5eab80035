"""The nested columns of the facts as flat columns: matches, ownership results, leads and ledger results, answers."""
