from .evidence import Evidence, evidence_path
from .jobs import ExportJob, FollowMark
from .ledger import ROUTES, Account, Transfer
from .notices import ConsumerMessage, Notice, NoticeRead
from .orders import AfterSale, Consumer, Order
from .people import CLOSED, ELSEWHERE, PERMISSIONS, SUSPENDED, Member, Post, Shop, User
from .privacy import Disclosure
from .rulebook import Rulebook
from .scope import ScopedQuerySet, Unscoped, managers
from .seals import Seal, SealedPart
from .signins import SignIn
from .trail import Acting, TrailRow, acting, current, tracked
from .work import ApiKey, ExportLog, Heartbeat

__all__ = [
    "CLOSED",
    "ELSEWHERE",
    "PERMISSIONS",
    "SUSPENDED",
    "ROUTES",
    "Account",
    "Acting",
    "AfterSale",
    "ApiKey",
    "Consumer",
    "ConsumerMessage",
    "Disclosure",
    "Evidence",
    "ExportJob",
    "ExportLog",
    "FollowMark",
    "Heartbeat",
    "Member",
    "Notice",
    "NoticeRead",
    "Order",
    "Post",
    "Rulebook",
    "ScopedQuerySet",
    "Seal",
    "SealedPart",
    "Shop",
    "SignIn",
    "TrailRow",
    "Transfer",
    "Unscoped",
    "User",
    "acting",
    "current",
    "evidence_path",
    "managers",
    "tracked",
]
