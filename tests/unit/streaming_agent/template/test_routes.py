"""One model of an API's routes, whichever way they are written down."""
# ruff: noqa: E501 (templates in YAML)

from pathlib import Path

import pytest
from streaming_agent.template import Route, TemplateSet, apis

METHOD = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: chat}}
  Chat: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: ask}}
  People: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt Pool.Arn]}}
  Ask:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Chat
      HttpMethod: POST
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref People
      AuthorizationScopes: [chat/send]
      Integration: {Type: AWS_PROXY, ResponseTransferMode: STREAM, TimeoutInMillis: 300000, Uri: !Sub "x/${Ask.Arn}/y"}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live}}
"""

BODY = """\
  /ask:
    post:
      security: [{people: [chat/send]}]
      x-amazon-apigateway-integration: {type: aws_proxy, responseTransferMode: STREAM, timeoutInMillis: 300000, uri: {"Fn::Sub": "x/${Ask.Arn}/y"}}
"""
SCHEMES = """\
people: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: cognito_user_pools,
         x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ["arn"]}}
"""


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


OPENAPI = (
    "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n        openapi: '3.0.1'\n"
    "        components:\n          securitySchemes:\n"
    + indented(SCHEMES, 12)
    + "        paths:\n"
    + indented(BODY, 8)
    + "  Stage: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: live}}\n"
)
INCLUDED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      DefinitionBody:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}
"""
URI = INCLUDED.replace(
    "      DefinitionBody:\n        Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}\n",
    "      DefinitionUri: api.yaml\n",
)
EVENT = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Api:
    Auth: {DefaultAuthorizer: People, Authorizers: {People: {UserPoolArn: arn, AuthorizationScopes: [chat/send]}}}
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Chat: {Type: Api, Properties: {Path: /ask, Method: post, ResponseTransferMode: STREAM, TimeoutInMillis: 300000}}
"""
FILE = "swagger: '2.0'\nsecurityDefinitions:\n" + indented(SCHEMES, 2) + "paths:\n" + BODY


SAMS_WORD = EVENT.replace("Mode: STREAM", "Mode: RESPONSE_STREAM")


@pytest.fixture(
    params=[METHOD, OPENAPI, INCLUDED, URI, EVENT, SAMS_WORD],
    ids=["method", "openapi", "include", "uri", "event", "event in SAM's word"],
)
def route(request: pytest.FixtureRequest, tmp_path: Path) -> Route:
    (tmp_path / "api.yaml").write_text(FILE)
    (tmp_path / "template.yaml").write_text(request.param)
    (api,) = apis(TemplateSet.read(tmp_path / "template.yaml").view())
    assert [stage.name for stage in api.stages] in (["live"], ["Prod"])
    (found,) = api.routes
    return found


def test_a_route_is_the_same_in_every_spelling(route: Route) -> None:
    assert (route.method, route.url_path, route.label) == ("POST", "/ask", "POST /ask")
    assert (route.integration.type, route.integration.mode, route.integration.timeout_ms) == (
        "AWS_PROXY",
        "STREAM",
        300000,
    )
    assert route.authorization.kind == "COGNITO_USER_POOLS"
    assert route.authorization.scopes == ("chat/send",)
    assert route.authorization.authorizer is not None
    assert route.authorization.authorizer.kind == "COGNITO_USER_POOLS"


def test_the_place_of_a_property_is_a_line_of_the_template(route: Route) -> None:
    line = route.resource.line(*route.place("timeout_ms", "integration"))
    text = (route.resource.stack.path or Path()).read_text().splitlines()[line - 1]
    assert "timeoutInMillis" in text or "TimeoutInMillis" in text or "Integration" in text or "Definition" in text


def test_routes_that_are_not_in_the_template_are_said_to_be_unknown(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(INCLUDED.replace("api.yaml", "s3://bucket/api.yaml"))
    (api,) = apis(TemplateSet.read(tmp_path / "template.yaml").view())

    assert api.routes == []
    assert [unknown.why for unknown in api.unknown_routes] == [
        "s3://bucket/api.yaml is included when the stack is deployed: give it as a file"
    ]


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(
        "paths:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}\n"
    )
    (tmp_path / "template.yaml").write_text(INCLUDED)
    (api,) = apis(TemplateSet.read(tmp_path / "template.yaml").view())
    assert api.routes == []
