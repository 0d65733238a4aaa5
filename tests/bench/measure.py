"""Asks the running product and its floor in turn, so that what slows the one slows the other."""

import http.client
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from .rows import Row

WARM = 5
# Of one who has been here: the form says it again.
CSRF = "c" * 32


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked: its name in the table, who asks, the address, and the most times the floor that it may take
    (or `longest`, in ms).

    With `posts` the address and what is sent to it are new each time: (path, form) of each.
    """

    name: str
    who: str
    path: str
    most: float | None
    statements: int | None = None
    status: int = 200
    posts: tuple = ()
    longest: float | None = None


class Browser:
    """One logged-in user on one connection that is kept open."""

    def __init__(self, port, cookie):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        cookie = f"{cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        self.headers = {"Cookie": cookie, "Accept-Language": "zh-CN", "Connection": "keep-alive"}

    def get(self, path, *, status=200):
        """(seconds, answer, body). AssertionError unless it has this status."""
        return self._ask("GET", path, None, self.headers, status)

    def post(self, path, form):
        """The same; a form that was taken leads on."""
        body = urlencode({**form, "csrfmiddlewaretoken": CSRF})
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, headers, 302)

    def _ask(self, method, path, body, headers, status):
        begun = time.perf_counter()
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - begun
        assert answer.status == status, f"{method} {path}: {answer.status}"
        return took, answer, content


def measure(page, browser, *, rounds):
    """The medians of `rounds` answers of the page and of the floor, taken by turns after a few of each."""
    posts = iter(page.posts)

    def ask():
        return browser.post(*next(posts)) if page.posts else browser.get(page.path, status=page.status)

    for _warm in range(WARM):
        browser.get("/floor/")
        ask()
    floors, took, statements = [], [], 0
    for _round in range(rounds):
        floors.append(browser.get("/floor/")[0])
        seconds, answer, _body = ask()
        took.append(seconds)
        statements = max(statements, int(answer.headers["X-Statements"]))
    return Row(
        page.name,
        1000 * statistics.median(took),
        beside=1000 * statistics.median(floors),
        most=page.most,
        longest=page.longest,
        statements=statements,
        most_statements=page.statements,
    )
