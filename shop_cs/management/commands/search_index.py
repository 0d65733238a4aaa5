"""`manage.py search_index`: whether the words to search are those of the texts; makes them anew."""

from itertools import chain

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from disputes import searching
from tickets.models import ServiceRequest
from tickets.searching import keeping


class Command(BaseCommand):
    help = "Compares the words that are searched with the texts of all requests and cases, or makes them anew."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="name what differs; exit 1 when anything does")
        what.add_argument("--rebuild", action="store_true", help="make all words anew, while everybody works")
        parser.add_argument("--no-progress", action="store_true", help="no progress bar")

    def handle(self, *, check, no_progress, **options):
        total = ServiceRequest.everything.count()
        with tqdm(total=total, unit=" requests", disable=no_progress or None, file=self.stderr) as bar:
            if check:
                return self._check(total, bar.update)
            wrong = keeping.rebuild(bar.update) + searching.rebuild()
        return f"{total} requests, the words of {wrong} were made anew."

    def _check(self, total, progress):
        found = 0
        for finding in chain(keeping.check(progress), searching.check()):
            found += 1
            self.stderr.write(finding)
        if found:
            raise CommandError(
                f"The index differs in {found} places. What was just imported waits for the worker; "
                "manage.py search_index --rebuild makes the rest."
            )
        return f"{total} requests: all words are those of their texts."
