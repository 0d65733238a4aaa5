"""Nobody reaches what is not his: every address with every method, as everybody who could come. Twin: fences.py."""

from itertools import chain, repeat

import pytest

from shop_cs import sites
from shop_cs.models import Order, TrailRow
from tests import fenced, fences
from tests.fences import Browser, Visitor, nowhere, refusal_naming, to_login, walk

ANYTHING = range(200, 500)
NOT_THERE, LOGIN = {404}, to_login("/login/")
# Patterns of Django's own that take any text: (namespace, name or route, parameter) → why that opens nothing.
LOOSE = {
    ("platform", "app_list", "app_label"): "a choice of our three apps, by its regular expression",
    ("platform", "admin/(?P<url>.*)$", "url"): "what the desk does not have: 404, or the login",
}
# GETs that leave a trace, and why.
TRACES = {
    ("GET", "notice"): "opening a notice marks it as read, for this reader alone",
    **dict.fromkeys(
        (("GET", f"{noun}-export") for noun in ("requests", "cases", "appeals", "reports", "filings", "violations")),
        "an export is on record",
    ),
    ("GET", "money-export"): "an export is on record",
    ("GET", "trail-export"): "an export is on record",
    ("GET", "staffing-sheet"): "what a plan says leaves the house, on record",
    ("GET", "figures-export"): "an export is on record",
    ("GET", "export-file"): "fetching an export is on record",
}
# Acts that need no field, by the roles that may do them.
ACTS = {
    ("POST", "request-detach"): "a piece is taken back by its address",
    ("POST", "tickets_servicerequest_urge"): "the consumer's urging is passed on, without words",
    ("POST", "disputes_report_take_up"): "what is taken up is in the address",
    ("POST", "request-link"): "nothing chosen unlinks",
    **dict.fromkeys(
        (("POST", f"{noun}-take-back") for noun in ("case", "appeal", "report", "filing")),
        "a piece is taken back by its address",
    ),
    ("POST", "staffing-copy"): "what is copied is in the address",
    ("POST", "staffing-delete"): "what is deleted is in the address",
    ("POST", "rehearsal-cancel"): "what is cancelled is in the address",
    ("POST", "rehearsal-delete"): "what is deleted is in the address",
    ("POST", "report-withdraw"): "what is withdrawn is in the address",
    ("POST", "filing-withdraw"): "what is withdrawn is in the address",
    **dict.fromkeys(
        (
            ("POST", f"{noun}-export")
            for noun in ("requests", "cases", "appeals", "reports", "filings", "violations", "money")
        ),
        "what is to be made is in the address",
    ),
    ("POST", "export-ask"): "what is to be made is in the address",
    ("POST", "export-cancel"): "what is cancelled is in the address",
    ("POST", "export-again"): "what is made again is in the address",
    ("POST", "member-deactivate"): "who is deactivated is in the address",
    ("POST", "member-reactivate"): "who is reactivated is in the address",
    ("POST", "post-delete"): "what is deleted is in the address",
    ("POST", "phrase-delete"): "what is deleted is in the address",
}
# What everybody may be told of his own login.
OF_ONESELF = {"User.first_name", "User.username", "User.email"}
# POSTs that every member may send: what he himself has read, sits himself or writes to his colleagues.
OF_EVERY_MEMBER = {
    *("group-away", "views", "view", "view-delete"),
    "exam",
    "notices-read",
    "request-draft-discard",
    "request-note",
    "request-notes-read",
    "request-presence",
}


def by_area(**right):
    """Statuses by area; in `samples`, which everybody may see who is logged in, and where nothing is said: any."""

    def expected(address, method):
        if address.name.startswith("evidence-sample"):
            return right.get("samples", ANYTHING)
        return right.get(address.area, ANYTHING)

    return expected


def outside(world, *areas):
    """Alice's addresses in these areas (all), with links of consumers that open nothing any more."""
    told = [(one, path) for one, path in world.told if path not in world.live]
    return [(one, path) for one, path in told if not areas or one.area in areas]


