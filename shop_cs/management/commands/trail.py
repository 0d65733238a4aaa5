"""`manage.py trail`: seals, verifies and anchors the trail."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from shop_cs import moment
from shop_cs.seals import anchors, sealing, verifying


class Command(BaseCommand):
    help = "Seals, verifies and anchors the trail."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="recompute the chain, compare live rows with history")
        verify.add_argument("--anchor", action="append", default=[], metavar="NO:HASH", help="a head kept elsewhere")
        verify.add_argument("--anchor-file", metavar="FILE", help="heads kept elsewhere, one a line")
        verify.add_argument("--no-progress", action="store_true", help="no progress bar")
        anchor = verbs.add_parser("anchor", help="print the head of the chain, to keep elsewhere")
        anchor.add_argument("--file", metavar="FILE", help="add it to this file")
        anchor.add_argument("--mail", metavar="ADDRESS", help="mail it to this address")
        verbs.add_parser("seal", help="seal what is new, without waiting for the worker")

    def handle(self, *, verb, **options):
        return {"verify": self._verify, "anchor": self._anchor, "seal": self._seal}[verb](**options)

    def _verify(self, *, anchor, anchor_file, no_progress, **options):
        try:
            known = [anchors.parsed(text) for text in anchor]
            known += anchors.read_file(anchor_file) if anchor_file else []
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        with tqdm(total=verifying.size(), unit=" rows", disable=no_progress or None, file=self.stderr) as bar:
            found, extent = verifying.verify(anchors=known, progress=bar.update)
        for finding in found:
            self.stderr.write(finding.text)
        self.stdout.write(
            f"{extent.seals} seals over {extent.sealed} rows of history, {extent.live} live rows; "
            f"{extent.unsealed} rows are not sealed yet."
        )
        if found:
            raise CommandError(f"The trail does not hold: {len(found)} findings.")
        self.stdout.write(f"The trail holds{'' if known else ', as far as can be told without an anchor'}.")

    def _anchor(self, *, file, mail, **options):
        if (seal := anchors.head()) is None:
            raise CommandError("Nothing is sealed yet. The worker seals every minute; `manage.py trail seal` at once.")
        try:
            if file:
                anchors.write_to(file, seal)
            if mail:
                anchors.mail_to(mail, seal)
        except OSError as error:
            raise CommandError(f"The anchor could not be kept: {error}") from error
        self.stdout.write(str(seal))

    def _seal(self, **options):
        seal = sealing.seal_new(now=moment.now())
        self.stdout.write(str(seal) if seal else "Nothing is new.")
