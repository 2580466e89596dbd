"""Serves prepared answers on the loopback: `/0/invocations` the first, and so on."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .agent_answers import AgentAnswer


@contextmanager
def answering(answers: Sequence[AgentAnswer]) -> Iterator[list[str]]:
    """The address of each answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = answers[int(self.path.split("/")[1])]
            self.send_response(200)
            self.send_header("Content-Type", answer.media_type)
            self.end_headers()
            self.wfile.write(answer.body)  # the end of the connection is the end of the answer

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield [f"http://127.0.0.1:{server.server_port}/{number}/invocations" for number in range(len(answers))]
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
