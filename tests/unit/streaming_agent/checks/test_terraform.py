"""The JSON of a Terraform plan: its resources are checked as those of a template are."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.checks.check_run import Report, run
from streaming_agent.checks.terraform import template_of_plan

Resource = tuple[str, str, dict[str, Any], dict[str, Any]]  # type, name, values, expressions


JWT_RUNTIME: Resource = (
    "aws_bedrockagentcore_agent_runtime",
    "chat",
    {"authorizer_configuration": [{"custom_jwt_authorizer": [{"discovery_url": "https://issuer.example.com"}]}]},
    {},
)


def of(*references: str) -> dict[str, Any]:
    return {"references": list(references)}


API, STAGE, ASK = "aws_api_gateway_rest_api.chat", "aws_api_gateway_stage.live", "aws_lambda_function.ask"
GOOD: list[Resource] = [
    (
        "aws_api_gateway_rest_api",
        "chat",
        {"name": "chat", "endpoint_configuration": [{"types": ["REGIONAL"]}]},
        {"name": {"constant_value": "chat"}},
    ),
    (
        "aws_api_gateway_resource",
        "ask",
        {"path_part": "ask"},
        {"rest_api_id": of(f"{API}.id", API), "parent_id": of(f"{API}.root_resource_id", API)},
    ),
    (
        "aws_api_gateway_method",
        "ask",
        {"http_method": "POST", "authorization": "AWS_IAM", "api_key_required": False},
        {"rest_api_id": of(f"{API}.id", API), "resource_id": of("aws_api_gateway_resource.ask.id")},
    ),
    (
        "aws_api_gateway_integration",
        "ask",
        {
            "type": "AWS_PROXY",
            "http_method": "POST",
            "integration_http_method": "POST",
            "response_transfer_mode": "STREAM",
            "timeout_milliseconds": 900000,
        },
        {
            "rest_api_id": of(f"{API}.id", API),
            "resource_id": of("aws_api_gateway_resource.ask.id"),
            "http_method": of("aws_api_gateway_method.ask.http_method", "aws_api_gateway_method.ask"),
            "uri": of(f"{ASK}.response_streaming_invoke_arn", ASK),
        },
    ),
    (
        "aws_lambda_function",
        "ask",
        {"function_name": "ask", "runtime": "nodejs22.x", "timeout": 895, "package_type": "Zip"},
        {"role": of("aws_iam_role.ask.arn", "aws_iam_role.ask")},
    ),
    ("aws_iam_role", "ask", {"name": "ask", "assume_role_policy": "{}"}, {}),
    (
        "aws_iam_role_policy",
        "ask",
        {"policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "x"}]})},
        {"role": of("aws_iam_role.ask.id", "aws_iam_role.ask")},
    ),
    (
        "aws_lambda_permission",
        "ask",
        {"action": "lambda:InvokeFunction", "principal": "apigateway.amazonaws.com"},
        {"function_name": of(f"{ASK}.function_name", ASK)},
    ),
    (
        "aws_api_gateway_stage",
        "live",
        {
            "stage_name": "live",
            "access_log_settings": [
                {"format": "$context.integration.responseTransferMode $context.integration.timeToFirstContent"}
            ],
        },
        {"rest_api_id": of(f"{API}.id", API)},
    ),
    (
        "aws_api_gateway_method_settings",
        "all",
        {"method_path": "*/*", "settings": [{"throttling_rate_limit": 20, "throttling_burst_limit": 40}]},
        {"rest_api_id": of(f"{API}.id", API), "stage_name": of(f"{STAGE}.stage_name", STAGE)},
    ),
    (
        "aws_wafv2_web_acl_association",
        "live",
        {"web_acl_arn": "arn:aws:wafv2:eu-west-1:1:regional/webacl/x/y"},
        {"resource_arn": of(f"{STAGE}.arn", STAGE)},
    ),
    ("aws_api_gateway_account", "logs", {}, {}),
]


def plan(resources: list[Resource], **unknown: dict[str, Any]) -> dict[str, Any]:
    """What `terraform show -json` writes of a plan."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.13.4",
        "planned_values": {
            "root_module": {
                "resources": [
                    {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}
                    for kind, name, values, _ in resources
                ]
            }
        },
        "resource_changes": [
            {"address": address, "change": {"after_unknown": values}} for address, values in unknown.items()
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {"address": f"{kind}.{name}", "type": kind, "expressions": expressions}
                    for kind, name, _, expressions in resources
                ]
            }
        },
    }


def checked(folder: Path, resources: list[Resource], **unknown: dict[str, Any]) -> Report:
    (folder / "plan.json").write_text(json.dumps(plan(resources, **unknown)))
    return run([folder / "plan.json"])


def changed(kind: str, values: dict[str, Any], expressions: dict[str, Any] | None = None) -> list[Resource]:
    resources = copy.deepcopy(GOOD)
    for resource in resources:
        if resource[0] == kind:
            resource[2].update(values)
            resource[3].update(expressions or {})
    return resources


def found(report: Report) -> set[str]:
    return {finding.rule.name for finding in report.standing if not finding.undecided}


def test_nothing_is_found_in_a_good_plan(tmp_path: Path) -> None:
    report = checked(tmp_path, GOOD)
    assert (found(report), report.exit_code) == (set(), 0)


