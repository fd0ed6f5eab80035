"""Reading who owns whom: edges and entities from files, every row used, or set aside with a reason."""

from pipelines.inputs.ownership.reading import OwnershipReading, read_ownership

__all__ = ["OwnershipReading", "read_ownership"]
