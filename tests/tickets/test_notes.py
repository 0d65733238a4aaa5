"""Private notes: the shop's people write them on a request and name each other; nobody else reads them."""

from datetime import timedelta

import pytest

from shop_cs import notices
from shop_cs.models import Notice
from shop_cs.moves import Refused
from tests import stories
from tests.factories import MemberFactory
from tests.people import TUESDAY_10, shanghai, user
from tickets import actions
from tickets.actions.noting import MOST, named
from tickets.models import Mention, Note

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def record(cast):
    return stories.send(cast)


def url(record, part="aside/"):
    return f"/s/S001/requests/{record.no}/{part}"


def text_of(answer):
    return answer.content.decode()


def write(record, text, by):
    return actions.write_note(record, text=text, by=by, now=TUESDAY_10)


PEOPLE = [
    (1, ("bob", "鲍勃")),
    (2, ("bobby", "小鲍")),
    (3, ("wang", "王小")),
    (4, ("xiaoming", "王小明")),
    (5, ("w2", "王小")),
]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("@bob 请看", {1}),
        ("@bob请看", {1}),
        ("@Bob.", {1}),
        ("＠鲍勃请看", {1}),
        ("@bobby", {2}),
        ("@bobb", set()),
        ("@bob_2", set()),
        ("写信到 x@bob.com", set()),
        ("@王小明请跟进", {4}),
        ("@王小请跟进", {3, 5}),
        ("@bob @xiaoming", {1, 4}),
        ("@@bob", {1}),
        ("bob", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_who_is_named_in_a_text(text, keys):
    assert named(text, PEOPLE) == keys


def test_a_note_is_kept_with_its_author_and_time_and_the_trail_has_all_but_the_words(cast, record):
    note = write(record, "  供应商周三到货  ", cast.as_bob)
    assert (note.text, note.written_by, note.written_at) == ("供应商周三到货", cast.bob, TUESDAY_10)
    row = Note.history.get()
    assert (row.move, row.history_user_id, row.actor_role, row.history_date) == (
        "write_note", cast.bob.pk, "merchant", TUESDAY_10,
    )  # fmt: skip
    assert "text" not in {field.name for field in row.tracked_fields}


def test_who_is_named_is_told_and_it_rings_for_him_alone(cast, record):
    ivy = MemberFactory(shop=cast.shop, user=user("ivy", "merchant", "艾薇"), post=cast.interns)
    note = write(record, "@bob 请看聊天记录", cast.as_alice)
    assert [mention.member for mention in note.mentions.all()] == [cast.bob_member]
    told = Notice.objects.of(cast.shop).get(kind="note_mention")
    assert notices.text(told) == f"爱丽丝 named 鲍勃 in a note on {record.no}"
    assert told.path == f"{record.path}#note-{note.pk}"
    ringing = {
        person.username
        for person in (cast.alice, cast.bob, ivy.user)
        if Notice.objects.of(cast.shop).filter(pk=told.pk).unread_by(person).exists()
    }
    assert ringing == {"bob"}


def test_oneself_who_has_left_and_who_works_elsewhere_are_not_named(cast, record):
    cast.bob_member.is_active = False
    cast.bob_member.save()
    note = write(record, "@alice @bob @charlie", cast.as_alice)
    assert not note.mentions.exists()
    assert not Notice.everything.filter(kind="note_mention").exists()


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \n", "empty"), ("长" * (MOST + 1), "long")])
def test_nothing_and_too_much_are_refused(cast, record, text, code):
    with pytest.raises(Refused) as refused:
        write(record, text, cast.as_bob)
    assert (refused.value.refusal.code, refused.value.refusal.status) == (code, 400)
    assert write(record, "长" * MOST, cast.as_bob).pk


@pytest.mark.parametrize("who", ["as_charlie", "as_pia", "as_rita", "as_olive"])
def test_nobody_else_writes_or_reads_notes(cast, record, who):
    for act in (lambda by: write(record, "x", by), lambda by: actions.read_notes(record, by=by, now=TUESDAY_10)):
        with pytest.raises(Refused) as refused:
            act(getattr(cast, who))
        assert refused.value.refusal.status == 404


def test_on_what_is_not_sent_yet_there_are_no_notes(cast):
    scheduled = stories.send(cast, now=shanghai("2026-03-02 22:00"))
    with pytest.raises(Refused):
        write(scheduled, "x", cast.as_bob)


def test_reading_marks_ones_own_mention_and_its_notice_once(cast, record):
    note = write(record, "@bob 看一下", cast.as_alice)
    assert actions.read_notes(record, by=cast.as_alice, now=TUESDAY_10) == []
    actions.read_notes(record, by=cast.as_bob, now=TUESDAY_10 + MINUTE)
    assert actions.read_notes(record, by=cast.as_bob, now=TUESDAY_10 + 2 * MINUTE) == []
    assert note.mentions.get().read_at == TUESDAY_10 + MINUTE
    assert not Notice.objects.of(cast.shop).filter(kind="note_mention").unread_by(cast.bob).exists()
    assert [row.move for row in Mention.history.order_by("history_id")] == ["write_note", "read_note"]


# Pages
def test_the_page_of_notes_tells_them_with_who_is_named_and_a_get_changes_nothing(cast, desk, record):
    write(record, "@bob 请看 <b>", cast.as_alice)
    text = text_of(desk.get(url(record)))
    for told in ("爱丽丝", "2026-03-03 10:00", "@bob 请看 &lt;b&gt;", "names you", "Only people of your shop"):
        assert told in text
    assert Mention.everything.get().read_at is None
    desk.post(url(record, "notes/read/"))
    assert Mention.everything.get().read_at == TUESDAY_10
    assert "names you" not in text_of(desk.get(url(record)))


def test_without_scripts_a_note_leads_back_to_its_place(cast, desk, record):
    answer = desk.post(url(record, "notes/"), {"text": "已问仓库"})
    assert answer.url == f"{url(record, '')}#note-{Note.everything.get().pk}"
    refused = desk.post(url(record, "notes/"), {"text": " "})
    assert refused.status_code == 400 and "Write something first." in text_of(refused)
    long = desk.post(url(record, "notes/"), {"text": "长" * (MOST + 1)})
    assert long.status_code == 400 and "长长长" in text_of(long)


def test_the_fragment_is_a_piece_without_the_shell(cast, desk, record):
    piece = desk.get(url(record), headers={"HX-Request": "true"})
    assert "<html" not in text_of(piece) and 'hx-swap-oob="true"' in text_of(piece)
    assert "HX-Request" in piece.headers["Vary"] and "no-store" in piece.headers["Cache-Control"]
    page = text_of(desk.get(url(record)))
    assert "<html" in page and "hx-swap-oob" not in page
    answer = desk.post(url(record, "notes/"), {"text": "已问仓库"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "已问仓库" in text_of(answer) and "<html" not in text_of(answer)


def test_a_script_of_somebody_logged_out_is_told_so_and_a_form_gives_back_what_was_typed(cast, desk, record):
    desk.logout()
    told = desk.post(
        url(record, "notes/"), {"text": "已经问过仓库，周三到货，请耐心等待"}, headers={"HX-Request": "true"}
    )
    assert told.status_code == 401
    back = desk.post(url(record, "reply/"), {"solved": "no", "text": "已经问过仓库，周三到货，请耐心等待"})
    assert back.status_code == 401 and "周三到货" in text_of(back)
    assert desk.get(url(record)).status_code == 302
    assert not Note.everything.exists()


def test_the_fragment_takes_few_statements_however_many_notes(cast, desk, record, django_assert_max_num_queries):
    for _n in range(5):
        write(record, "@bob 看", cast.as_alice)
    with django_assert_max_num_queries(12):
        desk.get(url(record), headers={"HX-Request": "true"})


def test_the_platform_reads_no_note_on_its_pages(cast, at, client, record):
    write(record, "内部：供应商电话", cast.as_alice)
    for who in (cast.pia, cast.rita, cast.olive):
        client.force_login(who)
        for path in (f"tickets/servicerequest/{record.pk}/change/", f"tickets/servicerequest/{record.pk}/history/"):
            assert "供应商电话" not in text_of(client.get(f"/admin/{path}"))
