"""Records for the stories. Requests are not made here but by `stories.send`, through the actions, as in life."""

import hashlib
from datetime import datetime

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from shop_cs.clock import SHANGHAI
from shop_cs.models import AfterSale, Consumer, Evidence, Member, Order, Post, Shop, User, evidence_path

LONG_AGO = datetime(2026, 1, 5, 12, tzinfo=SHANGHAI)
PASSWORD = "correct horse battery"  # noqa: S105
# The smallest honest JPEG, PNG … are made by the evidence tests; here a PNG of one pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.django.Password(PASSWORD)


class ShopFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shop

    no = factory.Sequence(lambda n: f"S{n:03d}")
    name = factory.LazyAttribute(lambda shop: f"店铺{shop.no}")
    created_at = LONG_AGO


class _Everything(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _get_manager(cls, model_class):
        return model_class.everything


class PostFactory(_Everything):
    class Meta:
        model = Post

    shop = factory.SubFactory(ShopFactory)
    name = factory.Sequence(lambda n: f"岗位{n}")
    permissions = factory.LazyFunction(lambda: ["answer_requests"])


class MemberFactory(_Everything):
    class Meta:
        model = Member

    shop = factory.SubFactory(ShopFactory)
    user = factory.SubFactory(UserFactory)
    post = factory.SubFactory(PostFactory, shop=factory.SelfAttribute("..shop"))


class ConsumerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consumer

    name = "王小明"
    phone = factory.Sequence(lambda n: f"138{n:08d}")
    address = "浙江省杭州市余杭区文一西路100号"

    @classmethod
    def _create(cls, model_class, **values):
        consumer = model_class.of(**values)
        consumer.save()
        return consumer


class OrderFactory(_Everything):
    class Meta:
        model = Order

    shop = factory.SubFactory(ShopFactory)
    no = factory.Sequence(lambda n: f"60210000000{n:07d}")
    product = "洗发水"
    amount_fen = 19_900
    paid_at = LONG_AGO
    consumer = factory.SubFactory(ConsumerFactory)


class AfterSaleFactory(_Everything):
    class Meta:
        model = AfterSale

    order = factory.SubFactory(OrderFactory)
    shop = factory.SelfAttribute("order.shop")
    no = factory.Sequence(lambda n: f"AS{n:06d}")
    kind = AfterSale.Kind.REFUND
    state = AfterSale.State.REFUSED
    amount_fen = 9_900
    applied_at = LONG_AGO


class EvidenceFactory(_Everything):
    """A stored piece of evidence; `content` are its bytes."""

    class Meta:
        model = Evidence
        exclude = ["content"]
        skip_postgeneration_save = True

    content = factory.Sequence(lambda n: PNG + b"%d" % n)
    order = factory.SubFactory(OrderFactory)
    shop = factory.SelfAttribute("order.shop")
    side = Evidence.Side.MERCHANT
    kind = "image/png"
    name = "proof.png"
    sha256 = factory.LazyAttribute(lambda piece: hashlib.sha256(piece.content).hexdigest())
    size = factory.LazyAttribute(lambda piece: len(piece.content))
    uploaded_at = LONG_AGO

    @factory.post_generation
    def stored(piece, create, extracted, **kwargs):
        path = evidence_path(piece.sha256)
        if not storages["evidence"].exists(path):
            storages["evidence"].save(path, ContentFile(PNG))
