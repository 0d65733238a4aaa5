from .evidence import Evidence, evidence_path
from .notices import ConsumerMessage, Notice, NoticeRead
from .orders import AfterSale, Consumer, Order
from .people import PERMISSIONS, Member, Post, Shop, User
from .rulebook import Rulebook
from .scope import ScopedQuerySet, Unscoped, managers
from .trail import Acting, TrailRow, acting, current, tracked
from .work import ApiKey, ExportLog, Heartbeat

__all__ = [
    "PERMISSIONS",
    "Acting",
    "AfterSale",
    "ApiKey",
    "Consumer",
    "ConsumerMessage",
    "Evidence",
    "ExportLog",
    "Heartbeat",
    "Member",
    "Notice",
    "NoticeRead",
    "Order",
    "Post",
    "Rulebook",
    "ScopedQuerySet",
    "Shop",
    "TrailRow",
    "Unscoped",
    "User",
    "acting",
    "current",
    "evidence_path",
    "managers",
    "tracked",
]