def test_parameters_of_addresses_are_typed():
    assert fences.untyped(LOOSE) == []
    assert fences.untyped() != []


def test_the_walk_goes_everywhere(world):
    """Every model has a record of Alice's but those that are nobody's; every text of hers has its word."""
    nobodys = {"ApiKey", "HistoricalApiKey", "Rulebook", "HistoricalRulebook", "Heartbeat", "Seal", "SealedPart"}
    nobodys |= {"Rehearsal", "FollowMark", "FigureDay"}
    nobodys |= {"ExamQuestion", "HistoricalExamQuestion"}
    nobodys |= {f"{past}Playbook{part}" for past in ("", "Historical") for part in ("", "Step", "Choice")}
    through = {"User_groups", "User_user_permissions"}
    bare = {model.__name__ for model in fenced.tables() if not world.mine.rows.get(model)}
    assert bare <= nobodys | through
    assert len(world.told) > 200
    filled = {model for model, keys in world.mine.rows.items() if keys and not issubclass(model, TrailRow)}
    wanted = {f"{model.__name__}.{field.name}" for model in filled for field in fenced.texts(model)}
    assert wanted <= set(world.canaries.values())


def test_nobody_is_let_in(world):
    right = by_area(
        shop=LOGIN, evidence=LOGIN, samples=LOGIN, account=LOGIN, workbench=LOGIN, platform=to_login("/admin/login/"),
        api={401}, consumer={404, 409},
    )  # fmt: skip
    assert walk(Visitor("nobody", Browser(), right), outside(world), world.canaries) == []


def test_a_stranger_sees_nothing_of_alices_shop(world):
    right = by_area(shop=NOT_THERE, evidence={404, 405}, platform={403}, api={401}, consumer={404, 409})
    charlie = Visitor("charlie", Browser(world.cast.charlie), right)
    assert walk(charlie, outside(world), world.canaries) == []


def test_alices_records_are_not_under_charlies_shop(world):
    browser = Browser(world.cast.charlie)
    charlie = Visitor("charlie at home", browser, lambda address, method: nowhere(browser))
    inside = [(one, path) for one, path in outside(world, "shop") if len(one.params) > 1 and one.params[-1][1] != "fmt"]
    moved = [(one, path.replace(f"/s/{world.mine.shop.no}/", "/s/S002/")) for one, path in inside]
    assert len(moved) > 25
    assert walk(charlie, moved, world.canaries, fences.KNOWN) == []


def test_charlies_pages_do_not_know_whether_alice_is_there(world):
    now = fences.seen(Browser(world.cast.charlie), world.charlies)
    assert [path for path, text in now.items() if text != world.before[path]] == []


def test_searching_for_what_is_alices_finds_no_more_than_nonsense(world):
    browser, order = Browser(world.cast.charlie), Order.everything.get(pk=world.mine.order.pk)
    lists = [path for one, path in world.charlies if len(one.params) == 1]
    for path in lists:
        told = {word: browser.ask("GET", f"{path}?{fences.query(word)}").text for word in (order.no, "zz9999z")}
        assert told[order.no].replace(order.no, "zz9999z").count("<tr") == told["zz9999z"].count("<tr"), path


def test_a_post_without_permissions_only_looks(world):
    naming = refusal_naming(world.cast.interns.name)

    def expected(address, method):
        if address.area == "shop":
            return naming if method == "POST" and address.name not in OF_EVERY_MEMBER else ANYTHING
        return {"platform": {403}, "api": {401}}.get(address.area, ANYTHING)

    may = fenced.readable("merchant")
    ivy = Visitor("ivy", Browser(world.cast.ivy), expected, may, TRACES)
    assert walk(ivy, outside(world), world.canaries, ("GET", "POST")) == []
    assert walk(ivy, outside(world, "shop"), world.canaries, ("HEAD",)) == []


