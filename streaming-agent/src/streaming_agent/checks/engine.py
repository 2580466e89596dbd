"""Runs the rules over templates, under each set of assumptions that their conditions leave open."""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ..template import Assumptions, ResourceBody, TemplateResource, TemplateSet, View
from ..template.line_numbers import Step
from . import rules
from .acknowledgments import UNUSED
from .agent_code import AGENT_RULES
from .agent_routes import CheckContext
from .finding import Finding, Place
from .rule import Hit, Rule, TemplateRule

_SERVICES = (
    "AWS::ApiGateway",
    "AWS::BedrockAgentCore::",
    "AWS::CloudFront::",
    "AWS::CloudWatch::Alarm",
    "AWS::Cognito::",
    "AWS::ECS::",
    "AWS::ElasticLoadBalancingV2::",
    "AWS::IAM::",
    "AWS::Lambda::",
    "AWS::Serverless::",
    "AWS::WAFv2::",
)

Key = tuple[str, str, str, tuple[Step, ...]]


@cache
def template_rules() -> tuple[TemplateRule, ...]:
    """Every rule over templates, by code."""
    found: list[Any] = [
        importlib.import_module(f"{rules.__name__}.{module.name}") for module in pkgutil.iter_modules(rules.__path__)
    ]
    return tuple(sorted(found, key=lambda module: str(module.RULE.code)))


def check_templates(templates: TemplateSet, chosen: Sequence[TemplateRule] | None = None) -> list[Finding]:
    """What the rules say of templates: every finding, sorted; those that are acknowledged are among them.

    Args:
        templates: Stacks that are read together.
        chosen: The rules; `None` takes every one.
    """
    sets = templates.assumption_sets(_matters) or [Assumptions()]
    found: dict[Key, list[tuple[Assumptions, Hit]]] = {}
    where: dict[Key, int] = {}
    for assumptions in sets:
        view = templates.view(assumptions)
        context = CheckContext(view)
        for rule in chosen if chosen is not None else template_rules():
            for key, hit in _hits(rule, context).items():
                found.setdefault(key, []).append((assumptions, hit))
    for key in found:
        where[key] = sum(1 for assumptions in sets if _exists(templates, assumptions, key))
    findings = [_told(hits, where[key], sets) for key, hits in found.items()]
    return sorted(findings, key=lambda finding: finding.order)


def _hits(rule: TemplateRule, context: CheckContext) -> dict[Key, Hit]:
    """What a rule finds under one set of assumptions; an error of ours says in which rule."""
    found: dict[Key, Hit] = {}
    try:
        for hit in rule.check(context):
            found.setdefault((hit.rule.code, hit.resource.stack.name, hit.resource.logical_id, hit.path), hit)
    except Exception as problem:
        problem.add_note(f"in rule {rule.RULE.code} {rule.RULE.name}")
        raise
    return found


def _matters(body: ResourceBody) -> bool:
    return body.type.startswith(_SERVICES)


def _exists(templates: TemplateSet, assumptions: Assumptions, key: Key) -> bool:
    """Whether the resource of a finding is there under these assumptions."""
    stack = next(one for one in templates.stacks if one.name == key[1])
    body = stack.resources.get(key[2])
    if body is None or body.condition is None:
        return True
    return templates.view(assumptions).evaluation(stack).condition(body.condition)


def _told(hits: list[tuple[Assumptions, Hit]], existing: int, sets: Sequence[Assumptions]) -> Finding:
    """One finding of what a rule found under several sets of assumptions: certain only when found under each."""
    _, hit = next(((assumptions, hit) for assumptions, hit in hits if not hit.undecided), hits[0])
    finding = finding_of(hit)
    if len(hits) >= existing:
        decided = all(not one.undecided for _, one in hits)
        return replace(finding, undecided=finding.undecided or not decided)
    condition = _when([one for one, _ in hits], sets)
    return replace(finding, message=f"{finding.message} (only {condition})", undecided=True)


def _when(found: Sequence[Assumptions], sets: Sequence[Assumptions]) -> str:
    """Under which assumptions, in words: the one choice that these sets share and no other has."""
    for name, value in found[0].choices().items():
        having = [assumptions for assumptions in sets if assumptions.choices().get(name) == value]
        if len(having) == len(found) and all(assumptions in found for assumptions in having):
            return f"if {name} is {value}"
    return "with some values of the template's parameters and conditions"


def finding_of(hit: Hit) -> Finding:
    """A hit as it is told."""
    message = hit.message
    stack = hit.resource.stack
    adding = (*stack.macros, *stack.opaque) if hit.rule.absence else ()
    if adding and not hit.undecided:
        message = f"{message} (unless {', '.join(adding)} adds it)"
    defaults = hit.resource.defaults_in(*hit.path) if hit.path and _is_leaf(hit.resource, hit.path) else ()
    if defaults:
        names = ", ".join(defaults)
        message = f"{message} ({names} has this Default)" if len(defaults) == 1 else f"{message} (Defaults of {names})"
    return Finding(
        rule=hit.rule,
        severity=hit.severity,
        message=message,
        place=place_of(hit.resource, hit.path),
        fix=hit.fix,
        undecided=hit.undecided or bool(adding),
        related=tuple(place_of(resource, path) for resource, path in hit.related),
    )


def _is_leaf(resource: TemplateResource, path: tuple[Step, ...]) -> bool:
    return not isinstance(resource.get(*path), (dict, list))


def place_of(resource: TemplateResource, path: Iterable[Step]) -> Place:
    """Where a property of a resource stands."""
    steps = tuple(path)
    return Place(
        file=resource.stack.shown,
        line=resource.line(*steps) if steps else resource.stack.line(("Resources", resource.logical_id)),
        resource=resource.logical_id,
        construct_path=resource.construct_path,
        property=".".join(str(step) for step in steps),
        stack=resource.stack.name,
    )


def all_rules() -> list[Rule]:
    """Every rule, those over agents' code too, by code."""
    found = [module.RULE for module in template_rules()] + [*AGENT_RULES, UNUSED]
    return sorted(found, key=lambda rule: rule.code)


__all__ = ["View", "all_rules", "check_templates", "finding_of", "place_of", "template_rules"]
