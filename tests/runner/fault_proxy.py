"""An HTTP proxy between clients and the local platform, which breaks what passes in all the ways that a network does."""

import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

FAULTS = ("refused", "reset", "throttled", "late", "answer lost", "answer replaced")
_SKIPPED = {"connection", "transfer-encoding", "content-length"}


class FaultProxy(ThreadingHTTPServer):
    """
    Breaks a *share* of the requests while ``is_faulty``; ``counts`` says how many, by kind.

    refused (503), reset and throttled (400) never reach the platform; "answer lost" (the connection is reset) and "answer
    replaced" (by a 500) come after it has acted; late is an answer that takes its time.
    """

    daemon_threads = True

    def __init__(self, endpoint, *, share, seed=11):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(endpoint).netloc
        self.share = share
        self.is_faulty = True
        self.counts = Counter()
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def fault(self):
        with self._lock:
            kind = ""
            if self.is_faulty and self._random.random() < self.share:
                kind = self._random.choice(FAULTS)
            self.counts[kind] += 1
            return kind

    def handle_error(self, request, client_address):
        """Resets are what it is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.server.fault()
        if kind == "refused":
            return self.answer(503, b'{"__type": "ServiceUnavailable", "message": "injected"}')
        if kind == "throttled":
            return self.answer(400, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}')
        if kind == "reset":
            return self.reset()
        if kind == "late":
            time.sleep(0.3)
        upstream = http.client.HTTPConnection(self.server.target)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        upstream.request(self.command, self.path, body, headers)
        response = upstream.getresponse()
        content = response.read()
        upstream.close()
        if kind == "answer lost":
            return self.reset()
        if kind == "answer replaced":
            return self.answer(500, b'{"__type": "InternalFailure", "message": "injected"}')
        return self.answer(response.status, content, response.getheaders())

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = serve  # noqa: N815 - the base class's names

    def answer(self, status, content, headers=(("Content-Type", "application/x-amz-json-1.0"),)):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _SKIPPED:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def reset(self):
        # A linger of no seconds makes the system send RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.connection.close()

    def log_message(self, *_): ...


@contextmanager
def faulty(endpoint, **options):
    """Give a proxy in front of *endpoint* that runs until the block ends."""
    proxy = FaultProxy(endpoint, **options)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
