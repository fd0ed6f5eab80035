"""Second floor: jobs. Files in, files out."""
