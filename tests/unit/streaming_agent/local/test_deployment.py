"""What is read from templates, however people and tools write them."""

import copy
import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from streaming_agent.local.clock import Clock
from streaming_agent.local.deployment import Deployment, read_deployment
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.template import Refusal, TemplateSet

from tests.unit.streaming_agent.local.apps import (
    AGENT_INTEGRATION,
    DISCOVERY,
    METHOD,
    TEMPLATE,
    URI,
    deployment,
    method,
    path_part,
    resource,
    template,
)

HOST = "https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/"
ARN = {"Fn::GetAtt": ["Runtime", "AgentRuntimeArn"]}
COGNITO = {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Authorizer"}}


def read(*bodies: tuple[str, dict[str, Any]], **options: Any) -> Deployment:
    return read_deployment(TemplateSet.of(dict(bodies)), LocalOptions(**options), Clock())


def without(*names: str) -> dict[str, Any]:
    return template(**dict.fromkeys(names))


def only(*names: str) -> dict[str, Any]:
    return {"Resources": {name: copy.deepcopy(TEMPLATE["Resources"][name]) for name in names}}


def led_to(uri: Any, **changes: Any) -> Deployment:
    return deployment(template(Ask=method("Invocations", "POST", **{**AGENT_INTEGRATION, "Uri": uri}), **changes))


def encoded(arn: Any) -> Any:
    """How templates encode an ARN: each colon and slash is split and joined."""
    colons = {"Fn::Join": ["%3A", {"Fn::Split": [":", arn]}]}
    return {"Fn::Join": ["%2F", {"Fn::Split": ["/", colons]}]}


ADDRESSES: dict[str, Any] = {
    "Sub": {"Fn::Sub": URI},
    "Join with the id": {
        "Fn::Join": ["", [HOST, {"Fn::GetAtt": ["Runtime", "AgentRuntimeId"]}, "/invocations?accountId=1"]]
    },
    "Join with Ref": {"Fn::Join": ["", [HOST, {"Ref": "Runtime"}, "/invocations"]]},
    "an encoded ARN": {"Fn::Join": ["", [HOST, encoded(ARN), "/invocations"]]},
    "an encoded ARN in a Sub": {"Fn::Sub": [f"{HOST}${{Name}}/invocations", {"Name": encoded(ARN)}]},
    "an ARN that is put together": {
        "Fn::Sub": HOST
        + "arn%3Aaws%3Abedrock-agentcore%3A${AWS::Region}%3A${AWS::AccountId}%3Aruntime%2F${Runtime}/invocations"
    },
    "an endpoint in a VPC": {
        "Fn::Sub": "https://vpce-1.bedrock-agentcore.us-east-1.vpce.amazonaws.com/runtimes/${Runtime}/invocations"
    },
    "a path parameter": f"{HOST}{{agent}}/invocations",
    "a slash at its end": {"Fn::Sub": f"{HOST}${{Runtime}}/invocations/"},
    "a host in capitals": {"Fn::Sub": f"{HOST.replace('bedrock', 'Bedrock')}${{Runtime}}/invocations"},
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_runtime_is_found_however_its_address_is_built(address: str) -> None:
    found = led_to(ADDRESSES[address])

    assert found.runtime.logical_id == "Runtime"
    assert found.route.path == "/invocations"


def test_an_arn_that_is_not_encoded_is_said_to_be_so() -> None:
    uri = {"Fn::Sub": HOST + "${Runtime.AgentRuntimeArn}/invocations"}

    with pytest.raises(Refusal, match=r"POST /invocations is not run locally: .* answers with 404: .* %2F for each /"):
        led_to(uri)


def test_stage_variables_are_part_of_an_address() -> None:
    stage = resource(
        "AWS::ApiGateway::Stage",
        RestApiId={"Ref": "Api"},
        StageName="prod",
        Variables={"agent": {"Fn::GetAtt": ["Runtime", "AgentRuntimeId"]}},
    )

    assert led_to(f"{HOST}${{stageVariables.agent}}/invocations", Stage=stage).runtime.logical_id == "Runtime"


def test_a_runtime_and_a_pool_of_another_stack_are_found_by_their_exports() -> None:
    back = only("Runtime", "Pool", "Client")
    back["Outputs"] = {
        "Id": {"Value": {"Fn::GetAtt": ["Runtime", "AgentRuntimeId"]}, "Export": {"Name": "agent"}},
        "Pool": {"Value": {"Fn::GetAtt": ["Pool", "Arn"]}, "Export": {"Name": "pool"}},
    }
    front = without("Runtime", "Pool", "Client")
    front["Resources"]["Ask"]["Properties"] |= COGNITO
    front["Resources"]["Ask"]["Properties"]["Integration"]["Uri"] = {
        "Fn::Join": ["", [HOST, {"Fn::ImportValue": "agent"}, "/invocations"]]
    }
    front["Resources"]["Authorizer"] = resource(
        "AWS::ApiGateway::Authorizer",
        RestApiId={"Ref": "Api"},
        Name="people",
        Type="COGNITO_USER_POOLS",
        ProviderARNs=[{"Fn::ImportValue": "pool"}],
    )
    found = read(("Front", front), ("Back", back))

    assert (found.runtime.logical_id, [pool.logical_id for pool in found.pools]) == ("Runtime", ["Pool"])
    assert found.sign_in is not None


NESTED = {
    "Type": "AWS::CloudFormation::Stack",
    "Properties": {"TemplateURL": "https://s3.example/hash.json"},
    "Metadata": {"aws:asset:path": "Inner.nested.template.json"},
}


def _write_assembly(folder: Path, outer: Any, inner: Any, encoding: str = "utf-8") -> None:
    """What cdk synth writes for a stack with `NESTED` in it."""
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Outer.template.json"}}
    files = {
        "manifest.json": {"version": "1", "artifacts": {"Outer": stack}},
        "Outer.template.json": outer,
        "Inner.nested.template.json": inner,
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding=encoding)


def test_an_app_that_cdk_wrote_with_nested_stacks_is_read(tmp_path: Path) -> None:
    inner = only("Runtime", "Pool", "Client")
    inner["Outputs"] = {"Agent": {"Value": {"Fn::GetAtt": ["Runtime", "AgentRuntimeId"]}}}
    outer = without("Runtime", "Pool", "Client")
    uri = {"Fn::Join": ["", [HOST, {"Fn::GetAtt": ["Inner", "Outputs.Agent"]}, "/invocations"]]}
    outer["Resources"]["Ask"]["Properties"]["Integration"]["Uri"] = uri
    outer["Resources"]["Inner"] = NESTED
    # as Windows' editors and PowerShell write it
    _write_assembly(tmp_path, outer, inner, encoding="utf-8-sig")
    found = read_deployment(TemplateSet.read(tmp_path), LocalOptions(stack="Outer"), Clock())

    assert found.runtime.logical_id == "Runtime"


def test_an_app_whose_nested_stack_holds_everything_is_read(tmp_path: Path) -> None:
    _write_assembly(tmp_path, {"Resources": {"Inner": NESTED}}, TEMPLATE)
    found = read_deployment(TemplateSet.read(tmp_path), LocalOptions(), Clock())

    assert (found.api.stage, found.route.path, found.runtime.logical_id) == ("prod", "/invocations", "Runtime")
    assert [pool.logical_id for pool in found.pools] == ["Pool"]


def test_a_template_in_yaml_is_read_with_the_code_beside_it(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    body = copy.deepcopy(TEMPLATE)
    code = body["Resources"]["Runtime"]["Properties"]["AgentRuntimeArtifact"]["CodeConfiguration"]
    code["Code"]["S3"]["Prefix"] = "code"
    (tmp_path / "template.yaml").write_text(yaml.safe_dump(body))
    found = read_deployment(TemplateSet.read(tmp_path / "template.yaml"), LocalOptions(), Clock())

    assert found.runtime.artifact is not None
    assert found.runtime.artifact.location == tmp_path / "code"


OPENAPI = {
    "openapi": "3.0.1",
    "paths": {
        "/ask": {
            "post": {
                "security": [{"people": ["chat/ask"]}, {"key": []}],
                "x-amazon-apigateway-integration": {
                    "type": "http_proxy",
                    "httpMethod": "POST",
                    "uri": {"Fn::Sub": URI},
                    "responseTransferMode": "STREAM",
                    "timeoutInMillis": 900000,
                    "requestParameters": {"integration.request.header.X-Tenant": "'house-7'"},
                },
            }
        },
        "/health": {
            "get": {
                "x-amazon-apigateway-integration": {
                    "type": "mock",
                    "requestTemplates": {"application/json": '{"statusCode": 503}'},
                    "responses": {"default": {"statusCode": "200"}, "503": {"statusCode": "503"}},
                }
            }
        },
    },
    "components": {
        "securitySchemes": {
            "people": {
                "type": "apiKey",
                "in": "header",
                "name": "X-Token",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {
                    "type": "cognito_user_pools",
                    "providerARNs": [{"Fn::GetAtt": ["Pool", "Arn"]}],
                },
            },
            "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        }
    },
    "x-amazon-apigateway-gateway-responses": {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}
    },
}


def test_an_api_that_is_an_openapi_document_is_read() -> None:
    api = resource("AWS::ApiGateway::RestApi", Name="api", Body=OPENAPI)
    found = deployment(template(Api=api, Invocations=None, Ask=None))

    assert (found.route.path, found.route.scopes, found.route.api_key_required) == ("/ask", ("chat/ask",), True)
    assert found.route.integration.streams
    assert found.route.integration.mappings == {"integration.request.header.X-Tenant": "'house-7'"}
    assert getattr(found.route.authorizer, "header", None) == "X-Token"
    assert found.api.gateway_responses["DEFAULT_4XX"].headers == {"Access-Control-Allow-Origin": "'*'"}


def test_a_reference_to_what_the_local_run_does_not_know_gets_a_value_of_its_shape() -> None:
    body = template(
        Site=resource("AWS::CloudFront::Distribution"),
        Table=resource("AWS::DynamoDB::Table", TableName="threads"),
        Queue=resource("AWS::SQS::Queue"),
    )
    body["Parameters"] = {"Mode": {"Type": "String"}, "Size": {"Type": "Number", "Default": 3}}
    body["Resources"]["Runtime"]["Properties"]["EnvironmentVariables"] = {
        "SITE": {"Fn::Sub": "https://${Site.DomainName}"},
        "TABLE": {"Ref": "Table"},
        "QUEUE": {"Fn::GetAtt": ["Queue", "Arn"]},
        "MODE": {"Ref": "Mode"},
        "SIZE": {"Ref": "Size"},
        "ELSEWHERE": {"Fn::ImportValue": "another-app"},
        "SECRET": "{{resolve:secretsmanager:db:SecretString:password}}",
    }
    environment = deployment(body).runtime.environment

    assert environment["SITE"].startswith("https://d")
    assert environment["SITE"].endswith(".cloudfront.net")
    assert (environment["TABLE"], environment["SIZE"]) == ("threads", "3")
    assert environment["QUEUE"].startswith("arn:aws:")
    assert (environment["MODE"], environment["ELSEWHERE"]) == ("local-mode", "local-import-another-app")
    assert len(environment["SECRET"]) == 64


def test_a_parameter_has_the_value_that_is_given() -> None:
    body = copy.deepcopy(TEMPLATE)
    body["Parameters"] = {"Mode": {"Type": "String"}}
    body["Resources"]["Runtime"]["Properties"]["EnvironmentVariables"] = {"MODE": {"Ref": "Mode"}}
    templates = TemplateSet.of({"Chat": body}, {"Mode": "quick"})

    assert read_deployment(templates, LocalOptions(), Clock()).runtime.environment == {"MODE": "quick"}


def test_a_list_parameter_is_a_list() -> None:
    body = copy.deepcopy(TEMPLATE)
    body["Parameters"] = {"Headers": {"Type": "CommaDelimitedList", "Default": "X-A, X-B"}}
    body["Resources"]["Runtime"]["Properties"]["RequestHeaderConfiguration"] = {
        "RequestHeaderAllowlist": {"Ref": "Headers"}
    }

    assert deployment(body).runtime.allowed_headers == ("X-A", "X-B")


def test_the_stage_is_the_deployments_where_no_stage_is_written() -> None:
    made = resource("AWS::ApiGateway::Deployment", RestApiId={"Ref": "Api"}, StageName="beta")

    assert deployment(template(Stage=None, Deployment=made)).api.stage == "beta"


OTHER_API = {
    "Other": resource("AWS::ApiGateway::RestApi", Name="other"),
    "OtherGet": resource(
        METHOD,
        RestApiId={"Ref": "Other"},
        ResourceId={"Fn::GetAtt": ["Other", "RootResourceId"]},
        HttpMethod="GET",
        AuthorizationType="NONE",
        Integration={"Type": "AWS", "Uri": ["odd"]},
    ),
}


def test_an_api_without_an_agent_is_not_read() -> None:
    body = {"Resources": {**OTHER_API, **template()["Resources"]}}

    assert [api.label for api in deployment(body).apis] == ["Api"]


def test_every_api_with_an_agent_is_run() -> None:
    second = copy.deepcopy(OTHER_API)
    second["OtherGet"]["Properties"]["Integration"] = AGENT_INTEGRATION

    assert [api.label for api in deployment(template(**second)).apis] == ["Api", "Other"]


def test_several_stacks_with_an_agent_must_be_told_apart() -> None:
    with pytest.raises(Refusal, match=r"choose one with --stack \(Dev, Prod\) \(SAL003\)"):
        read(("Dev", TEMPLATE), ("Prod", TEMPLATE))
    assert read(("Dev", TEMPLATE), ("Prod", TEMPLATE), stack="Prod").api.label == "Api"
    with pytest.raises(Refusal, match=r"the app has no stack Test: it has Dev, Prod \(SAL004\)"):
        read(("Dev", TEMPLATE), ("Prod", TEMPLATE), stack="Test")


def test_a_runtime_that_nobody_makes_is_assumed_where_its_agent_is_given() -> None:
    body = without("Runtime")
    body["Resources"]["Ask"]["Properties"] |= COGNITO
    body["Resources"]["Ask"]["Properties"]["Integration"]["Uri"] = f"{HOST}greeter-a1b2c3d4e5/invocations"
    body["Resources"]["Authorizer"] = resource(
        "AWS::ApiGateway::Authorizer",
        RestApiId={"Ref": "Api"},
        Name="people",
        Type="COGNITO_USER_POOLS",
        ProviderARNs=[{"Fn::GetAtt": ["Pool", "Arn"]}],
    )
    with pytest.raises(Refusal, match=r"give its code with --agent, or its address with --agent-url \(SAL009\)"):
        deployment(body)
    found = deployment(body, agent=Path("agent"))

    assert found.runtime.id == "greeter-a1b2c3d4e5"
    assert found.sign_in is not None
    assert found.sign_in[0].logical_id == "Pool"


def test_a_pool_that_is_only_imported_is_a_fake_one_at_both_layers() -> None:
    body = without("Pool", "Client")
    body["Resources"]["Ask"]["Properties"] |= COGNITO
    body["Resources"]["Authorizer"] = resource(
        "AWS::ApiGateway::Authorizer",
        RestApiId={"Ref": "Api"},
        Name="people",
        Type="COGNITO_USER_POOLS",
        ProviderARNs=[{"Fn::ImportValue": "PoolArn"}],
    )
    jwt = body["Resources"]["Runtime"]["Properties"]["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    jwt["DiscoveryUrl"] = {"Fn::Sub": [DISCOVERY, {"Pool": {"Fn::ImportValue": "PoolId"}}]}
    jwt["AllowedAudience"] = [{"Fn::ImportValue": "ClientId"}]
    found = deployment(body)

    assert found.sign_in is not None
    pool, client = found.sign_in
    assert pool.id.startswith("us-east-1_")  # as clients take it apart
    assert pool.also_known_as == {"local-import-poolarn", "local-import-poolid"}
    assert client.id == "local-import-clientid"


def test_what_is_there_and_not_run_is_named() -> None:
    http_api = {
        "Http": resource("AWS::ApiGatewayV2::Api", Name="http", ProtocolType="HTTP"),
        "Integration": resource(
            "AWS::ApiGatewayV2::Integration",
            ApiId={"Ref": "Http"},
            IntegrationType="HTTP_PROXY",
            IntegrationUri=f"{HOST}x/invocations",
        ),
        "Route": resource(
            "AWS::ApiGatewayV2::Route",
            ApiId={"Ref": "Http"},
            RouteKey="POST /ask",
            Target={"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]},
        ),
    }
    with pytest.raises(Refusal, match=r"the HTTP API Http leads to an agent, and HTTP APIs cannot stream"):
        deployment({"Resources": http_api})
    in_s3 = resource("AWS::ApiGateway::RestApi", BodyS3Location={"Bucket": "b", "Key": "api.yaml"})
    with pytest.raises(Refusal, match=r"the routes of Api stand in .*: give it as a file \(SAL005\)"):
        deployment(template(Api=in_s3, Ask=None))
    with pytest.raises(Refusal, match=r"it has Other \(SAL005\)"):
        deployment({"Resources": OTHER_API})


def _lambda_of(name: Any) -> dict[str, Any]:
    start = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    return {"Fn::Join": ["", [start, name, "/invocations"]]}


def test_a_route_beside_the_agents_that_is_not_run_is_a_line_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    elsewhere = {"Fn::ImportValue": "another-apps-function"}
    gate = resource(
        "AWS::ApiGateway::Authorizer",
        RestApiId={"Ref": "Api"},
        Name="gate",
        Type="TOKEN",
        IdentitySource="method.request.header.Authorization",
        AuthorizerUri=_lambda_of(elsewhere),
    )
    admin = method("Admin", **{**AGENT_INTEGRATION, "ResponseTransferMode": "STREAM"})
    admin["Properties"] |= {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Gate"}}
    others = {
        "Gate": gate,
        "Admin": path_part("admin"),
        "AdminGet": admin,
        "History": path_part("history"),
        "HistoryGet": method("History", Type="AWS_PROXY", Uri=_lambda_of(elsewhere)),
    }
    # before the agent's own route, as a template may have it
    found = deployment({"Resources": {**others, **template()["Resources"]}})

    assert (found.route.path, found.route.not_run) == ("/invocations", None)
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(said) == 2
    assert "AdminGet: the function of its authorizer gate is in no template of this app" in said[0]
    assert "GET /history is not run locally: it is a Lambda function" in said[1]


def test_an_integration_that_does_not_stream_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    buffered = {**AGENT_INTEGRATION, "ResponseTransferMode": "BUFFERED", "TimeoutInMillis": 29_000}
    deployment(template(Ask=method("Invocations", "POST", **buffered)))

    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning == (
        "Ask.Integration.ResponseTransferMode is BUFFERED: the answer comes at once, and after 29 s it is a 504; set it"
        " to STREAM (SAL010)"
    )


def test_a_custom_resource_is_no_hindrance() -> None:
    role = resource("Custom::AccountRole", ServiceToken={"Fn::GetAtt": ["Function", "Arn"]})

    assert deployment(template(AccountRole=role)).runtime.logical_id == "Runtime"


@pytest.mark.parametrize(
    ("protocol", "where"),
    [(None, (8080, "/invocations")), ("HTTP", (8080, "/invocations")), ("MCP", (8000, "/mcp")), ("A2A", (9000, "/"))],
)
def test_each_protocol_has_its_port_and_path(protocol: str | None, where: tuple[int, str]) -> None:
    body = copy.deepcopy(TEMPLATE)
    if protocol is not None:
        body["Resources"]["Runtime"]["Properties"]["ProtocolConfiguration"] = protocol
    runtime = deployment(body).runtime

    assert (runtime.port, runtime.path) == where


def test_paths_may_be_parameters_and_proxies() -> None:
    body = template(Proxy=path_part("{proxy+}"), Any=method("Proxy", "ANY", **AGENT_INTEGRATION), Ask=None)

    assert (deployment(body).route.http_method, deployment(body).route.path) == ("ANY", "/{proxy+}")


def doubled(text: Any, times: int = 12) -> Any:
    """A text that is a thousand times as long with each step."""
    for _ in range(times):
        text = {"Fn::Sub": ["${Again}" * 1000, {"Again": text}]}
    return text


HOSTILE: dict[str, Any] = {
    "resources that lead to each other": template(
        Invocations=resource(
            "AWS::ApiGateway::Resource", RestApiId={"Ref": "Api"}, ParentId={"Ref": "Invocations"}, PathPart="x"
        )
    ),
    "names that lead to each other": template(
        Runtime=resource("AWS::BedrockAgentCore::Runtime", AgentRuntimeName={"Ref": "Runtime"}),
    ),
    "an attribute of itself": template(
        Pool=resource("AWS::Cognito::UserPool", UserPoolName={"Fn::GetAtt": ["Pool", "Arn"]})
    ),
    "a text that doubles": template(
        Ask=method(
            "Invocations",
            "POST",
            **{
                **AGENT_INTEGRATION,
                "Uri": doubled("x" * 1000),
            },
        )
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_template_ends_in_one_sentence_or_runs(kind: str) -> None:
    said = ""
    try:
        deployment(HOSTILE[kind])
    except Refusal as refusal:
        said = str(refusal)
    assert "\n" not in said
    assert len(said) < 1000


def test_secrets_are_new_in_each_run() -> None:
    secret = resource("AWS::SecretsManager::Secret")
    body = template(
        Client=resource("AWS::Cognito::UserPoolClient", UserPoolId={"Ref": "Pool"}, GenerateSecret=True), Secret=secret
    )
    body["Resources"]["Runtime"]["Properties"]["EnvironmentVariables"] = {
        "SECRET": {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Secret"}, ":SecretString:::}}"]]}
    }
    first, second = deployment(body), deployment(body)

    assert first.runtime.environment["SECRET"] == next(iter(first.secrets.values()))
    assert first.runtime.environment["SECRET"] != second.runtime.environment["SECRET"]
    clients = [found.sign_in[1] for found in (first, second) if found.sign_in is not None]
    assert clients[0].id == clients[1].id
    assert clients[0].secret != clients[1].secret


SAM = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: beta}
Globals:
  Function: {Runtime: python3.13}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
      EndpointConfiguration: {Type: REGIONAL}
      MergeDefinitions: true
      Auth:
        DefaultAuthorizer: People
        Authorizers: {People: {UserPoolArn: !GetAtt Pool.Arn}, Gate: {FunctionArn: !GetAtt Gate.Arn}}
      DefinitionBody:
        paths:
          /chat:
            post:
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: POST
                responseTransferMode: STREAM
                uri: !Sub "https://bedrock-agentcore.${AWS::Region}.amazonaws.com/runtimes/${Runtime}/invocations"
  History:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code/
      Handler: app.handler
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /history, Method: GET}}
        Gated: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /gated, Method: GET, Auth: {Authorizer: Gate}}}
  Gate:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: code/, Handler: app.handler}
"""


def test_a_sam_template_with_functions_beside_the_agent_is_read(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    others = only("Pool", "Client", "Runtime")["Resources"]
    (tmp_path / "template.yaml").write_text(SAM + textwrap.indent(yaml.safe_dump(others), "  "))
    found = read_deployment(TemplateSet.read(tmp_path / "template.yaml"), LocalOptions(), Clock())

    assert (found.api.stage, found.route.path) == ("beta", "/chat")
    assert getattr(found.route.authorizer, "pool_arns", None) == (found.pools[0].arn,)
    not_run = {route.path: str(route.not_run) for route in found.api.routes if route.not_run is not None}
    assert set(not_run) == {"/history", "/gated"}
    assert "it is the Lambda function History" in not_run["/history"]
