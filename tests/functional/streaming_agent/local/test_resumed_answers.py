"""A reader who is cut off and comes back gets the rest of the answer, through the gateway, and nobody else does."""

import json
from collections.abc import Iterator

import boto3
import pytest
from aws_cdk import App, Stack
from botocore import UNSIGNED
from botocore.config import Config
from pycognito import AWSSRP
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentSource, RuntimeOptions, SessionBinding, StreamingAgentApi
from tests.functional.streaming_agent.local.calls import ask, opened
from tests.functional.streaming_agent.local.emulators import emulator_of

AGENT = """\
import asyncio
from collections.abc import AsyncIterator

from streaming_agent import OnDisconnect, StreamingAgent

app = StreamingAgent(on_disconnect=OnDisconnect.FINISH)


@app.answer
async def answer(prompt: str) -> AsyncIterator[str]:
    for number in range(int(prompt)):
        yield f"{number} "
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    app.run()
"""
# by default the session is the user's; CLIENT lets a stranger name another's, and the agent sees who asks
SESSIONS: dict[SessionBinding, dict[str, str]] = {
    SessionBinding.PER_USER: {},
    SessionBinding.CLIENT: {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "a-conversation-on-a-phone-0123456789"},
}
COUNT = 20


@pytest.fixture(scope="module", params=SESSIONS, ids=lambda binding: binding.name)
def binding(request: pytest.FixtureRequest) -> SessionBinding:
    return SessionBinding(request.param)


@pytest.fixture(scope="module")
def chain(binding: SessionBinding, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    folder = tmp_path_factory.mktemp("resumed")
    (folder / "agent").mkdir()
    (folder / "agent" / "agent.py").write_text(AGENT)
    app = App(outdir=str(folder / "cdk.out"), context={"aws:cdk:bundling-stacks": []})
    agent = AgentSource.from_directory(str(folder / "agent"))
    options = RuntimeOptions(header_allow_list=["Authorization"]) if binding is SessionBinding.CLIENT else None
    StreamingAgentApi(Stack(app, "Phone"), "Api", agent=agent, session=binding, runtime=options)
    app.synth()
    with emulator_of(folder / "cdk.out", users={"ada@example.com": "Made1!up", "eve@example.com": "Made2!up"}) as ready:
        yield ready


def token_of(chain: Endpoints, name: str, password: str) -> str:
    config = Config(signature_version=UNSIGNED)
    cognito = boto3.client("cognito-idp", region_name="us-east-1", endpoint_url=chain.cognito_endpoint, config=config)
    srp = AWSSRP(name, password, chain.user_pool_id, chain.client_id, client=cognito)
    return str(srp.authenticate_user()["AuthenticationResult"]["IdToken"])


def cut_in_the_middle(chain: Endpoints, token: str, headers: dict[str, str], events: int) -> tuple[str, str]:
    """What came before the reader left, as whole events, and the id of the last one."""
    received = b""
    with opened(chain.invocations_url, {"prompt": str(COUNT)}, token=token, headers=headers) as (_, response):
        while received.count(b"\n\n") < events:
            piece = response.read1(65536)
            assert piece, (response.status, received)
            received += piece
    text = received.decode().rpartition("\n\n")[0] + "\n\n"
    return text, text.rpartition("id: ")[2].partition("\n")[0]


def said(text: str) -> list[str]:
    return [json.loads(line[6:])["text"] for line in text.split("\n") if line.startswith('data: {"text":')]


def test_the_rest_comes_once_ten_times_of_ten_and_to_nobody_else(chain: Endpoints, binding: SessionBinding) -> None:
    headers = SESSIONS[binding]
    ada, eve = token_of(chain, "ada@example.com", "Made1!up"), token_of(chain, "eve@example.com", "Made2!up")
    for cut in range(1, 11):
        begun, last = cut_in_the_middle(chain, ada, headers, cut)
        stolen = ask(chain.invocations_url, {"resume": last}, token=eve, headers=headers)
        rest = ask(chain.invocations_url, {"resume": last}, token=ada, headers=headers)

        assert said(begun + rest.body.decode()) == [f"{number} " for number in range(COUNT)]
        assert rest.body.endswith(b'data: {"end":{"reason":"complete"}}\n\n')
        assert said(stolen.body.decode()) == []
        assert "nothing_to_resume" in stolen.body.decode()
    assert ask(chain.invocations_url, {"resume": last}, headers=headers).status == 401
