"""What SAM makes of a template: preflights, default authorizers and keys, events beside a document.

The expected values are those of the translated template, as aws-sam-translator 1.115 writes it.
"""

from pathlib import Path

import pytest
from streaming_agent.template import Route, TemplateSet, apis

AUTH = """\
DefaultAuthorizer: People
        Authorizers:
          People: {UserPoolArn: !GetAtt Pool.Arn, AuthorizationScopes: [shop/ask]}
          Staff: {UserPoolArn: !GetAtt StaffPool.Arn}
"""
BODY = """\
      DefinitionBody:
        openapi: 3.0.1
        paths:
          /ask:
            post:
              security: SECURITY
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: "https://x.example.com"}
"""
EVENTS = """\
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: get}}
        Any: {Type: Api, Properties: {RestApiId: !Ref Api, Path: "/files/{proxy+}", Method: any}}
"""


def template(*, auth: str = AUTH, cors: str = "", security: str | None = "[]", more: str = "") -> str:
    return (
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Pool: {Type: AWS::Cognito::UserPool}\n"
        "  StaffPool: {Type: AWS::Cognito::UserPool}\n"
        "  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: v1\n"
        + (f"      Auth:\n        {auth}" if auth else "")
        + (f"      Cors: {cors}\n" if cors else "")
        + (BODY.replace("SECURITY", security) if security is not None else "")
        + more
    )


@pytest.fixture
def routes(tmp_path: Path):  # type: ignore[no-untyped-def]
    def read(text: str) -> dict[str, Route]:
        (tmp_path / "template.yaml").write_text(text)
        (api,) = apis(TemplateSet.read(tmp_path / "template.yaml").view())
        return {route.label: route for route in api.routes}

    return read


def preflight_headers(route: Route) -> dict[str, str]:
    parameters = route.integration.responses["default"]["responseParameters"]
    return {name.removeprefix("method.response.header."): value for name, value in parameters.items()}


def test_cors_makes_a_preflight_on_each_path_that_has_none(routes) -> None:  # type: ignore[no-untyped-def]
    found = routes(template(cors="\"'*'\"", security=None, more=EVENTS))

    assert set(found) == {"GET /orders", "OPTIONS /orders", "ANY /files/{proxy+}", "OPTIONS /files/{proxy+}"}
    assert preflight_headers(found["OPTIONS /orders"]) == {
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Allow-Methods": "'GET,OPTIONS'",
    }
    every = preflight_headers(found["OPTIONS /files/{proxy+}"])["Access-Control-Allow-Methods"]
    assert every == "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'"


def test_a_method_resource_of_the_same_api_has_no_preflight(routes) -> None:  # type: ignore[no-untyped-def]
    method = (
        "  Ask: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api,"
        " ParentId: !GetAtt Api.RootResourceId, PathPart: ask}}\n"
        "  Post: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Ask,"
        " HttpMethod: POST}}\n"
    )

    assert set(routes(template(cors="\"'*'\"", security=None, more=method))) == {"POST /ask"}


def test_cors_may_say_more_than_the_origin(routes) -> None:  # type: ignore[no-untyped-def]
    cors = (
        "{AllowOrigin: \"'https://a.example'\", AllowHeaders: \"'Authorization'\", AllowMethods: \"'POST'\","
        " MaxAge: \"'600'\", AllowCredentials: true}"
    )
    found = routes(template(cors=cors))

    assert preflight_headers(found["OPTIONS /ask"]) == {
        "Access-Control-Allow-Origin": "'https://a.example'",
        "Access-Control-Allow-Headers": "'Authorization'",
        "Access-Control-Allow-Methods": "'POST'",
        "Access-Control-Max-Age": "'600'",
        "Access-Control-Allow-Credentials": "'true'",
    }


def test_cors_of_globals_counts_and_a_preflight_of_ones_own_stays(routes) -> None:  # type: ignore[no-untyped-def]
    own = "            options:\n              x-amazon-apigateway-integration: {type: mock}\n"
    text = template(more=own).replace("Resources:", "Globals: {Api: {Cors: \"'*'\"}}\nResources:", 1)
    found = routes(text)

    assert set(found) == {"POST /ask", "OPTIONS /ask"}
    assert found["OPTIONS /ask"].integration.responses is None


@pytest.mark.parametrize(
    ("more", "kind"),
    [("", "COGNITO_USER_POOLS"), ("        AddDefaultAuthorizerToCorsPreflight: false\n", "NONE")],
)
def test_a_preflight_asks_for_the_default_authorizers_token_unless_that_is_denied(  # type: ignore[no-untyped-def]
    routes, more: str, kind: str
) -> None:
    found = routes(template(auth=AUTH + more, cors="\"'*'\""))

    assert found["OPTIONS /ask"].authorization.kind == kind
    assert found["POST /ask"].authorization.kind == "COGNITO_USER_POOLS"


@pytest.mark.parametrize(
    ("security", "kind", "name", "scopes"),
    [
        ("[]", "COGNITO_USER_POOLS", "People", ("shop/ask",)),
        ("[{Staff: [shop/pack]}]", "COGNITO_USER_POOLS", "Staff", ("shop/pack",)),
        ("[{NONE: []}]", "NONE", None, ()),
        ("[{AWS_IAM: []}]", "AWS_IAM", None, ()),
    ],
)
def test_an_operation_names_sams_authorizers(  # type: ignore[no-untyped-def]
    routes, security: str, kind: str, name: str | None, scopes: tuple[str, ...]
) -> None:
    authorization = routes(template(security=security))["POST /ask"].authorization

    assert (authorization.kind, authorization.scopes) == (kind, scopes)
    assert (authorization.authorizer.name if authorization.authorizer else None) == name


def test_the_documents_own_security_stands_behind_sams_default(routes) -> None:  # type: ignore[no-untyped-def]
    text = (
        template()
        .replace("              security: []\n", "")
        .replace("        paths:", "        security: [{Staff: []}]\n        paths:")
    )
    without_default = text.replace("DefaultAuthorizer: People\n        ", "")
    names = [routes(one)["POST /ask"].authorization.authorizer.name for one in (text, without_default)]

    assert names == ["People", "Staff"]


@pytest.mark.parametrize("more", ["", "        AddApiKeyRequiredToCorsPreflight: false\n"])
def test_a_key_is_asked_for_on_every_route_of_the_document(routes, more: str) -> None:  # type: ignore[no-untyped-def]
    found = routes(template(auth="ApiKeyRequired: true\n" + more, cors="\"'*'\""))

    assert found["POST /ask"].api_key_required is True
    assert bool(found["OPTIONS /ask"].api_key_required) is (not more)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [("", {"POST /ask"}), ("      MergeDefinitions: true\n", {"POST /ask", "GET /orders", "ANY /files/{proxy+}"})],
)
def test_an_event_is_no_route_beside_a_document_that_is_not_merged(  # type: ignore[no-untyped-def]
    routes, more: str, wanted: set[str]
) -> None:
    assert set(routes(template(more=more + EVENTS))) == wanted


def test_a_key_that_begins_like_a_function_is_none_and_is_merged_with_the_globals() -> None:
    own = {"Environment": {"Variables": {"RefreshInterval": 1}}}
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"Environment": {"Variables": {"TABLE": "orders"}}}},
        "Resources": {"Ask": {"Type": "AWS::Serverless::Function", "Properties": own}},
    }
    (ask,) = TemplateSet.of({"Chat": body}).view().resources("AWS::Serverless::Function")

    assert ask.get("Environment", "Variables") == {"TABLE": "orders", "RefreshInterval": 1}
