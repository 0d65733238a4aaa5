"""Who works on a request and how they find it: groups, assignment, tags, views, notes, drafts, presence."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Member, ScopedQuerySet, Shop, User, managers, tracked

from .requests import ServiceRequest


class AgentGroup(models.Model):
    """Members of a shop who take requests of certain types: pre-sale, after-sale, exceptions, payment reminders. [1]"""

    class Way(models.TextChoices):
        HAND = "hand", _("By hand")
        ROUND_ROBIN = "round_robin", _("In turn")
        LOAD = "load", _("To who has least open")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    name = models.CharField(_("name"), max_length=40)
    way = models.CharField(_("how requests are given out"), max_length=16, choices=Way, default=Way.HAND)
    # Types of requests that it takes by itself; none: only what is given to it by hand.
    categories = models.JSONField(_("types"), default=list, blank=True)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="group_name_once_a_shop"),
            models.CheckConstraint(condition=Q(way__in=["hand", "round_robin", "load"]), name="group_way_known"),
        ]

    def __str__(self):
        return self.name


class GroupMember(models.Model):
    """A member in a group. Who is away is given nothing new; `last_given_at` keeps the turn."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    group = models.ForeignKey(AgentGroup, models.CASCADE, related_name="members", verbose_name=_("group"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="groups", verbose_name=_("member"))
    is_away = models.BooleanField(_("away"), default=False)
    last_given_at = models.DateTimeField(_("last given a request at"), null=True, blank=True)

    everything, objects = managers(ScopedQuerySet)
    history = tracked(excluded_fields=["last_given_at"])

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        ordering = ["group", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="group_member_once")]

    def __str__(self):
        return f"{self.group_id} {self.member_id}"


class Assignment(models.Model):
    """Whose a request is. One at most; giving it back deletes the row, the trail keeps it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="assignment", verbose_name=_("request"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="assignments", verbose_name=_("member"))
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned by"))
    assigned_at = models.DateTimeField(_("assigned at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self):
        return f"{self.request_id} {self.member_id}"


class Tag(models.Model):
    """A shop's own word for some of its requests."""

    class Colour(models.TextChoices):
        GREY = "grey", _("Grey")
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        ORANGE = "orange", _("Orange")
        RED = "red", _("Red")

    # What a badge of the colour is called in the stylesheet.
    TONES = {"grey": "", "blue": "is-blue", "green": "is-green", "orange": "is-amber", "red": "is-red"}

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    name = models.CharField(_("name"), max_length=20)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, default=Colour.GREY)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="tag_name_once_a_shop"),
            models.CheckConstraint(
                condition=Q(colour__in=["grey", "blue", "green", "orange", "red"]), name="tag_colour_known"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def tone(self):
        return self.TONES[self.colour]


class Tagging(models.Model):
    """A tag on a request."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="taggings", verbose_name=_("request"))
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", verbose_name=_("tag"))
    tagged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("tagged by"))
    tagged_at = models.DateTimeField(_("tagged at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("tag of a request")
        verbose_name_plural = _("tags of requests")
        ordering = ["tag__name"]
        constraints = [models.UniqueConstraint(fields=["request", "tag"], name="tagged_once")]

    def __str__(self):
        return f"{self.request_id} {self.tag_id}"


class SavedView(models.Model):
    """Filters of the request list under a name: a member's own, or shared with the shop."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    owner = models.ForeignKey(Member, models.CASCADE, related_name="views", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    is_shared = models.BooleanField(_("shared with the shop"), default=False)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_an_owner")]

    def __str__(self):
        return self.name


class Note(models.Model):
    """A private word of the shop's people about a request: the platform and the consumer do not see it.

    The trail, which the platform's auditors read, keeps who wrote when about what, and never the words.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="notes", verbose_name=_("request"))
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked(excluded_fields=["text"])

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"{self.request_id} {self.pk}"


class Mention(models.Model):
    """A member named in a note; unread until he has opened the request."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions", verbose_name=_("note"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="mentions", verbose_name=_("member"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["note", "member"], name="mentioned_once")]

    def __str__(self):
        return f"{self.note_id} {self.member_id}"


class Draft(models.Model):
    """What somebody has typed into the reply form and not sent. Kept without history: it was never said.

    `fields` are {"typed": what was saved last, "before": what it took the place of and nobody has looked at since,
    "before_at": when that was saved}, each {field of the form: text}.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="drafts", verbose_name=_("request"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    round = models.PositiveSmallIntegerField(_("round"))
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("saved at"))

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="draft_once_a_user")]

    def __str__(self):
        return f"{self.request_id} {self.user_id}"


class Presence(models.Model):
    """Somebody who looks at a request, or types an answer. Kept without history: it is over in a minute."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="present", verbose_name=_("request"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    seen_at = models.DateTimeField(_("seen at"))
    is_typing = models.BooleanField(_("typing"), default=False)
    # Since when he looks, or types.
    since = models.DateTimeField(_("since"))

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        indexes = [models.Index(fields=["seen_at"], name="presence_over")]
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="present_once")]

    def __str__(self):
        return f"{self.request_id} {self.user_id}"
