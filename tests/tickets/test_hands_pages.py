"""Assigning and tagging on the list and on a request's page: many at once, filters, undoing."""

from datetime import timedelta

import pytest

from tests import stories
from tests.people import TUESDAY_10
from tests.tickets.test_list_page import fill
from tickets.actions import organizing
from tickets.hands import picking
from tickets.models import Assignment, ServiceRequest, Tag, Tagging
from tickets.views.organizing import LONGEST_QUERY

URL = "/s/S001/requests/"
MANY, UNDO = f"{URL}organize/", f"{URL}organize/undo/"


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


def listed(answer):
    return [record.no for record, _standing in answer.context.get("rows", ())]


def holders():
    return sorted(Assignment.everything.values_list("member__user__username", flat=True))


def organize(desk, *requests, **said):
    return desk.post(MANY, {"pick": [one.no for one in requests], **said}, follow=True)


def text_of(answer):
    return answer.content.decode()


# Many
def test_what_is_ticked_is_assigned_and_said_in_words(cast, desk):
    one, two, three = (stories.send(cast) for _n in range(3))
    page = organize(desk, one, two, act="assign", member=cast.alice_member.pk)
    assert "2 requests are assigned to 爱丽丝." in text_of(page)
    assert holders() == ["alice", "alice"]
    assert not Assignment.everything.filter(request=three).exists()


def test_what_was_so_already_and_what_is_refused_is_named_with_the_reason(cast, desk):
    new, his, closed = stories.send(cast), stories.send(cast), stories.reach(cast, "closed")
    organizing.assign([his.pk], member=cast.bob_member, by=cast.as_alice, now=TUESDAY_10)
    text = text_of(organize(desk, new, his, closed, act="take", query="tab=all"))
    assert "1 request is assigned to 鲍勃. 1 was so already." in text
    assert f"1 was refused, closed: nothing is left to do: {closed.no}." in text


def test_all_that_match_are_meant_on_every_page_and_no_others(cast, desk):
    fill(cast, 55)
    urgent = stories.send(cast, kind="urgent", category="risky_product")
    organize(desk, act="take", all="yes", query="kind=general")
    assert Assignment.everything.count() == 55
    assert not Assignment.everything.filter(request=urgent).exists()


@pytest.mark.parametrize(("length", "status"), [(LONGEST_QUERY, 200), (LONGEST_QUERY + 1, 400)])
def test_filters_that_are_too_long_are_refused_and_never_cut(cast, desk, length, status):
    urgent, other = stories.send(cast, kind="urgent", category="risky_product"), stories.send(cast)
    filters = "&kind=urgent"
    query = "x=" + "y" * (length - len(filters) - 2) + filters
    page = organize(desk, act="take", all="yes", query=query)
    assert page.status_code == status
    assert ("These filters are too long to be kept." in text_of(page)) == (status == 400)
    assert Assignment.everything.filter(request=urgent).exists() == (status == 200)
    assert not Assignment.everything.filter(request=other).exists()


@pytest.mark.parametrize(("most", "status"), [(3, 200), (2, 400)])
def test_up_to_the_limit_all_are_taken_and_above_it_none(cast, desk, monkeypatch, most, status):
    monkeypatch.setattr(picking, "MOST", most)
    fill(cast, 3)
    assert ("At most 2 requests" in text_of(desk.get(URL))) == (status == 400)
    page = organize(desk, act="take", all="yes")
    assert page.status_code == status
    assert Assignment.everything.count() == (3 if status == 200 else 0)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"act": "assign"}, "Choose a member or a group first."),
        ({"act": "tag", "tag": " "}, "Type or choose a tag first."),
        ({"act": "untag", "tag": "nowhere"}, "Your shop has no tag “nowhere”."),
        ({"act": "tag", "tag": "x" * 21}, "A tag has at most 20 characters."),
        ({"act": "nonsense"}, "This form is not complete."),
    ],
)
def test_what_cannot_be_done_is_said_and_ticks_and_words_are_kept(cast, desk, said, words):
    one, other = stories.send(cast), stories.send(cast)
    page = organize(desk, one, **said)
    text = text_of(page)
    assert page.status_code == 400 and words in text
    assert f'value="{one.no}" form="organize" aria-label="Select {one.no}" checked' in text
    assert f'value="{other.no}" form="organize" aria-label="Select {other.no}" checked' not in text
    assert f'value="{said.get("tag", "")}"' in text


