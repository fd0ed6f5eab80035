"""What records tell beside their names, compared and weighed."""
