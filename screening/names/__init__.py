"""Names of parties and customers: cleaned, read into Latin letters, cut into weighted tokens."""
