"""The catalogue of the checks, and what each mutation of a good template is found by."""

from itertools import groupby

from streaming_agent.checks.acknowledgments import silenced
from streaming_agent.checks.catalogue import section
from streaming_agent.checks.engine import all_rules, check_templates
from streaming_agent.checks.rule import GROUPS, Rule

from tests.unit.streaming_agent.checks.mutations import MUTATIONS, Mutation, templates


def overview() -> str:
    """One line a rule."""
    lines = ["| code | name | severity | finds |", "| --- | --- | --- | --- |"]
    lines += [
        f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity.word} | {rule.title} |"
        for rule in all_rules()
    ]
    return "\n".join(lines)


def catalogue() -> str:
    """A section for each rule, by group."""
    rules = sorted(all_rules(), key=lambda rule: (GROUPS.index(rule.group), rule.code))
    parts: list[str] = []
    for group, members in groupby(rules, key=lambda rule: rule.group):
        parts.append(f"## {group}")
        parts += [section(rule).replace("## ", "### ", 1) for rule in members]
    return "\n\n".join(parts)


def matrix() -> str:
    """What each mutation is found by."""
    lines = ["| rule | the good template, but | found by | found beside |", "| --- | --- | --- | --- |"]
    lines += [_row(mutation) for mutation in MUTATIONS if mutation.rule]
    return "\n".join(lines)


def _row(mutation: Mutation) -> str:
    stacks, rules = templates(mutation), all_rules()
    found = silenced(check_templates(stacks), stacks, rules, rules)
    own = [finding for finding in found if finding.rule.name == mutation.rule]
    others = sorted({_code(finding.rule) for finding in found if finding.rule.name != mutation.rule})
    said = "cannot tell" if own and all(finding.undecided for finding in own) else ""
    by = f"{_code(own[0].rule)} {said}".strip() if own else "nothing"
    what = mutation.what.replace("|", "\\|")
    return f"| {mutation.rule} | {what} | {by} | {', '.join(others) or 'nothing'} |"


def _code(rule: Rule) -> str:
    return rule.code
