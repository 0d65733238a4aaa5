"""The catalogue of evidence: it answers for everything that can be claimed, and what it answers is kept."""

import re
from itertools import chain, combinations
from xml.etree import ElementTree

import pytest
from django.utils import translation

from disputes.models import Cause, Exhibit, Ground, Malice, Remedy
from shop_cs.evidence import catalogue, samples
from shop_cs.evidence.catalogue import Meter, Wanted, completeness, wanted
from shop_cs.evidence.drawing import RED, Pen
from shop_cs.evidence.items import ALL, ITEMS
from shop_cs.models import AfterSale
from shop_cs.rules import Category
from tickets.actions.answering import needs_proof
from tickets.models import Attachment, Reply

ANSWERS = [*Reply.Settlement.values, *Reply.Reason.values]
APPEALS = ["appeal_case", "appeal_compensation", "appeal_violation"]
# All that can be claimed, by what it is about, in the apps' own words.
CLAIMS = {
    **{category.value: ANSWERS for category in Category},
    "case": AfterSale.Kind.values,
    "payment": Remedy.values,
    **dict.fromkeys(APPEALS, Ground.values),
    "report": Malice.values,
    "filing": Cause.values,
}
EVERY = [(about, claim) for about, claims in CLAIMS.items() for claim in claims]
# What must be there, wherever the words of a claim alone decide it.
REQUIRED = {
    "agreed": "agreement",
    "refunded": "refund_receipt",
    ("case", "refund"): "chat",
    ("case", "return"): "chat",
    ("case", "exchange"): "chat",
    ("case", "resend"): "chat",
    ("payment", "amount"): "refund_receipt",
    ("payment", "resend"): "waybill",
    **{(about, "influencer"): "influencer_promise" for about in APPEALS},
    **{(about, "force_majeure"): "notice" for about in APPEALS},
    **{(about, "already_paid"): "refund_receipt" for about in APPEALS},
    ("report", "refund_fraud"): "order_history",
    ("report", "swapped_goods"): "return_photo",
    ("report", "false_complaint"): "chat",
    ("report", "extortion"): "chat",
    ("report", "abuse"): "chat",
    ("report", "other"): "chat",
    ("filing", "epidemic"): "notice",
    ("filing", "extreme_weather"): "notice",
    ("filing", "traffic_control"): "notice",
    ("filing", "courier_stalled"): "courier_statement",
    ("filing", "courier_lost"): "courier_statement",
    ("filing", "courier_overtime"): "tracking",
}


# Completeness
def test_it_knows_every_subject_and_every_claim_and_no_others():
    assert {about: list(catalogue.claims(about)) for about in catalogue.subjects()} == {
        about: list(claims) for about, claims in CLAIMS.items()
    }


def test_every_combination_answers_with_known_pieces_each_once():
    for about, claim in EVERY:
        codes = wanted(about, claim).codes
        assert codes and len(set(codes)) == len(codes), (about, claim)
        assert set(codes) <= ITEMS.keys(), (about, claim)
        assert len(wanted(about, claim).helpful) <= catalogue.MOST_HELPFUL


def test_what_is_required_is_written_down_here_and_nothing_else_is():
    found = {(about, claim): wanted(about, claim).required for about, claim in EVERY}
    told = {key: REQUIRED.get(key) or REQUIRED.get(key[1] if key[0] in Category else None) for key in EVERY}
    assert found == {key: (code,) if code else () for key, code in told.items()}


def test_every_piece_is_wanted_somewhere():
    assert {code for about, claim in EVERY for code in wanted(about, claim).codes} == ITEMS.keys()


@pytest.mark.parametrize("claim", ANSWERS)
def test_an_answer_requires_proof_exactly_where_the_action_refuses_it_without(claim):
    refused = needs_proof(solved=claim in Reply.Settlement, settlement=claim)
    for category in Category:
        pieces = wanted(category, claim)
        assert (bool(pieces.required), pieces.is_enforced) == (refused, refused)


def test_what_it_does_not_know_it_says():
    for about, claim in (("product", "nothing"), ("nothing", "agreed"), ("case", "agreed"), ("appeal_case", "refund")):
        with pytest.raises(KeyError):
            wanted(about, claim)


# The pieces
def test_each_piece_has_its_words_and_a_code_that_fits_column_and_address():
    assert len(ITEMS) == len(ALL)
    for item in ALL:
        assert all(str(words).strip() for words in (item.title, item.why, item.good, item.bad))
        assert re.fullmatch(r"[a-z_]+", item.code)
    room = min(model._meta.get_field("item").max_length for model in (Attachment, Exhibit))
    assert max(map(len, ITEMS)) <= room


