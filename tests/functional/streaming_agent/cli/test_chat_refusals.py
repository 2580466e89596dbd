"""What a refusal says, who said it, and where a redirect leads: all of it is told, wherever in the answer it stands."""

from http.server import BaseHTTPRequestHandler

import pytest

from tests.functional.streaming_agent.client.scripted_api import raw

from .chats import Chat


@pytest.mark.parametrize(
    ("body", "media_type", "words"),
    [
        (b'{"error": {"code": "invalid_request", "message": "no prompt"}}', "application/json", "no prompt"),
        (b'{"error": "no prompt"}', "application/json", "no prompt"),
        (b'{"detail": [{"msg": "no prompt"}]}', "application/json", "no prompt"),
        (b'{"Message": "no prompt"}', "application/json", "no prompt"),
        (b"no prompt", "text/plain", "no prompt"),
        (b"<html><head><title>no prompt</title></head></html>", "text/html", "no prompt"),
        (b'data: {"error": "no prompt"}\n\n', "text/event-stream", ": no prompt ("),
        (b'event: error\ndata: {"message": "no prompt"}\n\n', "text/event-stream", ": no prompt ("),
        (b'{"message": "no prompt"}\n{"more": 1}\n', "application/x-ndjson", ": no prompt ("),
        (b"<Error><Code>Denied</Code><Message>no prompt</Message></Error>", "application/xml", ": no prompt ("),
        ('{"message": "für"}'.encode("latin-1"), "application/json; charset=iso-8859-1", ": für ("),
        ('{"message": "für"}'.encode("utf-16"), "application/json", ": für ("),
        (
            b'{"errors": {"prompt": ["required"]}, "data": null}',
            "application/json",
            '{"errors": {"prompt": ["required"]}}',
        ),
        (b'{"message": null}', "application/json", "gave no reason"),
        (b"[" * 50_000, "application/json", "gave no reason"),
        (b"\x00\x01\xff\xfe", "application/octet-stream", "gave no reason"),
    ],
)
def test_the_words_of_a_refusal_are_shown(chat: Chat, body: bytes, media_type: str, words: str) -> None:
    shown = chat(raw(body, media_type, 400))
    assert shown.code == 1
    assert words in shown.err


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("https://evil.example/steal?code=abc", "https://evil.example,"),
        ("/login?token=abc", "another path of the same host,"),
        ("https://[abc", "an address that cannot be read,"),
    ],
)
def test_a_redirect_is_told_by_its_origin_and_not_followed(chat: Chat, location: str, where: str) -> None:
    shown = chat(raw(b"", status=307, Location=location))
    assert (shown.code, len(shown.api.asked)) == (1, 1)
    assert f"it redirects to {where}" in shown.err
    assert "abc" not in shown.err


def test_a_refusal_whose_body_is_cut_is_that_refusal(chat: Chat) -> None:
    shown = chat(raw(b'{"message": "beca', "application/json", 500, Content_Length="500"))
    assert "answered 500" in shown.err


def test_headers_of_a_refusal_are_bounded(chat: Chat) -> None:
    shown = chat(raw(b"<title>no</title>", "text/html", 400, Server="nginx" * 1000))
    as_type = chat(raw(b"{}", "application/json", 400, **{"x-amzn-ErrorType": "A" * 5000}))
    assert max(len(shown.err), len(as_type.err)) < 500


def test_what_is_no_http_is_told_as_that(chat: Chat) -> None:
    def other(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
        handler.close_connection = True

    assert "what came is no HTTP" in chat(other).err


@pytest.mark.parametrize(
    ("status", "headers", "layer"),
    [
        (403, {"x-amzn-ErrorType": "ForbiddenException"}, "API Gateway answered 403"),
        (424, {"x-amzn-ErrorType": "RuntimeClientError"}, "AgentCore answered 424"),
        (502, {"Server": "CloudFront"}, "CloudFront answered 502"),
        (502, {"Server": "nginx/1.25"}, "a server in between (nginx/1.25) answered 502"),
        (400, {}, "the agent answered 400"),
    ],
)
def test_the_layer_that_said_it_is_named(chat: Chat, status: int, headers: dict[str, str], layer: str) -> None:
    assert layer in chat(raw(b'{"message": "because"}', "application/json", status, **headers)).err
