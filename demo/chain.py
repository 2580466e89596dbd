"""The parts that the demo starts and ends: the CDK CLI, the model's server, the local run, and the caller."""

import codecs
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3

from .timeline import Arrivals, Chunk

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "hello_agent"
ENDING_SECONDS = 10


def synthesise(assembly: Path) -> None:
    """The example's cloud assembly, by the pinned CDK CLI."""
    # `cdk list` synthesises without packaging the agent, so nothing is fetched for arm64 Linux; `cdk synth` packages.
    command = ["cdk", "list", "--output", str(assembly)]
    # Node 20 would print that its life has ended.
    environment = os.environ | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
    with ended_with_us(command, cwd=EXAMPLE, env=environment, stderr=subprocess.STDOUT) as cdk:
        printed, _ = cdk.communicate()
    if cdk.returncode:
        raise SystemExit(f"cdk list failed:\n{printed}")


def without_streaming(assembly: Path, buffered: Path) -> None:
    """The same assembly as a template would be without STREAM: buffered, and 29 seconds at most."""
    shutil.copytree(assembly, buffered)
    path = next(buffered.glob("*.template.json"))
    template = json.loads(path.read_text())
    for resource in template["Resources"].values():
        integration = resource.get("Properties", {}).get("Integration", {})
        if integration.pop("ResponseTransferMode", None):
            integration["TimeoutInMillis"] = 29_000
    path.write_text(json.dumps(template))


@contextmanager
def ended_with_us(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that is ended, with those it started, when the block is left, however that happens."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, **options
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDING_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def first_line(process: subprocess.Popen[str], name: str, log: Path) -> str:
    """What the process prints when it is ready."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise SystemExit(f"{name} ended before it was ready:\n{log.read_text()}")
    return line


@contextmanager
def local_model(log: Path) -> Iterator[str]:
    """The small model's server; its OPENAI_BASE_URL."""
    with (
        log.open("w") as errors,
        ended_with_us([sys.executable, "-m", "demo.local_model"], cwd=ROOT, stderr=errors) as server,
    ):
        yield first_line(server, "the model's server", log).strip()


@contextmanager
def local_run(assembly: Path, environment: Mapping[str, str], log: Path) -> Iterator[dict[str, str]]:
    """`streaming-agent local` on the assembly; the line it prints when it is ready."""
    command = ["streaming-agent", "local", "--assembly", str(assembly), "--port", "0", "--json"]
    command.append("--current-environment")  # `make install` brought what the agent needs
    for name, value in environment.items():
        command += ["--env", f"{name}={value}"]
    with log.open("w") as errors, ended_with_us(command, stderr=errors) as run:
        yield json.loads(first_line(run, "streaming-agent local", log))


def sign_in(ready: Mapping[str, str]) -> str:
    """An ID token, from plain boto3 as an operator's script would get it from Cognito."""
    cognito = boto3.client(
        "cognito-idp",
        endpoint_url=ready["cognito_endpoint"],
        region_name=ready["user_pool_id"].partition("_")[0],
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  the local issuer asks for a signature and checks none
    )
    answer = cognito.admin_initiate_auth(
        UserPoolId=ready["user_pool_id"],
        ClientId=ready["client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ready["username"], "PASSWORD": ready["password"]},
    )
    return answer["AuthenticationResult"].get("IdToken", "")


def ask(url: str, token: str, question: Mapping[str, str], on_text: Callable[[str], None]) -> Arrivals:
    """Asks one question, hands on each piece of text as it comes, and notes when each chunk came."""
    request = urllib.request.Request(
        url,
        data=json.dumps(question).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest = ""
    chunks = []
    asked = time.monotonic()
    with urllib.request.urlopen(request, timeout=60) as reply:
        while chunk := reply.read1():
            chunks.append(Chunk(time.monotonic() - asked, len(chunk)))
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            for line in lines:
                if line.startswith("data: "):
                    event = json.loads(line.removeprefix("data: "))
                    on_text(f" [{event['error']['message']}]" if "error" in event else event.get("text", ""))
    return Arrivals(chunks)


def environment_of(model_url: str | None) -> dict[str, str]:
    """What tells the agent which model to ask; without a server, the scripted one that is part of the example."""
    if model_url is None:
        return {"AGENT_MODEL": "scripted"}
    return {"AGENT_MODEL": "openai:smollm2", "OPENAI_BASE_URL": model_url, "OPENAI_API_KEY": "local"}
