"""Weekly exams: who served negatively is warned, sits until he passes, and is kept from answering if late. [3]"""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.actors import CLOCK
from shop_cs.history import record_many, update_many
from shop_cs.models import Member, Shop, acting
from shop_cs.moves import Refusal, Refused, locked
from shop_cs.words import instant

from ..models import Exam, ExamQuestion, ExamTry
from ..quality import exams, negative

# What is restricted until the exam is passed.
HANDLING = "answer_requests"


def warn(warning, *, now, by=CLOCK):
    """The exams of those who served negatively in the week before the Tuesday `warning`; again it makes none twice.

    Each has the full time from `now` on. Where the bank has no question in use nothing is due and nobody is
    restricted. Returns the new exams.
    """
    week = exams.week_before(warning)
    served = negative.served(week)
    had = set(Exam.everything.filter(week=week).values_list("member_id", flat=True))
    with transaction.atomic(), acting(by, move="warn_member", at=now):
        keys = sorted(member.pk for member in served if member.pk not in had)
        due_at = now + exams.TIME_TO_PASS if ExamQuestion.objects.filter(is_active=True).exists() else None
        causes = {member.pk: said for member, said in served.items()}
        members = _held(keys)
        made = [
            Exam(
                shop_id=member.shop_id, member=member, week=week, warned_at=now, causes=causes[member.pk], due_at=due_at
            )
            for member in members
        ]
        Exam.everything.bulk_create(made)
        record_many(made, created=True)
        if due_at:
            _bar([member for member in members if HANDLING not in member.bars], due_at)
        _tell("exam_warned" if due_at else "exam_warned_freely", made, now=now)
    return made


def _held(keys):
    """The members, each locked; in one order, so that two workers wait for each other and never in a ring."""
    rows = Member.everything.select_for_update(of=("self",), no_key=True).select_related("user").order_by("pk")
    return [row for at in range(0, len(keys), 400) for row in rows.filter(pk__in=keys[at : at + 400])]


def _bar(members, since):
    """Written beforehand: it binds from that instant on, whether or not a worker runs then."""
    for member in members:
        member.bars = {**member.bars, HANDLING: since.isoformat()}
    update_many(members, ["bars"])
    record_many(members, created=False)


def restrict(rows, *, now, by=CLOCK):
    """Records that exams were not passed in time: restricted since the instant at which they were due."""
    for exam in rows:
        exam.restricted_at = exam.due_at
    with acting(by, move="restrict_member", at=now):
        update_many(rows, ["restricted_at"])
        record_many(rows, created=False)
    _tell("exam_restricted", rows, now=now)
    return rows


def _tell(kind, made, *, now):
    shops = Shop.objects.in_bulk({exam.shop_id for exam in made})
    members = Member.everything.select_related("user").in_bulk({exam.member_id for exam in made})
    notices.tell_many(
        kind,
        [(exam.shop_id, page_of(shops[exam.shop_id]), _told(exam, members[exam.member_id])) for exam in made],
        now=now,
        gathered_path=lambda shop_id: page_of(shops[shop_id]),
    )


def _told(exam, member):
    return {
        "member": str(member.user),
        "week": exam.week.isoformat(),
        "until": instant(exam.due_at) if exam.due_at else "",
    }


def page_of(shop):
    """Where a shop's exams are listed."""
    return f"/s/{shop.no}/exams/"


def paper(exam):
    """(which try it would be, [its questions]): none when the bank is empty."""
    sitting = ExamTry.everything.filter(exam=exam).count() + 1
    questions = ExamQuestion.objects.filter(is_active=True).in_bulk()
    return sitting, [questions[key] for key in exams.drawn(exam.pk, sitting, questions)]


def stamp(sitting, questions):
    """What the page of a try carries, to see that nothing was changed under it."""
    return exams.stamp_of(sitting, [(one.pk, one.text, one.options) for one in questions])


def why_not_sit(exam, *, by):
    """The `Refusal` why `by` may not sit this exam, or None."""
    if exam.shop_id != by.shop_id or exam.member.user_id != by.user_id:
        return Refusal("stranger", _("This is not your exam."), 404)
    if exam.passed_at:
        return Refusal("passed", _("This exam is passed already."))
    return None


def sit(exam, *, chosen, by, now, expect):
    """One try: `chosen` is {question: places of the options}. With 100 points it is passed, and at once nothing is
    restricted any more that no other exam restricts. Returns the try.

    Raises `Refused`: another's (404), passed already, no questions, changed meanwhile (409).
    """
    with transaction.atomic():
        fresh = Exam.everything.select_for_update(of=("self",), no_key=True).select_related("member").get(pk=exam.pk)
        if refusal := why_not_sit(fresh, by=by):
            raise Refused(refusal)
        sitting, questions = paper(fresh)
        if not questions:
            raise Refused(Refusal("no_questions", _("The question bank is empty: there is nothing to answer.")))
        if expect != stamp(sitting, questions):
            text = _("The questions have changed meanwhile, or were answered already. Here is a new paper.")
            raise Refused(Refusal("stale", text))
        marks = exams.marked([(one.pk, one.options) for one in questions], chosen)
        done = _record(fresh, marks, by=by, now=now)
        if done.points == exams.PASSED:
            _pass(fresh, by=by, now=now)
    return done


def _record(exam, marks, *, by, now):
    answers = [{"question": mark.question, "chosen": list(mark.chosen), "right": mark.right} for mark in marks]
    with acting(by, move="sit_exam", at=now):
        return ExamTry.everything.create(
            shop_id=exam.shop_id,
            exam=exam,
            answers=answers,
            points=exams.points(marks),
            sat_by_id=by.user_id,
            sat_at=now,
        )


def _pass(exam, *, by, now):
    with acting(by, move="pass_exam", at=now):
        exam.passed_at = now
        exam.save()
        member = locked(exam.member)
        owed = Exam.everything.filter(member=member, passed_at__isnull=True, due_at__isnull=False)
        first = owed.order_by("due_at").values_list("due_at", flat=True).first()
        bars = {name: since for name, since in member.bars.items() if name != HANDLING}
        if first:
            bars[HANDLING] = first.isoformat()
        if bars != member.bars:
            member.bars = bars
            member.save(update_fields=["bars"])
