"""`manage.py demo`: fills an empty database with shops, people, orders, requests and disputes in every state."""

from django.core.management.base import BaseCommand
from django.db import transaction

from disputes.models import Case
from shop_cs import moment
from shop_cs.demo import bluesea, dawn, exports, hands, phrases, planning, sunflower
from shop_cs.demo.people import PASSWORD, make_people
from shop_cs.demo.play import play
from shop_cs.models import Shop, User
from tickets.models import ServiceRequest

DESKS = (sunflower.DESK, bluesea.DESK, dawn.DESK)


class Command(BaseCommand):
    help = "Fills an empty database with a believable demo; its logins have a known password. Again does nothing."

    def handle(self, **options):
        with transaction.atomic():
            # Accounts with a printed password never come into a database that somebody uses.
            if Shop.objects.exists() or User.objects.exists():
                return "Demo: there are records already, nothing was changed."
            now = moment.now()
            cast = make_people(now=now)
            phrases.keep(cast, now=now)
            play(DESKS, cast=cast, now=now)
            hands.keep(cast, now=now)
            planning.keep(cast, now=now)
            exports.keep(cast, now=now)
        requests, cases = ServiceRequest.everything.count(), Case.everything.count()
        return f"Demo: {requests} requests and {cases} cases of {len(DESKS)} shops; everybody's password is {PASSWORD}."
