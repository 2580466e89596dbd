"""What a web ACL and a throttle decide."""

import time
from typing import Any

import pytest
from streaming_agent.local.api_gateway.throttling import TokenBucket
from streaming_agent.local.api_gateway.web_acl import WebAcl, read_web_acl
from streaming_agent.local.messages import Request
from streaming_agent.local.values import LocalValues
from streaming_agent.template import Refusal, TemplateSet

SINGLE_ARGUMENT = {"SingleQueryArgument": {"Name": "qualifier"}}


class StoppedClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


def web_acl(*rules: dict[str, Any], default: str = "Allow", clock: Any = None) -> WebAcl:
    acl = {"DefaultAction": {default: {}}, "Rules": [{"Priority": index, **rule} for index, rule in enumerate(rules)]}
    templates = TemplateSet.of(
        {
            "Chat": {
                "Resources": {
                    "Acl": {"Type": "AWS::WAFv2::WebACL", "Properties": acl},
                    "Association": {
                        "Type": "AWS::WAFv2::WebACLAssociation",
                        "Properties": {"ResourceArn": "stage", "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]}},
                    },
                }
            }
        }
    )
    return read_web_acl(LocalValues(templates.view()), "stage", clock or StoppedClock())


def matching(kind: str, field: dict[str, Any], transformation: str = "NONE", **how: Any) -> dict[str, Any]:
    return {kind: {"FieldToMatch": field, "TextTransformations": [{"Priority": 0, "Type": transformation}], **how}}


def blocking(statement: dict[str, Any], name: str = "Rule") -> dict[str, Any]:
    return {"Name": name, "Action": {"Block": {}}, "Statement": statement}


def get(query: str = "", source_ip: str = "10.0.0.1") -> Request:
    return Request(method="POST", path="/prod/invocations", query=query, source_ip=source_ip)


@pytest.mark.parametrize(
    "statement",
    [
        matching("RegexMatchStatement", {"QueryString": {}}, "URL_DECODE", RegexString="(^|&)qualifier(=|&|$)"),
        matching("SizeConstraintStatement", SINGLE_ARGUMENT, ComparisonOperator="GE", Size=0),
        matching(
            "ByteMatchStatement",
            {"AllQueryArguments": {}},
            "LOWERCASE",
            PositionalConstraint="EXACTLY",
            SearchString="qualifier",
        ),
    ],
    ids=["regex", "size", "bytes"],
)
def test_a_query_argument_can_be_blocked_in_the_ways_that_waf_has(statement: dict[str, Any]) -> None:
    rules = web_acl(blocking(statement))

    assert rules.blocking_rule(get("qualifier=x")) == "Rule"
    assert rules.blocking_rule(get("%71ualifier=x")) == "Rule"
    assert rules.blocking_rule(get("other=x")) is None


def test_statements_combine() -> None:
    has_a, has_b = (
        matching("ByteMatchStatement", {"QueryString": {}}, PositionalConstraint="CONTAINS", SearchString=letter)
        for letter in "ab"
    )
    both_or_none = {
        "OrStatement": {
            "Statements": [
                {"AndStatement": {"Statements": [has_a, has_b]}},
                {"NotStatement": {"Statement": {"OrStatement": {"Statements": [has_a, has_b]}}}},
            ]
        }
    }
    rules = web_acl(blocking(both_or_none))

    assert [rules.blocking_rule(get(query)) for query in ("ab", "a", "b", "")] == ["Rule", None, None, "Rule"]


def test_an_allowing_rule_ends_the_search_and_the_default_may_block() -> None:
    admin = matching("ByteMatchStatement", {"QueryString": {}}, PositionalConstraint="EXACTLY", SearchString="admin")
    rules = web_acl({"Name": "Admin", "Action": {"Allow": {}}, "Statement": admin}, default="Block")

    assert rules.blocking_rule(get("admin")) is None
    assert rules.blocking_rule(get()) == "DefaultAction"


def test_an_address_is_blocked_while_it_has_sent_more_than_its_rate() -> None:
    clock = StoppedClock()
    per_ip = {"RateBasedStatement": {"AggregateKeyType": "IP", "Limit": 10}}
    rules = web_acl(blocking(per_ip, "LimitPerIp"), clock=clock)

    assert [rules.blocking_rule(get()) for _ in range(11)] == [None] * 10 + ["LimitPerIp"]
    assert rules.blocking_rule(get(source_ip="10.0.0.2")) is None
    clock.seconds = 301
    assert rules.blocking_rule(get()) is None


def test_rules_that_need_awss_lists_are_named_and_let_everything_through() -> None:
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    rules = web_acl({"Name": "Common", "OverrideAction": {"None": {}}, "Statement": group})

    assert rules.blocking_rule(get()) is None
    assert rules.not_modelled == ["Common"]


def test_a_comparison_that_waf_does_not_have_is_named_and_lets_everything_through() -> None:
    rules = web_acl(
        blocking(matching("SizeConstraintStatement", {"QueryString": {}}, ComparisonOperator="GTE", Size=0), "Long")
    )

    assert rules.blocking_rule(get("a=b")) is None
    assert rules.not_modelled == ["Long"]


@pytest.mark.parametrize(
    "statement",
    [
        matching("SizeConstraintStatement", {"QueryString": {}}, "URL_DECODE_UNI", ComparisonOperator="GT", Size=2),
        matching("RegexMatchStatement", {"QueryString": {}}, "URL_DECODE_UNI", RegexString="^.{1,3}$"),
    ],
    ids=["size", "regex"],
)
def test_a_query_that_decodes_to_half_a_character_is_looked_at_too(statement: dict[str, Any]) -> None:
    assert web_acl(blocking(statement)).blocking_rule(get("%ud800")) == "Rule"


def test_a_bucket_lets_a_burst_through_and_then_its_rate() -> None:
    clock = StoppedClock()
    bucket = TokenBucket(2, 3, clock)  # type: ignore[arg-type]

    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.seconds = 1.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "([a-z]+)*!", "(.*)*x$"])
