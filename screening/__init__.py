"""First floor: is this customer, its parent or its owner a concern, and why. Pure functions on frames."""
