"""What a line's assertions may ask: the account by boto3, the deployed addresses by HTTP, and `streaming-agent`."""

import contextlib
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER = "integ"
PASSWORD = "Integ-only-1234567890"  # of a user in a pool that is deleted with the line


@dataclass(frozen=True)
class Answer:
    """One HTTP exchange."""

    status: int
    body: bytes
    seconds: float
    """Until the body ended, or was cut."""
    whole: bool = True
    """Whether it ended as HTTP says."""


def ask(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None, timeout: float = 60
) -> Answer:
    """One request; the body is read to its end, which may take as long as a stream."""
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)
    begun = time.monotonic()
    read = b""
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            while part := response.read(65536):
                read += part
            return Answer(response.status, read, time.monotonic() - begun)
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read(), time.monotonic() - begun)
    except OSError:
        return Answer(0, read, time.monotonic() - begun, whole=False)


def run(command: list[str]) -> str:
    """Runs a command with the user's password in its environment, and gives what it prints."""
    environment = os.environ | {"STREAMING_AGENT_PASSWORD": PASSWORD}
    # verify ends with 1 when a check fails; its report says which.
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


@dataclass(frozen=True)
class Deployment:
    """One deployed stack."""

    stack: str
    region: str
    outputs: Mapping[str, str]
    outputs_file: Path
    aws: Callable[[str, str], Any]
    """A boto3 client of a service in a Region."""
    ask: Callable[..., Answer] = ask
    run: Callable[[list[str]], str] = run
    """Runs a command and gives what it prints."""
    sleep: Callable[[float], None] = time.sleep

    def client(self, service: str) -> Any:
        """A boto3 client of a service in the stack's Region."""
        return self.aws(service, self.region)

    def resources(self, kind: str) -> dict[str, str]:
        """Physical ids of the stack's resources of a type, by logical id."""
        found = self.client("cloudformation").describe_stack_resources(StackName=self.stack)["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found if one["ResourceType"] == kind}

    def output(self, end: str) -> str:
        """The one output whose name ends so, a CDK output's hash aside."""
        found = [value for name, value in self.outputs.items() if name.rstrip("0123456789ABCDEF").endswith(end)]
        if not found:
            raise AssertionError(f"the stack {self.stack} has no output {end}")
        return found[0]

    def token(self) -> str:
        """An ID token of a user that is made on the way."""
        whose = {"UserPoolId": self.output("UserPoolId"), "Username": USER}
        cognito = self.client("cognito-idp")
        with contextlib.suppress(cognito.exceptions.UsernameExistsException):
            cognito.admin_create_user(**whose, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**whose, Password=PASSWORD, Permanent=True)
        return self.run(["streaming-agent", "token", *self._sign_in()]).strip()

    def verify(self) -> dict[str, Any]:
        """The report of `streaming-agent verify`."""
        self.token()
        report: dict[str, Any] = json.loads(self.run(["streaming-agent", "verify", "--json", *self._sign_in()]))
        return report

    def _sign_in(self) -> list[str]:
        apis = [name.rstrip("0123456789ABCDEF") for name in self.outputs]
        ids = [name.removesuffix("InvocationsUrl") for name in apis if name.endswith("InvocationsUrl")]
        which = ["--api", f"{self.stack}/{ids[0]}"] if len(ids) > 1 else []
        return ["--outputs", str(self.outputs_file), "--username", USER, *which]
