"""The pages of groups, tags and saved views: made, changed, deleted with a question, refused in words."""

import pytest

from tests import stories
from tests.people import TUESDAY_10
from tickets.actions import organizing
from tickets.models import AgentGroup, GroupMember, SavedView, Tag

SHOP = "/s/S001/"
GROUP = {"name": "售后组", "way": "round_robin", "categories": ["product", "price"]}


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def post(desk, path, **said):
    return desk.post(f"{SHOP}{path}", said, follow=True)


def text_of(answer):
    return answer.content.decode()


# Groups
def test_a_group_is_made_changed_and_deleted(cast, desk):
    text = text_of(post(desk, "groups/new/", **GROUP, members=[cast.bob_member.pk]))
    assert "The group “售后组” is saved." in text and "In turn" in text and "鲍勃" in text
    group = AgentGroup.objects.of(cast.shop).get()
    assert group.categories == ["price", "product"]
    post(desk, f"groups/{group.pk}/", name="新", way="load", members=[cast.alice_member.pk])
    group.refresh_from_db()
    assert (group.name, group.way, group.categories) == ("新", "load", [])
    assert [place.member for place in group.members.all()] == [cast.alice_member]
    page = post(desk, f"groups/{group.pk}/delete/")
    assert page.status_code == 400 and "Delete the group “新”?" in text_of(page)
    assert "is deleted" in text_of(post(desk, f"groups/{group.pk}/delete/", sure="yes"))
    assert not AgentGroup.everything.exists()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"way": "by lot"}, {"categories": ["weather"]}, {"name": "x" * 41}])
def test_a_group_that_is_typed_wrong_is_shown_again(cast, desk, wrong):
    page = post(desk, "groups/new/", **{**GROUP, **wrong})
    assert page.status_code == 400 and not AgentGroup.everything.exists()
    assert page.context["form"].errors.keys() == wrong.keys()


def test_a_strangers_member_is_no_choice_and_a_taken_name_is_said(cast, desk):
    assert post(desk, "groups/new/", **GROUP, members=[cast.charlie_member.pk]).status_code == 400
    post(desk, "groups/new/", **GROUP)
    page = post(desk, "groups/new/", **GROUP)
    assert page.status_code == 409 and "has a group of this name already" in text_of(page)


def test_a_clerk_sees_the_groups_keeps_none_and_says_for_himself_that_he_is_away(cast, desk):
    post(desk, "groups/new/", **GROUP, members=[cast.alice_member.pk, cast.bob_member.pk])
    desk.force_login(cast.bob)
    text = text_of(desk.get(f"{SHOP}groups/"))
    assert "This post (售后客服) may not manage people" in text
    assert "鲍勃 is away" in text and "爱丽丝 is away" not in text
    assert post(desk, "groups/new/", **GROUP).status_code == 403
    place = GroupMember.everything.get(member=cast.bob_member)
    assert "gives him nothing" in text_of(post(desk, f"groups/places/{place.pk}/away/", away="yes"))
    other = GroupMember.everything.get(member=cast.alice_member)
    assert post(desk, f"groups/places/{other.pk}/away/", away="yes").status_code == 403


def test_a_group_in_which_nobody_is_there_says_so(cast, desk):
    post(desk, "groups/new/", **GROUP)
    assert "Nobody is there to whom it could give" in text_of(desk.get(f"{SHOP}groups/"))


# Tags
def test_a_tag_is_made_recoloured_and_deleted_with_how_many_carry_it(cast, desk):
    assert "The tag “加急” is saved." in text_of(post(desk, "tags/", name="加急", colour="red"))
    tag = Tag.objects.of(cast.shop).get()
    organizing.tag([stories.send(cast).pk], tag=tag, by=cast.as_alice, now=TUESDAY_10)
    assert "Blue" in text_of(post(desk, f"tags/{tag.pk}/", name="特急", colour="blue"))
    assert "1 request carries it." in text_of(desk.get(f"{SHOP}tags/{tag.pk}/delete/"))
    assert post(desk, f"tags/{tag.pk}/delete/").status_code == 400
    assert "“特急” is deleted; 1 request carried it." in text_of(post(desk, f"tags/{tag.pk}/delete/", sure="yes"))
    assert not Tag.everything.exists()


