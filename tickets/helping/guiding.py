"""Playbooks as guided steps: read once, then walked by the choices made. The way is kept in the address alone. [1]"""

from dataclasses import dataclass

from django.utils.translation import get_language

from shop_cs.composed import composed

from ..models import Playbook, PlaybookChoice, PlaybookStep

# A path longer than any playbook is nobody's.
LONGEST_PATH = 60
Outcome = PlaybookStep.Outcome


def told(text, text_en):
    """A text in the reader's language, as far as it was given."""
    return text_en if text_en and (get_language() or "").startswith("en") else text


@dataclass(frozen=True, slots=True)
class Choice:
    """`to` is the code of the step it leads to; `key` stands for it in an address."""

    label: str
    to: str
    label_en: str = ""
    key: int | None = None

    @property
    def told(self):
        return told(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    text: str
    text_en: str = ""
    outcome: str = ""
    settlement: str = ""
    reason: str = ""
    reply: str = ""
    proposal: str = ""
    choices: tuple = ()

    @property
    def told(self):
        return told(self.text, self.text_en)

    @property
    def is_end(self):
        """Whether a reply stands here: the end of a way that somebody has thought out."""
        return bool(self.outcome)


@dataclass(frozen=True, slots=True)
class Guide:
    """A playbook with its steps in order; the first is where it begins."""

    slug: str
    title: str
    steps: tuple

    def step(self, code):
        return next((step for step in self.steps if step.code == code), None)

    def steps_left(self, code, _known=None):
        """How many steps may follow at most; what goes round in a circle is counted once."""
        known = {} if _known is None else _known
        if code not in known:
            # Met again before it is counted, it closes a circle.
            known[code] = 0
            step = self.step(code)
            choices = step.choices if step else ()
            known[code] = max((1 + self.steps_left(choice.to, known) for choice in choices), default=0)
        return known[code]


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that lies behind, with the choice made there and the path that leads back to it."""

    step: Step
    choice: Choice
    path: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a path leads: what was passed, the step reached, and whether all of the path was understood."""

    guide: Guide
    passed: tuple
    step: Step
    is_whole: bool

    @property
    def path(self):
        return "-".join(str(one.choice.key) for one in self.passed)

    @property
    def number(self):
        return len(self.passed) + 1

    @property
    def most(self):
        """How many steps it takes at most, from the first to the end."""
        return self.number + self.guide.steps_left(self.step.code)

    def onward(self):
        """(choice, the path when it is made) of each choice here."""
        way = f"{self.path}-" if self.passed else ""
        return [(choice, f"{way}{choice.key}") for choice in self.step.choices]


def walk(guide, path):
    """Follows the choices named in `path` ("12-7"), as far as they exist; None for a guide without steps."""
    if not guide.steps:
        return None
    asked = path.split("-") if path else []
    step, passed, way = guide.steps[0], [], []
    for key in asked[:LONGEST_PATH]:
        choice = next((one for one in step.choices if str(one.key) == key), None)
        following = choice and guide.step(choice.to)
        if following is None:
            break
        passed.append(Passed(step, choice, "-".join(way)))
        way.append(key)
        step = following
    return Walk(guide, tuple(passed), step, len(passed) == len(asked))


def guide_of(playbook):
    """A playbook as it is walked, in two statements."""
    rows = list(PlaybookStep.objects.filter(playbook=playbook).order_by("position", "pk"))
    codes = {row.pk: row.code for row in rows}
    choices = {row.pk: [] for row in rows}
    for one in PlaybookChoice.objects.filter(step__in=codes).order_by("position", "pk"):
        # Beside what the editor writes a row may name a step of another playbook: that leads nowhere.
        if one.to_id in codes:
            choices[one.step_id].append(Choice(one.label, codes[one.to_id], one.label_en, one.pk))
    steps = tuple(
        Step(
            code=row.code,
            text=row.text,
            text_en=row.text_en,
            outcome=row.outcome,
            settlement=row.settlement,
            reason=row.reason,
            reply=row.reply,
            proposal=row.proposal,
            choices=tuple(choices[row.pk]),
        )
        for row in rows
    )
    return Guide(playbook.slug, told(playbook.title, playbook.title_en), steps)


def in_use(slug):
    """The guide of this short name; None for one that does not exist or was taken out of use."""
    # PostgreSQL takes no NUL, not even to look for one.
    asked = slug.replace("\x00", "?")
    playbook = Playbook.objects.filter(slug=asked, is_active=True).first()
    return playbook and guide_of(playbook)


def for_category(category):
    """{short name: title} of the guides in use for a type of request, in their order; one statement."""
    return {row.slug: told(row.title, row.title_en) for row in _in_use() if category in row.categories}


@composed
def _in_use():
    return Playbook.objects.filter(is_active=True).only("slug", "title", "title_en", "categories")
