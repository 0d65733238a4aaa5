"""What consumers' links carry: one record, one purpose, the same whenever it is written."""

from django.core import signing

from shop_cs import links


def test_a_link_is_the_same_whenever_it_is_written_and_opens_its_own_record_alone():
    token = links.token("tickets.survey", 7)
    assert token == links.token("tickets.survey", 7)
    assert links.key_in("tickets.survey", token) == 7
    assert links.key_in("disputes.case", token) is None
    assert links.key_in("tickets.survey", token[:-1]) is None


def test_a_link_that_was_sent_before_stays_valid():
    old = signing.dumps(7, salt="tickets.survey", compress=False)
    assert links.key_in("tickets.survey", old) == 7
    assert links.key_in("disputes.case", old) is None
