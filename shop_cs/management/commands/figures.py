import sys

from django.core.management.base import BaseCommand

from tickets.figures import keeping


class Command(BaseCommand):
    help = "Compares the daily figures with the records, or counts them all again. Exit 1 on a difference."

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument(
            "--check", action="store_true", help="name each difference; days that wait for the worker aside"
        )
        how.add_argument("--recount", action="store_true", help="count every day again, from the records")

    def handle(self, *, check, recount, verbosity, **options):
        if recount:
            days = keeping.recount(self._progress if verbosity > 1 else None)
            self.stdout.write(f"counted {days} days again")
            return
        waiting = len(keeping.unread_days())
        findings = keeping.check()
        self.stdout.write(f"checked {len(keeping.days())} days; {waiting} days of shops wait for the worker")
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            sys.exit(1)
        self.stdout.write("the figures are those of the records")

    def _progress(self, n, total):
        self.stdout.write(f"{n} of {total} days")
