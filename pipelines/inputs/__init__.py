"""Reading what the user has: customers, activity, ownership. Files in, checked frames out."""
