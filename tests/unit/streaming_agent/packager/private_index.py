"""A package index on this machine that asks for a name and password."""

import base64
import hashlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path


class PrivateIndex(BaseHTTPRequestHandler):
    """A package index that asks for a name and password, or is ill."""

    wheel: Path
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/ill/"):
            self._answer(500, b"")
        elif self.headers.get("Authorization") != "Basic " + base64.b64encode(b"builder:made-up-7").decode():
            self._answer(401, b"")
        elif self.path.endswith(".whl"):
            self._answer(200, self.wheel.read_bytes())
        elif self.path.endswith("/geometry/"):
            digest = hashlib.sha256(self.wheel.read_bytes()).hexdigest()
            link = f'<a href="/files/{self.wheel.name}#sha256={digest}">{self.wheel.name}</a>'
            self._answer(200, f"<html><body>{link}</body></html>".encode())
        else:
            self._answer(404, b"")

    do_HEAD = do_GET

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        kind = "text/html" if body.startswith(b"<") else "application/octet-stream"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
