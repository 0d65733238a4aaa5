"""Asks the running product and its floor in turn, so that what slows the one slows the other."""

import http.client
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked: its name in the table, who asks, the address, and the most times the floor that it may take."""

    name: str
    who: str
    path: str
    most: float
    statements: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    page: Page
    milliseconds: float
    floor: float
    statements: int
    bytes: int

    @property
    def ratio(self):
        return self.milliseconds / self.floor

    @property
    def holds(self):
        return self.ratio <= self.page.most and (not self.page.statements or self.statements <= self.page.statements)


class Browser:
    """One logged-in user on one connection that is kept open."""

    def __init__(self, port, cookie):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Cookie": cookie, "Accept-Language": "zh-CN", "Connection": "keep-alive"}

    def get(self, path):
        """(seconds, answer, body). AssertionError unless it is 200."""
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - begun
        assert answer.status == 200, f"{path}: {answer.status}"
        return took, answer, body


def measure(page, browser, *, rounds):
    """The medians of `rounds` answers of the page and of the floor, taken by turns after a few of each."""
    for _warm in range(5):
        browser.get("/floor/")
        browser.get(page.path)
    floors, took = [], []
    for _round in range(rounds):
        floors.append(browser.get("/floor/")[0])
        seconds, answer, body = browser.get(page.path)
        took.append(seconds)
    return Found(
        page,
        1000 * statistics.median(took),
        1000 * statistics.median(floors),
        int(answer.headers["X-Statements"]),
        len(body),
    )
