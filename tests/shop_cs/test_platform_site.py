"""The platform site: who sees what, who changes nothing, and what superusers set up."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from shop_cs.models import Consumer, ConsumerMessage, Member, Order, Post, Rulebook, Shop, User
from tests.factories import PASSWORD, AfterSaleFactory, EvidenceFactory, PostFactory, UserFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import fresh, reply_unsolved, send
from tickets.models import ServiceRequest

LISTS = [
    "tickets_servicerequest",
    "tickets_inreview",
    "shop_cs_order",
    "shop_cs_aftersale",
    "shop_cs_evidence",
    "shop_cs_consumermessage",
    "shop_cs_shop",
    "shop_cs_member",
    "shop_cs_post",
    "shop_cs_rulebook",
    "shop_cs_exportlog",
]


def url(name, *args):
    return reverse(f"platform:{name}", args=args)


@pytest.fixture
def answered(cast, at):
    """A request with an answer, in review; it is Tuesday noon."""
    record = send(cast)
    AfterSaleFactory(order=record.order)
    EvidenceFactory(order=record.order)
    reply_unsolved(record, cast, now=shanghai("2026-03-03 11:00"))
    at(shanghai("2026-03-03 12:00"))
    return fresh(record)


@pytest.fixture
def rooter(db):
    return UserFactory(username="rooter", is_superuser=True, is_staff=True)


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
@pytest.mark.parametrize("name", LISTS)
def test_agents_reviewers_and_auditors_see_every_list(cast, answered, client, who, name):
    client.force_login(getattr(cast, who))
    assert client.get(url(f"{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", [*LISTS, "shop_cs_user"])
def test_a_merchant_is_told_that_he_has_no_business_there(cast, at, client, name):
    client.force_login(cast.alice)
    assert client.get(url(f"{name}_changelist")).status_code == 403


def test_a_stranger_is_asked_to_log_in(db, client):
    response = client.get(url("tickets_servicerequest_changelist"))
    assert response.status_code == 302
    assert response["Location"].startswith(url("login"))


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_users_are_for_superusers_alone(cast, at, client, who):
    client.force_login(getattr(cast, who))
    assert client.get(url("shop_cs_user_changelist")).status_code == 403
    assert client.get(url("shop_cs_user_change", cast.bob.pk)).status_code == 403


def records(cast, answered):
    yield "tickets_servicerequest", answered.pk
    yield "shop_cs_order", answered.order_id
    yield "shop_cs_aftersale", answered.order.after_sales.get().pk
    yield "shop_cs_evidence", answered.order.evidence.get().pk
    yield "shop_cs_shop", cast.shop.pk
    yield "shop_cs_member", cast.bob_member.pk
    yield "shop_cs_post", cast.clerks.pk
    yield "shop_cs_rulebook", answered.rulebook_id


def everything():
    """All rows that a page could change, as they are."""
    models = (ServiceRequest, Order, Shop, Member, Post, Rulebook, User, Consumer)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_an_auditor_reads_each_record_and_its_history(cast, answered, client):
    client.force_login(cast.olive)
    for name, pk in records(cast, answered):
        assert client.get(url(f"{name}_change", pk)).status_code == 200, name
        assert client.get(url(f"{name}_history", pk)).status_code == 200, name


def test_an_auditor_changes_nothing_by_any_post(cast, answered, client):
    client.force_login(cast.olive)
    before = everything()
    for name, pk in records(cast, answered):
        for what in ("change", "delete"):
            response = client.post(url(f"{name}_{what}", pk), {"post": "yes", "name": "x", "no": "x"})
            assert response.status_code == 403, (name, what)
    for verb in ("approve", "reject", "urge"):
        address = url(f"tickets_servicerequest_{verb}", answered.pk)
        assert client.post(address, {"reason": "x", "expect": "reviewing:1"}).status_code == 403
    for name in ("shop_cs_shop_add", "shop_cs_rulebook_add", "tickets_servicerequest_send", "shop_cs_user_add"):
        assert client.post(url(name), {}).status_code == 403
    many = {"reason": "x", "chosen": f"{answered.pk}=reviewing:1"}
    assert client.post(url("tickets_inreview_approve"), many).status_code == 403
    chosen = {"action": "approve_chosen", "_selected_action": [answered.pk]}
    client.post(url("tickets_inreview_changelist"), chosen)
    assert everything() == before


def test_nobody_deletes_or_edits_a_request_through_the_admins_own_addresses(cast, answered, client):
    for who in (cast.pia, cast.rita):
        client.force_login(who)
        assert client.post(url("tickets_servicerequest_delete", answered.pk), {"post": "yes"}).status_code == 403
        assert client.post(url("tickets_servicerequest_change", answered.pk), {"state": "closed"}).status_code == 403
    assert fresh(answered).state == "reviewing"


def test_the_consumer_is_masked_on_every_page(cast, answered, client):
    client.force_login(cast.pia)
    consumer = answered.order.consumer
    for address in (
        url("tickets_servicerequest_change", answered.pk),
        url("shop_cs_order_changelist"),
        url("shop_cs_order_change", answered.order_id),
        url("shop_cs_order_history", answered.order_id),
    ):
        text = client.get(address).content.decode()
        assert consumer.name not in text
        assert consumer.phone not in text
        assert consumer.address not in text
    assert consumer.masked_phone in client.get(url("shop_cs_order_change", answered.order_id)).content.decode()


def test_the_link_of_a_consumers_message_is_shown_to_agents_alone(cast, answered, client):
    message = ConsumerMessage.everything.create(
        shop=cast.shop, order=answered.order, kind="survey", link="http://x/c/token/", sent_at=TUESDAY_10
    )
    for who, shown in ((cast.pia, True), (cast.rita, False), (cast.olive, False)):
        client.force_login(who)
        page = client.get(url("shop_cs_consumermessage_change", message.pk)).content.decode()
        assert ("/c/token/" in page) is shown


def test_the_history_says_who_when_why_and_from_what_to_what(cast, answered, client, at):
    client.force_login(cast.rita)
    client.post(url("tickets_servicerequest_reject", answered.pk), {"reason": "请补充凭证", "expect": "reviewing:1"})
    page = client.get(url("tickets_servicerequest_history", answered.pk), headers={"accept-language": "en"})
    text = page.content.decode()
    for told in ("丽塔", "Reviewer", "reject", "请补充凭证", "Platform processing", "Pending", "current"):
        assert told in text, told


def test_the_first_page_counts_what_waits_and_leads_there(cast, answered, client):
    send(cast)
    client.force_login(cast.rita)
    page = client.get(url("index"), headers={"accept-language": "en"})
    shown = {str(title): (number, link) for title, number, _tone, link in page.context["figures"]}
    assert shown["In review"][0] == 1
    assert shown["Pending"][0] == 1
    assert shown["Platform late"][0] == 0
    for _number, link in shown.values():
        assert client.get(link).status_code == 200


def test_a_list_needs_as_many_statements_for_ten_rows_as_for_one(cast, at, client, django_assert_max_num_queries):
    for _ in range(10):
        reply_unsolved(send(cast), cast, now=TUESDAY_10)
    client.force_login(cast.rita)
    for name in ("tickets_servicerequest", "tickets_inreview"):
        with django_assert_max_num_queries(14):
            assert client.get(url(f"{name}_changelist")).status_code == 200


def test_a_page_of_a_request_takes_a_bounded_number_of_statements(
    cast, answered, client, django_assert_max_num_queries
):
    client.force_login(cast.rita)
    with django_assert_max_num_queries(22):
        client.get(url("tickets_servicerequest_change", answered.pk))


@pytest.mark.parametrize(
    "query",
    [
        "state__exact=reviewing",
        "kind__exact=urgent",
        "category__exact=product",
        "overdue=yes",
        "over=yes",
        "urged=yes",
        "open=yes",
        "platform_late=yes",
        "shop__no__icontains=S001",
        "q=SR",
    ],
)
def test_every_filter_of_the_request_list_answers(cast, answered, client, query):
    client.force_login(cast.olive)
    assert client.get(url("tickets_servicerequest_changelist") + f"?{query}").status_code == 200


def test_a_superuser_sets_up_shop_post_user_and_member(cast, at, client, rooter):
    client.force_login(rooter)
    client.post(url("shop_cs_shop_add"), {"no": "S900", "name": "新店"})
    shop = Shop.objects.get(no="S900")
    assert shop.created_at == TUESDAY_10
    client.post(url("shop_cs_post_add"), {"shop": shop.pk, "name": "客服", "permissions": ["answer_requests"]})
    secret = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    client.post(url("shop_cs_user_add"), {"username": "dora", "first_name": "朵拉", **secret})
    dora, post = User.objects.get(username="dora"), Post.everything.get(shop=shop)
    said = {"shop": shop.pk, "user": dora.pk, "post": post.pk, "is_active": "on"}
    client.post(url("shop_cs_member_add"), said)
    assert Member.everything.get(user=dora).permissions == {"answer_requests"}
    assert dora.groups.get().name == "merchants"
    row = shop.history.latest()
    assert (row.actor_name, row.move, row.history_user_id) == ("rooter", "create", rooter.pk)


def test_a_member_gets_no_post_of_another_shop(cast, at, client, rooter):
    client.force_login(rooter)
    stranger = PostFactory(shop=cast.other_shop)
    said = {"shop": cast.shop.pk, "user": cast.bob.pk, "post": stranger.pk, "is_active": "on"}
    assert client.post(url("shop_cs_member_change", cast.bob_member.pk), said).status_code == 400
    assert Member.everything.get(pk=cast.bob_member.pk).post == cast.clerks


def test_a_new_role_is_in_the_trail(cast, at, client, rooter):
    client.force_login(rooter)
    reviewers = Group.objects.get(name="reviewers")
    said = {"username": "pia", "first_name": "皮娅", "groups": [reviewers.pk], "is_active": "on"}
    assert client.post(url("shop_cs_user_change", cast.pia.pk), said).status_code == 302
    rows = cast.pia.history.order_by("-history_id")[:2]
    assert [(row.move, row.history_change_reason) for row in rows] == [
        ("change_roles", "— → reviewers"),
        ("change_roles", "agents → —"),
    ]
    assert [(row.roles, row.actor_name) for row in rows] == [("reviewers", "rooter"), ("", "rooter")]


def test_a_superuser_without_a_role_reads_no_requests(cast, answered, client, rooter):
    client.force_login(rooter)
    assert client.get(url("index")).status_code == 200
    assert client.get(url("tickets_servicerequest_changelist")).status_code == 403
    assert client.get(url("shop_cs_order_changelist")).status_code == 403


def test_a_superuser_without_a_role_is_told_plainly_why_he_sees_no_figures(cast, at, client, rooter):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(rooter)
    assert "To see figures, read or decide requests, a user needs a role" in client.get(url("index")).content.decode()
    refused = client.get(url("figures"))
    assert refused.status_code == 403 and "have no role in it" in refused.content.decode()
    rooter.groups.add(Group.objects.get(name="auditors"))
    assert client.get(url("figures")).status_code == 200
    client.force_login(cast.alice)
    assert "have no role in it" not in client.get(url("figures")).content.decode()


def test_the_sidebar_offers_each_role_what_it_may_do(cast, at, client):
    offered = {}
    for who in ("pia", "rita", "olive"):
        client.force_login(getattr(cast, who))
        groups = client.get(url("index")).context_data["sidebar_navigation"]
        offered[who] = {item["link"] for group in groups for item in group["items"]}
    sending, importing = url("tickets_servicerequest_send"), url("import")
    assert {sending, importing} <= offered["pia"]
    assert not {sending, importing} & (offered["rita"] | offered["olive"])
    assert url("shop_cs_user_changelist") not in set().union(*offered.values())


def test_the_page_to_send_marks_its_own_entry_alone(cast, at, client):
    client.force_login(cast.pia)
    groups = client.get(url("tickets_servicerequest_send")).context_data["sidebar_navigation"]
    marked = [item["link"] for group in groups for item in group["items"] if item["active"]]
    assert marked == [url("tickets_servicerequest_send")]


def test_a_consumers_link_cannot_be_found_out_letter_by_letter(cast, answered, client):
    client.force_login(cast.olive)
    assert client.get(url("shop_cs_consumermessage_changelist"), {"link__startswith": "http"}).status_code == 400


def test_a_shops_number_is_a_part_of_addresses(cast, client, rooter):
    client.force_login(rooter)
    assert client.post(url("shop_cs_shop_add"), {"no": "店铺/1", "name": "新店"}).status_code == 400
    assert not Shop.objects.filter(name="新店").exists()


def test_a_post_stays_with_its_shop(cast, client, rooter):
    client.force_login(rooter)
    said = {"shop": cast.other_shop.pk, "name": "客服", "permissions": ["answer_requests"]}
    client.post(url("shop_cs_post_change", cast.clerks.pk), said)
    post = Post.everything.get(pk=cast.clerks.pk)
    assert (post.name, post.shop) == ("客服", cast.shop)


@pytest.mark.parametrize("name", ["shop_cs_order_change", "shop_cs_shop_change", "tickets_servicerequest_change"])
def test_an_address_of_nothing_is_not_found(cast, client, name):
    client.force_login(cast.olive)
    assert client.get(url(name, 999999)).status_code == 404


def test_a_refused_form_is_answered_with_400(cast, client, rooter):
    client.force_login(rooter)
    assert client.post(url("shop_cs_shop_add"), {"no": "", "name": "新店"}).status_code == 400


def test_a_shop_keeps_its_number(cast, client, rooter):
    client.force_login(rooter)
    before = cast.shop.no
    assert client.post(url("shop_cs_shop_change", cast.shop.pk), {"no": "S777", "name": "新名"}).status_code == 302
    cast.shop.refresh_from_db()
    assert (cast.shop.no, cast.shop.name) == (before, "新名")


def test_a_password_that_is_too_short_is_refused_in_chinese(cast, client, rooter):
    client.force_login(rooter)
    said = {"username": "zoe", "password1": "Xk2!", "password2": "Xk2!"}
    page = client.post(url("shop_cs_user_add"), said, headers={"accept-language": "zh-hans"})
    assert "密码太短，至少需要 10 个字符。" in page.content.decode()


def test_the_desk_speaks_chinese_throughout(cast, at, client):
    at(TUESDAY_10)
    client.force_login(cast.rita)
    page = client.get(url("index"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "待办概览" in page and "What waits" not in page


def test_roles_and_dates_are_written_as_everywhere(cast, client, rooter):
    User.objects.filter(pk=cast.rita.pk).update(last_login=shanghai("2026-03-03 09:05"))
    client.force_login(rooter)
    page = client.get(url("shop_cs_user_changelist"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "审核员" in page and "reviewers" not in page
    assert "2026-03-03 09:05" in page


def test_messages_to_consumers_are_named_in_chinese(cast, answered, client):
    message = ConsumerMessage.everything.create(
        shop=cast.shop, order=answered.order, kind="reminder", link="http://x", sent_at=TUESDAY_10
    )
    client.force_login(cast.olive)
    page = client.get(url("shop_cs_consumermessage_change", message.pk), headers={"accept-language": "zh-hans"})
    assert "评价提醒" in page.content.decode() and "eminder" not in page.content.decode()
