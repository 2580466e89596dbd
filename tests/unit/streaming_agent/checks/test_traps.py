"""What a naive checker calls wrong and is right: nothing is found, or only that it cannot be told."""

import json
from typing import Any

import pytest
from streaming_agent.checks.engine import check_templates
from streaming_agent.checks.finding import Finding
from streaming_agent.template import TemplateSet

from .mutations import GONE, LAMBDA, RUNTIMES, body, right, sub, templates

Change = dict[str, Any]
BUFFERED = f"{LAMBDA}/2015-03-31/functions/${{Ask.Arn}}/invocations"
SAFE_API = "https://chat-abcdefghij.gateway.bedrock-agentcore.eu-west-1.amazonaws.com/mcp"


def found(base: str, change: Change) -> list[Finding]:
    return check_templates(templates(right("", "", base, change)))


@pytest.mark.parametrize(
    ("what", "base", "change"),
    [
        ("a preflight with a request template and no authorizer", "runtime", {"Preflight/ApiKeyRequired": False}),
        (
            "a buffered route beside, to the same function",
            "function",
            {
                "List": {
                    "Type": "AWS::ApiGateway::Method",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "ResourceId": "abc",
                        "HttpMethod": "POST",
                        "AuthorizationType": "NONE",
                        "Integration": {"Type": "AWS_PROXY", "Uri": sub(BUFFERED)},
                    },
                }
            },
        ),
        (
            "a query and a path by mapping",
            "runtime",
            {
                "Ask/Integration/Uri": sub(f"{RUNTIMES}/${{Agent.AgentRuntimeId}}/invocations"),
                "Ask/Integration/RequestParameters/integration.request.querystring.accountId": "context.accountId",
                "Ask/Integration/RequestParameters/integration.request.querystring.qualifier": "'DEFAULT'",
            },
        ),
        (
            "InvokeWithResponseStream beside InvokeFunction",
            "function",
            {
                "Too": {
                    "Type": "AWS::Lambda::Permission",
                    "Properties": {
                        "FunctionName": {"Fn::GetAtt": ["Ask", "Arn"]},
                        "Action": "lambda:InvokeWithResponseStream",
                        "Principal": "apigateway.amazonaws.com",
                    },
                }
            },
        ),
        (
            "credentials in the place of a permission",
            "function",
            {"MayAsk": GONE, "Send/Integration/Credentials": "arn:aws:iam::*:user/*"},
        ),
        ("a runtime that takes IAM", "function", {"Agent/Description": "called by a function"}),
        (
            "an authorizer function: nothing on the kind of tokens",
            "runtime",
            {
                "Ask/AuthorizationType": "CUSTOM",
                "Callers/Type": "TOKEN",
                "Callers/ProviderARNs": GONE,
                "Agent/AuthorizerConfiguration/CustomJWTAuthorizer/AllowedClients": [{"Ref": "Web"}],
            },
        ),
        ("a short stream", "function", {"Send/Integration/TimeoutInMillis": 60000, "Ask/Timeout": 60}),
        ("an HTTP API without an agent", "function", {"DataRoute/RouteKey": "ANY /{proxy+}"}),
        (
            "AgentCore's own gateway",
            "function",
            {
                "Tools": {
                    "Type": "AWS::ApiGateway::Method",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "ResourceId": "abc",
                        "HttpMethod": "PUT",
                        "AuthorizationType": "NONE",
                        "Integration": {"Type": "HTTP_PROXY", "Uri": SAFE_API},
                    },
                }
            },
        ),
        (
            "a balancer that only redirects",
            "function",
            {
                "Balancer/LoadBalancerAttributes": [],
                "Secure/DefaultActions": [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}],
            },
        ),
        ("a name from Sub", "runtime", {"Agent/AgentRuntimeName": sub("agent_${AWS::StackName}")}),
        (
            "compression and cache for the pages",
            "function",
            {"Site/DistributionConfig/DefaultCacheBehavior/Compress": True},
        ),
        ("compression of the stream", "function", {"Site/DistributionConfig/CacheBehaviors/1/Compress": True}),
        (
            "a VPC link with http",
            "runtime",
            {
                "Inner": {
                    "Type": "AWS::ApiGateway::Method",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "ResourceId": "abc",
                        "HttpMethod": "POST",
                        "AuthorizationType": "CUSTOM",
                        "AuthorizerId": {"Ref": "Callers"},
                        "Integration": {
                            "Type": "HTTP_PROXY",
                            "ConnectionType": "VPC_LINK",
                            "ResponseTransferMode": "STREAM",
                            "TimeoutInMillis": 300000,
                            "Uri": "http://inner.example.org/chat",
                        },
                    },
                },
                "Deployment4b1d77e0a925/DependsOn": ["Ask", "Preflight", "Inner"],
            },
        ),
        (
            "another action of AgentCore",
            "runtime",
            {
                "Stop": {
                    "Type": "AWS::ApiGateway::Method",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "ResourceId": "abc",
                        "HttpMethod": "POST",
                        "AuthorizationType": "COGNITO_USER_POOLS",
                        "AuthorizerId": {"Ref": "Callers"},
                        "Integration": {
                            "Type": "HTTP_PROXY",
                            "Uri": sub(f"{RUNTIMES}/${{Agent.AgentRuntimeId}}/stopruntimesession?qualifier=DEFAULT"),
                        },
                    },
                }
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_it_is_right(what: str, base: str, change: Change) -> None:
    assert [(finding.rule.name, finding.message) for finding in found(base, change)] == []


def test_a_route_for_senders_that_sign_cannot_be_told() -> None:
    changed = {
        "Hook": {
            "Type": "AWS::ApiGateway::Resource",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "PathPart": "slack",
            },
        },
        "Send/ResourceId": {"Ref": "Hook"},
        "Send/AuthorizationType": "NONE",
    }
    (finding,) = [finding for finding in found("function", changed) if finding.rule.name == "open"]
    assert finding.undecided


