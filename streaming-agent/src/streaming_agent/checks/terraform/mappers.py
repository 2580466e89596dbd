"""The resources of Terraform's AWS provider that map one to one: their properties in CloudFormation's words."""

from collections.abc import Callable
from typing import Any

from ...template.plain_values import as_list, as_mapping
from .blocks import KNOWN_AFTER_APPLY, Block, as_json, present, referred_to

Mapper = Callable[[Block], dict[str, Any]]


def integration_uri(block: Block) -> Any:
    """The address of an integration, in Lambda's spelling where it is a function's."""
    uri = block.values.get("uri")
    if uri is not None:
        return uri
    reference = block.reference("uri")
    if isinstance(reference, dict) and "Fn::GetAtt" in reference:
        target, attribute = reference["Fn::GetAtt"]
        paths = {
            "InvokeArn": ("2015-03-31", "invocations"),
            "StreamingInvokeArn": ("2021-11-15", "response-streaming-invocations"),
        }
        if attribute in paths:
            version, tail = paths[attribute]
            parts = ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/"]
            parts += [f"{version}/functions/", {"Fn::GetAtt": [target, "Arn"]}, f"/{tail}"]
            return {"Fn::Join": ["", parts]}
    return _template_uri(block) or reference or ({KNOWN_AFTER_APPLY: "uri"} if block.unknown.get("uri") else None)


def _template_uri(block: Block) -> Any:
    """An address that is interpolated: of its text the plan keeps only the references."""
    expression = block.expressions.get("uri")
    names = expression.get("references") if isinstance(expression, dict) else None
    joined = " ".join(map(str, as_list(names)))
    if "aws_bedrockagentcore_agent_runtime" not in joined:
        return None
    runtimes = [name for name in names or [] if str(name).startswith("aws_bedrockagentcore_agent_runtime")]
    # what stands between the references is not in a plan: whether it is an id or an encoded ARN is left open
    runtime = {"Fn::Join": ["?", {"Fn::Split": ["?", referred_to(runtimes, block.address)]}]}
    parts = ["https://bedrock-agentcore.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/runtimes/"]
    return {"Fn::Join": ["", [*parts, runtime, "/invocations"]]}


def _api(block: Block) -> dict[str, Any]:
    types = block.block("endpoint_configuration").get("types")
    return {
        "Name": block.get("name"),
        "Body": as_json(block.get("body")),
        "EndpointConfiguration": {"Types": types} if types else None,
        "Policy": as_json(block.get("policy")),
        "MinimumCompressionSize": block.get("minimum_compression_size") or None,
        "DisableExecuteApiEndpoint": block.get("disable_execute_api_endpoint"),
    }


def _method(block: Block) -> dict[str, Any]:
    return {
        "RestApiId": block.get("rest_api_id"),
        "ResourceId": block.get("resource_id"),
        "HttpMethod": block.get("http_method"),
        "AuthorizationType": block.get("authorization"),
        "AuthorizerId": block.get("authorizer_id"),
        "AuthorizationScopes": block.get("authorization_scopes"),
        "ApiKeyRequired": block.get("api_key_required"),
        "RequestParameters": block.get("request_parameters"),
    }


def _stage(block: Block) -> dict[str, Any]:
    log = block.block("access_log_settings")
    return {
        "RestApiId": block.get("rest_api_id"),
        "StageName": block.get("stage_name"),
        "DeploymentId": block.get("deployment_id"),
        "CacheClusterEnabled": block.get("cache_cluster_enabled"),
        "AccessLogSetting": {
            "DestinationArn": log.get("destination_arn") or {KNOWN_AFTER_APPLY: "arn"},
            "Format": log.get("format"),
        }
        if log
        else None,
    }


def _function(block: Block) -> dict[str, Any]:
    variables = block.block("environment").get("variables")
    return {
        "FunctionName": block.get("function_name"),
        "Runtime": block.get("runtime"),
        "PackageType": block.get("package_type"),
        "Timeout": block.get("timeout"),
        "Role": block.get("role"),
        "Layers": block.get("layers"),
        "Architectures": block.get("architectures"),
        "Environment": {"Variables": variables} if variables else None,
    }


