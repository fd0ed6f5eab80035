"""Raw text of the publishers to columns: names, countries, notices, licensing, scripts, dates."""