def test_nothing_ticked_is_said_and_a_strangers_number_is_not_there(cast, desk):
    assert "Nothing is selected" in text_of(organize(desk, act="take"))
    theirs = ServiceRequest(no="SR-NOT-OURS")
    assert organize(desk, stories.send(cast), theirs, act="take").status_code == 404
    assert organize(desk, stories.send(cast), act="assign", member=cast.charlie_member.pk).status_code == 404
    assert holders() == []


def test_an_intern_is_not_offered_as_a_taker(cast, desk):
    stories.send(cast)
    assert [one.name for one in desk.get(URL).context["offers"].takers] == ["爱丽丝", "鲍勃"]


# Posts
NOT_ALLOWED = "This post (实习生) may not assign and tag requests."


def as_intern(cast, desk):
    cast.bob_member.post = cast.interns
    cast.bob_member.save()
    return desk


def test_whose_post_may_not_is_refused_by_its_name_and_nothing_is_changed(cast, desk):
    record, tag = stories.send(cast), organizing.tag_named("加急", by=cast.as_bob, now=TUESDAY_10)
    one, intern = f"{URL}{record.no}/organize/", as_intern(cast, desk)
    for act in ("take", "give_back", "tag", "untag"):
        for path in (MANY, one):
            refused = intern.post(path, {"act": act, "pick": record.no, "tag": "加急"})
            assert refused.status_code == 403 and NOT_ALLOWED in text_of(refused)
    for path in (f"/s/S001/tags/{tag.pk}/", f"/s/S001/tags/{tag.pk}/delete/", "/s/S001/tags/"):
        refused = intern.post(path, {"sure": "yes", "name": "别的", "colour": "red"})
        assert refused.status_code == 403 and NOT_ALLOWED in text_of(refused)
    assert intern.post(UNDO).status_code == 403
    assert not Assignment.everything.exists() and Tag.everything.get().name == "加急"


def test_for_whose_post_may_not_the_buttons_are_greyed_with_the_reason(cast, desk):
    record = stories.send(cast)
    organizing.tag_named("加急", by=cast.as_bob, now=TUESDAY_10)
    paths = (URL, f"{URL}{record.no}/", "/s/S001/tags/")
    for path in paths:
        assert NOT_ALLOWED not in text_of(desk.get(path))
    intern = as_intern(cast, desk)
    for path in paths:
        page = text_of(intern.get(path))
        assert NOT_ALLOWED in page and f'disabled title="{NOT_ALLOWED}' in page
    assert 'value="take" data-take' not in text_of(intern.get(paths[1]))


def test_notes_views_and_groups_are_everybodys_still(cast, desk):
    record, intern = stories.send(cast), as_intern(cast, desk)
    for path in ("/s/S001/views/", "/s/S001/groups/", "/s/S001/tags/", f"{URL}{record.no}/aside/"):
        assert intern.get(path).status_code == 200
    assert intern.post("/s/S001/views/", {"name": "本月", "query": "tab=all"}).status_code == 302


# Groups
@pytest.fixture
def group(cast):
    said = {"way": "hand", "categories": [], "members": [cast.alice_member, cast.bob_member]}
    return organizing.add_group(name="售后组", **said, by=cast.as_alice, now=TUESDAY_10)


