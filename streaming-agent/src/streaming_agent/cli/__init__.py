"""`streaming-agent`: the command, thin; each verb calls one of the rooms beside it."""

from .main import main

__all__ = ["main"]
