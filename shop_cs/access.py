"""Who may do what: the decision table, roles from groups, and the door of each site."""

import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.db.models.signals import m2m_changed, post_migrate
from django.http import Http404
from django.utils.translation import gettext as _

from .actors import Actor, Role
from .composed import composed
from .models import CLOSED, PERMISSIONS, SUSPENDED, ApiKey, Member, User, acting
from .models.people import NUMBER
from .moves import no_permission

GROUPS = {
    Role.MERCHANT: "merchants",
    Role.AGENT: "agents",
    Role.REVIEWER: "reviewers",
    Role.AUDITOR: "auditors",
}
PLATFORM_ROLES = (Role.AGENT, Role.REVIEWER, Role.AUDITOR)


class Reach(TextChoices):
    """How far an act goes: not at all, one's own shop, one's own shop if the post allows it, every shop."""

    NO = "no"
    OWN = "own"
    POST = "post"
    ALL = "all"


NO, OWN, POST, ALL = Reach.NO, Reach.OWN, Reach.POST, Reach.ALL
_COLUMNS = (Role.MERCHANT, Role.AGENT, Role.REVIEWER, Role.AUDITOR)
DECISIONS = {
    act: dict(zip(_COLUMNS, row, strict=True))
    for act, row in {
        #                   merchant agent reviewer auditor
        "see_requests":     (OWN,    ALL,  ALL,     ALL),
        "answer_requests":  (POST,   NO,   NO,      NO),
        "remind_consumers": (POST,   NO,   NO,      NO),
        "export_requests":  (POST,   NO,   NO,      NO),
        "see_orders":       (OWN,    ALL,  ALL,     ALL),
        "see_evidence":     (OWN,    ALL,  ALL,     ALL),
        "reveal_contacts":  (POST,   ALL,  ALL,     ALL),
        "see_people":       (OWN,    ALL,  ALL,     ALL),
        "manage_people":    (POST,   NO,   NO,      NO),
        "see_notices":      (OWN,    NO,   NO,      NO),
        "send_requests":    (NO,     ALL,  NO,      NO),
        "urge_requests":    (NO,     ALL,  NO,      NO),
        "review_requests":  (NO,     NO,   ALL,     NO),
        "import_records":   (NO,     ALL,  NO,      NO),
        "see_rulebook":     (NO,     ALL,  ALL,     ALL),
        "edit_rulebook":    (NO,     NO,   ALL,     NO),
        "see_messages":     (NO,     ALL,  ALL,     ALL),
        "see_trail":        (NO,     ALL,  ALL,     ALL),
        "export_trail":     (NO,     NO,   ALL,     ALL),
        "see_sign_ins":     (NO,     NO,   ALL,     ALL),
        "see_disputes":     (OWN,    ALL,  ALL,     ALL),
        "answer_cases":     (POST,   NO,   NO,      NO),
        "appeal":           (POST,   NO,   NO,      NO),
        "report_users":     (POST,   NO,   NO,      NO),
        "file_filings":     (POST,   NO,   NO,      NO),
        "see_money":        (POST,   ALL,  ALL,     ALL),
        "export_disputes":  (POST,   NO,   NO,      NO),
        "open_cases":       (NO,     ALL,  NO,      NO),
        "rule_cases":       (NO,     NO,   ALL,     NO),
        "decide_appeals":   (NO,     NO,   ALL,     NO),
        "judge_violations": (NO,     NO,   ALL,     NO),
        "judge_reports":    (NO,     NO,   ALL,     NO),
        "judge_filings":    (NO,     NO,   ALL,     NO),
        "see_dossiers":     (NO,     NO,   ALL,     NO),
        "see_figures":      (OWN,    ALL,  ALL,     ALL),
        "export_records":   (NO,     ALL,  ALL,     ALL),
        "use_desk":         (OWN,    NO,   NO,      NO),
        "organize":         (POST,   NO,   NO,      NO),
        "keep_phrases":     (POST,   NO,   ALL,     NO),
        "see_playbooks":    (OWN,    ALL,  ALL,     ALL),
        "edit_playbooks":   (NO,     NO,   ALL,     NO),
        "see_quality":      (OWN,    ALL,  ALL,     ALL),
        "keep_robot":       (POST,   NO,   NO,      NO),
        "sit_exams":        (OWN,    NO,   NO,      NO),
        "edit_questions":   (NO,     NO,   ALL,     NO),
        "plan_staffing":    (POST,   NO,   NO,      NO),
        "rehearse_rules":   (NO,     NO,   ALL,     NO),
    }.items()
}  # fmt: skip


def may(actor, act, shop_id=None):
    """Whether `actor` may do `act` on data of shop `shop_id` (None: of no shop). Reads the decision table only."""
    reach = DECISIONS[act].get(actor.role, NO)
    if reach == ALL:
        return True
    own = shop_id is not None and actor.shop_id == shop_id
    return own and (reach == OWN or (reach == POST and actor.may(act)))


