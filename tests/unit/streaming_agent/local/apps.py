"""Small templates, and what reads them."""

import copy
from collections.abc import Callable
from typing import Any

from streaming_agent.local.api_gateway import Gateway, LocalCredentials, RestApi, read_rest_api
from streaming_agent.local.clock import Clock
from streaming_agent.local.deployment import Deployment, read_deployment
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.local.messages import Service
from streaming_agent.local.values import LocalValues
from streaming_agent.template import TemplateSet, apis

URI = "https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/${Runtime.AgentRuntimeId}/invocations"
DISCOVERY = "https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}/.well-known/openid-configuration"
METHOD = "AWS::ApiGateway::Method"


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def method(path: str, verb: str = "GET", **integration: Any) -> dict[str, Any]:
    """A method without an authorizer, on a resource of the API."""
    return resource(
        METHOD,
        RestApiId={"Ref": "Api"},
        ResourceId={"Ref": path},
        HttpMethod=verb,
        AuthorizationType="NONE",
        Integration=integration,
    )


def path_part(name: str) -> dict[str, Any]:
    return resource(
        "AWS::ApiGateway::Resource",
        RestApiId={"Ref": "Api"},
        ParentId={"Fn::GetAtt": ["Api", "RootResourceId"]},
        PathPart=name,
    )


AGENT_INTEGRATION = {
    "Type": "HTTP_PROXY",
    "Uri": {"Fn::Sub": URI},
    "IntegrationHttpMethod": "POST",
    "ResponseTransferMode": "STREAM",
    "TimeoutInMillis": 900_000,
}
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Pool": resource("AWS::Cognito::UserPool"),
        "Client": resource("AWS::Cognito::UserPoolClient", UserPoolId={"Ref": "Pool"}),
        "Runtime": resource(
            "AWS::BedrockAgentCore::Runtime",
            AgentRuntimeName="chat",
            AgentRuntimeArtifact={
                "CodeConfiguration": {
                    "Code": {"S3": {"Bucket": "assets", "Prefix": "code.zip"}},
                    "EntryPoint": ["agent.py"],
                    "Runtime": "PYTHON_3_13",
                }
            },
            AuthorizerConfiguration={
                "CustomJWTAuthorizer": {
                    "DiscoveryUrl": {"Fn::Sub": DISCOVERY},
                    "AllowedAudience": [{"Ref": "Client"}],
                }
            },
        ),
        "Api": resource("AWS::ApiGateway::RestApi", Name="api", EndpointConfiguration={"Types": ["REGIONAL"]}),
        "Invocations": path_part("invocations"),
        "Ask": method("Invocations", "POST", **AGENT_INTEGRATION),
        "Stage": resource("AWS::ApiGateway::Stage", RestApiId={"Ref": "Api"}, StageName="prod"),
    }
}


def template(**resources: Any) -> dict[str, Any]:
    """The template with other resources, or without those that are `None`."""
    body = copy.deepcopy(TEMPLATE)
    body["Resources"].update(resources)
    body["Resources"] = {name: one for name, one in body["Resources"].items() if one is not None}
    return body


def deployment(body: dict[str, Any], **options: Any) -> Deployment:
    return read_deployment(TemplateSet.of({"Chat": body}), LocalOptions(**options), Clock())


def rest_api(body: dict[str, Any], clock: Clock | None = None) -> RestApi:
    """The template's only API."""
    view = TemplateSet.of({"Chat": body}).view()
    (api,) = apis(view)
    return read_rest_api(api, LocalValues(view), clock or Clock())


def gateway(body: dict[str, Any], backend: Service | None = None, clock: Clock | None = None) -> Gateway:
    """The gateway of the template's only API."""

    def nobody(*arguments: Any) -> Any:
        raise AssertionError("not asked in these tests")

    answers: Callable[[str], Service] = nobody if backend is None else lambda origin: backend
    return Gateway(
        rest_api(body, clock),
        backend_at=answers,
        keys_of_pool=nobody,
        call_function=nobody,
        credentials=LocalCredentials(),
        clock=clock or Clock(),
    )
