"""Measures the platform against a bare Flask view on the same server and database: make bench."""