def test_what_is_ticked_is_given_to_a_group_in_turn_told_and_undone(cast, desk, group):
    requests = [stories.send(cast) for _n in range(3)]
    assert f'value="group-{group.pk}"' in text_of(desk.get(URL))
    page = organize(desk, *requests, act="assign", member=f"group-{group.pk}")
    assert "3 requests are given to the group “售后组”: 爱丽丝 2, 鲍勃 1." in text_of(page)
    assert holders() == ["alice", "alice", "bob"]
    assert "Undone: 3 requests are given to the group" in text_of(desk.post(UNDO, follow=True))
    assert holders() == []


def test_on_a_requests_page_too_and_its_timeline_says_who_gave_it_to_whom(cast, desk, group):
    record = stories.send(cast)
    page, act = f"{URL}{record.no}/", f"{URL}{record.no}/organize/"
    desk.post(act, {"act": "assign", "member": f"group-{group.pk}"})
    desk.post(act, {"act": "take"})
    text = text_of(desk.post(act, {"act": "give_back"}, follow=True))
    for said in ("assigned to 爱丽丝", "Group: 售后组", "assigned to 鲍勃", "given back by 鲍勃"):
        assert said in text
    assert desk.get(page).status_code == 200


def test_a_group_without_anybody_there_and_a_strangers_group_are_refused(cast, desk, group):
    record = stories.send(cast)
    group.members.update(is_away=True)
    page = organize(desk, record, act="assign", member=f"group-{group.pk}")
    assert page.status_code == 409 and "Nobody is there in “售后组”" in text_of(page)
    assert f'value="group-{group.pk}" selected' in text_of(page)
    assert organize(desk, record, act="assign", member="group-999999").status_code == 404
    assert organize(desk, record, act="assign", member="group-x").status_code == 400
    assert holders() == []


def test_a_tag_is_made_put_on_and_taken_off_many(cast, desk):
    one, two = stories.send(cast), stories.send(cast)
    assert "2 requests carry “加急” now." in text_of(organize(desk, one, two, act="tag", tag="加急"))
    assert "加急" in text_of(desk.get(URL))
    assert "“加急” is taken off 1 request." in text_of(organize(desk, one, act="untag", tag="加急"))
    assert list(Tagging.everything.values_list("request", flat=True)) == [two.pk]


# Undoing
def test_the_last_act_is_undone_once(cast, desk):
    one = stories.send(cast)
    assert "requests/organize/undo/" in text_of(organize(desk, one, act="take"))
    assert "Undone: 1 request is assigned to 鲍勃." in text_of(desk.post(UNDO, follow=True))
    assert holders() == []
    assert "There is nothing to undo any more." in text_of(desk.post(UNDO, follow=True))


def test_what_another_has_changed_since_is_not_undone_and_named(cast, desk):
    one, two = stories.send(cast), stories.send(cast)
    organize(desk, one, two, act="take")
    organizing.assign([two.pk], member=cast.alice_member, by=cast.as_alice, now=TUESDAY_10)
    text = text_of(desk.post(UNDO, follow=True))
    assert f"1 was refused, changed meanwhile by somebody else: {two.no}." in text
    assert "so already" not in text and holders() == ["alice"]


def test_tags_are_undone_both_ways(cast, desk):
    one = stories.send(cast)
    organize(desk, one, act="tag", tag="加急")
    desk.post(UNDO)
    assert not Tagging.everything.exists()
    organize(desk, one, act="tag", tag="加急")
    organize(desk, one, act="untag", tag="加急")
    desk.post(UNDO)
    assert Tagging.everything.count() == 1


@pytest.mark.parametrize(("minutes", "offered"), [(10, True), (11, False)])
def test_undoing_is_offered_for_ten_minutes(cast, desk, at, minutes, offered):
    organize(desk, stories.send(cast), act="take")
    at(TUESDAY_10 + timedelta(minutes=minutes))
    assert ("requests/organize/undo/" in text_of(desk.get(URL))) == offered
    desk.post(UNDO)
    assert (holders() == []) == offered


