"""Top floor: where people sit. The command line, the HTTP API, the investigators' pages."""
