"""Runs a synthesised app on localhost: one folder for each service that it plays."""
