"""`streaming-agent`: the command, thin; each verb calls one of the folders beside it."""

from .main import main

__all__ = ["main"]
