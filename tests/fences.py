"""The walk along the fences: every address, every method, as a visitor; what it finds is returned, not asserted."""

import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, get_resolver
from django.urls.converters import PathConverter, StringConverter
from django.urls.resolvers import RegexPattern

from shop_cs.audit.tables import tables as audit_tables
from tests import fenced

KNOWN = ("GET", "HEAD", "POST")
METHODS = (*KNOWN, "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")
SHOP = "s/<number:shop_no>/"
LOGIN, DESK_LOGIN = "/login/", "/admin/login/"
# Addresses of nobody's data, which ask who comes in their own way or need not ask.
OPEN = {"root", "healthz", "set_language"}
# Tables that every request may write: they say who is logged in and since when, and hold no record.
ASIDE = re.compile(r"django_session|axes_|shop_cs_signin\b")
_SAFE_SQL = re.compile(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|WITH|PRAGMA|SET|EXPLAIN)\b", re.I)
_BODY = "\n\n"
_WORD = re.compile(r"zq\d{4}x")


class NoValue(LookupError):
    """The walk knows no value for a parameter of an address."""


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the urlconf; `params` are (converter or None, name)."""

    name: str
    route: str
    space: str
    params: tuple

    @property
    def area(self):
        """Whose business it is. NoValue for a new kind of address: somebody must say who may see it."""
        if self.space:
            return "doors" if self.name in {"login", "logout"} else self.space
        first = self.route.split("/")[0]
        known = {"s": "shop", "c": "consumer", "api": "api", "evidence": "evidence", "account": "account"}
        if first in known and (first != "s" or self.route.startswith(SHOP)):
            return known[first]
        if self.name in OPEN:
            return "open"
        raise NoValue(f"{self.route}: an address of no known kind; say in tests/fences.py who may come here")


def addresses(patterns=None, prefix="", space="", params=()):
    """Every address of the urlconf, both sites' own and included ones too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route, taken = prefix + str(pattern.pattern), (*params, *_params(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield Address(pattern.name or "", route, space, taken)
        else:
            yield from addresses(pattern.url_patterns, route, pattern.namespace or space, taken)


def _params(pattern):
    if isinstance(pattern, RegexPattern):
        return tuple((None, name) for name in pattern.regex.groupindex)
    return tuple((converter, name) for name, converter in getattr(pattern, "converters", {}).items())


def untyped(known=(), patterns=None):
    """Parameters that take any text: `<x>`, `<str:x>`, `<path:x>` and those of regular expressions."""
    loose = (StringConverter, PathConverter)
    return sorted(
        {
            f"{one.route}: {name}"
            for one in addresses(patterns)
            for converter, name in one.params
            if (converter is None or type(converter) in loose) and (one.space, one.name or one.route, name) not in known
        }
    )


# Where the value of a parameter comes from: the literal part before it → what of the shop's it is.
RECORDS = {
    "requests": "request",
    "detach": "attached",
    "cases": "open_case",
    "violations": "violation",
    "appeals": "appeal",
    "reports": "report",
    "filings": "filing",
    "orders": "order",
    "order-file": "order",
    "notices": "notice",
    "robot": "robot_answer",
    "exams": "exam",
    "staffing": "plan",
    "rehearsals": "rehearsal",
    "rulebook": "rehearsed",
    "exports": "export_job",
    "groups": "group",
    "places": "place",
    "tags": "tag",
    "views": "view",
    "people": "member",
    "person": "member_user",
    "posts": "post",
    "evidence": "piece",
    "open": "after_sale",
    "phrases": "phrase",
}
# … and by the parameter's own name.
FIXED = {
    "fmt": "csv",
    "app_label": "shop_cs",
    "url": "nothing",
    "content_type_id": "1",
    "code": "agreement",
    "guide": "logistics-stalled",
    "listing": "desk-requests",
}


def value(own, address, name):
    """What stands for a parameter, out of the records of the shop `own`. Raises NoValue."""
    if name in FIXED:
        return FIXED[name]
    if name == "shop_no":
        return own.shop.no
    if name == "key":
        return own.order.consumer.key
    if address.space == "platform" and name in {"object_id", "id"}:
        return _of_model(own, address)
    parts = re.sub(r"[<(][^/]*\b" + name + r"\b.*", "", address.route).rstrip("/").split("/")
    return _of_record(own, address, parts, name)