def roles_of(user):
    """The roles of a user, from his groups."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True))
        user._roles = frozenset(role for role, group in GROUPS.items() if group in names)
    return user._roles


def actor_for(user, act):
    """The user as an actor in that platform role of his that may do `act`; None when none may."""
    own = roles_of(user)
    for role in PLATFORM_ROLES:
        if role in own and DECISIONS[act][role] != NO:
            return Actor(role, user_id=user.pk, name=str(user))
    return None


def platform_actor(user, act):
    """`actor_for`, or PermissionDenied with words."""
    if actor := actor_for(user, act):
        return actor
    if user.is_superuser and not roles_of(user):
        words = _("You set this platform up and have no role in it. Who gives himself one under “Users” sees this.")
        raise PermissionDenied(words)
    raise PermissionDenied(_("Your role may not do this."))


def memberships_of(user):
    """A merchant's active memberships with user, shop and post, by the shops' numbers; none of who is no merchant."""
    return _memberships_of(user.pk)


@composed
def _memberships_of(user_id):
    merchants = Member.everything.filter(user__groups__name=GROUPS[Role.MERCHANT])
    rows = merchants.filter(user=user_id, is_active=True).select_related("user", "shop", "post")
    return rows.order_by("shop__no")


def member_of(user, shop_no):
    """The user's active membership of the shop. Http404 for a shop that is not his: a stranger's is not told."""
    # All of his shops in one statement, afresh at the door: the sidebar shows the others.
    user._memberships = memberships_of(user)
    member = next((one for one in user._memberships if one.shop.no == shop_no), None)
    if member is None:
        raise Http404(_("There is no such shop among yours."))
    return member


# What a suspended or closed shop may not do any more; it still answers, for which it may have to reach the consumer,
# pays and appeals. Assumed.
SUSPENDED_MAY_NOT = ("export_requests", "export_disputes", "report_users", "file_filings")


def merchant_actor(member, *, now):
    """The member as an actor for his shop, with what his post allows and no penalty or exam bars at `now`."""
    barred = _barred(member.shop.bars_at(now)) if member.shop.bars else {}
    owing = dict.fromkeys(member.permissions & member.bars_at(now).keys(), f"/s/{member.shop.no}/exams/")
    return Actor(
        Role.MERCHANT,
        user_id=member.user_id,
        name=str(member.user),
        shop_id=member.shop_id,
        post=member.post_name,
        permissions=member.permissions - barred.keys() - owing.keys(),
        barred=tuple(barred.items()),
        owing=tuple(owing.items()),
    )


def _barred(bars):
    """{permission: until when}: what is restricted itself, and what a suspension takes along; the longest counts."""
    barred = {name: until for name, until in bars.items() if name in PERMISSIONS}
    for whole in (SUSPENDED, CLOSED):
        if whole in bars:
            for name in SUSPENDED_MAY_NOT:
                barred[name] = _later(barred[name], bars[whole]) if name in barred else bars[whole]
    return barred


def _later(one, other):
    return None if one is None or other is None else max(one, other)


def make_api_key(name, *, now):
    """A new key for the system `name`; returns it, the only time that it is known in full."""
    key = secrets.token_urlsafe(32)
    ApiKey.objects.create(name=name, sha256=_digest(key), created_at=now)
    return key


def api_actor(header):
    """The system behind an `Authorization: Bearer …` header, as an actor; None for an unknown or revoked key."""
    scheme, _blank, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return None
    known = ApiKey.objects.filter(sha256=_digest(key.strip()), revoked_at__isnull=True).first()
    return known and Actor(Role.API, name=known.name)


def _digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


def require(actor, act):
    """PermissionDenied with the post's name unless the merchant may do `act` in his own shop."""
    if not may(actor, act, actor.shop_id):
        raise PermissionDenied(no_permission(actor, act))


class Number:
    """URL converter: a shop's or request's number."""

    regex = NUMBER

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


class Key(Number):
    """URL converter: the key of a record in the platform's desk. `__fk__` is where a form's script puts one in."""

    regex = r"[0-9]{1,18}|__fk__"


class Token(Number):
    """URL converter: what a consumer's signed link carries."""

    regex = r"[A-Za-z0-9_:.-]{1,200}"


def _make_groups(sender, **kwargs):
    from django.contrib.auth.models import Group

    for name in GROUPS.values():
        Group.objects.get_or_create(name=name)


def _keep_roles(instance, action, reverse, pk_set, **kwargs):
    """Groups have no history of their own: the user's row keeps their names, and so the trail does."""
    if action in ("post_add", "post_remove", "post_clear"):
        for user in User.objects.filter(pk__in=pk_set or ()) if reverse else [instance]:
            names = ", ".join(sorted(user.groups.values_list("name", flat=True)))
            if names != user.roles:
                told = f"{user.roles or '—'} → {names or '—'}"
                with acting(move="change_roles", reason=told):
                    user.roles = names
                    user.save(update_fields=["roles"])


def connect():
    post_migrate.connect(_make_groups, dispatch_uid="shop_cs.access")
    m2m_changed.connect(_keep_roles, sender=User.groups.through, dispatch_uid="shop_cs.access.roles")
