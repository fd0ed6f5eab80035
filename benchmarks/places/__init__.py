"""Where the tables of places come from, and how well and how fast addresses are read."""