# Filters
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"assignee": "me"}, ["mine"]),
        ({"assignee": "nobody"}, ["nobodys"]),
        ({"assignee": "alice"}, ["hers"]),
        ({"tag": "tag"}, ["mine", "hers"]),
        ({"tag": "tag", "assignee": "me"}, ["mine"]),
    ],
)
def test_filters_find_whose_it_is_and_what_it_carries(cast, desk, asked, found):
    made = {name: stories.send(cast) for name in ("mine", "hers", "nobodys")}
    said = {"by": cast.as_alice, "now": TUESDAY_10}
    organizing.assign([made["mine"].pk], member=cast.bob_member, **said)
    organizing.assign([made["hers"].pk], member=cast.alice_member, **said)
    tag = organizing.tag_named("加急", **said)
    organizing.tag([made["mine"].pk, made["hers"].pk], tag=tag, **said)
    values = {"alice": cast.alice_member.pk, "tag": tag.pk}
    page = desk.get(URL, {name: values.get(value, value) for name, value in asked.items()})
    assert sorted(listed(page)) == sorted(made[name].no for name in found)
    assert next(tab.count for tab in page.context["tabs"] if tab.is_active) == len(found)


def test_a_member_or_a_tag_that_is_not_the_shops_is_no_filter(cast, desk):
    theirs = organizing.tag_named("x", by=cast.as_charlie, now=TUESDAY_10)
    for asked in ({"assignee": cast.charlie_member.pk}, {"tag": theirs.pk}):
        page = desk.get(URL, asked)
        assert page.status_code == 400 and listed(page) == []


def test_the_export_of_my_own_is_asked_for_by_my_key(cast, desk):
    cast.clerks.permissions = [*cast.clerks.permissions, "export_requests"]
    cast.clerks.save()
    queries = [query for _format, _label, query in desk.get(URL, {"assignee": "me"}).context["exports"]]
    assert queries == [f"assignee={cast.bob_member.pk}"] * 2


# Statements
def test_with_hands_tags_and_views_the_list_takes_at_most_twelve_statements(cast, desk, django_assert_max_num_queries):
    fill(cast, 60)
    organize(desk, act="take", all="yes")
    organize(desk, act="tag", tag="加急", all="yes")
    said = {"by": cast.as_bob, "now": TUESDAY_10, "member": cast.bob_member}
    organizing.save_view(name="本月", query="tab=all", is_shared=True, **said)
    with django_assert_max_num_queries(12):
        page = desk.get(URL, {"tab": "all", "assignee": "me"})
    assert text_of(page).count("鲍勃") > 50 and text_of(page).count("加急") > 50


# One
def test_on_its_page_a_request_is_taken_given_back_and_tagged(cast, desk):
    record = stories.send(cast)
    page, act = f"{URL}{record.no}/", f"{URL}{record.no}/organize/"
    assert "Assigned to nobody" in text_of(desk.get(page))
    assert "Assigned to 鲍勃" in text_of(desk.post(act, {"act": "take"}, follow=True))
    assert "加急" in text_of(desk.post(act, {"act": "tag", "tag": "加急"}, follow=True))
    assert "Assigned to nobody" in text_of(desk.post(act, {"act": "give_back"}, follow=True))
    assert "加急" in text_of(desk.get(act))
    again = desk.post(act, {"act": "assign"})
    assert again.status_code == 400 and "Choose a member or a group first." in text_of(again)


def test_another_shops_member_finds_none_of_it(cast, desk):
    record = stories.send(cast)
    desk.force_login(cast.charlie)
    assert desk.post(MANY, {"act": "take", "pick": record.no}).status_code == 404
    assert desk.get(f"{URL}{record.no}/organize/").status_code == 404
    assert desk.post(f"/s/S002/requests/{record.no}/organize/", {"act": "take"}).status_code == 404
