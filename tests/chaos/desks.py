"""How a player acts: by the public actions, over the web, or — the control — as one would who thinks of nobody else."""

import http.client
import json
import time
from datetime import timedelta
from urllib.parse import urlencode

from .world import SOON

LATE = timedelta(minutes=1440)


class Unknown(Exception):
    """No answer, or one that leaves open whether it was done. Its text says what was seen."""


class Desk:
    """Each verb does one thing with the request `record` of a story, marked with `mark`; when it returns it is done."""

    def __init__(self, world):
        self.world, self.cast = world, world.cast

    def order_of(self, story):
        return self.world.orders[story.number % len(self.world.orders)]

    def create(self, story, *, now):
        from tickets import actions

        ago = {"late": LATE - SOON, "soon": LATE / 2 - SOON}.get(story.kind, timedelta())
        record = actions.create(
            order=self.order_of(story),
            kind="general",
            category="product",
            detail=story.name,
            submission=story.name,
            by=self.cast.as_pia,
            now=now - ago,
        )
        return record.no

    def attach(self, record, story, mark, *, now):
        from tickets import actions

        piece = self.world.pieces[story.number % len(self.world.pieces)]
        actions.attach(record, evidence=piece, proves=mark, by=self.world.bob, now=now)

    def contact(self, record, story, mark, *, now):
        from tickets import actions

        said = {"channel": "phone", "result": "no_answer", "contacted_at": now, "note": mark}
        actions.log_contact(record, **said, by=self.world.bob, now=now)

    def urge(self, record, story, mark, *, now):
        from tickets import actions

        actions.urge(record, by=self.cast.as_pia, now=now)

    def reply(self, record, story, mark, *, now):
        from tickets import actions

        said = {"solved": False, "reason": "unreachable"}
        if story.kind == "asked" and record.round >= story.rounds:
            said = {"solved": True, "settlement": "done"}
        actions.reply(record, **said, text=mark, by=self.world.bob, now=now)

    def decide(self, record, story, mark, *, now):
        from tickets import actions

        verb = actions.approve if record.round >= story.rounds else actions.reject
        verb(record, reason=mark, by=self.cast.as_rita, now=now)

    def remind(self, record, story, mark, *, now):
        from tickets import actions

        actions.remind(record, by=self.world.bob, now=now)

    def answer(self, record, story, mark, *, now):
        from tickets import actions

        survey = record.surveys.get(round=record.round)
        actions.answer_survey(survey, satisfied=True, comment=mark, now=now)


class WebDesk(Desk):
    """Sends by the API and answers by the form, over HTTP; the rest as the others."""

    def __init__(self, world, port):
        super().__init__(world)
        self.port = port

    def create(self, story, *, now):
        said = {"shop_no": self.cast.shop.no, "order_no": self.order_of(story).no, "kind": "general"}
        headers = {"Authorization": f"Bearer {self.world.api_key}", "Idempotency-Key": story.name}
        body = json.dumps({**said, "category": "product", "detail": story.name})
        return json.loads(self._post("/api/requests/", body, {**headers, "Content-Type": "application/json"}, 201))[
            "request_no"
        ]

    def reply(self, record, story, mark, *, now):
        from django.conf import settings

        token = "c" * 32
        said = {"solved": "no", "reason": "unreachable", "text": mark, "csrfmiddlewaretoken": token}
        if story.kind == "asked" and record.round >= story.rounds:
            said = {**said, "solved": "yes", "settlement": "done"}
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.world.cookie}; {settings.CSRF_COOKIE_NAME}={token}"
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self._post(f"/s/{self.cast.shop.no}/requests/{record.no}/reply/", urlencode(said), headers, 302)

    def _post(self, path, body, headers, wanted):
        """The body of an answer of the status that says done. Raises `Refused` for 409, `Unknown` for no answer."""
        from shop_cs.moves import Refusal, Refused

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unknown(f"web: {error!r}") from error
        finally:
            connection.close()
        if answer.status == 409:
            raise Refused(Refusal("web", "409"))
        where = answer.getheader("Location", "")
        if answer.status != wanted or "login" in where:
            raise Unknown(f"web: {answer.status} {where}")
        return text


class NaiveDesk(Desk):
    """The control: looks, says yes, then writes. No lock, no transaction, nobody asked twice."""

    # Between the look and the word a person thinks.
    THOUGHT = 0.005

    def reply(self, record, story, mark, *, now):
        from tickets.models import Reply

        said = {"request": record, "shop_id": record.shop_id, "round": record.round, "text": mark}
        row = Reply(**said, solved=False, reason="unreachable", replied_at=now, replied_by_id=self.world.bob.user_id)
        return self._later("pending", record, row, {"state": "reviewing", "reviewing_since": now, "review_due": now})

    def decide(self, record, story, mark, *, now):
        from tickets.models import Review

        over = record.round >= story.rounds
        said = {"request": record, "shop_id": record.shop_id, "round": record.round, "reason": mark}
        row = Review(**said, approved=over, reviewed_at=now, reviewed_by_id=self.cast.rita.pk)
        changes = {"state": "closed", "closed_at": now} if over else {"state": "pending", "round": record.round + 1}
        return self._later("reviewing", record, row, changes)

    def _later(self, state, record, row, changes):
        """What is left to do after yes was said; None when the record stands elsewhere already."""
        from shop_cs.moves import Refusal, Refused

        if record.state != state:
            raise Refused(Refusal("state", "elsewhere"))
        time.sleep(self.THOUGHT)

        def write():
            type(row).everything.bulk_create([row])
            type(record).everything.filter(pk=record.pk).update(**changes)

        return write
