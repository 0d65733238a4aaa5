from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from shop_cs import moment, privacy
from shop_cs.access import roles_of
from shop_cs.actors import SYSTEM, Actor, Role
from shop_cs.admin.base import operator
from shop_cs.models import Consumer, Order, User
from shop_cs.moves import Refused

SURE = "yes"
STAYS = (
    "What stays: the orders, requests and cases themselves, evidence that was uploaded (it proves the case) with its "
    "name, what people wrote in free text, and backups made before."
)


class Command(BaseCommand):
    help = "Erases a consumer for good: name, phone and address in every shop. The trail still verifies."

    def add_arguments(self, parser):
        parser.add_argument("--shop", metavar="NO", help="number of the shop of an order of the person")
        parser.add_argument("--order", metavar="NO", help="number of that order")
        parser.add_argument("--phone", help="the person's telephone number, instead of an order")
        parser.add_argument("--reason", required=True, help="why, for the trail; without the person's name or phone")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who erases: a platform user, or SYSTEM")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, shop, order, phone, reason, by, yes, **options):
        actor = _actor(by)
        consumer = _consumer(shop, order, phone)
        try:
            reason = privacy.proper(reason)
        except Refused as refused:
            raise CommandError(str(refused.refusal.text)) from None
        rows = [row for row in privacy.same_person(consumer).order_by("pk") if row.erased_at is None]
        if rows:
            self._tell(rows)
        if rows and not yes and not self._is_sure():
            raise CommandError("Nothing was erased.")
        erased = privacy.erase(consumer, by=actor, reason=reason, now=moment.now())
        if not erased:
            self.stdout.write(f"Erased already, on {consumer.erased_at:%Y-%m-%d}: nothing to do.")
            return
        _leave_no_copy()
        self.stdout.write(
            f"Erased: {len(erased)} contact(s) of one person. Links sent to the person open nothing more."
        )
        self.stdout.write(STAYS)

    def _tell(self, rows):
        for row in rows:
            self.stdout.write(f"{row.masked_name or '—'} {row.masked_phone or '—'} {row.masked_address or '—'}")
        orders = Order.everything.filter(consumer__in=rows)
        shops = orders.order_by().values("shop").distinct().count()
        self.stdout.write(f"{orders.count()} order(s) in {shops} shop(s). This cannot be undone.")

    def _is_sure(self):
        self.stdout.write(f"Type “{SURE}” to erase this person: ", ending="")
        self.stdout.flush()
        try:
            return input().strip().lower() == SURE
        except EOFError:
            raise CommandError("Nobody is there to ask: nothing was erased. Say --yes to do it unasked.") from None


def _actor(username):
    """Who erases, in the first of his roles that may change something. Raises CommandError."""
    if username == "SYSTEM":
        return SYSTEM
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”.")
    role = next((role for role in (Role.REVIEWER, Role.AGENT) if role in roles_of(user)), None)
    if role:
        return Actor(role, user_id=user.pk, name=str(user))
    if user.is_superuser:
        return operator(user)
    raise CommandError(
        f"“{username}” is neither an agent nor a reviewer nor the superuser: erasing is not for this role."
    )


def _consumer(shop, order, phone):
    """The row that is meant. Raises CommandError."""
    if bool(phone) == bool(shop or order) or bool(shop) != bool(order):
        raise CommandError("Say who: either --shop and --order, or --phone.")
    if phone:
        if consumer := privacy.by_phone(phone):
            return consumer
        raise CommandError("Nobody here has this telephone number: it never was here, or was erased already.")
    found = Order.everything.select_related("consumer").filter(shop__no=shop, no=order).first()
    if found is None:
        raise CommandError(f"There is no order {order} in a shop {shop}.")
    if found.consumer is None:
        raise CommandError(f"Who bought order {order} is not known: there is nothing to erase.")
    return Consumer.objects.get(pk=found.consumer_id)


def _leave_no_copy():
    """SQLite's journal keeps the old pages until it is written back and cut."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
