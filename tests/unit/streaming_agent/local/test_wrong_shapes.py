"""A template with any value of it replaced by one of another kind: it runs, or one sentence says what is wrong."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.clock import Clock
from streaming_agent.local.deployment import read_deployment
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.template import Refusal, TemplateSet

from tests.unit.streaming_agent.local.apps import URI, resource
from tests.unit.streaming_agent.local.apps import template as with_resources

EXAMPLES = Path(__file__).parents[4] / "examples"
NUMBER = 120
OTHERS: list[Any] = [
    *(5, -1, True, None, "", "x", [], [5], [[]], {}, {"a": 1}),
    *({"Ref": "AWS::NoValue"}, {"Ref": 5}, {"Fn::GetAtt": "x"}, {"Fn::Join": ["", []]}, {"Fn::If": ["x", 1, 2]}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in the JSON."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def replaced(body: Any, path: tuple[Any, ...], other: Any) -> Any:
    changed = copy.deepcopy(body)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = other
    return changed


@pytest.fixture(scope="module", params=["production", "oidc_provider"])
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    """An example's template, as its snapshot has it."""
    folder = EXAMPLES / request.param / "tests" / "__snapshots__" / f"test_{request.param}"
    (file,) = folder.glob("*template*.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_a_value_of_another_kind_runs_or_gives_one_sentence(template: dict[str, Any]) -> None:
    random_ = random.Random(1)
    paths = [path for path in places(template) if path and path[0] in ("Resources", "Parameters", "Mappings")]
    refused: dict[str, str] = {}
    for path in random_.sample(paths, NUMBER):
        changed = replaced(template, path, random_.choice(OTHERS))
        try:
            read_deployment(TemplateSet.of({"Chat": changed}), LocalOptions(), Clock())
        except Refusal as refusal:
            refused[str(refusal)] = refusal.code
    assert "SAL016" in refused.values()
    assert not [sentence for sentence in refused if "\n" in sentence]


def test_a_fault_of_ours_is_no_mistake_of_the_users(template: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def misspelt(self: Any, resource: Any) -> str:
        return str(resource.identitty)

    monkeypatch.setattr("streaming_agent.local.values.LocalValues.ref", misspelt)
    with pytest.raises(AttributeError, match="identitty"):
        read_deployment(TemplateSet.of({"Chat": template}), LocalOptions(), Clock())


FUNCTION = resource("AWS::Lambda::Function", Handler="index.handler", Runtime="python3.13", Code={"ZipFile": "pass"})
INVOKED = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"


def protected() -> dict[str, Any]:
    """An API with one route, and everything that decides what it takes and who may call it."""
    body = with_resources(
        Authorizer=resource(
            "AWS::ApiGateway::Authorizer",
            RestApiId={"Ref": "Api"},
            Type="COGNITO_USER_POOLS",
            Name="people",
            IdentitySource="method.request.header.Authorization",
            IdentityValidationExpression=".*",
            ProviderARNs=[{"Fn::GetAtt": ["Pool", "Arn"]}],
        ),
        Refused=resource(
            "AWS::ApiGateway::GatewayResponse",
            RestApiId={"Ref": "Api"},
            ResponseType="DEFAULT_4XX",
            StatusCode="400",
            ResponseParameters={"gatewayresponse.header.X-A": "'*'"},
            ResponseTemplates={"application/json": "{}"},
        ),
    )
    ask = body["Resources"]["Ask"]["Properties"]
    ask.update(AuthorizationType="COGNITO_USER_POOLS", AuthorizerId={"Ref": "Authorizer"}, ApiKeyRequired=False)
    ask.update(AuthorizationScopes=["chat/ask"], RequestParameters={"method.request.header.X": True})
    ask["Integration"]["RequestParameters"] = {"integration.request.header.X": "method.request.header.X"}
    return body


def asked_by_a_function() -> dict[str, Any]:
    body = protected()
    body["Resources"]["Function"] = FUNCTION
    body["Resources"]["Authorizer"]["Properties"].update(
        Type="TOKEN", AuthorizerUri={"Fn::Sub": INVOKED}, AuthorizerResultTtlInSeconds=60
    )
    body["Resources"]["Ask"]["Properties"]["AuthorizationType"] = "CUSTOM"
    return body


WRONG_SHAPES: list[tuple[str, Any]] = [
    ("Invocations.PathPart", ["x"]),
    ("Ask.HttpMethod", ["POST"]),
    ("Ask.AuthorizationType", ["COGNITO_USER_POOLS"]),
    ("Ask.AuthorizationScopes.0", ["chat/ask"]),
    ("Ask.AuthorizationScopes", "chat/ask"),
    ("Ask.ApiKeyRequired", [True]),
    ("Ask.RequestParameters|method.request.header.X", ["true"]),
    ("Ask.Integration.Type", ["HTTP_PROXY"]),
    ("Ask.Integration.ResponseTransferMode", ["STREAM"]),
    ("Ask.Integration.TimeoutInMillis", ["9"]),
    ("Ask.Integration.IntegrationHttpMethod", ["POST"]),
    ("Ask.Integration.RequestParameters|integration.request.header.X", ["method.request.header.X"]),
    ("Authorizer.Type", ["COGNITO_USER_POOLS"]),
    ("Authorizer.IdentitySource", ["method.request.header.Authorization"]),
    ("Authorizer.IdentityValidationExpression", [".*"]),
    ("Authorizer.ProviderARNs", "arn:aws:cognito-idp:us-east-1:123456789012:userpool/x"),
    ("Authorizer.ProviderARNs.0", ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/x"]),
    ("Refused.StatusCode", ["400"]),
    ("Refused.StatusCode", "many"),
    ("Refused.ResponseParameters|gatewayresponse.header.X-A", ["'*'"]),
    ("Refused.ResponseTemplates|application/json", {"a": 1}),
    ("Api.EndpointConfiguration.Types", "REGIONAL"),
    ("Runtime.AuthorizerConfiguration", ["CustomJWTAuthorizer"]),
    ("Runtime.AgentRuntimeArtifact", ["CodeConfiguration"]),
    ("Runtime.AgentRuntimeArtifact.CodeConfiguration.Code.S3", ["Prefix"]),
    ("Api.EndpointConfiguration.Types.0", ["REGIONAL"]),
    ("Stage.StageName", ["prod"]),
    ("Stage.Variables", ["a"]),
]
WRONG_SHAPES_OF_A_LAMBDA_AUTHORIZER: list[tuple[str, Any]] = [
    ("Authorizer.Type", ["TOKEN"]),
    ("Authorizer.IdentitySource", ["method.request.header.Authorization"]),
    ("Authorizer.IdentityValidationExpression", [".*"]),
    ("Authorizer.AuthorizerUri", ["arn"]),
    ("Authorizer.AuthorizerResultTtlInSeconds", [60]),
    ("Authorizer.AuthorizerResultTtlInSeconds", "soon"),
    ("Authorizer.AuthorizerResultTtlInSeconds", -1),
    ("Authorizer.AuthorizerResultTtlInSeconds", 3601),
]


def refusal_of(body: dict[str, Any], place: str, wrong: Any) -> str:
    above, _, key = place.partition("|")
    name, *steps = above.split(".")
    path = ["Resources", name, "Properties", *(int(step) if step.isdigit() else step for step in steps)]
    changed = replaced(body, (*path, *([key] if key else [])), wrong)
    with pytest.raises(Refusal) as refused:
        read_deployment(TemplateSet.of({"Chat": changed}), LocalOptions(), Clock())
    return str(refused.value)


def test_the_app_whose_shapes_are_changed_is_one_that_runs() -> None:
    for body in (protected(), asked_by_a_function()):
        read_deployment(TemplateSet.of({"Chat": body}), LocalOptions(), Clock())


@pytest.mark.parametrize(("place", "wrong"), WRONG_SHAPES)
def test_a_list_in_place_of_a_text_is_refused_with_its_place(place: str, wrong: Any) -> None:
    sentence = refusal_of(protected(), place, wrong)

    assert sentence.startswith(f"{place.replace('|', '.')}: expected ")
    assert sentence.endswith("(SAL016)")


@pytest.mark.parametrize(("place", "wrong"), WRONG_SHAPES_OF_A_LAMBDA_AUTHORIZER)
def test_a_wrong_shape_of_a_lambda_authorizer_is_refused_with_its_place(place: str, wrong: Any) -> None:
    sentence = refusal_of(asked_by_a_function(), place, wrong)

    assert sentence.startswith(f"{place}: expected ")
    assert sentence.endswith("(SAL016)")


DOCUMENT = {
    "openapi": "3.0.1",
    "paths": {
        "/invocations": {
            "post": {
                "security": [{"people": ["chat/ask"]}],
                "x-amazon-apigateway-integration": {
                    "type": "http_proxy",
                    "httpMethod": "POST",
                    "uri": {"Fn::Sub": URI},
                    "responseTransferMode": "STREAM",
                },
            }
        }
    },
    "components": {
        "securitySchemes": {
            "people": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {
                    "type": "cognito_user_pools",
                    "providerARNs": [{"Fn::GetAtt": ["Pool", "Arn"]}],
                },
            }
        }
    },
}


def documented() -> dict[str, Any]:
    api = resource("AWS::ApiGateway::RestApi", Name="api", Body=copy.deepcopy(DOCUMENT))
    return with_resources(Api=api, Invocations=None, Ask=None)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("paths", "/invocations", "post", "security"), "people"),
        (("paths", "/invocations", "post", "security", 0, "people"), "chat/ask"),
        (("paths", "/invocations", "post", "x-amazon-apigateway-auth"), ["NONE"]),
        (("paths", "/invocations", "post", "x-amazon-apigateway-integration", "responseTransferMode"), ["STREAM"]),
        (("components", "securitySchemes", "people", "x-amazon-apigateway-authtype"), ["cognito_user_pools"]),
        (("components", "securitySchemes", "people", "x-amazon-apigateway-authorizer", "type"), ["token"]),
        (("components", "securitySchemes", "people"), ["token"]),
        (("components", "securitySchemes", "people", "type"), ["apiKey"]),
        (("components", "securitySchemes", "people", "name"), ["Authorization"]),
        (("components", "securitySchemes"), ["people"]),
        (("components",), ["securitySchemes"]),
    ],
)
def test_a_wrong_shape_in_an_openapi_document_is_refused_with_its_place(path: tuple[Any, ...], wrong: Any) -> None:
    changed = replaced(documented(), ("Resources", "Api", "Properties", "Body", *path), wrong)
    with pytest.raises(Refusal) as refused:
        read_deployment(TemplateSet.of({"Chat": changed}), LocalOptions(), Clock())

    assert str(refused.value).startswith(f"Api.Body.{'.'.join(map(str, path))}: expected ")
    assert refused.value.code == "SAL016"
