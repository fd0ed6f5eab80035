"""Ownership as people read it: paths, distances, pictures, and the formats of other tools."""
