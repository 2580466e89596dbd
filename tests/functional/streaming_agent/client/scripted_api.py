"""An API on the loopback that answers as a test says, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from streaming_agent.client import AgentAddress, TokenUse

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Asked:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        return dict(json.loads(self.body))


@dataclass
class ScriptedApi:
    """Gives its replies one after the other, the last one again and again."""

    replies: Sequence[Reply]
    asked: list[Asked] = field(default_factory=list)
    origin: str = ""

    def address(self, token_type: TokenUse = TokenUse.ID) -> AgentAddress:
        return AgentAddress(
            invocations_url=f"{self.origin}/prod/invocations",
            user_pool_id="us-east-1_Example",
            client_id="client",
            cognito_endpoint=self.origin,
            sign_in_url=self.origin,
            token_type=token_type,
        )


@contextmanager
def scripted(*replies: Reply) -> Iterator[ScriptedApi]:
    api = ScriptedApi(replies)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            api.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            api.replies[min(len(api.asked), len(api.replies)) - 1](self)

        do_OPTIONS = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.origin = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield api
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def json_reply(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps(content).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def refused(status: int, error_type: str = "SomeException", **headers: str) -> Reply:
    return json_reply({"message": "because"}, status, {"x-amzn-ErrorType": error_type, **headers})


def stream(*chunks: bytes, ends: bool = True, before: Callable[[], object] | None = None) -> Reply:
    """Server-sent events in these chunks; `ends=False` drops the connection after them."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("x-amzn-RequestId", "request-1")
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if before is not None:
            before()
        if ends:
            handler.wfile.write(b"0\r\n\r\n")
        else:
            handler.close_connection = True

    return reply


def said(text: str) -> bytes:
    return f"data: {json.dumps({'text': text})}\n\n".encode()


def raw(body: bytes, media_type: str = "text/event-stream", status: int = 200, **headers: str) -> Reply:
    """A body that ends with its connection, with these headers."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        for name, value in {"Content-Type": media_type, **headers, "Connection": "close"}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply
