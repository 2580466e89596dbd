"""Probes a local or deployed API from outside: does it stream, and does it refuse what it must?"""

from .report import Check, Report, Verdict
from .verification import Subject, verify

__all__ = ["Check", "Report", "Subject", "Verdict", "verify"]
