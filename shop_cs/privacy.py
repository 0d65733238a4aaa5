"""A consumer's contact: shown for a reason that is recorded, and erased for good. Everywhere else it is masked. [3]"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from .access import may
from .actors import Role
from .history import record_many, update_many
from .imports.engine import one_at_a_time
from .masking import mask_mobiles
from .models import Consumer, ConsumerMessage, Disclosure, Order, acting
from .moves import Refusal, Refused, no_permission

ACT = "reveal_contacts"
SHORTEST, LONGEST = 5, 500
# Earlier disclosures that a page lists.
MOST = 50
# What else is to forget a person: functions (erased consumers, with their new key) within the erasing; apps add theirs.
ALSO_FORGET = []


def why_not_reveal(order, *, by):
    """The `Refusal` why `by` is not shown the contact of this order, or None; the order comes with its consumer."""
    if by.role == Role.MERCHANT and by.shop_id != order.shop_id:
        return Refusal("stranger", _("There is no such order in your shop."), 404)
    if not may(by, ACT, order.shop_id):
        is_merchant = by.role == Role.MERCHANT
        words = no_permission(by, ACT) if is_merchant else _("“%(role)s” may not do this.") % {"role": by.role.label}
        return Refusal("permission", words, 403)
    if order.consumer is None:
        return Refusal("unknown", _("Who bought is not known for this order."))
    if order.consumer.erased_at:
        return Refusal("erased", _("This person was erased: there is no contact any more."))
    return None


def reveal(order, *, by, reason, now):
    """The consumer of the order, unmasked for `by`; who, when and why is kept, the contact itself masked out of it.

    Raises `Refused`: another shop's (404), post or role (403), nobody known or erased (409), no proper reason (400).
    """
    with transaction.atomic():
        order = Order.everything.get(pk=order.pk)
        # Held: whoever erases waits, or has done it before we look.
        order.consumer = Consumer.objects.select_for_update(no_key=True).filter(pk=order.consumer_id).first()
        if refusal := why_not_reveal(order, by=by):
            raise Refused(refusal)
        kept = _without([order.consumer], proper(reason))
        with acting(by, move="reveal", reason=kept, at=now):
            Disclosure.everything.create(
                shop_id=order.shop_id,
                order=order,
                consumer=order.consumer,
                by_id=by.user_id,
                role=by.role,
                reason=kept,
                at=now,
            )
    return order.consumer


def proper(reason):
    """The reason without blanks at its ends. Raises `Refused` (400): hardly anything said, too much, a NUL."""
    reason = reason.strip()
    said = sum(sign.isprintable() and not sign.isspace() for sign in reason)
    if said < SHORTEST:
        words = _("Say why, in at least %(n)s characters: the reason is kept.")
        raise Refused(Refusal("reason", words % {"n": SHORTEST}, 400))
    if len(reason) > LONGEST:
        words = _("A reason has at most %(most)s characters; this one has %(n)s.")
        raise Refused(Refusal("reason", words % {"most": LONGEST, "n": len(reason)}, 400))
    if "\0" in reason:
        raise Refused(Refusal("reason", _("The reason holds a character that no text may have."), 400))
    return reason


def _without(consumers, text):
    """The text with their contacts masked: what is kept of a reason outlives the person's erasing."""
    for one in consumers:
        for value, shown in ((one.address, one.masked_address), (one.phone, one.masked_phone)):
            text = text.replace(value, shown) if value else text
        # A name of one character is a part of many words.
        text = text.replace(one.name, one.masked_name) if len(one.name) > 1 else text
    return mask_mobiles(text)[:LONGEST]


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody saw a contact."""

    at: datetime
    who: str
    role: str
    reason: str


def disclosures(order, *, viewer):
    """Who saw the contact of this order before, newest first: to a merchant his own shop's people, else everybody."""
    rows = Disclosure.everything.filter(order=order)
    if viewer.role == Role.MERCHANT:
        rows = Disclosure.objects.of(viewer.shop_id).filter(order=order, role=Role.MERCHANT)
    return [
        Seen(one.at, str(one.by or ""), Role(one.role).label, one.reason) for one in rows.select_related("by")[:MOST]
    ]


def name_shown(consumer):
    """The name as it stands everywhere: masked, or that the person was erased; "" for nobody."""
    return consumer and (_("erased") if consumer.erased_at else consumer.masked_name) or ""


def is_known(consumer):
    """Whether he can be told from others: masked or missing values would give many people one key."""
    if consumer is None:
        return False
    if any(map(str.isdigit, consumer.phone)):
        return "*" not in consumer.phone
    return bool(consumer.name and consumer.address) and "*" not in consumer.name + consumer.address


def is_erased(order_id):
    """Whether the consumer of this order was erased: nothing is written to him any more."""
    return Consumer.objects.filter(orders=order_id, erased_at__isnull=False).exists()


def by_phone(phone):
    """Who has this telephone number, in whichever way it is written; None for nobody here."""
    return Consumer.objects.filter(key__in=_keys(phone)).order_by("pk").first()


def same_person(consumer):
    """A queryset of all rows of the person: his contacts over time, in every shop. Who cannot be told from others has
    the one row."""
    if not is_known(consumer) and not consumer.erased_at:
        return Consumer.objects.filter(pk=consumer.pk)
    return Consumer.objects.filter(Q(key=consumer.key) | Q(key__in=_keys(consumer.phone)))


def _keys(phone):
    """The keys under which this telephone number may stand here: with the country's number before it and without."""
    digits = re.sub(r"\D", "", phone)
    bare = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$)", "", digits)
    return {Consumer.of(name="", phone=lead + bare, address="").key for lead in ("", "86", "0086") if digits}


def erase(consumer, *, by, reason, now):
    """Empties name, phone, address and both hashes of every row of the person, for good; the rows stay one person.

    Links sent to him open nothing any more. Returns the rows, none when all was erased before. Raises `Refused` (400)
    without a proper reason.
    """
    reason = proper(reason)
    with transaction.atomic():
        # An import under way would write the contact anew.
        one_at_a_time()
        found = same_person(Consumer.objects.get(pk=consumer.pk))
        rows = [row for row in found.select_for_update().order_by("pk") if row.erased_at is None]
        if rows:
            with acting(by, move="erase", reason=_without(rows, reason), at=now):
                _empty(rows, now)
                _forget_links(rows)
                for forget in ALSO_FORGET:
                    forget(rows)
    return rows


def _empty(rows, now):
    key = secrets.token_hex(20)
    for row in rows:
        row.name = row.phone = row.address = ""
        row.key, row.fingerprint, row.erased_at = key, secrets.token_hex(20), now
        row.save()


def _forget_links(rows):
    messages = list(ConsumerMessage.everything.filter(order__consumer__in=rows).exclude(link=""))
    for message in messages:
        message.link = ""
    update_many(messages, ["link"])
    record_many(messages, created=False)
