"""Help to answer: quick phrases, and playbooks as steps that end in a filled reply."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import ScopedQuerySet, Shop, managers, tracked
from shop_cs.rules import Category

from .replies import Reply


class PhraseQuerySet(ScopedQuerySet):
    def usable_in(self, shop):
        """What is in use for a shop: its own and the platform's."""
        return self.filter(Q(shop=shop) | Q(shop__isnull=True), is_active=True)


class Phrase(models.Model):
    """A text that is used again and again, with {variables}. Shop None: the platform's, for all shops. [1], [3]"""

    shop = models.ForeignKey(Shop, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("shop"))
    title = models.CharField(_("title"), max_length=40)
    text = models.TextField(_("text"), max_length=1000)
    # A type of requests, or "" for all.
    category = models.CharField(_("type"), max_length=32, choices=Category, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    everything, objects = managers(PhraseQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("quick phrase")
        verbose_name_plural = _("quick phrases")
        ordering = ["position", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "title"], name="phrase_title_once_a_shop"),
            models.UniqueConstraint(
                fields=["title"], condition=Q(shop__isnull=True), name="phrase_title_once_the_platform"
            ),
        ]

    def __str__(self):
        return self.title


class Playbook(models.Model):
    """Guided steps for a kind of trouble; written by reviewers in the admin, without code. [1]

    Texts stand in Chinese and, where given, in English (`…_en`).
    """

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=60)
    title_en = models.CharField(_("title in English"), max_length=80, blank=True)
    categories = models.JSONField(_("types"), default=list, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    history = tracked()

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class PlaybookStep(models.Model):
    """What to do or to find out, and its choices. A step without choices is an end, with the reply it fills in."""

    class Outcome(models.TextChoices):
        NONE = "", _("goes on")
        SOLVED = "solved", _("solved")
        UNSOLVED = "unsolved", _("unsolved")

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="steps", verbose_name=_("playbook"))
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.TextField(_("what to do"))
    text_en = models.TextField(_("what to do, in English"), blank=True)
    outcome = models.CharField(_("ends as"), max_length=10, choices=Outcome, blank=True)
    settlement = models.CharField(_("how it was settled"), max_length=16, choices=Reply.Settlement, blank=True)
    reason = models.CharField(_("reason"), max_length=32, choices=Reply.Reason, blank=True)
    reply = models.TextField(_("reply that it fills in"), blank=True)
    proposal = models.TextField(_("proposed solution"), blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["playbook", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "code"], name="playbook_step_code_once"),
            models.CheckConstraint(
                condition=Q(outcome="", settlement="", reason="", reply="")
                | Q(Q(outcome="solved", reason="") & ~Q(settlement="") & ~Q(reply=""))
                | Q(Q(outcome="unsolved", settlement="") & ~Q(reason="") & ~Q(reply="")),
                name="playbook_step_end_is_whole",
            ),
        ]

    def __str__(self):
        return self.code


class PlaybookChoice(models.Model):
    """An answer that leads from a step to another of the same playbook."""

    step = models.ForeignKey(PlaybookStep, models.CASCADE, related_name="choices", verbose_name=_("step"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = models.CharField(_("choice"), max_length=100)
    label_en = models.CharField(_("choice in English"), max_length=150, blank=True)
    to = models.ForeignKey(PlaybookStep, models.CASCADE, related_name="+", verbose_name=_("leads to"))

    history = tracked()

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["step", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(step=models.F("to")), name="playbook_choice_leads_on"),
        ]

    def __str__(self):
        return self.label
