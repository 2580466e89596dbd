"""`python -m tests.fuzz.client --seconds N`: what a network, an API, a person or a user pool may hand to the client.

Four kinds of input: the bytes of an answer, a whole HTTP answer, the text of a token, a user pool's answers. Whatever
it is, the client reads it or raises `ClientError`, in one line, without a secret, and the same however it was cut.
What fails is written to tests/fuzz/corpus/client.txt, from where it is tried again each time.
"""

import argparse
import contextlib
import gzip
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

from streaming_agent.cli.output import PrintableStream
from streaming_agent.client import AgentClient, ClientError, Retries, SrpSignIn, StaticToken
from streaming_agent.client.answer_reader import AnswerReader
from streaming_agent.client.tokens import check_sendable, claims_of, clean_token, renewal_of

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import ScriptedApi, scripted
from tools.docs.agent_answers import ANSWERS

from .kept import keep, kept
from .mutating import cut, mutated

MARK = "M4rk3d"
_KINDS = ("text/event-stream", "application/json", "application/x-ndjson", "text/plain", "", "text/html")
_CHARSETS = ("", "; charset=utf-8", "; charset=iso-8859-1", "; charset=utf-16", "; charset=none", "; charset=rot13")
_FORBIDDEN = frozenset(map(chr, (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F))))

Target = Callable[[random.Random, bytes], None]


class Broken(AssertionError):
    """What the client must not do."""


def _read(headers: dict[str, str], pieces: list[bytes]) -> tuple[list[object], str]:
    reader, events = AnswerReader(), []
    try:
        reader.begin(headers)
        for piece in pieces:
            for event in reader.feed(piece):
                events.append((event.data, event.text))
        for event in reader.end():
            events.append((event.data, event.text))
    except ClientError as error:
        check_error(error)
        return events, error.code
    return events, ""


def check_error(error: ClientError) -> None:
    """One line, of a length that a person reads, with no secret in it."""
    if "\n" in str(error) or len(str(error)) > 5000 or MARK in str(error):
        raise Broken(f"a bad sentence: {str(error)[:300]!r}")


def fuzz_events(chance: random.Random, content: bytes) -> None:
    """The bytes of an answer: the same events however they were cut, and nothing that takes a terminal over."""
    headers = {"content-type": chance.choice(_KINDS) + chance.choice(_CHARSETS)}
    if chance.random() < 0.2:
        headers["content-encoding"] = "gzip"
        packed = gzip.compress(content[:1000]) + gzip.compress(content[1000:])
        content = packed if chance.random() < 0.5 else mutated(chance, [packed])
    whole = _read(headers, [content])
    _check_same_text(whole, _read(headers, cut(chance, content)))
    printed = io.StringIO()
    stream = PrintableStream(printed)
    for _, text in whole[0]:  # type: ignore[misc]
        stream.write(text)
    stream.finish()
    if _FORBIDDEN & set(printed.getvalue()):
        raise Broken("a control character was printed")


def _check_same_text(one: tuple[list[object], str], other: tuple[list[object], str]) -> None:
    texts = [("".join(text for _, text in events), code) for events, code in (one, other)]  # type: ignore[misc]
    if "CLI055" in (one[1], other[1]):  # what zlib had before the fault depends on what it was handed with it
        return
    if texts[0] != texts[1]:
        raise Broken(f"cut another way the answer is another: {str(texts[0])[:300]} and {str(texts[1])[:300]}")


def fuzz_token(chance: random.Random, content: bytes) -> None:
    """The text of a token, as a person pastes it."""
    text = content.decode("utf-8", errors="surrogateescape")
    for use in (clean_token, claims_of, renewal_of, lambda given: check_sendable(given, "id", 0)):
        try:
            use(text)
        except ClientError as error:
            check_error(error)