@pytest.mark.parametrize(
    ("rule", "resources"),
    [
        ("stream-timeout-missing", changed("aws_api_gateway_integration", {"timeout_milliseconds": None})),
        ("stream-lambda-uri", changed("aws_api_gateway_integration", {"response_transfer_mode": "BUFFERED",
                                                                      "timeout_milliseconds": 29000})),
        ("stream-lambda-uri", changed("aws_api_gateway_integration", {}, {"uri": of(f"{ASK}.invoke_arn", ASK)})),
        ("edge", changed("aws_api_gateway_rest_api", {"endpoint_configuration": [{"types": ["EDGE"]}]})),
        ("open", changed("aws_api_gateway_method", {"authorization": "NONE"})),
        ("lambda-permission", changed("aws_lambda_permission", {"action": "lambda:InvokeWithResponseStream"})),
        ("stream-lambda-runtime", changed("aws_lambda_function", {"runtime": "python3.13"})),
        ("lambda-shorter", changed("aws_lambda_function", {"timeout": 3})),
        ("no-throttle", [one for one in GOOD if one[0] != "aws_api_gateway_method_settings"]),
        ("no-waf", [one for one in GOOD if one[0] != "aws_wafv2_web_acl_association"]),
        ("no-log", changed("aws_api_gateway_stage", {"access_log_settings": []})),
        ("data-trace", changed("aws_api_gateway_method_settings", {"settings": [
            {"throttling_rate_limit": 20, "throttling_burst_limit": 40, "data_trace_enabled": True}]})),
    ],
)  # fmt: skip
def test_a_mistake_in_a_plan_is_found(tmp_path: Path, rule: str, resources: list[Resource]) -> None:
    report = checked(tmp_path, resources)
    assert rule in found(report)
    assert all(finding.place.resource.startswith("aws_") for finding in report.standing)


def test_what_is_known_after_apply_cannot_be_told(tmp_path: Path) -> None:
    resources = changed("aws_api_gateway_integration", {"response_transfer_mode": None, "timeout_milliseconds": 900000})
    unknown = {"aws_api_gateway_integration.ask": {"response_transfer_mode": True}}
    report = checked(tmp_path, resources, **unknown)

    (finding,) = [finding for finding in report.standing if finding.rule.name == "stream-missing"]
    assert finding.undecided
    assert "response_transfer_mode is known after apply" in finding.message


def test_a_runtime_is_known_by_its_reference_and_its_tokens_are_compared(tmp_path: Path) -> None:
    runtime = "aws_bedrockagentcore_agent_runtime.chat"
    resources: list[Resource] = [
        *changed(
            "aws_api_gateway_integration",
            {"type": "HTTP_PROXY"},
            {"uri": of("data.aws_region.current.name", f"{runtime}.agent_runtime_arn", runtime)},
        ),
        (
            "aws_bedrockagentcore_agent_runtime",
            "chat",
            {
                "agent_runtime_name": "chat-agent",
                "authorizer_configuration": [
                    {
                        "custom_jwt_authorizer": [
                            {
                                "discovery_url": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x",
                                "allowed_clients": ["abc"],
                            }
                        ]
                    }
                ],
            },
            {},
        ),
    ]
    names = found(checked(tmp_path, resources))

    assert {"runtime-name", "discovery", "iam-proxy", "shell-open"} <= names
    assert not {"address-arn", "address-account", "address-path"} & names


@pytest.mark.parametrize(
    "document",
    [
        {"terraform_version": "1", "planned_values": None},
        {"terraform_version": "1", "planned_values": {"root_module": {"resources": [5, {"values": []}]}}},
        {"terraform_version": "1", "values": {"root_module": {"child_modules": [None, {"resources": {}}]}}},
        {"terraform_version": "1", "planned_values": {}, "configuration": 5, "resource_changes": [None, {"change": 1}]},
    ],
)
def test_a_plan_of_another_shape_is_no_traceback(tmp_path: Path, document: dict[str, Any]) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(document))
    assert run([tmp_path / "plan.json"]).exit_code in (0, 2)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*path, key))


@pytest.mark.parametrize("other", [None, 5, "x", [], ["x"], [["x"]], {}, {"a": ["x"]}], ids=json.dumps)
def test_a_value_of_another_shape_anywhere_in_a_plan_is_no_traceback(other: Any) -> None:
    document = plan([*GOOD, JWT_RUNTIME])
    document["resource_changes"] = [{"address": "aws_lambda_function.ask", "change": {"after_unknown": {"role": True}}}]
    for path in places(document):
        if path:
            changed_document = copy.deepcopy(document)
            at: Any = changed_document
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = other
            assert isinstance(template_of_plan(changed_document)["Resources"], dict), path


def test_a_plan_may_be_larger_than_a_template(tmp_path: Path) -> None:
    document = plan(GOOD)
    document["checks"] = "x" * 3_000_000
    (tmp_path / "plan.json").write_text(json.dumps(document))
    assert run([tmp_path / "plan.json"]).refused == []


def test_the_only_instance_of_a_counted_resource_is_the_one_that_is_referred_to(tmp_path: Path) -> None:
    document = plan(changed("aws_lambda_function", {"timeout": 3}))
    for resource in document["planned_values"]["root_module"]["resources"]:
        if resource["type"] == "aws_lambda_function":
            resource["address"] += "[0]"
    (tmp_path / "plan.json").write_text(json.dumps(document))

    assert found(run([tmp_path / "plan.json"])) == {"lambda-shorter"}
