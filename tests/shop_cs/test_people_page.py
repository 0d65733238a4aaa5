"""People and posts of a shop: seen by all of it, changed by whose post allows it."""

import pytest
from django.urls import reverse

from shop_cs import people
from shop_cs.access import member_of, merchant_actor
from shop_cs.models import Member, Post, User
from shop_cs.moves import Refused
from tests.factories import MemberFactory, PostFactory, UserFactory
from tests.people import TUESDAY_10

LIST = reverse("people", args=["S001"])
NEW = reverse("member-new", args=["S001"])
GOOD_PASSWORD = "umbrella-kettle-93"


def page(name, thing):
    return reverse(name, args=["S001", thing.pk])


@pytest.fixture
def web(cast, client, at):
    """Alice's browser."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


@pytest.fixture
def manager(cast):
    """Mia may manage people, and nothing else."""
    post = PostFactory(shop=cast.shop, name="店长助理", permissions=["manage_people"])
    member = MemberFactory(shop=cast.shop, user=UserFactory(username="mia"), post=post)
    member.user.groups.add(cast.bob.groups.get())
    return member


def new_member(cast, **said):
    usual = {"username": "dora", "name": "朵拉", "password": GOOD_PASSWORD, "post": cast.clerks.pk}
    return {"how": "new", **{f"new-{field}": value for field, value in {**usual, **said}.items()}}


def known_member(cast, username):
    return {"how": "existing", "existing-username": username, "existing-post": cast.clerks.pk}


def fresh(thing):
    return type(thing).everything.get(pk=thing.pk)


class TestWhoMay:
    def test_everybody_of_the_shop_sees_its_people_and_posts(self, cast, web, client):
        client.force_login(cast.bob)
        text = client.get(LIST).text
        assert "爱丽丝" in text
        assert "实习生" in text
        assert "may not manage people and posts" in text
        assert NEW not in text

    def test_another_shop_is_told_of_nothing(self, cast, client):
        client.force_login(cast.charlie)
        for address in (LIST, NEW, page("member", cast.bob_member), page("post", cast.clerks)):
            assert client.get(address).status_code == 404

    def test_another_shops_member_and_post_are_not_found_from_ones_own(self, cast, web):
        assert web.get(page("member", cast.charlie_member)).status_code == 404
        assert web.post(page("post", PostFactory(shop=cast.other_shop)), {"name": "x"}).status_code == 404

    def test_without_the_permission_every_change_is_403_and_names_the_post(self, cast, web, client):
        client.force_login(cast.bob)
        addresses = [NEW, reverse("post-new", args=["S001"]), page("member", cast.bob_member)]
        addresses += [page("member-deactivate", cast.bob_member), page("member-reactivate", cast.bob_member)]
        addresses += [page("post", cast.clerks), page("post-delete", cast.interns)]
        for address in addresses:
            response = client.post(address)
            assert response.status_code == 403
            assert "售后客服" in response.text


class TestAdding:
    def test_a_new_login_comes_in_as_a_merchant_with_the_post(self, cast, web):
        assert web.post(NEW, new_member(cast)).url == LIST
        user = User.objects.get(username="dora")
        assert user.check_password(GOOD_PASSWORD)
        assert not user.is_staff
        assert user.date_joined == TUESDAY_10
        assert member_of(user, "S001").post == cast.clerks

    def test_the_trail_says_who_added_whom(self, cast, web):
        web.post(NEW, new_member(cast))
        row = Member.everything.get(user__username="dora").history.get()
        assert (row.move, row.actor_name, row.history_date) == ("hire", str(cast.alice), TUESDAY_10)

    @pytest.mark.parametrize("password", ["12345678", "short", "password"])
    def test_a_weak_password_is_refused_and_what_was_typed_is_kept(self, cast, web, password):
        response = web.post(NEW, new_member(cast, password=password))
        assert response.status_code == 400
        assert 'value="dora"' in response.text
        assert f'value="{password}"' not in response.text
        assert not User.objects.filter(username="dora").exists()

    def test_a_user_name_that_is_taken_is_refused_without_saying_whose_it_is(self, cast, web):
        response = web.post(NEW, new_member(cast, username="charlie"))
        assert response.status_code == 409
        assert "This user name is taken" in response.text
        assert "查理" not in response.text

    def test_a_merchant_is_added_by_his_exact_name(self, cast, web):
        assert web.post(NEW, known_member(cast, "charlie")).url == LIST
        assert member_of(cast.charlie, "S001").post == cast.clerks

    @pytest.mark.parametrize("username", ["nobody", "Charlie", "rita"])
    def test_nobody_else_can_be_added_and_all_are_refused_in_the_same_words(self, cast, web, username):
        response = web.post(NEW, known_member(cast, username))
        assert response.status_code == 400
        assert "There is no user of this name who could be added." in response.text

    def test_who_is_a_member_already_is_not_added_again(self, cast, web):
        response = web.post(NEW, known_member(cast, "bob"))
        assert response.status_code == 400
        assert "already" in response.text

    def test_a_post_of_another_shop_is_none_to_choose(self, cast, web):
        stranger = PostFactory(shop=cast.other_shop)
        assert web.post(NEW, new_member(cast, post=stranger.pk)).status_code == 400

    def test_a_form_that_says_not_which_it_is_is_refused(self, cast, web):
        assert web.post(NEW, {}).status_code == 400


class TestMembers:
    def test_another_post_counts_at_once(self, cast, web, client):
        assert web.post(page("member", cast.bob_member), {"post": cast.interns.pk}).url == LIST
        assert not merchant_actor(member_of(cast.bob, "S001"), now=TUESDAY_10).may("answer_requests")
        assert cast.bob_member.history.latest("history_id").move == "give_post"

    def test_deactivating_asks_first_and_then_counts_at_once(self, cast, web, client):
        address = page("member-deactivate", cast.bob_member)
        assert "Deactivate" in web.get(address).text
        assert fresh(cast.bob_member).is_active
        assert web.post(address).url == LIST
        client.force_login(cast.bob)
        assert client.get(LIST).status_code == 404

    def test_who_was_deactivated_can_be_let_in_again(self, cast, web):
        web.post(page("member-deactivate", cast.bob_member))
        assert web.get(page("member-reactivate", cast.bob_member)).status_code == 405
        assert web.post(page("member-reactivate", cast.bob_member)).url == LIST
        assert fresh(cast.bob_member).is_active

    def test_the_owner_can_neither_be_deactivated_nor_given_a_post(self, cast, web, client, manager):
        client.force_login(manager.user)
        for name in ("member-deactivate", "member"):
            response = client.post(page(name, cast.alice_member), {"post": cast.interns.pk})
            assert response.status_code == 409
            assert "The owner of the shop" in response.text
        assert fresh(cast.alice_member).is_active

    def test_nobody_changes_himself(self, cast, web, client, manager):
        client.force_login(manager.user)
        response = client.post(page("member-deactivate", manager))
        assert response.status_code == 409
        assert "his own membership" in response.text
        assert fresh(manager).is_active


class TestPosts:
    def test_a_post_is_added_with_its_permissions(self, cast, web):
        said = {"name": "  售前  客服 ", "permissions": ["remind_consumers", "answer_requests"]}
        assert web.post(reverse("post-new", args=["S001"]), said).url == LIST
        post = Post.objects.of(cast.shop).get(name="售前 客服")
        assert post.permissions == ["answer_requests", "remind_consumers"]
        assert post.history.get().move == "add_post"

    def test_a_change_of_permissions_counts_at_once(self, cast, web):
        web.post(page("post", cast.clerks), {"name": "售后客服", "permissions": ["export_requests"]})
        assert member_of(cast.bob, "S001").permissions == {"export_requests"}

    @pytest.mark.parametrize("said", [{"name": ""}, {"name": "x", "permissions": ["rule_the_world"]}])
    def test_a_post_without_a_name_or_with_an_unknown_permission_is_refused(self, web, said):
        assert web.post(reverse("post-new", args=["S001"]), said).status_code == 400

    def test_a_name_that_is_taken_is_refused_and_kept_on_the_page(self, cast, web):
        for address in (reverse("post-new", args=["S001"]), page("post", cast.interns)):
            response = web.post(address, {"name": "售后客服"})
            assert response.status_code == 409
            assert 'value="售后客服"' in response.text

    def test_a_post_that_somebody_has_is_not_deleted_and_the_page_says_who(self, cast, web):
        response = web.post(page("post-delete", cast.clerks))
        assert response.status_code == 409
        assert "鲍勃" in response.text
        assert fresh(cast.clerks)

    def test_a_post_that_nobody_has_is_deleted_after_asking(self, cast, web):
        address = page("post-delete", cast.interns)
        assert web.get(address).status_code == 200
        assert web.post(address).url == LIST
        assert not Post.objects.of(cast.shop).filter(name="实习生").exists()


class TestNobodyRisesAboveHimself:
    """Who manages people without owning the shop gives and takes only what his own post has."""

    @pytest.fixture
    def mia(self, web, client, manager):
        client.force_login(manager.user)
        return client

    def test_he_gives_no_permission_that_he_has_not(self, cast, mia, manager):
        said = {"name": "店长助理", "permissions": ["manage_people", "answer_requests"]}
        response = mia.post(page("post", manager.post), said)
        assert response.status_code == 403
        assert "店长助理" in response.text
        assert fresh(manager.post).permissions == ["manage_people"]

    def test_he_adds_nobody_with_a_post_that_may_more(self, cast, mia):
        assert mia.post(NEW, new_member(cast)).status_code == 403
        assert mia.post(NEW, new_member(cast, post=cast.interns.pk)).url == LIST

    def test_he_changes_and_deletes_no_post_that_may_more(self, cast, mia):
        cast.bob_member.post = cast.interns
        cast.bob_member.save()
        assert mia.post(page("post", cast.clerks), {"name": "x"}).status_code == 403
        assert mia.post(page("post-delete", cast.clerks)).status_code == 403

    def test_he_sends_nobody_away_who_may_more(self, cast, mia):
        assert mia.post(page("member-deactivate", cast.bob_member)).status_code == 403
        assert fresh(cast.bob_member).is_active


@pytest.mark.parametrize("whose", ["another shop's", "deleted meanwhile"])
def test_a_post_that_is_not_there_is_given_to_nobody(cast, whose):
    post = PostFactory(shop=cast.other_shop if whose == "another shop's" else cast.shop)
    if whose == "deleted meanwhile":
        people.delete_post(Post.everything.get(pk=post.pk), by=cast.as_alice, now=TUESDAY_10)
    with pytest.raises(Refused) as refused:
        people.give_post(cast.bob_member, post=post, by=cast.as_alice, now=TUESDAY_10)
    assert refused.value.refusal.status == 404
    assert fresh(cast.bob_member).post == cast.clerks
