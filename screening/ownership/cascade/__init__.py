"""The 50 percent rule: who is restricted by the holdings of listed parties, and by which of them."""
