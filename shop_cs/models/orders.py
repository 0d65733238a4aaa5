"""What comes from the shop platform: orders, after-sales, the consumers behind them. Imported, never edited here."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .people import Shop
from .scope import ScopedQuerySet, managers
from .trail import tracked


class Consumer(models.Model):
    """Name, phone and address of who bought, in this table alone; everything else shows them masked. [3]

    `key` finds the same person again across shops (a keyed hash of the phone), `fingerprint` the same three values.
    The trail keeps none of the five: who is erased is gone from it too.
    """

    key = models.CharField(max_length=40, db_index=True, editable=False)
    fingerprint = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(_("consumer's name"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)

    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    history = tracked(excluded_fields=["key", "fingerprint", "name", "phone", "address"])

    class Meta:
        verbose_name = _("consumer")
        verbose_name_plural = _("consumers")

    def __str__(self):
        return self.masked_name or "—"

    @classmethod
    def of(cls, *, name, phone, address):
        """An unsaved consumer with its two hashes filled in."""
        person = re.sub(r"\D", "", phone)
        return cls(
            key=_keyed("person", person or f"{name}|{address}"),
            fingerprint=_keyed("contact", f"{name}\x1f{phone}\x1f{address}"),
            name=name,
            phone=phone,
            address=address,
        )

    @property
    def masked_name(self):
        return mask_name(self.name)

    @property
    def masked_phone(self):
        return mask_phone(self.phone)

    @property
    def masked_address(self):
        return mask_address(self.address)


def _keyed(what, value):
    return salted_hmac(f"shop_cs.consumer.{what}", value, secret=settings.CONSUMER_KEY, algorithm="sha256").hexdigest()[
        :40
    ]


def mask_name(name):
    """王小明 → 王**; a name of one character shows nothing of itself."""
    return f"{name[0]}**" if len(name) > 1 else "**" if name else ""


def mask_phone(phone):
    """13800008000 → 138****8000; too short to hide a middle → all hidden."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****" if phone else ""


def mask_address(address):
    """Keeps province and city, the first six characters at most a third of the whole."""
    return f"{address[: min(6, len(address) // 3)]}****" if address else ""


class Order(models.Model):
    """An order as the shop platform knows it. Amount in whole fen."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", verbose_name=_("shop"))
    no = models.CharField(_("order number"), max_length=64)
    product = models.CharField(_("product"), max_length=200)
    amount_fen = models.BigIntegerField(_("amount"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    courier = models.CharField(_("courier"), max_length=60, blank=True)
    consumer = models.ForeignKey(Consumer, models.PROTECT, null=True, related_name="orders", verbose_name=_("consumer"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-paid_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "paid_at"], name="order_paid"),
            models.Index(fields=["-paid_at", "-id"], name="order_newest_of_all"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "no"], name="order_no_once_a_shop"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="order_amount_not_negative"),
        ]

    def __str__(self):
        return self.no

    @property
    def amount(self):
        """In yuan, for the screen."""
        return self.amount_fen / 100


class AfterSale(models.Model):
    """What the consumer asked of the merchant on the shop platform, and how the merchant answered there."""

    class Kind(models.TextChoices):
        REFUND = "refund", _("Refund only")
        RETURN = "return", _("Return and refund")
        EXCHANGE = "exchange", _("Exchange")
        RESEND = "resend", _("Resend")

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied for")
        AGREED = "agreed", _("Agreed by the merchant")
        REFUSED = "refused", _("Refused by the merchant")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled by the consumer")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="after_sales", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="after_sales", verbose_name=_("order"))
    no = models.CharField(_("after-sale number"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    state = models.CharField(_("state"), max_length=16, choices=State)
    amount_fen = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    applied_at = models.DateTimeField(_("applied for at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("after-sale")
        verbose_name_plural = _("after-sales")
        ordering = ["-applied_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "applied_at"], name="after_sale_applied"),
            models.Index(fields=["-applied_at", "-id"], name="after_sale_newest_of_all"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "no"], name="after_sale_no_once_a_shop"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="after_sale_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["applied", "agreed", "refused", "done", "cancelled"]),
                name="after_sale_state_known",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def amount(self):
        """In yuan, for the screen."""
        return self.amount_fen / 100
