"""Ground floor: what the agencies published, exactly, at a moment."""
