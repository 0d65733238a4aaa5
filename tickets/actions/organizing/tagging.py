"""A shop's own words for its requests: made while tagging, renamed, deleted, put on and taken off many at once."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs.history import MOST_PKS, delete_many, record_many
from shop_cs.models import Shop, acting
from shop_cs.moves import Refusal, Refused

from ...models import Tag, Tagging
from .outcome import Outcome, held, require

MOST_TAGS = 100


def add_tag(*, name, by, now, colour=Tag.Colour.GREY):
    """A new tag of one's shop. Raises `Refused`: name taken, too many (409), no name (400)."""
    require(by)
    with transaction.atomic():
        _queue(by)
        if Tag.objects.of(by.shop_id).count() >= MOST_TAGS:
            words = _("Your shop has %(n)s tags already: delete one that nobody needs.") % {"n": MOST_TAGS}
            raise Refused(Refusal("too_many", words))
        return _save(Tag(shop_id=by.shop_id), name, colour, move="add_tag", by=by, now=now)


def _queue(by):
    """The shop's row is the queue: two who make the last tag, or one of the same name, do not make two."""
    Shop.objects.select_for_update(no_key=True).get(pk=by.shop_id)


def tag_named(name, *, by, now):
    """The tag of this name, whatever its capitals; made when there is none."""
    require(by)
    with transaction.atomic():
        _queue(by)
        there = Tag.objects.of(by.shop_id).filter(name__iexact=_tidy(name)).order_by("pk").first()
        return there or add_tag(name=name, by=by, now=now)


def change_tag(tag, *, name, colour, by, now):
    """Another name or colour, on every request that carries it. Raises as `add_tag`; deleted meanwhile (404)."""
    with transaction.atomic():
        return _save(_held(tag, by=by), name, colour, move="change_tag", by=by, now=now)


def delete_tag(tag, *, by, now):
    """Deletes the tag and takes it off all that carry it. Returns how many these were."""
    with transaction.atomic(), acting(by, move="delete_tag", at=now):
        fresh, carried = _held(tag, by=by), 0
        # In parts: a tag may be on every request that there ever was.
        while some := list(Tagging.everything.filter(tag=fresh).order_by("pk")[:MOST_PKS]):
            delete_many(some)
            carried += len(some)
        fresh.delete()
    return carried


def _save(tag, name, colour, *, move, by, now):
    tag.name, tag.colour = _tidy(name), colour
    if not tag.name:
        raise Refused(Refusal("no_name", _("A tag needs a name."), 400))
    if Tag.objects.of(by.shop_id).filter(name__iexact=tag.name).exclude(pk=tag.pk).exists():
        raise Refused(_taken())
    try:
        with transaction.atomic(), acting(by, move=move, at=now):
            tag.save()
    except IntegrityError as error:
        raise Refused(_taken()) from error
    return tag


def _taken():
    return Refusal("taken", _("Your shop has a tag of this name already."))


def _tidy(name):
    return " ".join(name.split())[: Tag._meta.get_field("name").max_length]


def _held(tag, *, by):
    require(by)
    fresh = Tag.everything.select_for_update(of=("self",)).filter(pk=tag.pk, shop=by.shop_id).first()
    if fresh is None:
        raise Refused(Refusal("no_tag", _("There is no such tag in your shop."), 404))
    return fresh


def tag(keys, *, tag, by, now):
    """Puts the tag on the requests with these keys. An `Outcome`; raises `Refused` (404) for what is not the shop's."""
    with transaction.atomic():
        rows, tag = held(keys, by=by), _held(tag, by=by)
        carrying = set(Tagging.everything.filter(tag=tag, request__in=rows).values_list("request", flat=True))
        fresh = [row for row in rows if row.pk not in carrying]
        new = [
            Tagging(shop_id=row.shop_id, request=row, tag=tag, tagged_by_id=by.user_id, tagged_at=now) for row in fresh
        ]
        with acting(by, move="tag", at=now):
            Tagging.everything.bulk_create(new)
            record_many(new, created=True)
    return Outcome(done=fresh, unchanged=[row for row in rows if row.pk in carrying])


def untag(keys, *, tag, by, now):
    """Takes the tag off the requests with these keys. An `Outcome`; raises `Refused` (404)."""
    with transaction.atomic():
        rows, tag = held(keys, by=by), _held(tag, by=by)
        there = {one.request_id: one for one in Tagging.everything.filter(tag=tag, request__in=rows)}
        with acting(by, move="untag", at=now):
            delete_many(list(there.values()))
    return Outcome(
        done=[row for row in rows if row.pk in there],
        unchanged=[row for row in rows if row.pk not in there],
    )
