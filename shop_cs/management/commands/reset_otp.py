from django.core.management.base import BaseCommand, CommandError

from shop_cs import moment
from shop_cs.actors import SYSTEM
from shop_cs.login import otp
from shop_cs.models import User
from shop_cs.moves import Refused


class Command(BaseCommand):
    help = "Takes a user's authenticator and recovery codes away: he sets them up anew at the next login."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="why, for the history of the user")

    def handle(self, *, username, reason, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”.")
        try:
            otp.reset(user, reason=reason, by=SYSTEM, now=moment.now())
        except Refused as refused:
            raise CommandError(refused.refusal.text) from refused
        self.stdout.write(f"Reset: {username}")
