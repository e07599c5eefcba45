"""Collecting: from files that somebody recorded, and from platforms that answer."""