def test_of_two_stages_the_one_without_protection_is_named() -> None:
    changed = {
        "Test": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "StageName": "test",
                "AccessLogSetting": {
                    "DestinationArn": "arn",
                    "Format": "$context.integration.responseTransferMode $context.integration.timeToFirstContent",
                },
            },
        }
    }
    findings = found("runtime", changed)
    assert {finding.rule.name for finding in findings} == {"no-throttle", "no-waf", "no-caller-limit"}
    assert {finding.place.resource for finding in findings} == {"Test"}
    assert not any(finding.undecided for finding in findings)


def conditional(*resources: str, association: str | None = None) -> TemplateSet:
    changed = body(right("", "", "runtime", {}))
    changed["Parameters"] = {"Kind": {"Type": "String"}}
    changed["Conditions"] = {"Live": {"Fn::Equals": [{"Ref": "Kind"}, "live"]}}
    for name in resources:
        changed["Resources"][name]["Condition"] = "Live"
    if association:
        changed["Resources"][association]["Condition"] = "Live"
    return TemplateSet.of({"Chat": changed})


def test_a_web_acl_on_the_same_condition_as_its_stage_is_right() -> None:
    assert [finding for finding in check_templates(conditional("Live", "OnLive")) if not finding.undecided] == []


def test_a_web_acl_on_a_condition_of_its_own_cannot_be_told() -> None:
    findings = check_templates(conditional(association="OnLive"))
    (waf,) = [finding for finding in findings if finding.rule.name == "no-waf"]

    assert waf.undecided
    assert "only if parameter Kind is another value" in waf.message


def test_what_is_wrong_whenever_it_exists_is_found() -> None:
    templates_ = conditional("Ask")
    broken = dict(templates_.stacks[0].body)
    broken["Resources"]["Ask"]["Properties"]["Integration"]["TimeoutInMillis"] = 960000
    findings = [
        finding for finding in check_templates(TemplateSet.of({"Chat": broken})) if finding.rule.name == "timeout-range"
    ]

    assert [finding.undecided for finding in findings] == [False]


def test_what_a_macro_may_add_is_not_called_missing() -> None:
    changed = body(right("", "", "runtime", {"OnLive": GONE, "OnlyAsk": GONE}))
    changed["Transform"] = ["Company::Firewall"]
    findings = check_templates(TemplateSet.of({"Chat": changed}))

    assert {"no-waf", "shell-open"} <= {finding.rule.name for finding in findings}
    assert all(finding.undecided for finding in findings)
    assert all("unless Company::Firewall adds it" in finding.message for finding in findings)


