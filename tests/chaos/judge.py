"""Afterwards: is all that was acknowledged there, once, told by the trail, and nothing of it before its time?"""

from collections import Counter, defaultdict
from datetime import timedelta

SHOWN = 5


def judge(heard, plan):
    """{what was looked for: [finding, …]}; all lists are empty when everything is as it should be."""
    _settle()
    evidence = _Evidence()
    return {
        "lost": [*evidence.lost(heard.acks)],
        "double": [*evidence.double(heard)],
        "early": [*map(str, heard.early), *evidence.early()],
        "locked": [str(one) for one in heard.unknown if "locked" in one["why"]],
        "broken": [str(one) for one in heard.broken] + [str(one) for one in heard.unknown if not _excused(one, plan)],
        "unfinished": evidence.unfinished(),
        "trail": _trail(),
        "ledger": _ledger(),
    }


def _settle():
    """The worker's last pass, and a last seal: what is left open now is left open for ever."""
    from shop_cs import moment, sweep
    from shop_cs.seals import sealing

    sweep.one_pass()
    sealing.seal_new(now=moment.now())


def _excused(unknown, plan):
    """Only a database that was knocked over may leave something unanswered."""
    return bool(plan.knocks) and ("web: 503" in unknown["why"] or "web: 5" not in unknown["why"])


class _Evidence:
    """What the tables and their history say, read once."""

    def __init__(self):
        from tickets.models import Attachment, ContactAttempt, Reply, Review, ServiceRequest

        self.rows = {row.no: row for row in ServiceRequest.everything.all()}
        self.trail = list(ServiceRequest.history.order_by("history_id"))
        self.moves = defaultdict(Counter)
        self.reasons = Counter()
        for row in self.trail:
            self.moves[row.no][row.move] += 1
            self.reasons[row.no, row.move, row.history_change_reason] += 1
        self.parts = {
            "reply": _marks(Reply, "text"),
            "decide": _marks(Review, "reason"),
            "contact": _marks(ContactAttempt, "note"),
            "attach": _marks(Attachment, None),
        }
        self.rounds = {"reply": _rounds(Reply), "decide": _rounds(Review)}

    def lost(self, acks):
        """Acknowledged and not there, or there and not told by the trail."""
        pressed = Counter((one["no"], one["act"]) for one in acks)
        for one in acks:
            no, act, mark = one["no"], one["act"], one["mark"]
            if not self._found(no, act, mark, pressed[no, act]):
                yield f"{act} of {no} was acknowledged ({mark}) and is not there"

    def _found(self, no, act, mark, pressed):
        if no not in self.rows or act == "create":
            return no in self.rows and self.moves[no]["create"] == 1 and self.rows[no].detail == mark
        if act == "attach":
            return no in self.parts["attach"][0] and no in self.parts["attach"][1]
        if act == "urge":
            return self.rows[no].urges == self.moves[no]["urge"] >= pressed
        if act == "remind":
            return self.rows[no].reminders == self.moves[no]["remind"] >= pressed
        if act == "answer":
            return self.reasons[no, "satisfied", mark] == 1
        live, told = self.parts[act]
        if act == "decide" and self.reasons[no, "approve", mark] + self.reasons[no, "reject", mark] != 1:
            return False
        return live[no, mark] == told[no, mark] == 1

    def double(self, heard):
        """Done twice: one story that is two requests, two answers in a round, a worker's step made again."""
        for detail, many in Counter(row.detail for row in self.rows.values()).items():
            if many > 1:
                yield f"{detail} became {many} requests"
        for act, rounds in self.rounds.items():
            yield from (f"{act}: {many} in round {key[1]} of {key[0]}" for key, many in rounds.items() if many > 1)
        by_worker = ("overdue", "due_soon", "send_survey", "send")
        steps = Counter((row.no, row.round, row.move) for row in self.trail if row.move in by_worker)
        yield from (f"{key}: {many} times" for key, many in steps.items() if many > 1)
        may_be = Counter((one["no"], one["act"]) for one in [*heard.acks, *heard.unknown])
        for no, row in self.rows.items():
            if row.urges > may_be[no, "urge"]:
                yield f"{no} was urged {row.urges} times, pressed {may_be[no, 'urge']} times"
        yield from _told_twice(sum(row.move == "overdue" for row in self.trail))

    def early(self):
        """By the trail's own times: before the deadline was over, before the notice was due."""
        for row in self.trail:
            if row.move == "overdue" and not row.history_date > row.deadline == row.overdue_at:
                yield f"{row.no} was overdue at {row.history_date}, its deadline is {row.deadline}"
            if row.move == "due_soon" and row.history_date < row.due_soon_at:
                yield f"{row.no} was told at {row.history_date}, due was {row.due_soon_at}"

    def unfinished(self):
        return [f"{no} is {row.state}" for no, row in self.rows.items() if row.state != "closed"]


def _marks(model, name):
    """Counters of (request number, mark), or of numbers alone: of the rows, and of the trail's rows of their birth."""
    of = {row.pk: row for row in model.everything.select_related("request")}
    live, told = Counter(), Counter()
    for row in of.values():
        live[(row.request.no, getattr(row, name)) if name else row.request.no] += 1
    for past in model.history.filter(history_type="+"):
        if past.id in of:
            no = of[past.id].request.no
            told[(no, getattr(past, name)) if name else no] += 1
    return live, told


def _rounds(model):
    return Counter(model.everything.values_list("request__no", "round"))


def _told_twice(overdue):
    """Notices of overdue requests: as many as there were."""
    from shop_cs.models import Notice

    lines = Notice.everything.filter(kind__startswith="request_overdue").values_list("params", flat=True)
    told = sum(params.get("count", 1) for params in lines)
    if told != overdue:
        yield f"{overdue} times overdue, told {told} times"


def _trail():
    from shop_cs.seals import anchors, verifying

    head = anchors.head()
    found, extent = verifying.verify(anchors=[(head.no, head.hash)] if head else [])
    problems = [finding.text for finding in found]
    return problems + ([f"{extent.unsealed} rows are not sealed"] if extent.unsealed or head is None else [])


def _ledger():
    from django.db import connection

    from shop_cs import guards, ledger

    return [*ledger.check(), *(f"the guard {name} does not stand" for name in guards.missing(connection))]


def table(title, heard, found, stories):
    """What happened and what was found, for a terminal."""
    acts = Counter(one["act"] for one in heard.acks)
    steps = sum(story.transitions for story in stories)
    lines = [
        f"== {title}",
        f"requests {len(stories)}, transitions {steps}, {timedelta(seconds=round(heard.seconds))}",
        f"acknowledged {len(heard.acks)} acts, refused {len(heard.refused)}, unanswered {len(heard.unknown)}",
        f"workers killed {heard.killed}, database knocked over {heard.knocked}",
        "  ".join(f"{act} {many}" for act, many in sorted(acts.items())),
    ]
    for name, problems in found.items():
        lines.append(f"{name:<12} {len(problems)}")
        lines += [f"             {problem}" for problem in problems[:SHOWN]]
    return "\n".join(lines)
