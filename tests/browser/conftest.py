"""Chromium for the stories of what people do. Without it these tests are skipped, unless REQUIRE_BROWSER=1."""

import os
import shutil

import pytest
from django.test import Client

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}

# Playwright's own loop runs in this thread; Django would take that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    missing = not os.path.exists(CHROMIUM) and os.environ.get("REQUIRE_BROWSER") != "1"
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if missing:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium"))


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, live_server, settings):
    """`browse(user, size=DESK, lang="zh-CN", dark=False)` → a page of that user's browser, logged in.

    `page.troubles` collects console errors, failed requests and scripts' exceptions: it must stay empty.
    """
    contexts = []

    def open_as(user, *, size=DESK, lang="zh-CN", dark=False):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=size,
            locale=lang,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        if user is not None:
            # One each: a client that logs in as another ends the session of the one before.
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.troubles = []
        page.on("console", lambda said: said.type == "error" and page.troubles.append(said.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        return page

    yield open_as
    for context in contexts:
        context.close()
