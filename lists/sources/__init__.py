"""One module a source: bytes in, frames out. `registry` lists them."""
