"""The whole walk, before the server of the tests."""

from tests.browser.walk import walk
from tests.stories import sweep_at


def test_a_dispute_from_an_unanswered_request_to_an_appeal_granted_in_part(browse, cast, at):
    walk(browse, cast, at=at, sweep_at=sweep_at)
