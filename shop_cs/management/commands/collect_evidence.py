"""`manage.py collect_evidence`: removes files of the private storage that no piece of evidence names."""

from django.core.management.base import BaseCommand, CommandError

from shop_cs import moment
from shop_cs.evidence import collecting, keeping


class Command(BaseCommand):
    help = "Removes files older than 24 hours that no piece of evidence names; the worker does it once a day."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only names them")

    def handle(self, *, dry_run, **options):
        count = 0
        try:
            for path in collecting.collect(now=moment.now(), dry_run=dry_run):
                self.stdout.write(path)
                count += 1
        except keeping.StorageAwayError as error:
            raise CommandError(f"The storage does not answer: {error}") from error
        self.stdout.write(f"{'would collect' if dry_run else 'collected'} {count}")
