"""How a file of the user would be read: its form, its columns and ours, what would be ignored, which keys join."""

from pipelines.inspection.inspect import TABLES, Inspection, inspect_file

__all__ = ["TABLES", "Inspection", "inspect_file"]
