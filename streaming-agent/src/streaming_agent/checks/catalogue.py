"""The catalogue of the rules in words: for `--explain`, `--list-rules` and docs/checks.md."""

from collections.abc import Sequence

from .rule import Rule


def listed(rules: Sequence[Rule]) -> str:
    """One line a rule."""
    width = max(len(rule.name) for rule in rules)
    return "\n".join(f"{rule.code}  {rule.severity.word:7}  {rule.name:{width}}  {rule.title}" for rule in rules)


def section(rule: Rule) -> str:
    """A rule's section of the catalogue, as Markdown."""
    undecided = f"\n\nCannot tell: {rule.undecided}." if rule.undecided else ""
    return (
        f"## {rule.code} {rule.name}\n\n{rule.title}. Severity: {rule.severity.word}.\n\n{rule.why}{undecided}\n\n"
        f"Write:\n\n```\n{rule.fix}\n```\n\nSource: <{rule.source}>"
    )
