"""The computed rules, one module for each family of the rule table."""