def test_no_scene_and_no_flaw_is_drawn_for_nobody():
    assert {item.sample[0] for item in ALL} == samples.SCENES.keys()
    assert {item.sample[1] for item in ALL} == samples.FLAWS.keys()


def test_a_piece_can_be_marked_as_any_of_them_the_wanted_ones_first():
    first, *named, (_group, rest) = catalogue.choices("courier")
    assert first[0] == "" and [code for code, _title in named] == list(catalogue.codes_about("courier"))
    assert sorted(code for code, _title in named + rest) == sorted(ITEMS)
    assert {code for code in ITEMS if catalogue.is_known(code)} == ITEMS.keys()
    assert catalogue.is_known("") and not catalogue.is_known("nothing")


# The meter
def test_the_points_of_every_combination_are_a_hundred():
    assert {sum(wanted(*key).points().values()) for key in EVERY} == {100}
    assert Wanted().points() == {}


def test_the_required_pieces_weigh_more_than_all_that_helps():
    assert Wanted(("a",), ("b", "c")).points() == {"a": 70, "b": 15, "c": 15}
    assert Wanted(("a", "b"), ()).points() == {"a": 50, "b": 50}
    assert Wanted((), ("a", "b", "c")).points() == {"a": 34, "b": 33, "c": 33}


def subsets(codes):
    return chain.from_iterable(combinations(codes, size) for size in range(len(codes) + 1))


def test_a_hundred_means_all_is_there_and_each_piece_adds():
    for pieces in {wanted(*key) for key in EVERY}:
        for present in subsets(pieces.codes):
            meter = completeness(pieces, present)
            assert (meter.percent == 100) == (set(present) == set(pieces.codes))
            assert set(meter.missing_required) == set(pieces.required) - set(present)
            assert set(meter.missing_helpful) == set(pieces.helpful) - set(present)
            more = [completeness(pieces, {*present, code}).percent for code in pieces.codes if code not in present]
            assert all(percent > meter.percent for percent in more)


def test_what_is_not_wanted_or_shown_twice_counts_nothing():
    pieces = Wanted(("a",), ("b",))
    assert completeness(pieces, ["b", "b", "x", ""]) == Meter(30, ("a",), ())
    assert completeness(Wanted(), ["x"]) == Meter(100, (), ())


def test_asked_tells_each_piece_in_order_and_whether_it_is_there():
    asked = catalogue.asked("price", "refunded", label="Refunded", present={"agreement"})
    told = [(line.item.code, line.is_required, line.is_there, line.points) for line in asked.lines]
    assert told == [
        ("refund_receipt", True, False, 70),
        ("agreement", False, True, 10),
        ("price_proof", False, False, 10),
        ("product_page", False, False, 10),
    ]
    assert asked.meter == Meter(10, ("refund_receipt",), ("price_proof", "product_page"))


# The drawings
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_piece_has_a_good_and_a_bad_drawing_of_its_own(language):
    with translation.override(language):
        good = [samples.sample(item, is_good=True) for item in ALL]
        bad = [samples.sample(item, is_good=False) for item in ALL]
        assert len({*good, *bad}) == 2 * len(ALL)
        for item, drawn, spoilt in zip(ALL, good, bad, strict=True):
            assert str(item.good) in read(drawn) and str(item.bad) in read(spoilt)
            assert str(samples.FLAWS[item.sample[1]]) in read(spoilt) and "stroke-dasharray" not in drawn
            assert f'stroke="{RED}" stroke-width="3" stroke-dasharray' in spoilt


def read(drawing):
    """All the words of a drawing, which is whole XML of harmless parts and nothing else."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 (our own)
    parts = {part.tag.partition("}")[2] for part in root.iter()}
    assert parts <= {"svg", "title", "rect", "circle", "polyline", "text"}
    assert not {name for part in root.iter() for name in part.attrib if name.startswith("on") or "href" in name}
    return " ".join(root.itertext())


def test_the_few_words_of_a_drawing_are_in_the_readers_language():
    with translation.override("zh-hans"):
        chinese = samples.sample(ITEMS["order_page"], is_good=True)
    assert "订单" in read(chinese) and 'xml:lang="zh-hans"' in chinese
    assert "订单" not in read(samples.sample(ITEMS["order_page"], is_good=True))


def test_words_of_a_drawing_are_never_markup_and_fit_their_room():
    pen = Pen()
    pen.text(0, 0, "<script>&", 20)
    pen.text(0, 0, "消费者已签收的凭证", 20, room=90)
    drawn = pen.svg(title='"<b>', language="en")
    assert "<script>" not in drawn and read(drawn).count("<script>&") == 1
    assert 'font-size="10.0"' in drawn and 'font-size="20.0"' in drawn
