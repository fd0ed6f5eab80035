"""Where shipments go: which line of a destination rule applies to each place of each shipment, and in which words."""
