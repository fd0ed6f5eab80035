"""The stages of a screening job between files in and files out; each takes frames and returns frames."""
