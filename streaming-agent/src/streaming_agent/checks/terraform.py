"""The JSON of a Terraform plan as a template: the resources that map one to one, references by their addresses."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..template.view import as_list, as_mapping

_UNKNOWN = "Fn::KnownAfterApply"
_REFERENCE = re.compile(r"(?:module\.[\w-]+\.)*(aws_[a-z0-9_]+)\.([\w-]+)(?:\[[^\]]*\])?(?:\.(\w+))?")
# attributes of Terraform's that are what Ref is
_REF_ATTRIBUTES = frozenset({"", "id", "name", "function_name", "stage_name", "agent_runtime_id", "rest_api_id"})
_ATTRIBUTES = {
    "arn": "Arn",
    "invoke_arn": "InvokeArn",
    "response_streaming_invoke_arn": "StreamingInvokeArn",
    "agent_runtime_arn": "AgentRuntimeArn",
    "root_resource_id": "RootResourceId",
    "execution_arn": "ExecutionArn",
    "function_url": "FunctionUrl",
    "dns_name": "DNSName",
    "qualified_arn": "Arn",
}

Values = Mapping[str, Any]
Mapper = Callable[["_Block"], dict[str, Any]]


def is_plan(document: Mapping[str, Any]) -> bool:
    """Whether a JSON document is what `terraform show -json` writes of a plan or a state."""
    return "terraform_version" in document and ("planned_values" in document or "values" in document)


def template_of_plan(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A template of the plan's resources; values that are known only after apply are unknown in it."""
    values = plan.get("planned_values") or plan.get("values")
    root = values.get("root_module") if isinstance(values, dict) else None
    configuration = plan.get("configuration")
    configured = configuration.get("root_module") if isinstance(configuration, dict) else None
    expressions = dict(_configured(configured, ""))
    unknown = {
        change.get("address"): change.get("change", {}).get("after_unknown")
        for change in as_list(plan.get("resource_changes"))
        if isinstance(change, dict) and isinstance(change.get("change"), dict)
    }
    blocks = [
        _Block(one, expressions.get(_without_index(str(one.get("address"))), {}), unknown.get(one.get("address")))
        for one in _resources(root)
    ]
    resources: dict[str, Any] = {}
    for block in blocks:
        mapped = _MAPPERS.get(block.type)
        if mapped is not None:
            kind, mapper = mapped
            resources[block.address] = {"Type": kind, "Properties": _present(mapper(block))}
    _merge_integrations(resources, blocks)
    _merge_method_settings(resources, blocks)
    _merge_policies(resources, blocks)
    return {"Resources": resources}


