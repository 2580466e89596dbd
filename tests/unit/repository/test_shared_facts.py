"""A fact that two parts need, of which neither may import the other, is written once in each; here they are compared.

The two distributions share no code, and `client` imports no other folder.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from streaming_agent import context, gateway_secret, origins
from streaming_agent import errors as agent_errors
from streaming_agent.checks.rules import account_role, allowlist, runtime_name, session_short
from streaming_agent.cli.local import WEB_ORIGIN
from streaming_agent.client import address, session_id, tokens
from streaming_agent.client.address import deployed_addresses
from streaming_agent.local import agent_source
from streaming_agent.local.agentcore import runtime_service
from streaming_agent.scaffold import Choices, app_files, files
from streaming_agent.template import integration_timeouts

from integ import cdk
from streaming_agent_construct import AgentSource, StreamingAgentApi, plain_names
from streaming_agent_construct import errors as construct_errors
from streaming_agent_construct.api import cors, invocation
from streaming_agent_construct.auth import cognito_settings
from streaming_agent_construct.host import agent_metadata
from streaming_agent_construct.observability import region_setup
from streaming_agent_construct.protection import runtime_guard
from streaming_agent_construct.runtime import (
    directory_artifact,
    header_allow_list,
    new_runtime,
    resource_policy,
    runtime_options,
)

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("fact", "names"),
    [
        (
            "the header that names a session",
            [
                header_allow_list.SESSION_HEADER,
                session_id.SESSION_HEADER,
                context.SESSION_HEADER,
            ],
        ),
        ("the header that names a user", [invocation._USER_HEADER, context.USER_HEADER]),
        ("the header with the page's origin", [header_allow_list.ORIGIN_HEADER, origins.ORIGIN_HEADER]),
        ("the header with the gateway's secret", [runtime_guard.GATEWAY_SECRET_HEADER, gateway_secret.SECRET_HEADER]),
        ("the prefix of headers of one's own", [header_allow_list._CUSTOM_PREFIX, context.CUSTOM_PREFIX]),
    ],
)
def test_a_header_has_one_name(fact: str, names: list[str]) -> None:
    """HTTP does not tell cases apart (RFC 9110, 5.1), and an agent sees them in lower case."""
    assert len({name.lower() for name in names}) == 1, fact


@pytest.mark.parametrize(
    ("construct", "agent"),
    [
        (runtime_guard.GATEWAY_SECRET_VARIABLE, gateway_secret.SECRET_VARIABLE),
        (new_runtime._ORIGINS_VARIABLE, origins.ORIGINS_VARIABLE),
    ],
)
def test_the_agent_reads_the_variable_that_the_construct_sets(construct: str, agent: str) -> None:
    assert construct == agent


def test_a_page_may_send_the_session_where_the_caller_chooses_it() -> None:
    assert header_allow_list.SESSION_HEADER in cors._DEFAULT_HEADERS


@pytest.mark.parametrize(
    ("fact", "values"),
    [
        ("the page of errors", [construct_errors._DOCS, agent_errors._PAGE]),
        (
            "how long an answer may take, in milliseconds",
            [
                invocation._MAX_TIMEOUT_SECONDS * 1000,
                integration_timeouts.STREAM_TIMEOUT_MS,
                context.LONGEST_ANSWER.total_seconds() * 1000,
            ],
        ),
        ("the shortest session id", [session_id.SHORTEST_SESSION_ID, session_short._LEAST]),
        ("the longest session id", [session_id.LONGEST_SESSION_ID, session_short._MOST]),
        ("how many headers may be listed", [header_allow_list.MAX_HEADERS, allowlist._MOST]),
        ("a runtime's name", [runtime_options._NAME, runtime_name._NAME.pattern]),
        ("an agent's name", [plain_names._NAME, address._AGENT_NAME.pattern]),
        ("the scope of a sign-in by password", [cognito_settings.ADMIN_SCOPE, tokens.PASSWORD_SCOPE]),
        ("what sets the account's role", [region_setup._ACCOUNT_ROLE, account_role._SET_WHERE_MISSING]),
        ("the type of the entry in an assembly's metadata", [directory_artifact._METADATA, agent_source._ENTRY]),
    ],
)
def test_a_fact_is_the_same_in_both(fact: str, values: list[Any]) -> None:
    assert len(set(values)) == 1, fact


def test_the_local_run_plays_each_action_that_the_resource_policy_names() -> None:
    """The user id makes of an action one `…ForUser`, which the local run knows by its header."""
    named = {action.removesuffix("ForUser") for action in (*resource_policy._CALLS, *resource_policy._ALL_ELSE)}
    assert {operation.action for operation in runtime_service._OPERATIONS.values()} == named


def test_the_local_run_finds_the_folder_that_the_construct_says(tmp_path: Path) -> None:
    said = agent_metadata(str(tmp_path), "3.13", ["opentelemetry-instrument", "agent.py"], ["*.csv"])
    assert agent_source._read(said) == agent_source.AgentSourceFolder(
        folder=tmp_path, entry_point=("opentelemetry-instrument", "agent.py")
    )


def test_the_client_reads_the_outputs_that_the_construct_writes(tmp_path: Path) -> None:
    agent = tmp_path / "agent"
    agent.mkdir()
    (agent / "agent.py").touch()
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Hello")
    StreamingAgentApi(stack, "My-Agent", agent=AgentSource.from_directory(str(agent)))
    outputs = app.synth().get_stack_by_name("Hello").template["Outputs"]
    values = {name: f"https://{name}.example.com" for name in outputs}
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"Hello": values}))
    ((name, found),) = deployed_addresses(file).items()
    assert name == "Hello/MyAgent"
    read = [found.invocations_url, found.user_pool_id, found.client_id]
    parts = ["MyAgentInvocationsUrl", "MyAgentUserPoolId", "MyAgentUserPoolClientId"]
    for value, part in zip(read, parts, strict=True):
        assert re.fullmatch(rf"https://{part}[0-9A-F]{{8}}\.example\.com", str(value))


def test_the_cdk_cli_is_the_same_everywhere() -> None:
    makefile = re.search(r"^CDK_CLI := (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert makefile is not None
    assert {makefile[1], app_files.CDK_CLI, cdk.VERSION} == {makefile[1]}


def test_an_app_with_a_page_reads_the_origin_that_the_local_run_gives() -> None:
    written = files(Choices(name="my-agent", web_chat=True))["app.py"]
    example = (ROOT / "examples" / "chat_web" / "app.py").read_text(encoding="utf-8")
    for text in (written, example):
        assert f'try_get_context("{WEB_ORIGIN}")' in text
