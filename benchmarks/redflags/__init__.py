"""How fast facts are assembled and rules evaluated."""