def _of_model(own, address):
    if "/" not in address.route.removeprefix("admin/"):
        raise NoValue(f"{address.route}: no value for object_id")
    if address.name == "view_on_site":
        return "1"
    _admin, app, model = address.route.split("/")[:3]
    model = apps.get_model(app, model)
    if rows := own.rows.get(model._meta.concrete_model):
        return str(_first(own, model._meta.concrete_model, rows))
    # What belongs to no shop: the rulebook.
    if row := model._base_manager.first():
        return str(row.pk)
    raise NoValue(f"{address.route}: the world has no {model.__name__}")


def _first(own, model, rows):
    chosen = {type(record): record.pk for record in (own.open_case, own.request, own.order)}
    return chosen.get(model, rows[0])


def _of_record(own, address, parts, name):
    word = parts[-1]
    if word == "take-back":
        subject = parts[-3].removesuffix("s")
        return str(own.exhibits.filter(**{f"{subject}__isnull": False}).first().pk)
    # The number of an order stands behind its shop's in the desk.
    known = own.old_case if address.name == "appeal-compensation" else None
    record = known or getattr(own, RECORDS.get(word, "order" if parts[-1].startswith("<number:shop_no") else ""), None)
    if record is None:
        raise NoValue(f"{address.route}: no value for {name}")
    return str(record.no if name == "no" else record.pk)


def filled(address, values):
    """The path of an address; `values` is name → text."""
    route = re.sub(r"\^|\$|\\Z", "", address.route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda part: values(part[1]), route)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values(part[1]), route)


def paths(own, tokens):
    """(address, path) for each address, with the shop's own records in it. Raises NoValue."""
    told = []
    for one in addresses():
        if one.area == "consumer":
            told += [(one, filled(one, lambda _name, token=token: token)) for token in tokens[one.name].values()]
        elif one.name == "trail-record":
            known = [(name, own.rows.get(table.model)) for name, table in audit_tables().items()]
            told += [(one, f"/admin/trail/{name}/{rows[0]}/") for name, rows in known if rows]
        else:
            told.append((one, filled(one, lambda name, one=one: value(own, one, name))))
    return told


@dataclass
class Answer:
    """What came back: `text` is headers and body as far as they can be read; `wrote` the tables that were written."""

    status: int
    text: str
    location: str
    wrote: list
    error: str = ""


class Browser(RequestFactory):
    """Asks like Django's test client, but without a copy of every template's context, which takes twice the time."""

    def __init__(self, user=None, **headers):
        super().__init__(HTTP_ACCEPT_LANGUAGE="en", **headers)
        self.handler = ClientHandler(enforce_csrf_checks=False)
        if user is not None:
            client = Client()
            client.force_login(user)
            self.cookies = client.cookies

    def request(self, **said):
        return self.handler(self._base_environ(**said))

    def ask(self, method, path, data=None):
        """One request in a savepoint; what it wrote is noted and undone."""
        written, errors = [], []

        def watch(execute, sql, params, many, context):
            if not _SAFE_SQL.match(sql):
                written.append(sql[:60])
            return execute(sql, params, many, context)

        def broke(sender, **kwargs):
            errors.append(repr(sys.exc_info()[1])[:200])

        got_request_exception.connect(broke)
        try:
            with transaction.atomic(), connection.execute_wrapper(watch):
                answer = self._asked(method, path, data)
                transaction.set_rollback(bool(written))
        finally:
            got_request_exception.disconnect(broke)
        text = _text(answer, path)
        wrote = [sql for sql in written if not ASIDE.search(sql)]
        return Answer(answer.status_code, text, answer.headers.get("Location", ""), wrote, "; ".join(errors))

    def _asked(self, method, path, data):
        if method == "POST":
            return self.post(path, data or {})
        return self.generic(method, path, QUERY_STRING=data or "")


