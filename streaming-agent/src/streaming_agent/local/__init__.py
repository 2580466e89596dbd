"""Runs a synthesised stack on localhost: issuer, gateway and runtime, one room each."""