def fuzz_http(api: ScriptedApi) -> Target:
    """A whole HTTP answer."""

    def target(chance: random.Random, content: bytes) -> None:
        status = chance.choice((200, 200, 200, 204, 301, 400, 401, 403, 409, 424, 429, 500, 503))
        lines = [b"HTTP/1.1 %d x" % status, b"Content-Type: " + chance.choice(_KINDS).encode()]
        if chance.random() < 0.3:
            lines.append(
                chance.choice((b"Transfer-Encoding: chunked", b"Content-Length: 5", b"Content-Encoding: gzip"))
            )
        if chance.random() < 0.2:
            lines.append(mutated(chance, [b"Retry-After: 1", b"x-amzn-ErrorType: A:b", b"Content-Length: 9"]))
        sent = b"\r\n".join(lines) + b"\r\n\r\n" + content
        api.replies = [lambda handler: _send(handler, sent)]
        source = StaticToken(f"{token()}{MARK}")
        with AgentClient(api.address(), source, retries=Retries(attempts=1)) as client:
            try:
                list(client.invoke("hello"))
            except ClientError as error:
                check_error(error)

    return target


def fuzz_sign_in(api: ScriptedApi) -> Target:
    """A user pool's answers: the same one to everything."""

    def target(chance: random.Random, content: bytes) -> None:
        status = chance.choice((200, 200, 200, 400, 500))
        sent = b"HTTP/1.1 %d x\r\nContent-Type: application/json\r\n\r\n" % status + content
        api.replies = [lambda handler: _send(handler, sent)]
        with AgentClient(api.address(), SrpSignIn("user", MARK)) as client:
            try:
                client.token()
            except ClientError as error:
                check_error(error)

    return target


def _send(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.close_connection = True
    with contextlib.suppress(OSError):
        handler.wfile.write(content)


def seeds() -> dict[str, list[bytes]]:
    """What each kind begins with."""
    challenge = {"USER_ID_FOR_SRP": "u", "SALT": "ab", "SRP_B": "abc", "SECRET_BLOCK": "YWJj"}
    pool = [
        {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": challenge, "Session": "s"},
        {"ChallengeName": "SOFTWARE_TOKEN_MFA", "ChallengeParameters": {}},
        {"AuthenticationResult": {"AccessToken": token("access"), "IdToken": token(), "RefreshToken": "r"}},
        {"__type": "x#NotAuthorizedException", "message": "no"},
    ]
    answers = [answer.body for answer in ANSWERS]
    return {
        "events": answers,
        "http": [*answers, b'{"message": "no"}', b"<title>no</title>"],
        "token": [token().encode(), f"Bearer {token()}\r\n".encode(), b"a.b.c", b""],
        "sign-in": [json.dumps(answer).encode() for answer in pool],
    }


@contextlib.contextmanager
def targets() -> Iterator[dict[str, Target]]:
    """Each kind, and what it is tried on."""
    with scripted(lambda handler: None) as api:
        yield {
            "events": fuzz_events,
            "token": fuzz_token,
            "http": fuzz_http(api),
            "sign-in": fuzz_sign_in(api),
        }


def main(arguments: list[str] | None = None) -> int:
    """Runs for a while; 1 when something failed, which is then kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.client", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args(arguments)
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    corpus, tried, failed = seeds(), dict.fromkeys(seeds(), 0), 0
    print(f"seed {seed}", flush=True)
    with targets() as each:
        for kind, content in (item for found in kept("client") for item in found.items()):
            failed += not _holds(each[kind], chance, kind, content)
        until = time.monotonic() + chosen.seconds
        while time.monotonic() < until:
            # the two that need a connection cost a thousand times as much as the others
            kind = chance.choices(list(each), weights=(60, 30, 6, 4))[0]
            failed += not _holds(each[kind], chance, kind, mutated(chance, corpus[kind]))
            tried[kind] += 1
    print(f"{', '.join(f'{kind} {number}' for kind, number in tried.items())}; {failed} failed", flush=True)
    return 1 if failed else 0


def _holds(target: Target, chance: random.Random, kind: str, content: bytes) -> bool:
    try:
        target(chance, content)
    except Exception as problem:
        keep("client", {kind: content})
        print(f"{kind}: {type(problem).__name__}: {str(problem)[:300]}", file=sys.stderr, flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