def test_who_was_deactivated_is_a_stranger(world):
    right = by_area(shop=NOT_THERE, evidence={404, 405}, platform={403}, api={401})
    dan = Visitor("dan", Browser(world.cast.dan), right, lambda label: label in OF_ONESELF)
    assert walk(dan, outside(world, "shop", "evidence", "account", "api"), world.canaries, fences.KNOWN) == []


def test_a_suspended_shop_neither_exports_nor_reports_nor_files(world):
    fenced.suspended(world.mine.shop)
    barred = {"report-new", "report-exhibit", "report-take-back", "report-withdraw"}
    barred |= {"filing-new", "filing-exhibit", "filing-take-back", "filing-withdraw"}

    def expected(address, method):
        export = address.name.endswith("-export")
        return {403, 405} if export or (method == "POST" and address.name in barred) else ANYTHING

    alice = Visitor("alice", Browser(world.cast.alice), expected, fenced.readable("merchant"), {**TRACES, **ACTS})
    assert walk(alice, outside(world, "shop"), world.canaries, ("GET", "POST")) == []


@pytest.mark.parametrize(
    ("who", "role", "turn"), [("pia", "agent", 0), ("rita", "reviewer", 1), ("olive", "auditor", 2)]
)
def test_the_platforms_people_have_no_shop(world, who, role, turn, monkeypatch):
    """Nothing happens without a field, nobody reads what is masked. HEAD runs what GET runs: each role asks a third,
    and a third of the trail's records, which every role sees alike. The sidebar is always the same: drawn once."""
    sidebars = chain([sites.platform_navigation], repeat(lambda request: []))
    monkeypatch.setattr("shop_cs.sites.platform_navigation", lambda request: next(sidebars)(request))
    right = by_area(shop=NOT_THERE, api={401})
    visitor = Visitor(who, Browser(getattr(world.cast, who)), right, fenced.readable(role), {**TRACES, **ACTS})
    told = [step for n, step in enumerate(outside(world)) if step[0].name != "trail-record" or n % 3 == turn]
    assert walk(visitor, told, world.canaries, ("GET", "POST")) == []
    assert walk(visitor, told[turn::3], world.canaries, ("HEAD",)) == []


def test_the_api_wants_a_key(world):
    told = outside(world, "api")
    for key in ("", "Bearer ", "Bearer nonsense", f"Bearer {world.keys['revoked']}"):
        system = Visitor(f"api {key[:9]}", Browser(HTTP_AUTHORIZATION=key), by_area(api={401}))
        assert walk(system, told, world.canaries) == []
    known = Visitor(
        "api", Browser(HTTP_AUTHORIZATION=f"Bearer {world.keys['good']}"), by_area(api={200, 400, 405}),
        lambda label: label == "ServiceRequest.no",
    )  # fmt: skip
    assert walk(known, told, world.canaries) == []


def test_a_consumers_link_opens_one_record(world):
    live = [(one, path) for one, path in world.told if path in world.live]
    own = ("Shop", "Order.product", "Order.no", "Case", "ServiceRequest", "Reply", "Evidence.name", "Survey")
    consumer = Visitor("consumer", Browser(), by_area(consumer={200, 400}), lambda label: label.startswith(own))
    assert len(live) == 2
    assert walk(consumer, live, world.canaries) == []


def test_odd_values_break_nothing(world):
    """The largest and the strangest that each type lets through: never a 5xx, nothing told, nothing written."""
    olive, alice = (
        Visitor(who, Browser(getattr(world.cast, who)), by_area(), fenced.readable(role))
        for who, role in (("olive", "auditor"), ("alice", "merchant"))
    )
    for odd in ("9" * 18, "9" * 40, "A" * 64, "%00", "1'"):
        told = [(one, fences.filled(one, lambda _name, odd=odd: odd)) for one in fences.addresses() if one.params]
        assert walk(olive, told, world.canaries, ("GET",)) == []
        own = [
            (one, path.replace(f"/s/{odd}/", f"/s/{world.mine.shop.no}/")) for one, path in told if one.area == "shop"
        ]
        assert walk(alice, [(one, path) for one, path in own if len(one.params) > 1], world.canaries, ("GET",)) == []
