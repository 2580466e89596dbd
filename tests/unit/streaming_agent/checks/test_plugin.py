"""The plugin of the CDK: the same codes as the command, acknowledged as the CDK's own are."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Acknowledgment, App, NestedStack, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from streaming_agent.checks.check_run import run
from streaming_agent.checks.plugin import StreamingChecks
from streaming_agent.template import Refusal

ADDRESS = "https://bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/a-0123456789/invocations?qualifier=DEFAULT"


def app_of(folder: Path, *acknowledged: str, override: bool = False, nested: bool = False, **options: Any) -> App:
    """A small app as people write it by hand."""
    app = App(outdir=str(folder))
    stack = Stack(app, "Chat")
    scope = NestedStack(stack, "Inner") if nested else stack
    api = apigateway.RestApi(scope, "Api", cloud_watch_role=False)
    mode = None if override else apigateway.ResponseTransferMode.STREAM
    integration = apigateway.HttpIntegration(
        ADDRESS, http_method="POST", options=apigateway.IntegrationOptions(response_transfer_mode=mode)
    )
    method = api.root.add_method("POST", integration)
    if override:
        method.node.default_child.add_property_override("Integration.ResponseTransferMode", "STREAM")  # type: ignore[union-attr]
    Validations.of(app).add_plugins(StreamingChecks(**options))
    for name in acknowledged:
        Validations.of(api).acknowledge(Acknowledgment(id=f"StreamingChecks::{name}", reason="a sandbox"))
    return app


def violations(folder: Path) -> dict[str, list[str]]:
    """Rule -> the constructs, of the plugin's report."""
    report = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))
    return {
        violation["ruleName"]: [one.get("constructPath", "?") for one in violation["violatingConstructs"]]
        for plugin in report["pluginReports"]
        if plugin["pluginName"] == "StreamingChecks"
        for violation in plugin["violations"]
    }


def test_a_bad_app_fails_with_the_same_rules_as_the_command(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app_of(tmp_path).synth()
    found = violations(tmp_path)
    told = {finding.rule.name for finding in run([tmp_path]).standing if not finding.undecided}

    assert set(found) == told
    assert {"address-account", "stream-timeout-missing", "edge", "open"} <= told
    assert found["edge"] == ["Chat/Api/Resource"]


def test_a_stack_as_a_tutorial_shows_it_is_found_with_its_mistakes(tmp_path: Path) -> None:
    """AgentCore's Cognito helper, the CDK's default API, the transfer mode by an override."""
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Chat")
    pool = cognito.UserPool(stack, "People")
    runtime = agentcore.Runtime(
        stack,
        "Agent",
        agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_image_uri(
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
        ),
        authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_cognito(pool, [pool.add_client("Web")]),
    )
    api = apigateway.RestApi(stack, "Api", cloud_watch_role=False)
    host = f"https://bedrock-agentcore.{stack.region}.amazonaws.com"
    address = f"{host}/runtimes/{runtime.agent_runtime_arn}/invocations"
    method = api.root.add_method(
        "POST",
        apigateway.HttpIntegration(address, http_method="POST"),
        authorizer=apigateway.CognitoUserPoolsAuthorizer(stack, "Callers", cognito_user_pools=[pool]),
    )
    method.node.default_child.add_property_override("Integration.ResponseTransferMode", "STREAM")  # type: ignore[union-attr]
    Validations.of(app).add_plugins(StreamingChecks())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    found = violations(tmp_path)
    assert {"token-kind", "deploy-blind", "address-arn", "stream-timeout-missing", "edge", "implicit"} <= set(found)
    assert {"shell-open", "session-client", "no-throttle", "no-waf", "no-log"} <= set(found)
    assert not {"open", "token-pool", "token-client", "jwt-missing", "lambda-permission"} & set(found)


def test_what_is_acknowledged_is_silenced_there_and_in_the_command(tmp_path: Path) -> None:
    names = ["address-account", "stream-timeout-missing", "edge", "open", "session-client"]
    names += ["no-throttle", "no-waf", "no-log"]
    app_of(tmp_path, *names).synth()
    report = run([tmp_path])

    assert {finding.rule.name for finding in report.findings if finding.acknowledged == "a sandbox"} == set(names)
    assert report.exit_code == 0


def test_an_override_of_the_transfer_mode_is_found(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app_of(tmp_path / "a", override=True, select=["deploy-blind"]).synth()
    assert violations(tmp_path / "a") == {"deploy-blind": ["Chat/Api/Default/POST/Resource"]}

    app_of(tmp_path / "b", select=["deploy-blind"]).synth()


def test_a_nested_stack_is_checked(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app_of(tmp_path, nested=True, select=["address-account"]).synth()
    assert set(violations(tmp_path)) == {"address-account"}


def test_what_is_below_fail_on_is_told_and_the_synthesis_goes_on(tmp_path: Path) -> None:
    app_of(tmp_path, fail_on="error", select=["edge"]).synth()
    assert set(violations(tmp_path)) == {"edge"}


@pytest.mark.parametrize(
    ("options", "code"),
    [({"select": ["edeg"]}, "SAL102"), ({"ignore": ["x"]}, "SAL102"), ({"fail_on": "no"}, "SAL103")],
)
def test_a_wrong_option_is_refused_when_the_plugin_is_made(options: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        StreamingChecks(**options)


def test_an_error_of_ours_names_the_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streaming_agent.checks.rules import edge

    def broken(context: object) -> object:
        raise KeyError("boom")

    monkeypatch.setattr(edge, "check", broken)
    with pytest.raises(RuntimeError, match=r"boom.*in rule CHK010 edge"):
        app_of(tmp_path).synth()
