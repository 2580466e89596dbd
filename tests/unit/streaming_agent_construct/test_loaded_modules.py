"""What the three-line app loads of aws_cdk: each module costs every synthesis its time, so the list is held here."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import agent_folder

pytestmark = pytest.mark.native_only
APP = """
import sys
from aws_cdk import App, Stack
from streaming_agent_construct import AgentSource, StreamingAgentApi

app = App(context={"aws:cdk:bundling-stacks": []})
StreamingAgentApi(Stack(app, "Chat"), "Agent", agent=AgentSource.from_directory(sys.argv[1]))
names = {name.split(".")[1] for name in sys.modules if name.startswith("aws_cdk.aws_")}
print("\\n".join(sorted(names)))
"""


def test_the_three_line_app_loads_what_its_stack_is_made_of(tmp_path: Path) -> None:
    command = [sys.executable, "-c", APP, str(agent_folder(tmp_path))]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout.split()
    assert set(loaded) == {
        "aws_apigateway",
        "aws_bedrockagentcore",
        "aws_cloudwatch",
        "aws_cognito",
        "aws_ec2",
        "aws_iam",
        "aws_logs",
        "aws_s3_assets",
        "aws_wafv2",
    }
