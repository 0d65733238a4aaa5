"""Lists as tables, a module a noun: `header` and `rows`."""

from tickets.models import State


def request_no(record):
    """The number of the request that it came from; none while that waits for the opening: for the merchant it does not
    exist yet. [2] §一.1"""
    request = record.request
    return request.no if request is not None and request.state != State.SCHEDULED else None