def _text(answer, path):
    """Headers and body without what the visitor said himself: the address that he asked for, and the words in it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" in answer.headers.get("Content-Type", ""):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    text = f"{answer.headers} {answer.cookies}{_BODY}{body.decode('utf-8', 'replace')}"
    for said in (path, quote(path, safe=""), *_WORD.findall(path)):
        text = text.replace(said, "…")
    return text


@dataclass
class Visitor:
    """Who walks. `expected(address, method)` → the statuses that are right, or a function of the answer that says
    what is wrong with it; `may_read(label)` whether a canary of that "Model.field" may be told to him."""

    name: str
    browser: Browser
    expected: Callable
    may_read: Callable = lambda label: False
    # (method, name of the address) → why this one may write.
    writes: dict = field(default_factory=dict)


def walk(visitor, told, canaries, methods=METHODS):
    """All that is wrong along the way, a line each; [] where the fences stand. Leaves the world as it was."""
    before, findings = state(), []
    for address, path in told:
        for method in methods:
            answer = visitor.browser.ask(method, path)
            wrong = _wrong(visitor, address, method, answer, canaries)
            findings += [f"{visitor.name}: {method} {path}: {words}" for words in wrong]
    if changed := [table for table, digest in state().items() if before[table] != digest]:
        findings.append(f"{visitor.name}: changed {', '.join(changed)}")
    return findings


def _wrong(visitor, address, method, answer, canaries):
    if answer.status >= 500 and address.name != "healthz":
        yield f"{answer.status} {answer.error}"
    elif words := _unexpected(visitor, address, method, answer):
        yield words
    read = {canaries[word] for word in set(_WORD.findall(answer.text)) if word in canaries}
    if told := sorted(label for label in read if not visitor.may_read(label)):
        yield f"tells {', '.join(told[:5])}"
    if answer.wrote and (method, address.name) not in visitor.writes:
        yield f"wrote: {answer.wrote[0]}"


def _unexpected(visitor, address, method, answer):
    if method not in KNOWN:
        return "" if answer.status == 405 else f"{answer.status}, not 405"
    if address.name == "healthz" and answer.status == 503:
        # No worker runs beside a test.
        return ""
    right = visitor.expected(address, method)
    if callable(right):
        return right(answer)
    return "" if answer.status in right else f"{answer.status}, not {sorted(right)}"


def to_login(path):
    """What is wrong with an answer that should lead to the login at `path`."""

    def check(answer):
        if answer.status == 405 or (answer.status == 302 and answer.location.split("?")[0] == path):
            return ""
        return f"{answer.status} {answer.location}, not to {path}"

    return check


def refusal_naming(post):
    """What is wrong with an answer that should be a 403 that names the post."""

    def check(answer):
        if answer.status == 405 or (answer.status == 403 and post in answer.text):
            return ""
        return f"{answer.status}, not a 403 that names the post"

    return check


def nowhere(browser):
    """What is wrong with an answer that should be 404, or lead to where nothing is."""

    def check(answer):
        if answer.status == 302 and not answer.location.startswith(LOGIN):
            answer = browser.ask("GET", answer.location)
        return "" if answer.status in {404, 405} else f"{answer.status}, not 404"

    return check


def state():
    """table → digest of all its rows, of all tables but those of logins."""
    told = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not ASIDE.search(table):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own
                rows = "\n".join(sorted(map(repr, cursor.fetchall())))
                told[table] = hashlib.sha256(rows.encode()).hexdigest()
    return told


# What differs from answer to answer and tells nothing.
_CHANGING = re.compile(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')


def seen(browser, told):
    """path → what a GET of it tells: status, where it leads, and the body without what changes each time."""
    answers = ((path, browser.ask("GET", path)) for _address, path in told)
    return {path: (one.status, one.location, _CHANGING.sub("", one.text.split(_BODY, 1)[1])) for path, one in answers}


def query(word):
    """A query string that asks for `word` in every way that a list can be asked."""
    return "&".join(f"{name}={word}" for name in ("q", "search", "no", "order_no", "order", "request_no", "text"))


def make_world(patch, folder):
    """The whole world in its own folder of evidence, with Charlie's pages `before` Alice had anything. `patch` is a
    pytest.MonkeyPatch that lasts as long."""
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    patch.setattr(settings, "STORAGES", {**settings.STORAGES, "evidence": kept, "exports": kept})
    patch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    patch.setattr(settings, "REQUIRE_OTP", False)
    patch.setattr("shop_cs.moment.now", lambda: fenced.NOW)
    world = fenced.begin()
    told = paths(world.theirs, fenced.tokens(world.theirs))
    world.charlies = [(one, path) for one, path in told if one.area == "shop" and not one.name.endswith("-export")]
    world.before = seen(Browser(world.cast.charlie), world.charlies)
    fenced.complete(world)
    world.live = {
        filled(one, lambda _name, one=one: world.tokens[one.name]["live"])
        for one in addresses()
        if one.area == "consumer"
    }
    world.told, world.storages = paths(world.mine, world.tokens), settings.STORAGES
    return world