def _runtime(block: Block) -> dict[str, Any]:
    authorizer = block.block("authorizer_configuration")
    found = authorizer.get("custom_jwt_authorizer")
    jwt = as_mapping(found[0] if isinstance(found, list) and found else found)
    headers = block.block("request_header_configuration").get("request_header_allowlist")
    return {
        "AgentRuntimeName": block.get("agent_runtime_name"),
        "AuthorizerConfiguration": {
            "CustomJWTAuthorizer": present(
                {
                    "DiscoveryUrl": jwt.get("discovery_url") or {KNOWN_AFTER_APPLY: "discovery_url"},
                    "AllowedAudience": jwt.get("allowed_audience"),
                    "AllowedClients": jwt.get("allowed_clients"),
                    "AllowedScopes": jwt.get("allowed_scopes"),
                    "CustomClaims": jwt.get("custom_claim"),
                }
            )
        }
        if jwt
        else None,
        "RequestHeaderConfiguration": {"RequestHeaderAllowlist": headers} if headers else None,
    }


def _role(block: Block) -> dict[str, Any]:
    return {
        "RoleName": block.get("name"),
        "AssumeRolePolicyDocument": as_json(block.get("assume_role_policy")),
        "Policies": [
            {"PolicyName": one.get("name"), "PolicyDocument": as_json(one.get("policy"))}
            for one in as_list(block.values.get("inline_policy"))
            if isinstance(one, dict) and one.get("policy")
        ],
    }


def _stage_of_arn(block: Block) -> Any:
    """A stage's ARN as the stage itself, which is how the checks know it."""
    referred = as_list(as_mapping(block.reference("resource_arn")).get("Fn::GetAtt"))
    return {"Ref": referred[0]} if referred else block.get("resource_arn")


MAPPERS: dict[str, tuple[str, Mapper]] = {
    "aws_api_gateway_rest_api": ("AWS::ApiGateway::RestApi", _api),
    "aws_api_gateway_resource": (
        "AWS::ApiGateway::Resource",
        lambda b: {"RestApiId": b.get("rest_api_id"), "ParentId": b.get("parent_id"), "PathPart": b.get("path_part")},
    ),
    "aws_api_gateway_method": ("AWS::ApiGateway::Method", _method),
    "aws_api_gateway_stage": ("AWS::ApiGateway::Stage", _stage),
    "aws_api_gateway_authorizer": (
        "AWS::ApiGateway::Authorizer",
        lambda b: {
            "RestApiId": b.get("rest_api_id"),
            "Name": b.get("name"),
            "Type": b.get("type"),
            "ProviderARNs": b.get("provider_arns"),
        },
    ),
    "aws_api_gateway_gateway_response": (
        "AWS::ApiGateway::GatewayResponse",
        lambda b: {
            "RestApiId": b.get("rest_api_id"),
            "ResponseType": b.get("response_type"),
            "ResponseParameters": b.get("response_parameters"),
        },
    ),
    "aws_wafv2_web_acl_association": (
        "AWS::WAFv2::WebACLAssociation",
        lambda b: {
            "ResourceArn": _stage_of_arn(b),
            "WebACLArn": b.get("web_acl_arn"),
        },
    ),
    "aws_lambda_function": ("AWS::Lambda::Function", _function),
    "aws_lambda_permission": (
        "AWS::Lambda::Permission",
        lambda b: {"FunctionName": b.get("function_name"), "Action": b.get("action"), "Principal": b.get("principal")},
    ),
    "aws_lambda_function_url": (
        "AWS::Lambda::Url",
        lambda b: {
            "TargetFunctionArn": b.get("function_name"),
            "AuthType": b.get("authorization_type"),
            "InvokeMode": b.get("invoke_mode"),
        },
    ),
    "aws_bedrockagentcore_agent_runtime": ("AWS::BedrockAgentCore::Runtime", _runtime),
    "aws_bedrockagentcore_resource_policy": (
        "AWS::BedrockAgentCore::ResourcePolicy",
        lambda b: {"ResourceArn": b.get("resource_arn"), "Policy": b.get("policy")},
    ),
    "aws_iam_role": ("AWS::IAM::Role", _role),
    "aws_api_gateway_account": ("AWS::ApiGateway::Account", lambda b: {}),
}
