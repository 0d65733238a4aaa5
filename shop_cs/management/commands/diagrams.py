"""`manage.py diagrams`: draws the lifecycle from its table into the README, between two markers."""

import re

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from disputes import moves as disputes
from tickets import moves as tickets

README = settings.BASE_DIR / "README.md"
LIFECYCLES = {
    "tickets": tickets.LIFECYCLE,
    "cases": disputes.cases.LIFECYCLE,
    "appeals": disputes.appeals.LIFECYCLE,
    "violations": disputes.violations.LIFECYCLE,
    "reports": disputes.reports.LIFECYCLE,
    "filings": disputes.filings.LIFECYCLE,
}


class Command(BaseCommand):
    help = "Writes the state diagrams, generated from the lifecycle tables, into the README."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="writes nothing; fails when the README is behind")

    def handle(self, *, check, **options):
        written = README.read_text(encoding="utf-8")
        wanted = filled_in(written)
        if wanted == written:
            return "The README's diagrams are as the tables say."
        if check:
            raise CommandError("The README's diagrams are behind the tables. Run: manage.py diagrams")
        README.write_text(wanted, encoding="utf-8")
        return "The README's diagrams are written anew."


def filled_in(text):
    """The README's text with each lifecycle drawn between its markers. Raises CommandError when a marker is missing."""
    for name, lifecycle in LIFECYCLES.items():
        begin, end = f"<!-- lifecycle:{name} -->", "<!-- /lifecycle -->"
        block = f"{begin}\n```mermaid\n{mermaid(lifecycle)}\n```\n{end}"
        text, found = re.subn(f"{begin}.*?{end}", lambda _old, block=block: block, text, count=1, flags=re.DOTALL)
        if not found:
            raise CommandError(f"The README has no place for a diagram: {begin} … {end}")
    return text


def mermaid(lifecycle):
    """A state diagram of the moves, in English; each arrow says what happens, when it forks, and who does it."""
    with translation.override("en"):
        arrows = [
            f"    {source or '[*]'} --> {target}: {_said(move, condition)}"
            for move in lifecycle
            for source in sorted(move.sources)
            for target, condition in move.targets()
        ]
    left = {source for move in lifecycle for source in move.sources}
    reached = {target for move in lifecycle for target, _condition in move.targets()}
    ends = [f"    {state} --> [*]" for state in sorted(reached - left)]
    return "\n".join(["stateDiagram-v2", *arrows, *ends])


def _said(move, condition):
    when = f" [{'otherwise' if condition.startswith('not ') else condition}]" if condition else ""
    # A colon would end the label.
    return f"{move.label}{when} ({', '.join(sorted(move.roles))})".replace(": ", " – ")
