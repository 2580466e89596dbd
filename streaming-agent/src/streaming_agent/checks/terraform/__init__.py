"""The JSON of a Terraform plan as a template: the resources that map one to one, references by their addresses."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ...template.plain_values import as_list, as_mapping
from .blocks import KNOWN_AFTER_APPLY, Block, as_json, present
from .mappers import MAPPERS, integration_uri


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
        str(change.get("address")): change["change"].get("after_unknown")
        for change in as_list(plan.get("resource_changes"))
        if isinstance(change, dict) and isinstance(change.get("change"), dict)
    }
    blocks = [
        Block(one, expressions.get(_without_index(str(one.get("address"))), {}), unknown.get(str(one.get("address"))))
        for one in _resources(root)
    ]
    counted = Counter(_without_index(block.address) for block in blocks)
    for block in blocks:  # what refers to the only instance of a counted resource names no index
        if counted[_without_index(block.address)] == 1:
            block.address = _without_index(block.address)
    resources: dict[str, Any] = {}
    for block in blocks:
        mapped = MAPPERS.get(block.type)
        if mapped is not None:
            kind, mapper = mapped
            resources[block.address] = {"Type": kind, "Properties": present(mapper(block))}
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


def _merge_integrations(resources: dict[str, Any], blocks: list[Block]) -> None:
    """An integration of Terraform's into the method that it is for."""
    for block in blocks:
        if block.type != "aws_api_gateway_integration":
            continue
        integration = present(
            {
                "Type": block.get("type"),
                "Uri": integration_uri(block),
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


def _method_of(resources: dict[str, Any], block: Block) -> Any:
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


def _merge_method_settings(resources: dict[str, Any], blocks: list[Block]) -> None:
    for block in blocks:
        if block.type != "aws_api_gateway_method_settings":
            continue
        settings = block.block("settings")
        path, _, method = str(block.values.get("method_path") or "*/*").rpartition("/")
        entry = present(
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


def _merge_policies(resources: dict[str, Any], blocks: list[Block]) -> None:
    for block in blocks:
        if block.type != "aws_iam_role_policy":
            continue
        target = block.reference("role")
        role = resources.get(str(target.get("Ref"))) if isinstance(target, dict) else None
        if role is not None:
            document = as_json(block.values.get("policy")) or {KNOWN_AFTER_APPLY: "policy"}
            role["Properties"].setdefault("Policies", []).append({"PolicyName": "p", "PolicyDocument": document})
