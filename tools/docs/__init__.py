"""Writes what the docs have of the code: tables that are made, never typed. `make docs` runs it."""
