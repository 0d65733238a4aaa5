"""Chromium for the stories of what people do. Without it these tests are skipped, unless REQUIRE_BROWSER=1."""

import os
import shutil
import threading

import pytest
from django.core.signals import request_finished, request_started
from django.test import Client

# Without the browser's own window: the same pages in half the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}

# What the page would be told by the server when nobody else is there. Answered in the page itself: were playwright to
# answer, each file of each page would go through it, and Chromium would keep none.
NOBODY_ELSE = """{
    const send = window.fetch;
    const alone = () => Promise.resolve(new Response('{"others": [], "changed": ""}', {status: 200}));
    window.fetch = (to, how) => String(to).endsWith("/presence/") ? alone() : send(to, how);
}"""

# Playwright's own loop runs in this thread; Django would take that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    missing = not os.path.exists(CHROMIUM) and os.environ.get("REQUIRE_BROWSER") != "1"
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if missing:
                item.add_marker(
                    pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium-headless-shell")
                )


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def alone():
    """Pages say nothing by themselves of who is there. On SQLite the server shares the test's own connection: what a
    page does in the background would fall into what the test does. Stories of two people say False."""
    return True


class Underway:
    """The requests that the server has begun and not ended."""

    def __init__(self):
        self.many, self.door = 0, threading.Condition()

    def __enter__(self):
        request_started.connect(self.begun)
        request_finished.connect(self.ended)
        return self

    def __exit__(self, *_error):
        request_started.disconnect(self.begun)
        request_finished.disconnect(self.ended)

    def begun(self, **_said):
        with self.door:
            self.many += 1

    def ended(self, **_said):
        with self.door:
            self.many -= 1
            self.door.notify_all()

    def over(self):
        """Waits until none is left, so that nothing falls into the emptying of the tables."""
        with self.door:
            assert self.door.wait_for(lambda: self.many <= 0, timeout=30)


@pytest.fixture
def underway():
    with Underway() as found:
        yield found


@pytest.fixture
def site(live_server):
    """The address that people open."""
    return live_server.url


@pytest.fixture
def browse(chromium, site, settings, alone, underway):
    """`browse(user, size=DESK, lang="zh-CN", dark=False)` → a page of that user's browser, logged in.

    `page.troubles` collects console errors, failed requests and scripts' exceptions: it must stay empty.
    """
    contexts = []

    def open_as(user, *, size=DESK, lang="zh-CN", dark=False):
        context = chromium.new_context(
            base_url=site,
            viewport=size,
            locale=lang,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        if alone:
            context.add_init_script(NOBODY_ELSE)
        if user is not None:
            # One each: a client that logs in as another ends the session of the one before.
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.troubles = []
        page.on("console", lambda said: said.type == "error" and page.troubles.append(said.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        return page

    yield open_as
    for context in contexts:
        # What a page would still say when it is left does not leave any more.
        context.set_offline(True)
    underway.over()
    for context in contexts:
        context.close()
