"""The web ACL in front of the stage: the rules that can be judged without AWS's own lists."""

import base64
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from ..clock import Clock
from ..messages import Request
from ..part import Part
from ..patterns import BoundedPattern, InvalidPattern
from ..values import LocalValues

_RATE_WINDOW_SECONDS = 300.0  # WAF `waf-rule-statement-type-rate-based`
_INSPECTED_BODY_BYTES = 16 * 1024
_DEEPEST = 20
_MAX_RATE = 2_000_000_000

Statement = Callable[[Request], bool]


class _NotModelled(Exception):
    """The rule asks for something that only AWS has, such as its managed lists."""


@dataclass(frozen=True)
class Rule:
    """One rule: what it asks of a request and what follows from a yes."""

    name: str
    holds: Statement
    blocks: bool  # False: the request is let through at once


class WebAcl:
    """A web ACL's rules, in their order."""

    def __init__(self, rules: list[Rule], not_modelled: list[str], *, blocks_by_default: bool = False) -> None:
        self.rules = rules
        self.not_modelled = not_modelled  # the names of rules that the local run does not apply, or of the whole ACL
        self._blocks_by_default = blocks_by_default

    def blocking_rule(self, request: Request) -> str | None:
        """The name of the rule that blocks the request, if one does."""
        for rule in self.rules:
            if rule.holds(request):
                return rule.name if rule.blocks else None
        return "DefaultAction" if self._blocks_by_default else None


def read_web_acl(values: LocalValues, stage_arn: str, clock: Clock) -> WebAcl:
    """The rules of the web ACL that the template associates with the stage."""
    acls = {values.attribute(acl, "Arn"): acl for acl in values.view.resources("AWS::WAFv2::WebACL")}
    for association in values.view.resources("AWS::WAFv2::WebACLAssociation"):
        of = values.of(association)
        if of.text("ResourceArn") != stage_arn:
            continue
        acl_arn = of.text("WebACLArn")
        if acl_arn not in acls:
            return WebAcl([], [f"the web ACL {acl_arn}"])
        acl = acls[acl_arn]
        rules, not_modelled = _rules(Part(values.of(acl).value("Rules"), f"{acl.logical_id}.Rules"), clock)
        blocks = "Block" in values.of(acl).mapping("DefaultAction")
        return WebAcl(rules, not_modelled, blocks_by_default=blocks)
    return WebAcl([], [])


def _rules(entries: Part, clock: Clock) -> tuple[list[Rule], list[str]]:
    rules, not_modelled = [], []
    for entry in sorted(entries.items(), key=lambda one: one.number("Priority")):
        name = entry.text("Name")
        action = "OverrideAction" if not entry.has("Action") else entry.part("Action").only()[0]
        if action == "Count":
            continue
        try:
            if action not in ("Block", "Allow"):
                raise _NotModelled(action)
            rules.append(Rule(name, _statement(entry.part("Statement"), clock), blocks=action == "Block"))
        except _NotModelled:
            not_modelled.append(name)
    return rules, not_modelled


def _statement(entry: Part, clock: Clock, depth: int = 0) -> Statement:
    kind, given = entry.only()
    if depth > _DEEPEST:
        raise _NotModelled(f"statements nested deeper than {_DEEPEST}")
    match kind:
        case "AndStatement":
            parts = [_statement(one, clock, depth + 1) for one in given.part("Statements").items()]
            return lambda request: all(part(request) for part in parts)
        case "OrStatement":
            parts = [_statement(one, clock, depth + 1) for one in given.part("Statements").items()]
            return lambda request: any(part(request) for part in parts)
        case "NotStatement":
            inner = _statement(given.part("Statement"), clock, depth + 1)
            return lambda request: not inner(request)
        case "RegexMatchStatement":
            try:
                pattern = BoundedPattern(given.text("RegexString"))
            except InvalidPattern as problem:
                raise _NotModelled(f"the pattern: {problem}") from problem
            return _any_value(given, pattern.is_in)
        case "ByteMatchStatement":
            return _any_value(given, _byte_match(given.text("PositionalConstraint"), _searched(given)))
        case "SizeConstraintStatement":
            return _any_value(given, _size_constraint(given.text("ComparisonOperator"), int(given.number("Size"))))
        case "RateBasedStatement":
            return _RatePerIp(given, clock)
        case _:
            raise _NotModelled(kind)


def _any_value(given: Part, test: Callable[[str], bool]) -> Statement:
    field = _field(given.part("FieldToMatch"))
    written = sorted(given.part("TextTransformations").items(), key=lambda one: one.number("Priority"))
    transformations = [_transformation(one.text("Type")) for one in written]

    def holds(request: Request) -> bool:
        for value in field(request):
            for transform in transformations:
                value = transform(value)  # noqa: PLW2901
            if test(value):
                return True
        return False

    return holds


def _field(given: Part) -> Callable[[Request], Iterator[str]]:
    kind, options = given.only()
    name = options.text("Name", "").lower() if isinstance(options.value, dict) else ""
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
        case "URL_DECODE_UNI":
            return lambda value: unquote_plus(re.sub(r"%u([0-9A-Fa-f]{4})", lambda code: chr(int(code[1], 16)), value))
        case "COMPRESS_WHITE_SPACE":
            return lambda value: re.sub(r"\s+", " ", value)
        case _:
            raise _NotModelled(kind)


def _searched(given: Part) -> str:
    """SearchString, or SearchStringBase64 in its place (AWS::WAFv2::WebACL ByteMatchStatement)."""
    if not given.has("SearchStringBase64"):
        return given.text("SearchString")
    try:
        found = base64.b64decode(given.text("SearchStringBase64"), validate=True)
    except ValueError:
        raise given.part("SearchStringBase64").wrong("a text in base64") from None
    try:
        return found.decode()
    except UnicodeDecodeError as problem:
        raise _NotModelled("bytes that are no text") from problem


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
    if operator not in tests:
        raise _NotModelled(operator)
    test = tests[operator]
    # decoding may have made half characters of a query
    return lambda value: test(len(value.encode(errors="surrogatepass")))


class _RatePerIp:
    """Holds once an address has sent more than the limit within the window."""

    def __init__(self, given: Part, clock: Clock) -> None:
        if given.text("AggregateKeyType") != "IP":
            raise _NotModelled(given.text("AggregateKeyType"))
        self._limit = int(given.number("Limit"))
        if not 0 < self._limit <= _MAX_RATE:
            raise _NotModelled(f"a limit of {self._limit}")
        self._window = given.number("EvaluationWindowSec", _RATE_WINDOW_SECONDS)
        self._scope = _statement(given.part("ScopeDownStatement"), clock) if given.has("ScopeDownStatement") else None
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
