from django.core.management.base import BaseCommand, CommandError

from shop_cs import moment
from shop_cs.access import make_api_key
from shop_cs.models import ApiKey


class Command(BaseCommand):
    help = "Makes a key for a system that sends requests by the API (shown once), or revokes one."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the system's name, 18 characters at most")
        parser.add_argument("--revoke", action="store_true", help="the key is refused from now on")

    def handle(self, *, name, revoke, **options):
        key = ApiKey.objects.filter(name=name).first()
        if revoke:
            if key is None or key.revoked_at:
                raise CommandError(f"There is no key in use with the name “{name}”.")
            key.revoked_at = moment.now()
            key.save()
            self.stdout.write(f"Revoked: {name}")
        elif key is not None:
            raise CommandError(f"The name “{name}” is taken: a key is shown only once, make one with another name.")
        elif len(name) > 18:
            raise CommandError("The name is longer than 18 characters.")
        else:
            self.stdout.write(make_api_key(name, now=moment.now()))