def test_a_tag_that_is_typed_wrong_or_taken_is_shown_again(cast, desk):
    post(desk, "tags/", name="加急", colour="red")
    assert post(desk, "tags/", name=" ", colour="red").status_code == 400
    assert post(desk, "tags/", name="新", colour="mauve").status_code == 400
    page = post(desk, "tags/", name="加急", colour="grey")
    assert page.status_code == 409 and 'value="加急"' in text_of(page)


# Views
def save(desk, name="特急", query="tab=all&kind=urgent&page=2", **said):
    return post(desk, "views/", name=name, query=query, **said)


def test_filters_are_kept_under_a_name_without_the_page_and_opened_from_the_list(cast, desk):
    urgent = stories.send(cast, kind="urgent", category="risky_product")
    stories.send(cast)
    page = save(desk)
    view = SavedView.objects.of(cast.shop).get()
    assert view.query == "tab=all&kind=urgent"
    assert [record.no for record, _standing in page.context["rows"]] == [urgent.no]
    assert [(chip.name, chip.is_active) for chip in page.context["views"]] == [("特急", True)]


def test_ones_own_view_is_ones_own_and_a_shared_one_everybodys(cast, desk):
    save(desk, name="自己")
    save(desk, name="大家", is_shared="on")
    desk.force_login(cast.bob)
    assert [chip.name for chip in desk.get(f"{SHOP}requests/").context["views"]] == ["大家"]
    mine = SavedView.objects.of(cast.shop).get(name="自己")
    shared = SavedView.objects.of(cast.shop).get(name="大家")
    assert desk.get(f"{SHOP}views/{mine.pk}/").status_code == 404
    assert post(desk, f"views/{shared.pk}/", name="抢").status_code == 403
    assert post(desk, f"views/{shared.pk}/delete/", sure="yes").status_code == 403
    assert SavedView.everything.count() == 2


def test_a_view_is_renamed_shared_and_deleted(cast, desk):
    save(desk)
    view = SavedView.objects.of(cast.shop).get()
    post(desk, f"views/{view.pk}/", name="急件", is_shared="on")
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("急件", True)
    assert "It is shared" in text_of(post(desk, f"views/{view.pk}/delete/"))
    post(desk, f"views/{view.pk}/delete/", sure="yes")
    assert not SavedView.everything.exists()


def test_a_taken_name_is_said_and_filters_and_name_are_kept(cast, desk):
    save(desk)
    page = save(desk, query="tab=closed")
    assert page.status_code == 409 and "There is a view of this name already" in text_of(page)
    assert 'value="tab=closed"' in text_of(page) and 'value="特急"' in text_of(page)


@pytest.mark.parametrize(("length", "kept"), [(1000, 1), (1001, 0)])
def test_filters_are_kept_up_to_a_length(cast, desk, length, kept):
    save(desk, query="order=" + "x" * (length - 6))
    assert SavedView.everything.count() == kept


def test_a_view_that_is_not_understood_any_more_opens_with_words(cast, desk):
    stories.send(cast)
    tag = organizing.tag_named("x", by=cast.as_alice, now=TUESDAY_10)
    save(desk, name="带标签", query=f"tag={tag.pk}")
    save(desk, name="旧的", query="weather=rain")
    organizing.delete_tag(tag, by=cast.as_alice, now=TUESDAY_10)
    for chip, words in zip(
        desk.get(f"{SHOP}requests/").context["views"],
        ("The view “带标签” asks for something that is not there any more", "asks for “weather”, which is no filter"),
        strict=True,
    ):
        page = desk.get(f"{SHOP}requests/?{chip.query}")
        assert page.status_code == 400 and words in text_of(page)
        assert "rows" not in page.context
