"""Endpoints that answer as a service does which fails."""

import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer


@contextmanager
def answering(handler):
    """Serve on this machine until the block ends, each request by *handler*; gives the URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
