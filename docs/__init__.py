"""The pages, and what writes anew the regions of them that quote output."""
