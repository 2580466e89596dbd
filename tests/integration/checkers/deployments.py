"""Where the examples answer once they are deployed, to the local run or to MiniStack, and what their callers hold."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
from pycognito import AWSSRP
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import Answer, ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of

from .ministack import ROOT, DeployedStack, MiniStack, accepted

# A method of an example. `bring_your_own` needs another stack's user pool, `private_vpc` a VPC.
PATHS = {
    "hello_agent": "invocations",
    "two_agents": "invocations",
    "two_agents research": "agents/research/invocations",
    "production": "invocations",
    "machine_to_machine": "invocations",
    "oidc_provider": "invocations",
}
_EXAMPLES = sorted({name.split()[0] for name in PATHS})
_REGIONS = {"production": "eu-west-1"}
_STAGE = "prod"
_USERNAME, _PASSWORD = "user@example.com", "Correct-Horse-Battery-1"
_OIDC_AUTHORIZER = ROOT / "src" / "streaming_agent_construct" / "assets" / "oidc_authorizer"


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One method of one deployed template."""

    url: str  # the API, without a stage
    path: str = ""
    good: str = ""  # a token that the method takes
    other: str = ""  # of the same sign-in, and of the other use: an access token
    strangers: str = ""  # a good one for another stack
    api_key: str | None = None

    def ask(
        self, authorization: str | None = None, *, stage: str = _STAGE, path: str | None = None, method: str = "POST"
    ) -> Answer:
        """Calls with the API key, if the method wants one, and with this Authorization header."""
        headers = {"Authorization": authorization, "x-api-key": self.api_key}
        return ask(
            f"{self.url}{stage}/{self.path if path is None else path}",
            {"stream": 1, "count": 3},
            method=method,
            headers={name: value for name, value in headers.items() if value is not None},
        )

    def with_key(self, api_key: str | None) -> "Deployment":
        """The same caller with another key, or with none."""
        return replace(self, api_key=api_key)

    @property
    def tampered(self) -> str:
        """The good token in somebody else's name."""
        header, claims, signature = self.good.split(".")
        forged = json.loads(base64.urlsafe_b64decode(f"{claims}==")) | {"sub": "00000000-0000-0000-0000-000000000000"}
        return f"{header}.{base64.urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip('=')}.{signature}"

    @property
    def unsigned(self) -> str:
        """The good token without its signature."""
        return self.good.rpartition(".")[0] + "."


def template_of(example: str) -> dict[str, Any]:
    """What the example synthesises, as its snapshot holds it."""
    (snapshot,) = (ROOT / "examples" / example).glob("tests/__snapshots__/*/test_template.json")
    template: dict[str, Any] = json.loads(snapshot.read_text(encoding="utf-8"))
    return template


def ministack_deployments(server: MiniStack, agent: str) -> dict[str, Deployment]:
    """The examples at MiniStack, in front of the agent at this address."""
    deployments = {}
    for example in _EXAMPLES:
        template = json.dumps(accepted(template_of(example), f"{agent}/invocations"))
        stack = server.deploy(example.replace("_", "-"), template, _REGIONS.get(example, "us-east-1"))
        deployments[example] = _ministack_deployment(example, stack)
    return _with_strangers(deployments)


@contextmanager
def local_deployments(agent: str, folder: Path) -> Iterator[dict[str, Deployment]]:
    """The examples in local runs, in front of the same agent."""
    with ExitStack() as held:
        deployments = {}
        for example in _EXAMPLES:
            assembly = _assembly_of(example, folder / example)
            chain = emulator_of(assembly, agent_url=agent)
            deployments[example] = _local_deployment(example, held.enter_context(chain))
        yield _with_strangers(deployments)


def _assembly_of(example: str, folder: Path) -> Path:
    """The template in such a folder as `cdk synth` writes, with the one function's code that a template refers to."""
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://unknown-account/{_REGIONS.get(example, 'unknown-region')}",
        "properties": {"templateFile": "template.json"},
    }
    function = {
        "source": {"path": str(_OIDC_AUTHORIZER)},
        "destinations": {"the bucket": {"objectKey": "asset-hash.zip"}},
    }
    files = {
        "template.json": template_of(example),
        "manifest.json": {"artifacts": {example: stack}},
        f"{example}.assets.json": {"files": {"function": function}},
    }
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def _ministack_deployment(example: str, stack: DeployedStack) -> Deployment:
    deployment = Deployment(url=stack.url, api_key=stack.api_key)
    if example == "oidc_provider":
        return deployment
    client = stack.ids["UserPoolClient"]
    if example == "machine_to_machine":
        return replace(deployment, good=_machines_token(stack.server.origin, client, stack.client_secret))
    stack.add_user(_USERNAME, _PASSWORD)
    srp = AWSSRP(_USERNAME, _PASSWORD, stack.ids["UserPool"], client, client=stack.cognito).authenticate_user()
    tokens = srp["AuthenticationResult"]
    return replace(deployment, good=tokens["IdToken"], other=tokens["AccessToken"])


def _local_deployment(example: str, ready: Endpoints) -> Deployment:
    deployment = Deployment(url=ready.url.removesuffix(f"{_STAGE}/"), api_key=ready.api_key)
    if example == "oidc_provider":
        return deployment
    if example == "machine_to_machine":
        return replace(deployment, good=_machines_token(ready.sign_in_url, ready.client_id, ready.client_secret))
    tokens = sign_in(ready)
    return replace(deployment, good=tokens.id, other=tokens.access)


def _machines_token(sign_in_url: str | None, client_id: str, secret: str | None) -> str:
    asked = {"grant_type": "client_credentials", "scope": "agents/invoke"}
    answer = requests.post(f"{sign_in_url}/oauth2/token", asked, auth=(client_id, secret or ""), timeout=10)
    return str(answer.json()["access_token"])


def _with_strangers(deployments: Mapping[str, Deployment]) -> dict[str, Deployment]:
    found = {}
    for name, path in PATHS.items():
        example = name.split()[0]
        stranger = deployments["production" if example == "hello_agent" else "hello_agent"]
        found[name] = replace(deployments[example], path=path, strangers=stranger.good)
    return found
