"""A reverse proxy that lets its web servers take turns: no page comes from the server that made the one before."""

import http.client
from collections import defaultdict
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from threading import Lock, Thread

# From where everybody comes, as the servers are told: an address of the documentation's network.
CALLER = "203.0.113.7"
OWN_TO_A_HOP = {"connection", "date", "keep-alive", "server", "transfer-encoding"}


class Proxy(ThreadingHTTPServer):
    """`with Proxy(ports) as proxy`: `proxy.url`; `proxy.pages` are (port, path) of all pages in the order asked for."""

    daemon_threads = True

    def __init__(self, ports):
        super().__init__(("127.0.0.1", 0), Hop)
        self.url, self.pages, self._door = f"http://127.0.0.1:{self.server_port}", [], Lock()
        self._turns = defaultdict(partial(cycle, ports))

    def __enter__(self):
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

    def next_for(self, wanted, path):
        """Whose turn it is. What a page loads takes turns of its own, so that pages do."""
        with self._door:
            port = next(self._turns[wanted == "document"])
            if wanted == "document":
                self.pages.append((port, path))
            return port


class Hop(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.headers["X-Forwarded-For"] = CALLER
        port = self.server.next_for(self.headers.get("Sec-Fetch-Dest"), self.path)
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        web.request(self.command, self.path, body, dict(self.headers))
        answer = web.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OWN_TO_A_HOP:
                self.send_header(name, value)
        self.end_headers()
        # Who has left the page waits for nothing more.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(answer.read())
        web.close()

    do_HEAD = do_POST = do_GET  # noqa: N815 - names of the library

    def log_message(self, *_said):
        """Says nothing."""
