"""An agent's folder or file: its modules are read as text, the rules over code run, comments silence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..template import Refusal
from ..template.source import entries, is_folder, read_text
from .acknowledgments import UNUSED
from .agent_code import CODE_RULES, AgentModule, CodeHit
from .finding import Finding, Place, Severity
from .rule import Rule

_COMMENT = re.compile(r"#\s*streaming-agent:\s*ignore\[(?P<rules>[^\]]*)\]\s*(?P<reason>.*)")
SKIPPED = frozenset({"node_modules", ".venv", "venv", "site-packages", "__pycache__", "cdk.out", "dist", "build"})
_FILES_LIMIT = 2_000


def python_files(folder: Path) -> tuple[list[Path], list[Refusal]]:
    """The Python files of an agent's folder, without its environments and tests, and what of it cannot be read."""
    found: list[Path] = []
    unreadable: list[Refusal] = []
    pending = [folder]
    seen: set[Path] = set()
    while pending and len(found) < _FILES_LIMIT:
        current = pending.pop()
        resolved = current.resolve()
        if resolved in seen:
            continue
        seen.add(resolved)
        try:
            inner = entries(current)
        except Refusal as refusal:
            unreadable.append(refusal)
            continue
        for entry in inner:
            if is_folder(entry):
                hidden = entry.name.startswith(".") or entry.name in SKIPPED or entry.name in ("tests", "test")
                if not hidden:
                    pending.append(entry)
            elif entry.suffix == ".py":
                found.append(entry)
    return sorted(found), unreadable


def check_code(files: Sequence[tuple[Path, str]], active: Sequence[Rule]) -> tuple[list[Finding], list[Refusal], int]:
    """What the rules say of Python files (a path and what to call it), those that cannot be read, and the entrypoints.

    Args:
        files: The files of one agent, read together for nothing but their number: each is judged by itself.
        active: The rules that run.
    """
    findings: list[Finding] = []
    unreadable: list[Refusal] = []
    entrypoints = 0
    for path, shown in files:
        try:
            module = AgentModule(read_text(path, may_be_empty=True), shown)
        except Refusal as refusal:
            unreadable.append(refusal)
            continue
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            line = getattr(problem, "lineno", None)
            where = f" in line {line}" if line else ""
            reason = getattr(problem, "msg", None) or "it is nested too deeply"
            unreadable.append(Refusal("SAL098", f"{shown} is not Python that can be checked: {reason}{where}"))
            continue
        entrypoints += module.is_agent
        hits: list[CodeHit] = []
        for rule in CODE_RULES:
            if rule.RULE in active:
                hits.extend(rule.check(module))
        findings += _acknowledged([_told(hit, shown) for hit in hits], module, active)
    return findings, unreadable, entrypoints


def _told(hit: CodeHit, shown: str) -> Finding:
    return Finding(hit.rule, hit.severity, hit.message, Place(shown, hit.line, hit.function), hit.rule.fix)


def _acknowledged(findings: list[Finding], module: AgentModule, active: Sequence[Rule]) -> list[Finding]:
    """The findings with the reasons that comments give, on the line itself or alone on the line above."""
    lines = module.text.splitlines()
    told = list(findings)
    for number, text in enumerate(lines, 1):
        comment = _COMMENT.search(text)
        if comment is None:
            continue
        covered = (number, number + 1) if text.lstrip().startswith("#") else (number,)
        reason = comment["reason"].strip()
        for name in (one.strip() for one in comment["rules"].split(",")):
            fitting = [
                index
                for index, finding in enumerate(told)
                if finding.place.line in covered and name in (finding.rule.name, finding.rule.code)
            ]
            if reason:
                for index in fitting:
                    told[index] = replace(told[index], acknowledged=reason)
            place = Place(module.label, number)
            if UNUSED in active and not reason:
                told.append(
                    Finding(
                        UNUSED,
                        Severity.WARNING,
                        f"the acknowledgment of {name} gives no reason, so the finding stands",
                        place,
                        f"# streaming-agent: ignore[{name}] <why this is right here>",
                    )
                )
            elif UNUSED in active and not fitting:
                told.append(
                    Finding(UNUSED, Severity.NOTE, f"the acknowledgment of {name} silences nothing", place, "remove it")
                )
    return told
