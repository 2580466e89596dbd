"""The web ACL in front of the stage: the rules that can be judged without AWS's own lists."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ...template import Resolver
from ..clock import Clock
from ..messages import Request

_RATE_WINDOW_SECONDS = 300.0  # WAF `waf-rule-statement-type-rate-based`
_INSPECTED_BODY_BYTES = 16 * 1024

Statement = Callable[[Request], bool]


class _NotModelled(Exception):
    """The rule asks for something that only AWS has, such as its managed lists."""


@dataclass(frozen=True)
class Rule:
    """One rule: what it asks of a request and what follows from a yes."""

    name: str
    holds: Statement
    blocks: bool  # False: the request is let through at once


class Firewall:
    """A web ACL's rules, in their order."""

    def __init__(self, rules: list[Rule], not_modelled: list[str], *, blocks_by_default: bool = False) -> None:
        self.rules = rules
        self.not_modelled = not_modelled
        self._blocks_by_default = blocks_by_default

    def blocking_rule(self, request: Request) -> str | None:
        """The name of the rule that blocks the request, if one does."""
        for rule in self.rules:
            if rule.holds(request):
                return rule.name if rule.blocks else None
        return "DefaultAction" if self._blocks_by_default else None


def read_firewall(resolver: Resolver, stage_arn: str, clock: Clock) -> Firewall:
    """The rules of the web ACL that the template associates with the stage."""
    acls = {
        resolver.attribute(acl, "Arn"): acl
        for acl in resolver.template.of_type("AWS::WAFv2::WebACL")
        if resolver.exists(acl)
    }
    for association in resolver.template.of_type("AWS::WAFv2::WebACLAssociation"):
        if not resolver.exists(association) or resolver.property(association, "ResourceArn") != stage_arn:
            continue
        acl_arn = resolver.property(association, "WebACLArn")
        if acl_arn not in acls:
            return Firewall([], [f"the web ACL {acl_arn}"])
        acl = acls[acl_arn]
        rules, not_modelled = _rules(resolver.property(acl, "Rules", []), clock)
        return Firewall(
            rules, not_modelled, blocks_by_default="Block" in resolver.property(acl, "DefaultAction", {"Allow": {}})
        )
    return Firewall([], [])


def _rules(entries: list[Mapping[str, Any]], clock: Clock) -> tuple[list[Rule], list[str]]:
    rules, not_modelled = [], []
    for entry in sorted(entries, key=lambda one: int(one["Priority"])):
        action = next(iter(entry.get("Action", {})), "OverrideAction")
        if action == "Count":
            continue
        try:
            if action not in ("Block", "Allow"):
                raise _NotModelled(action)
            rules.append(Rule(entry["Name"], _statement(entry["Statement"], clock), blocks=action == "Block"))
        except _NotModelled:
            not_modelled.append(f"the rule {entry['Name']}")
    return rules, not_modelled


def _statement(entry: Mapping[str, Any], clock: Clock) -> Statement:
    ((kind, given),) = entry.items()
    match kind:
        case "AndStatement":
            parts = [_statement(one, clock) for one in given["Statements"]]
            return lambda request: all(part(request) for part in parts)
        case "OrStatement":
            parts = [_statement(one, clock) for one in given["Statements"]]
            return lambda request: any(part(request) for part in parts)
        case "NotStatement":
            inner = _statement(given["Statement"], clock)
            return lambda request: not inner(request)
        case "RegexMatchStatement":
            pattern = re.compile(given["RegexString"])
            return _any_value(given, lambda value: pattern.search(value) is not None)
        case "ByteMatchStatement":
            return _any_value(given, _byte_match(given["PositionalConstraint"], given["SearchString"]))
        case "SizeConstraintStatement":
            return _any_value(given, _size_constraint(given["ComparisonOperator"], int(given["Size"])))
        case "RateBasedStatement":
            return _RatePerIp(given, clock)
        case _:
            raise _NotModelled(kind)


def _any_value(given: Mapping[str, Any], test: Callable[[str], bool]) -> Statement:
    field = _field(given["FieldToMatch"])
    transformations = [
        _transformation(one["Type"])
        for one in sorted(given["TextTransformations"], key=lambda one: int(one["Priority"]))
    ]

    def holds(request: Request) -> bool:
        for value in field(request):
            for transform in transformations:
                value = transform(value)  # noqa: PLW2901
            if test(value):
                return True
        return False

    return holds


def _field(given: Mapping[str, Any]) -> Callable[[Request], Iterator[str]]:
    ((kind, options),) = given.items()
    name = str(options.get("Name", "")).lower() if isinstance(options, Mapping) else ""
    match kind:
        case "QueryString":
            return lambda request: iter([request.query])
        case "SingleQueryArgument":
            return lambda request: (value for key, value in request.query_arguments() if key.lower() == name)
        case "AllQueryArguments":
            return lambda request: (part for pair in request.query_arguments() for part in pair)
        case "SingleHeader":
            return lambda request: iter(request.all_headers(name))
        case "UriPath":
            return lambda request: iter([request.path])
        case "Method":
            return lambda request: iter([request.method])
        case "Body":
            return lambda request: iter([request.body[:_INSPECTED_BODY_BYTES].decode(errors="replace")])
        case _:
            raise _NotModelled(kind)


def _transformation(kind: str) -> Callable[[str], str]:
    match kind:
        case "NONE":
            return str
        case "LOWERCASE":
            return str.lower
        case "URL_DECODE":
            return unquote_plus
        case "COMPRESS_WHITE_SPACE":
            return lambda value: re.sub(r"\s+", " ", value)
        case _:
            raise _NotModelled(kind)


def _byte_match(constraint: str, wanted: str) -> Callable[[str], bool]:
    match constraint:
        case "EXACTLY":
            return lambda value: value == wanted
        case "STARTS_WITH":
            return lambda value: value.startswith(wanted)
        case "ENDS_WITH":
            return lambda value: value.endswith(wanted)
        case "CONTAINS":
            return lambda value: wanted in value
        case _:
            raise _NotModelled(constraint)


def _size_constraint(operator: str, size: int) -> Callable[[str], bool]:
    tests: dict[str, Callable[[int], bool]] = {
        "EQ": lambda length: length == size,
        "NE": lambda length: length != size,
        "LT": lambda length: length < size,
        "LE": lambda length: length <= size,
        "GT": lambda length: length > size,
        "GE": lambda length: length >= size,
    }
    return lambda value: tests[operator](len(value.encode()))


class _RatePerIp:
    """Holds once an address has sent more than the limit within the window."""

    def __init__(self, given: Mapping[str, Any], clock: Clock) -> None:
        if given["AggregateKeyType"] != "IP":
            raise _NotModelled(given["AggregateKeyType"])
        self._limit = int(given["Limit"])
        self._window = float(given.get("EvaluationWindowSec", _RATE_WINDOW_SECONDS))
        self._scope = _statement(given["ScopeDownStatement"], clock) if "ScopeDownStatement" in given else None
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}

    def __call__(self, request: Request) -> bool:
        if self._scope is not None and not self._scope(request):
            return False
        now = self._clock.monotonic()
        seen = self._seen.setdefault(request.source_ip, deque(maxlen=self._limit + 1))
        seen.append(now)
        while seen[0] <= now - self._window:
            seen.popleft()
        return len(seen) > self._limit