def test_a_pattern_that_explodes_is_bounded_in_time(pattern: str, caplog: pytest.LogCaptureFixture) -> None:
    rules = web_acl(blocking(matching("RegexMatchStatement", {"QueryString": {}}, RegexString=pattern)))

    began = time.process_time()
    rules.blocking_rule(get("a" * 5000 + "b"))
    assert time.process_time() - began < 2


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?<name>a)(?<name", "a" * 5000])
def test_a_rule_whose_pattern_cannot_be_read_is_named_and_lets_everything_through(pattern: str) -> None:
    rules = web_acl(blocking(matching("RegexMatchStatement", {"QueryString": {}}, RegexString=pattern), "Odd"))

    assert rules.not_modelled == ["Odd"]
    assert rules.blocking_rule(get("a")) is None


def test_statements_nested_without_end_are_not_followed() -> None:
    statement: dict[str, Any] = matching(
        "SizeConstraintStatement", {"QueryString": {}}, ComparisonOperator="GE", Size=0
    )
    for _ in range(30):
        statement = {"NotStatement": {"Statement": statement}}

    assert web_acl(blocking(statement, "Deep")).not_modelled == ["Deep"]


def test_a_rule_of_another_shape_is_refused_with_its_place() -> None:
    with pytest.raises(
        Refusal, match=r"Acl.Rules.0.Statement.RegexMatchStatement.RegexString: expected a text, got a list"
    ):
        web_acl(blocking(matching("RegexMatchStatement", {"QueryString": {}}, RegexString=["a"])))


def test_a_search_string_may_be_written_in_base64() -> None:
    how = {"PositionalConstraint": "EXACTLY", "SearchStringBase64": "cXVhbGlmaWVy"}
    acl = web_acl(blocking(matching("ByteMatchStatement", {"AllQueryArguments": {}}, **how)))

    assert acl.blocking_rule(get("qualifier=1")) == "Rule"
    assert acl.blocking_rule(get("cXVhbGlmaWVy=1")) is None


def test_a_search_string_that_is_no_base64_is_refused_with_its_place() -> None:
    how = {"PositionalConstraint": "EXACTLY", "SearchStringBase64": "no base64!"}

    with pytest.raises(Refusal, match=r"ByteMatchStatement\.SearchStringBase64: expected a text in base64, .*SAL016"):
        web_acl(blocking(matching("ByteMatchStatement", {"AllQueryArguments": {}}, **how)))


def test_bytes_that_are_no_text_cost_their_own_rule_alone() -> None:
    how = {"PositionalConstraint": "EXACTLY", "SearchStringBase64": "/w=="}

    assert web_acl(blocking(matching("ByteMatchStatement", {"Body": {}}, **how))).not_modelled == ["Rule"]
