"""The demo's shops and people. All have one password, which is printed: never load this where it matters."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from shop_cs import moment
from shop_cs.access import GROUPS, merchant_actor
from shop_cs.actors import SYSTEM, Actor, Role
from shop_cs.models import Member, Post, Shop, User, acting

PASSWORD = "demo-2026-shop"  # noqa: S105 - the demo's, and printed
OWNER = "owner"
CLERK, INTERN = "售后客服", "实习生"
# Money is the owner's to see: a clerk answers, appeals, reports and files without it.
_CLERKS_MAY = (
    "answer_requests",
    "organize",
    "remind_consumers",
    "export_requests",
    "answer_cases",
    "appeal",
    "report_users",
    "file_filings",
    "export_disputes",
    "reveal_contacts",
)
POSTS = {CLERK: [*_CLERKS_MAY], INTERN: []}
AGE_OF_SHOPS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Login:
    """A demo person: who that is, the role, and the post in each shop."""

    username: str
    name: str
    role: Role | None
    what: str
    shops: tuple[tuple[str, str], ...] = ()


SHOPS = {"S001": "向日葵家居", "S002": "蓝海数码", "S003": "晨曦母婴"}
LOGINS = (
    Login(
        "alice", "爱丽丝", Role.MERCHANT, "owner of 向日葵家居, clerk of 晨曦母婴", (("S001", OWNER), ("S003", CLERK))
    ),
    Login("bob", "鲍勃", Role.MERCHANT, "clerk of 向日葵家居", (("S001", CLERK),)),
    Login("ivy", "艾薇", Role.MERCHANT, "intern of 向日葵家居: may look only", (("S001", INTERN),)),
    Login("charlie", "查理", Role.MERCHANT, "owner of 蓝海数码", (("S002", OWNER),)),
    Login("dora", "朵拉", Role.MERCHANT, "owner of 晨曦母婴", (("S003", OWNER),)),
    Login("pia", "皮娅", Role.AGENT, "platform agent: sends requests"),
    Login("rita", "丽塔", Role.REVIEWER, "reviewer: decides"),
    Login("ray", "雷", Role.REVIEWER, "reviewer: decides"),
    Login("olive", "奥莉芙", Role.AUDITOR, "auditor: reads everything, changes nothing"),
    Login("admin", "管理员", None, "superuser: shops and people"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people once they are made: users and shops by name, and as actors."""

    users: dict
    shops: dict
    members: dict

    def merchant(self, username, shop_no):
        """The actor of a member in one shop."""
        return merchant_actor(self.members[username, shop_no], now=moment.now())

    def platform(self, username):
        """The actor of a platform person."""
        role = next(login.role for login in LOGINS if login.username == username)
        user = self.users[username]
        return Actor(role, user_id=user.pk, name=str(user))


def make_people(*, now):
    """Makes shops, posts, users and members, as of some time before `now`."""
    since = now - AGE_OF_SHOPS
    with acting(SYSTEM, move="demo", at=since):
        shops = {no: Shop.objects.create(no=no, name=name, created_at=since) for no, name in SHOPS.items()}
        posts = {
            (shop.no, name): Post.everything.create(shop=shop, name=name, permissions=permissions)
            for shop in shops.values()
            for name, permissions in POSTS.items()
        }
        hashed = make_password(PASSWORD)
        users = {login.username: _user(login, hashed, since) for login in LOGINS}
        members = {
            (login.username, no): Member.everything.create(
                shop=shops[no], user=users[login.username], is_owner=post == OWNER, post=posts.get((no, post))
            )
            for login in LOGINS
            for no, post in login.shops
        }
    return Cast(users, shops, members)


def _user(login, hashed, since):
    user = User.objects.create(
        username=login.username,
        first_name=login.name,
        password=hashed,
        is_staff=login.role != Role.MERCHANT,
        is_superuser=login.role is None,
        date_joined=since,
    )
    if login.role:
        user.groups.add(Group.objects.get(name=GROUPS[login.role]))
    return user
