"""An agent that says numbers, and misbehaves on request. Plain Python, so that it starts at once."""

import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "x-amzn-bedrock-agentcore-runtime-"


class Agent(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, b'{"status": "Healthy"}')

    def do_POST(self):
        payload = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if payload.get("fail"):
            self.answer(500, b'{"error": "asked to fail"}')
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in self.events(payload):
            data = f"data: {json.dumps(event)}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")

    def events(self, payload):
        yield {
            "session": self.headers.get(f"{PREFIX}session-id"),
            "pid": os.getpid(),
            "greeting": os.environ.get("GREETING"),
        }
        if payload.get("headers"):
            own = ("host", "accept", "accept-encoding", "connection", "content-length", "content-type")
            given = {name: value for name, value in self.headers.items() if name.lower() not in own}
            known = (f"{PREFIX}session-id", f"{PREFIX}request-id", "x-amzn-trace-id")
            yield {"headers": {name: value for name, value in given.items() if name.lower() not in known}}
        if "event" in payload:
            yield payload["event"]
        for number in range(payload.get("count", 3)):
            time.sleep(payload.get("pause", 0))
            if number == payload.get("crash_at"):
                os._exit(7)
            yield {"text": f"{number}"}

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
