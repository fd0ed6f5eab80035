"""Every table, declared once: columns, types, meaning, whether a row can do without."""
