"""Evidence other than names: dates of birth, countries, identifiers and addresses, compared and weighed."""
