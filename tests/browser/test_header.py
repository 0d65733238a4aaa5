"""The header on a phone: the page's title stands there whole, beside the badge of a demo."""

import pytest

from tests.browser.conftest import PHONE

CUT = "[...document.querySelectorAll('#header-inner h1')].filter((one) => one.scrollWidth > one.clientWidth).length"


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_the_badge_of_a_demo_cuts_no_title(browse, cast, at, settings, lang):
    settings.DEMO, settings.REQUIRE_OTP = True, False
    alice = browse(cast.alice, size=PHONE, lang=lang)
    for path in ("requests", "cases", "notices", "people", "robot", "groups"):
        alice.goto(f"/s/S001/{path}/")
        assert alice.locator("#header-inner span.uppercase").count() == 1
        assert alice.evaluate(CUT) == 0, path
