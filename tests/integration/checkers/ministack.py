"""MiniStack, an AWS mock that nobody here wrote: a server of its own, and templates deployed to it by CloudFormation.

It runs without Docker, in the environment that `make install` makes for it, and knows nothing of this library.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3
from botocore.config import Config
from types_boto3_cognito_idp import CognitoIdentityProviderClient

ROOT = Path(__file__).parents[3]
COMMAND = ROOT / ".venv" / "ministack" / "bin" / "ministack"

# Types that it refuses a whole template for.
UNKNOWN_TYPES = {
    "AWS::BedrockAgentCore::ResourcePolicy",
    "AWS::BedrockAgentCore::Runtime",
    "AWS::BedrockAgentCore::RuntimeEndpoint",
    "AWS::Cognito::ManagedLoginBranding",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::WebACLAssociation",
}
# A record needs the hosted zone of its domain, which is somebody's.
NEEDS_A_DOMAIN = {"AWS::Route53::RecordSet"}
# A condition key that it has no value for: it would refuse what the statement allows.
UNKNOWN_CONDITION = "iam:PolicyARN"


@dataclass(frozen=True)
class MiniStack:
    """A running server."""

    origin: str

    def client(self, service: str, region: str = "us-east-1", credentials: tuple[str, str] = ("test", "test")) -> Any:
        """Unmodified boto3, at this server."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=region,
            endpoint_url=self.origin,
            aws_access_key_id=credentials[0],
            aws_secret_access_key=credentials[1],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def deploy(self, name: str, template: str, region: str = "us-east-1") -> "DeployedStack":
        """A stack of the template, whole."""
        version = "/cdk-bootstrap/hnb659fds/version"  # the parameter of every CDK template, made by `cdk bootstrap`
        self.client("ssm", region).put_parameter(Name=version, Value="30", Type="String", Overwrite=True)
        cloudformation = self.client("cloudformation", region)
        made = cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
        self._wait(region, made["StackId"], "CREATE_COMPLETE")
        resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        return DeployedStack(
            self,
            region,
            made["StackId"],
            {one["ResourceType"].split("::")[-1]: one["PhysicalResourceId"] for one in resources},
        )

    def _wait(self, region: str, stack_id: str, wanted: str) -> None:
        cloudformation = self.client("cloudformation", region)
        while (status := cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]).endswith(
            "_IN_PROGRESS"
        ):
            time.sleep(0.05)
        if status != wanted:
            events = cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
            raise AssertionError([event for event in events if event["ResourceStatus"].endswith("FAILED")])


@dataclass(frozen=True)
class DeployedStack:
    """What came of one template; the name or ID of a resource by its type's last part."""

    server: MiniStack
    region: str
    stack_id: str
    ids: dict[str, str]

    def update(self, template: str) -> None:
        """Deploys another template in its place."""
        cloudformation = self.server.client("cloudformation", self.region)
        cloudformation.update_stack(StackName=self.stack_id, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
        self.server._wait(self.region, self.stack_id, "UPDATE_COMPLETE")

    def delete(self) -> None:
        """Deletes the stack, as `cdk destroy` does."""
        self.server.client("cloudformation", self.region).delete_stack(StackName=self.stack_id)
        self.server._wait(self.region, self.stack_id, "DELETE_COMPLETE")

    @property
    def url(self) -> str:
        """The API, without a stage."""
        return f"{self.server.origin}/_aws/execute-api/{self.ids['RestApi']}/"

    @property
    def cognito(self) -> CognitoIdentityProviderClient:
        client: CognitoIdentityProviderClient = self.server.client("cognito-idp", self.region)
        return client

    @property
    def api_key(self) -> str | None:
        """The value of the stack's API key, if it has one."""
        if "ApiKey" not in self.ids:
            return None
        key = self.server.client("apigateway", self.region).get_api_key(apiKey=self.ids["ApiKey"], includeValue=True)
        return str(key["value"])

    @property
    def client_secret(self) -> str:
        described = self.cognito.describe_user_pool_client(
            UserPoolId=self.ids["UserPool"], ClientId=self.ids["UserPoolClient"]
        )
        return described["UserPoolClient"]["ClientSecret"]

    def add_user(self, username: str, password: str) -> None:
        """A user as an administrator makes one, who need not change the password."""
        whose: Any = {"UserPoolId": self.ids["UserPool"], "Username": username}
        self.cognito.admin_create_user(**whose, MessageAction="SUPPRESS")
        self.cognito.admin_set_user_password(**whose, Password=password, Permanent=True)


@contextmanager
def ministack(folder: Path) -> Iterator[MiniStack]:
    """Runs the server on a free port of this machine; whatever it writes goes to the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "STATE_DIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",  # signatures are checked too, as on AWS
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    log = folder / "ministack.log"
    with log.open("w") as written:
        process = subprocess.Popen([COMMAND], cwd=folder, env=environment, stdout=written, stderr=written)
    try:
        server = MiniStack(f"http://127.0.0.1:{port}")
        while not _is_ready(server):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait()


def accepted(template: dict[str, Any], agent_url: str) -> dict[str, Any]:
    """The template without what MiniStack has no word for, its methods leading to an agent of this machine."""
    kept = {name: one for name, one in template["Resources"].items() if _is_known(one)}
    stripped = template["Resources"].keys() - kept.keys()
    result: dict[str, Any] = _without(stripped, {**template, "Resources": kept})
    for resource in result["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::ApiGateway::Method" and properties["Integration"]["Type"] == "HTTP_PROXY":
            properties["Integration"]["Uri"] = agent_url
        if resource["Type"] == "AWS::Cognito::UserPool":
            properties["MfaConfiguration"] = "OFF"  # the local run has no second factor either
        if resource["Type"] == "Custom::AgentLogGroup":
            properties.pop("KmsKeyId", None)  # its logs have no AssociateKmsKey
        for policy in properties.get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            for statement in policy["PolicyDocument"]["Statement"]:
                if UNKNOWN_CONDITION in json.dumps(statement.get("Condition", {})):
                    del statement["Condition"]
    return result


def _is_known(resource: dict[str, Any]) -> bool:
    # Its alarms watch one metric; `Metrics` is metric math to it.
    is_metric_math = resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]
    return resource["Type"] not in UNKNOWN_TYPES | NEEDS_A_DOMAIN and not is_metric_math


def _without(stripped: set[str], part: Any) -> Any:
    """The part with references to stripped resources as plain words."""
    match part:
        case {"Ref": str(name)} if name in stripped:
            return name
        case {"Fn::GetAtt": [name, attribute]} if name in stripped:
            return f"{name}.{attribute}"
        case {"DependsOn": list(names), **others}:
            return {**_without(stripped, others), "DependsOn": [name for name in names if name not in stripped]}
        case dict():
            return {key: _without(stripped, value) for key, value in part.items()}
        case list():
            return [_without(stripped, value) for value in part]
    return part


def _is_ready(server: MiniStack) -> bool:
    with suppress(URLError, ConnectionError):
        return bool(urlopen(f"{server.origin}/_ministack/ready", timeout=10).status == 200)
    return False
