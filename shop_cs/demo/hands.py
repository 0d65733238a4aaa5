"""Who works on what in the demo: 向日葵家居 shares its requests in groups, tags some and keeps two views."""

from datetime import timedelta

from tickets.actions import organizing
from tickets.models import ServiceRequest, State

SHOP = "S001"
GROUPS = (
    ("售后组", "round_robin", ["product", "after_sale_service", "exchange"], ["alice", "bob"]),
    ("物流异常组", "load", ["shipping_logistics", "courier"], ["bob"]),
    ("售前组", "hand", [], ["alice"]),
)
TAGS = (("待补发", "blue"), ("重点客户", "red"), ("等快递回复", "orange"))


def keep(cast, *, now):
    """Some days ago the groups were made; this hour the waiting requests were given out, and some were tagged."""
    alice, bob = cast.merchant("alice", SHOP), cast.merchant("bob", SHOP)
    since = now - timedelta(days=3)
    for name, way, categories, usernames in GROUPS:
        members = [cast.members[username, SHOP] for username in usernames]
        organizing.add_group(name=name, way=way, categories=categories, members=members, by=alice, now=since)
    tags = [organizing.add_tag(name=name, colour=colour, by=bob, now=since) for name, colour in TAGS]
    organizing.give_out(list(organizing.waiting_for_hands(now)), now=now)
    rows = ServiceRequest.objects.of(cast.shops[SHOP]).visible_to_merchant().order_by("pk")
    pending = [row.pk for row in rows.filter(state=State.PENDING)]
    for tag, keys in zip(tags, (pending[::3], pending[1::4], pending[::2]), strict=True):
        organizing.tag(keys, tag=tag, by=bob, now=now)
    said = {"by": bob, "member": cast.members["bob", SHOP], "now": since}
    organizing.save_view(name="我的待处理", query="assignee=me", is_shared=True, **said)
    organizing.save_view(name="催过的", query="tab=all&urged=yes", is_shared=False, **said)
