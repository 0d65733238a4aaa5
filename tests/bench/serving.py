"""The product as it is served: gunicorn with two workers."""

import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@contextmanager
def served(port):
    """It answers on this port of 127.0.0.1."""
    argv = [sys.executable, "-m", "gunicorn", "shop_cs.wsgi:application", f"--bind=127.0.0.1:{port}"]
    server = subprocess.Popen([*argv, "--workers=2", "--log-level=warning", "--preload"], cwd=ROOT)
    try:
        _await(port)
        yield
    finally:
        server.terminate()
        server.wait()


def _await(port):
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/floor/")
            connection.getresponse().read()
            return
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
