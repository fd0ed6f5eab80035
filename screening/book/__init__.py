"""A whole book screened in memory: frames and a policy in, tables out."""
