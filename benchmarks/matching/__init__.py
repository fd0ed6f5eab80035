"""How right and how fast the matcher is, beside its peers, on names generated from real lists."""
