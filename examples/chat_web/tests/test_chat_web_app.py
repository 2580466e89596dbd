"""The stack that publishes the page: a private bucket, safe headers, and a config.json of the stack's own values."""

import importlib
import json
import sys
from pathlib import Path

import pytest
from aws_cdk import App
from aws_cdk.assertions import Match, Template

EXAMPLE = Path(__file__).parents[1]


def template_of(**context: str) -> Template:
    # examples have an app.py each: this one, not another's
    sys.path.insert(0, str(EXAMPLE))
    try:
        sys.modules.pop("app", None)
        example = importlib.import_module("app")
    finally:
        sys.path.remove(str(EXAMPLE))
        sys.modules.pop("app", None)
    return Template.from_stack(example.chat_stack(App(context={"aws:cdk:bundling-stacks": [], **context})))


@pytest.fixture(scope="module")
def template() -> Template:
    return template_of()


def test_the_bucket_is_private_and_read_through_cloudfront_alone(template: Template) -> None:
    template.has_resource_properties(
        "AWS::S3::Bucket", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True}}
    )
    template.resource_count_is("AWS::CloudFront::OriginAccessControl", 1)


def test_the_page_may_call_the_api_and_the_sign_in_and_nothing_else(template: Template) -> None:
    (policy,) = template.find_resources("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    said = json.dumps(headers["ContentSecurityPolicy"])
    assert "default-src 'none'; script-src 'self'" in said
    assert ".execute-api." in said
    assert ".amazoncognito.com" in said
    assert set(headers) >= {"ContentTypeOptions", "FrameOptions", "ReferrerPolicy", "StrictTransportSecurity"}


def test_the_page_alone_may_ask_and_sign_in(template: Template) -> None:
    page = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [Match.any_value(), "DomainName"]}]]}
    with_slash = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [Match.any_value(), "DomainName"]}, "/"]]}

    template.has_resource_properties(
        "AWS::Cognito::UserPoolClient", {"CallbackURLs": [with_slash], "LogoutURLs": [with_slash]}
    )
    template.has_resource_properties(
        "AWS::BedrockAgentCore::Runtime",
        {"EnvironmentVariables": {"CORS_ALLOW_ORIGINS": page}},
    )


def test_config_json_is_written_with_the_stacks_values(template: Template) -> None:
    (files,) = template.find_resources("Custom::CDKBucketDeployment").values()

    assert len(files["Properties"]["SourceObjectKeys"]) == 2
    assert any("execute-api" in json.dumps(value) for value in files["Properties"]["SourceMarkers"][1].values())


def test_a_local_run_names_its_own_page(template: Template) -> None:
    local = template_of(**{"streaming-agent:web-origin": "http://localhost:8000"})

    local.has_resource_properties("AWS::Cognito::UserPoolClient", {"CallbackURLs": ["http://localhost:8000/"]})
    local.has_resource_properties(
        "AWS::BedrockAgentCore::Runtime", {"EnvironmentVariables": {"CORS_ALLOW_ORIGINS": "http://localhost:8000"}}
    )
