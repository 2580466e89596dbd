"""Adaptors: a framework's own stream as an answer's events, one file each. They import no framework."""
