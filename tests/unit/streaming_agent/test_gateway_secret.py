"""The gateway's secret and the origins: from the environment that the construct sets."""

import asyncio
from typing import Any

import pytest
from streaming_agent import StreamingAgent
from streaming_agent.gateway_secret import GatewaySecret

from .caller import CUSTOM, Caller

SECRET = CUSTOM + "gateway-secret"
ORIGIN = CUSTOM + "origin"


def asked(app: StreamingAgent, headers: dict[str, str]) -> Caller:
    async def ask() -> Caller:
        return await Caller(app, {"prompt": "hi"}, headers=headers).end()

    return asyncio.run(ask())


def test_only_calls_that_show_the_secret_are_answered() -> None:
    app = StreamingAgent(lambda prompt: "a", gateway_secret=lambda: ["new", "old"])
    assert [asked(app, {SECRET: shown}).status for shown in ("new", "old", "other", "", "né")] == [
        200,
        200,
        403,
        403,
        403,
    ]
    assert asked(app, {}).status == 403


@pytest.mark.parametrize("versions", [[], [""], None])
def test_without_a_secret_to_compare_with_nobody_is_let_in(versions: Any, caplog: pytest.LogCaptureFixture) -> None:
    app = StreamingAgent(lambda prompt: "a", gateway_secret=lambda: versions)
    assert [asked(app, {SECRET: shown}).status for shown in ("", "x")] == [403, 403]
    assert ("cannot be read" in caplog.text) is (versions is None)


def test_a_text_in_place_of_a_list_makes_none_of_its_characters_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    app = StreamingAgent(lambda prompt: "a", gateway_secret=lambda: "secret")
    assert [asked(app, {SECRET: shown}).status for shown in ("s", "secret")] == [403, 403]
    assert "write lambda: [secret]" in caplog.text


def test_the_secret_is_read_late_and_not_at_will() -> None:
    clock, reads, versions = [0.0], [], ["first"]

    def read() -> list[str]:
        reads.append(clock[0])
        return versions

    secret = GatewaySecret(read, lambda: clock[0])

    async def accepts(shown: str) -> bool:
        return await secret.accepts({SECRET: shown})

    async def ask() -> None:
        assert await accepts("first")
        assert not await accepts("guess")
        assert not await accepts("another")
        assert reads == [0.0]
        versions[:] = ["second", "first"]
        clock[0] = 59.0
        assert not await accepts("second")
        clock[0] = 61.0
        assert await accepts("second")
        assert await accepts("first")
        assert reads == [0.0, 61.0]

    asyncio.run(ask())


def test_the_environment_names_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    arns = []
    monkeypatch.setenv("GATEWAY_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-abc")
    monkeypatch.setattr("streaming_agent.gateway_secret.read_versions", lambda arn: arns.append(arn) or ["s3"])
    app = StreamingAgent(lambda prompt: "a")
    assert arns == []  # never at import: it would be in the snapshot
    assert asked(app, {SECRET: "s3"}).status == 200
    assert arns == ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-abc"]


@pytest.mark.parametrize(
    ("allowed", "asking", "expected"),
    [
        ("https://a.example", None, (200, "https://a.example", None)),
        ("https://a.example", "https://a.example", (200, "https://a.example", None)),
        ("https://a.example", "https://evil.example", (403, "https://a.example", None)),
        ("https://a.example,https://b.example", "https://b.example", (200, "https://b.example", "Origin")),
        ("https://a.example,https://b.example", "https://evil.example", (403, None, None)),
        ("https://a.example,https://b.example", None, (200, None, None)),
        ("*", "https://any.example", (200, "*", None)),
        ("", "https://any.example", (200, None, None)),
        # written by hand
        ("https://A.example/", "https://a.example", (200, "https://a.example", None)),
        ("http://localhost:8000/, https://a.example:443", "https://a.example", (200, "https://a.example", "Origin")),
        (" * ", "https://any.example", (200, "*", None)),
    ],
)
@pytest.mark.parametrize("header", [ORIGIN, "origin"])
def test_which_pages_may_read(
    allowed: str, asking: str | None, expected: Any, header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORS_ALLOW_ORIGINS", allowed)
    caller = asked(StreamingAgent(lambda prompt: "a"), {header: asking} if asking else {})
    seen = caller.status, caller.headers.get("access-control-allow-origin"), caller.headers.get("vary")
    assert seen == expected


def test_refusals_can_be_read_by_pages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOW_ORIGINS", "https://a.example")

    async def ask() -> Caller:
        return await Caller(StreamingAgent(lambda prompt: "a"), b"[]").end()

    caller = asyncio.run(ask())
    assert (caller.status, caller.headers["access-control-allow-origin"]) == (400, "https://a.example")