def test_routes_of_a_loop_are_routes() -> None:
    changed = body(right("", "", "runtime", {"Ask/Integration/TimeoutInMillis": GONE}))
    ask = changed["Resources"].pop("Ask")
    ask["Properties"]["HttpMethod"] = {"Fn::Sub": "${Verb}"}
    changed["Transform"] = "AWS::LanguageExtensions"
    changed["Resources"]["Fn::ForEach::Verbs"] = ["Verb", ["POST", "PUT"], {"Ask${Verb}": ask}]
    changed["Resources"]["Deployment4b1d77e0a925"]["DependsOn"] = ["AskPOST", "AskPUT"]
    findings = check_templates(TemplateSet.of({"Chat": changed}))

    assert {(finding.rule.name, finding.place.resource) for finding in findings} == {
        ("stream-timeout-missing", "AskPOST"),
        ("stream-timeout-missing", "AskPUT"),
    }


def test_a_loop_over_what_is_not_known_may_add_anything() -> None:
    changed = body(right("", "", "runtime", {"OnLive": GONE}))
    changed["Parameters"] = {"Names": {"Type": "CommaDelimitedList"}}
    changed["Resources"]["Fn::ForEach::Firewalls"] = ["Name", {"Ref": "Names"}, {"${Name}": {"Type": "X"}}]
    (waf,) = [one for one in check_templates(TemplateSet.of({"Chat": changed})) if one.rule.name == "no-waf"]
    assert waf.undecided


def test_loops_in_loops_end() -> None:
    inner: Any = {"${A}": {"Type": "X"}}
    for name in "ABCDEF":
        inner = {f"Fn::ForEach::{name}": [name, [str(number) for number in range(200)], inner]}
    templates_ = TemplateSet.of({"Chat": {"Resources": inner}})
    assert templates_.stacks[0].opaque == ["Fn::ForEach::F"]


def test_a_stage_that_a_deployment_describes_has_its_settings() -> None:
    described = {
        "StageName": "test",
        "RestApiId": {"Ref": "Api"},
        "StageDescription": {
            "ThrottlingRateLimit": 5,
            "ThrottlingBurstLimit": 5,
            "DataTraceEnabled": True,
            "AccessLogSetting": {
                "DestinationArn": "arn",
                "Format": "$context.integration.responseTransferMode $context.integration.timeToFirstContent",
            },
        },
    }
    deployment = {"Type": "AWS::ApiGateway::Deployment", "DependsOn": ["Ask", "Preflight"], "Properties": described}
    findings = found("runtime", {"Deployment77": deployment, "Live": GONE, "OnLive": GONE})
    names = {finding.rule.name: finding.place.property for finding in findings}

    assert names["data-trace"] == "StageDescription.DataTraceEnabled"
    assert not {"no-throttle", "no-log", "elsewhere"} & set(names)


def test_what_a_transform_of_the_whole_template_may_add_is_not_called_missing() -> None:
    changed = body(right("", "", "runtime", {"OnLive": GONE}))
    changed["Transform"] = {"Name": "AWS::Include", "Parameters": {"Location": "s3://parts/waf.yaml"}}
    findings = check_templates(TemplateSet.of({"Chat": changed}))

    assert "no-waf" in {finding.rule.name for finding in findings}
    assert all(finding.undecided for finding in findings)


def test_a_usage_plan_of_sam_limits_callers() -> None:
    text = """
    {"Transform": "AWS::Serverless-2016-10-31", "Resources": {
      "Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "live", "EndpointConfiguration": "REGIONAL",
        "Auth": {"DefaultAuthorizer": "AWS_IAM", "ApiKeyRequired": true,
                 "UsagePlan": {"CreateUsagePlan": "PER_API", "Throttle": {"RateLimit": 5, "BurstLimit": 5}}}}},
      "Ask": {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "nodejs22.x", "Timeout": 300, "Events": {
        "Post": {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, "Path": "/ask", "Method": "post",
                 "ResponseTransferMode": "STREAM", "TimeoutInMillis": 300000}}}}}}}
    """
    names = {finding.rule.name for finding in check_templates(TemplateSet.of({"Chat": json.loads(text)}))}
    assert names == {"no-waf", "no-log"}
