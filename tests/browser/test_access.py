"""Every page passes axe-core's rules for WCAG 2.1 A and AA: in the light on a desk's screen, in the dark on a phone's.

What the walks through both sites open (test_every_page, test_every_dispute_page), and then one page of each address
that they do not come to.
"""

import pytest
from django.urls import Resolver404, resolve, reverse

from disputes import messages
from tests import fences
from tests.browser import test_every_dispute_page as in_disputes
from tests.browser import test_every_page as in_requests
from tests.browser.axe import ONCE, Audit, clean
from tests.exam_stories import only_questions
from tests.factories import UserFactory

pytestmark = ONCE
records, dispute_records = in_requests.records, in_disputes.records
# Who is asked for a page, in this order.
PEOPLE = {"shop": ["alice"], "workbench": ["alice", ""], "consumer": [""]}
DESK_PEOPLE = ["rita", "pia", "olive", "root", ""]
# Not a page but a part of one: unfold's list of models that are called so, which nothing here asks for.
PARTS = {"workbench:search"}
# Of addresses that are no page: files, ways on, what other programs ask, what is only sent, what nobody may.
NO_PAGE = {200, 302, 401, 403, 404, 405, 503}


@pytest.fixture
def cast_with_root(cast):
    cast.root = UserFactory(username="root", is_superuser=True, is_staff=True)
    return cast


def walk(browse, cast, by_person):
    """What axe finds; of a page that several people see, with the first of them."""
    findings, seen = [], set()
    for who, paths in by_person.items():
        new = [path for path in dict.fromkeys(paths) if path not in seen]
        seen.update(new)
        Audit(browse(getattr(cast, who) if who else None), findings).pages(new)
    return findings


def test_the_pages_of_requests(browse, cast_with_root, records):
    cast = cast_with_root
    by_person = {"alice": in_requests.merchant_pages(records), **in_requests.platform_pages(cast, records)}
    clean(walk(browse, cast, by_person))


def test_the_pages_of_disputes(browse, cast, dispute_records):
    there = dispute_records
    cases = [*there.cases.values(), there.confirming]
    by_person = {
        "alice": in_disputes.workbench(there) + in_disputes.only_the_owner(there),
        "rita": in_disputes.platform(there) + in_disputes.decisions(there),
        "pia": in_disputes.openings(there),
        "": [reverse("consumer-case", args=[messages.case_token(case)]) for case in cases],
    }
    clean(walk(browse, cast, by_person))


class Anything(str):
    """Any record, any of its parts and any collection of such: to learn which addresses a list of pages has."""

    def __getattr__(self, _name):
        return self

    def __getitem__(self, _key):
        return self

    def __add__(self, _other):
        return self

    def __iter__(self):
        yield self

    def items(self):
        return [(self, self)]


def walked():
    """The names of the addresses that the two tests above open."""
    some = Anything("1")
    paths = in_requests.merchant_pages({"order": some, "pending": some, "reviewing": some, "to_manage": []})
    paths += sum(in_requests.platform_pages(some, some).values(), [])
    paths += in_disputes.workbench(some) + in_disputes.only_the_owner(some) + in_disputes.platform(some)
    paths += in_disputes.decisions(some) + in_disputes.openings(some)
    names = {"consumer-case"}
    for path in paths:
        try:
            names.add(resolve(path.split("?")[0]).view_name)
        except Resolver404:
            # Addresses made from a record's own names: opened once more.
            continue
    return names


@pytest.fixture
def world(db, monkeypatch, tmp_path):
    # What the migrations bring is gone after a test that commits.
    only_questions({0}, {1})
    world = fences.make_world(monkeypatch, tmp_path / "evidence")
    world.cast.root = UserFactory(username="root", is_superuser=True, is_staff=True)
    return world


def others(world):
    """({who: one page of each other address}, the addresses that are nobody's page with what they answered)."""
    people = {who: fences.Browser(getattr(world.cast, who) if who else None) for who in ("alice", *DESK_PEOPLE)}
    pages, left, done = {who: [] for who in people}, [], walked() | PARTS
    for address, path in world.told:
        name = resolve(path).view_name
        if name in done:
            continue
        statuses = set()
        for who in PEOPLE.get(address.area, DESK_PEOPLE):
            answer = people[who].ask("GET", path)
            statuses.add(answer.status)
            if answer.status == 200 and "text/html" in answer.text.split("\n\n")[0]:
                done.add(name)
                pages[who].append(path)
                break
        else:
            left.append((path, statuses))
    return pages, left


def test_the_other_pages(browse, world):
    pages, left = others(world)
    assert [path for path, statuses in left if not statuses <= NO_PAGE] == []
    assert len([path for paths in pages.values() for path in paths]) > 80
    clean(walk(browse, world.cast, pages))
