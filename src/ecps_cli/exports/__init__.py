"""Guides and sessions as text for elsewhere; one file for each export."""
