"""The Python on the pages runs, block after block, with the names that the text around it speaks of."""

import getpass
import types
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from streaming_agent import client as client_package
from streaming_agent.client import AgentAddress, SrpSignIn
from streaming_agent.local.emulator import Endpoints

import streaming_agent_construct
from streaming_agent_construct import AgentSource

from .code_blocks import ROOT, blocks_of, pages
from .conftest import PASSWORD, USERNAME
from .running import run

PAGES = {str(page.relative_to(ROOT)): page for page in pages() if blocks_of(page)}
Given = Callable[[], dict[str, Any]]


@pytest.fixture
def constructs() -> dict[str, Any]:
    """A stack with parts of the user's own in it, under the names that the pages use."""
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Chat")
    pool = cognito.UserPool(stack, "Pool")
    modules = {"apigateway": apigateway, "cognito": cognito, "logs": logs, "sns": sns}
    public = {name: getattr(streaming_agent_construct, name) for name in streaming_agent_construct.__all__}
    return {
        **modules,
        **public,
        "app": app,
        "stack": stack,
        "agent": AgentSource.from_directory("agent"),
        "pool": pool,
        "client": cognito.UserPoolClient.from_user_pool_client_id(stack, "WebClient", "web"),
        "exchange": lambda_.Function.from_function_name(stack, "Exchange", "exchange"),
        "link": apigateway.VpcLink.from_vpc_link_id(stack, "Link", "abc123"),
        "vpc": ec2.Vpc(stack, "Vpc"),
    }


@pytest.fixture
def calls(local_run: Endpoints, address: AgentAddress, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A local run, which stands where the pages speak of a deployment too, and its user's password."""
    outputs = {"HelloAgent/Agent": address}
    monkeypatch.setattr(client_package, "deployed_addresses", lambda path: outputs)
    monkeypatch.setattr(getpass, "getpass", lambda: PASSWORD)
    public = {name: getattr(client_package, name) for name in client_package.__all__}
    return public | {"ready": asdict(local_run), "address": address, "source": SrpSignIn(USERNAME, PASSWORD)}


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_python_runs(page: str, constructs: dict[str, Any], request: pytest.FixtureRequest) -> None:
    asks = page in ("docs/client.md", "docs/local.md")
    namespace = request.getfixturevalue("calls") if asks else constructs
    for block in blocks_of(PAGES[page]):
        run(block, namespace)
    if not asks:
        namespace["app"].synth()


def test_the_pages_that_show_python_are_found() -> None:
    assert {"README.md", "docs/auth.md", "docs/client.md", "docs/local.md", "docs/security.md"} <= set(PAGES)


def test_an_example_that_no_longer_runs_is_noticed(tmp_path: Path, constructs: dict[str, Any]) -> None:
    page = ROOT / "docs" / "auth.md"
    (block,) = [one for one in blocks_of(page) if "session=SessionBinding.PER_REQUEST" in one.text]
    gone = types.SimpleNamespace()
    with pytest.raises(AttributeError):
        run(block, constructs | {"SessionBinding": gone})
