"""Fuzzers: each runs for as long as it is asked to, and ends with 1 at the first input that ends in a traceback."""