def _resources(module: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(module, dict):
        for one in as_list(module.get("resources")):
            if isinstance(one, dict) and one.get("mode", "managed") == "managed":
                yield one
        for child in as_list(module.get("child_modules")):
            yield from _resources(child)


def _configured(module: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(module, dict):
        return
    for one in as_list(module.get("resources")):
        if isinstance(one, dict):
            yield f"{prefix}{one.get('address')}", as_mapping(one.get("expressions"))
    calls = module.get("module_calls")
    for name, call in calls.items() if isinstance(calls, dict) else ():
        yield from _configured(call.get("module") if isinstance(call, dict) else None, f"{prefix}module.{name}.")


def _without_index(address: str) -> str:
    return re.sub(r"\[[^\]]*\]", "", address)


class _Block:
    """A resource of the plan: its values, what they refer to, and what is not known yet."""

    def __init__(self, planned: Mapping[str, Any], expressions: Any, unknown: Any) -> None:
        self.address = str(planned.get("address"))
        self.type = str(planned.get("type"))
        self.values: Values = planned.get("values") if isinstance(planned.get("values"), dict) else {}  # type: ignore[assignment]
        self.expressions = expressions if isinstance(expressions, dict) else {}
        self.unknown = unknown if isinstance(unknown, dict) else {}

    def get(self, name: str) -> Any:
        """A value; a reference, or an unknown, where it is known only after apply."""
        value = self.values.get(name)
        if value is None or value == []:
            referred = self.reference(name)
            if referred is not None:
                return referred
            if self.unknown.get(name) is True:
                return {_UNKNOWN: name}
        return value

    def reference(self, name: str) -> Any:
        """The resource that an argument's expression refers to."""
        expression = self.expressions.get(name)
        names = expression.get("references") if isinstance(expression, dict) else None
        return _referred(names if isinstance(names, list) else [], self.address)

    def block(self, name: str) -> Values:
        """The first block of a name."""
        found = self.values.get(name)
        first = found[0] if isinstance(found, list) and found else found
        return first if isinstance(first, dict) else {}

    def block_list(self, name: str, key: str) -> Any:
        """A list in a block, or what it refers to."""
        value = self.block(name).get(key)
        expressions = self.expressions.get(name)
        first = expressions[0] if isinstance(expressions, list) and expressions else expressions
        expression = first.get(key) if isinstance(first, dict) else None
        names = expression.get("references") if isinstance(expression, dict) else None
        if not value and isinstance(names, list):
            return [one for name in names if (one := _referred([name], self.address)) is not None and "." in name]
        return value


def _referred(names: list[Any], address: str) -> Any:
    for name in names:
        found = _REFERENCE.fullmatch(str(name))
        if found is None:
            continue
        module = address.rpartition(address.split(".")[-2] + ".")[0] if address.startswith("module.") else ""
        target, attribute = f"{module}{found[1]}.{found[2]}", found[3] or ""
        if attribute in _REF_ATTRIBUTES:
            return {"Ref": target}
        return {"Fn::GetAtt": [target, _ATTRIBUTES.get(attribute, attribute)]}
    return None


def _present(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None and value != []}


def _uri(block: _Block) -> Any:
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
    return _template_uri(block) or reference or ({_UNKNOWN: "uri"} if block.unknown.get("uri") else None)


def _template_uri(block: _Block) -> Any:
    """An address that is interpolated: of its text the plan keeps only the references."""
    expression = block.expressions.get("uri")
    names = expression.get("references") if isinstance(expression, dict) else None
    joined = " ".join(map(str, names or []))
    if "aws_bedrockagentcore_agent_runtime" not in joined:
        return None
    runtimes = [name for name in names or [] if str(name).startswith("aws_bedrockagentcore_agent_runtime")]
    # what stands between the references is not in a plan: whether it is an id or an encoded ARN is left open
    runtime = {"Fn::Join": ["?", {"Fn::Split": ["?", _referred(runtimes, block.address)]}]}
    parts = ["https://bedrock-agentcore.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/runtimes/"]
    return {"Fn::Join": ["", [*parts, runtime, "/invocations"]]}


def _json(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _api(block: _Block) -> dict[str, Any]:
    types = block.block("endpoint_configuration").get("types")
    return {
        "Name": block.get("name"),
        "Body": _json(block.get("body")),
        "EndpointConfiguration": {"Types": types} if types else None,
        "Policy": _json(block.get("policy")),
        "MinimumCompressionSize": block.get("minimum_compression_size") or None,
        "DisableExecuteApiEndpoint": block.get("disable_execute_api_endpoint"),
    }


def _method(block: _Block) -> dict[str, Any]:
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


def _stage(block: _Block) -> dict[str, Any]:
    log = block.block("access_log_settings")
    return {
        "RestApiId": block.get("rest_api_id"),
        "StageName": block.get("stage_name"),
        "DeploymentId": block.get("deployment_id"),
        "CacheClusterEnabled": block.get("cache_cluster_enabled"),
        "AccessLogSetting": {
            "DestinationArn": log.get("destination_arn") or {_UNKNOWN: "arn"},
            "Format": log.get("format"),
        }
        if log
        else None,
    }


def _function(block: _Block) -> dict[str, Any]:
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


def _runtime(block: _Block) -> dict[str, Any]:
    authorizer = block.block("authorizer_configuration")
    found = authorizer.get("custom_jwt_authorizer")
    jwt = found[0] if isinstance(found, list) and found else found if isinstance(found, dict) else None
    headers = block.block("request_header_configuration").get("request_header_allowlist")
    return {
        "AgentRuntimeName": block.get("agent_runtime_name"),
        "AuthorizerConfiguration": {
            "CustomJWTAuthorizer": _present(
                {
                    "DiscoveryUrl": jwt.get("discovery_url") or {_UNKNOWN: "discovery_url"},
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


def _role(block: _Block) -> dict[str, Any]:
    return {
        "RoleName": block.get("name"),
        "AssumeRolePolicyDocument": _json(block.get("assume_role_policy")),
        "Policies": [
            {"PolicyName": one.get("name"), "PolicyDocument": _json(one.get("policy"))}
            for one in as_list(block.values.get("inline_policy"))
            if isinstance(one, dict) and one.get("policy")
        ],
    }


def _stage_of_arn(block: _Block) -> Any:
    """A stage's ARN as the stage itself, which is how the checks know it."""
    referred = as_list(as_mapping(block.reference("resource_arn")).get("Fn::GetAtt"))
    return {"Ref": referred[0]} if referred else block.get("resource_arn")


_MAPPERS: dict[str, tuple[str, Mapper]] = {
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


def _merge_integrations(resources: dict[str, Any], blocks: list[_Block]) -> None:
    """An integration of Terraform's into the method that it is for."""
    for block in blocks:
        if block.type != "aws_api_gateway_integration":
            continue
        integration = _present(
            {
                "Type": block.get("type"),
                "Uri": _uri(block),
                "IntegrationHttpMethod": block.get("integration_http_method"),
                "ResponseTransferMode": block.get("response_transfer_mode"),
                "TimeoutInMillis": block.get("timeout_milliseconds"),
                "Credentials": block.get("credentials"),
                "ConnectionType": block.get("connection_type"),
                "RequestParameters": block.get("request_parameters"),
                "RequestTemplates": block.get("request_templates"),
            }
        )
        target = block.reference("http_method")
        address = target.get("Ref") if isinstance(target, dict) else None
        if address is None and isinstance(target, dict):
            address = target["Fn::GetAtt"][0]
        method = resources.get(str(address)) or _method_of(resources, block)
        if method is not None:
            method["Properties"]["Integration"] = integration


def _method_of(resources: dict[str, Any], block: _Block) -> Any:
    for one in resources.values():
        properties = one["Properties"]
        same = properties.get("ResourceId") == block.get("resource_id")
        if (
            one["Type"] == "AWS::ApiGateway::Method"
            and same
            and properties.get("HttpMethod") == block.get("http_method")
        ):
            return one
    return None


def _merge_method_settings(resources: dict[str, Any], blocks: list[_Block]) -> None:
    for block in blocks:
        if block.type != "aws_api_gateway_method_settings":
            continue
        settings = block.block("settings")
        path, _, method = str(block.values.get("method_path") or "*/*").rpartition("/")
        entry = _present(
            {
                "ResourcePath": "/*" if path == "*" else f"/{path.lstrip('/')}",
                "HttpMethod": method or "*",
                "ThrottlingRateLimit": settings.get("throttling_rate_limit"),
                "ThrottlingBurstLimit": settings.get("throttling_burst_limit"),
                "DataTraceEnabled": settings.get("data_trace_enabled"),
                "LoggingLevel": settings.get("logging_level"),
                "CachingEnabled": settings.get("caching_enabled"),
            }
        )
        target = block.reference("stage_name")
        stage = resources.get(str(target.get("Ref"))) if isinstance(target, dict) else None
        for one in [stage] if stage else _stages_named(resources, block.values.get("stage_name")):
            one["Properties"].setdefault("MethodSettings", []).append(entry)


def _stages_named(resources: dict[str, Any], name: Any) -> list[Any]:
    return [
        one
        for one in resources.values()
        if one["Type"] == "AWS::ApiGateway::Stage" and name is not None and one["Properties"].get("StageName") == name
    ]


def _merge_policies(resources: dict[str, Any], blocks: list[_Block]) -> None:
    for block in blocks:
        if block.type != "aws_iam_role_policy":
            continue
        target = block.reference("role")
        role = resources.get(str(target.get("Ref"))) if isinstance(target, dict) else None
        if role is not None:
            document = _json(block.values.get("policy")) or {_UNKNOWN: "policy"}
            role["Properties"].setdefault("Policies", []).append({"PolicyName": "p", "PolicyDocument": document})
