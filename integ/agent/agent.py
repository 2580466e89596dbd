"""An agent without a model: it talks or is silent for as long as the prompt says, so that a stream can be timed."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Agent(BaseHTTPRequestHandler):
    """AgentCore's contract: GET /ping, POST /invocations on port 8080."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Healthy."""
        body = b'{"status":"Healthy"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """`{"silent": 3, "talk": 2}` is silent for 3 seconds, then sends an event a second for 2."""
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._send({"text": "begins"})
        time.sleep(float(asked.get("silent", 0)))
        for second in range(int(asked.get("talk", 1))):
            self._send({"text": f"second {second}"})
            time.sleep(1)
        self._send({"text": "ends"})
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, event: dict[str, str]) -> None:
        data = b"data: " + json.dumps(event).encode() + b"\n\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
