"""Which words a text has, and what was asked for: laws that hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.searching.words import LONGEST_ASKED, LONGEST_WORD, MOST_WORDS, asked, snippet, words

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
SOME = st.characters() | HAN | st.sampled_from("，。、！ \n0aZ破損退\U00020000\U00030000\ufa0e")
TEXTS = st.text(SOME, max_size=200)


def fits(text, question):
    """Whether the search would find the text: the rule that the databases apply."""
    found, said = f"shop_1 {' '.join(words(text))}", asked(question)
    return (
        said.has_words
        and set(said.tokens) <= set(words(text))
        and all(sequence in found for sequence in said.sequences)
    )


@given(st.text(SOME), st.text(HAN, min_size=2, max_size=LONGEST_ASKED), st.text(SOME))
def test_any_two_or_more_chinese_characters_of_a_text_are_found(before, asked_for, behind):
    assert fits(before + asked_for + behind, asked_for)


@given(TEXTS)
def test_no_text_breaks_it_and_no_word_is_one_that_a_database_would_split(text):
    for word in words(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert not any(sign in word for sign in "_ '\"\\:&|!*()\0\n")
        word.encode()
    assert asked(text).text is not None


@given(st.text(HAN, min_size=3, max_size=3), st.text(HAN, max_size=5))
def test_characters_that_do_not_stand_side_by_side_are_not_found_as_one_word(three, other):
    apart = f"{three[:2]}，{other}，{three[1:]}"
    assert fits(apart, three) == (three in apart)


@given(TEXTS, st.text(SOME, max_size=20))
def test_a_snippet_shows_the_text_as_it_was_written(text, question):
    pieces, which = snippet([text, ""], asked(question).parts)
    shown = "".join(piece for piece, _is_asked in pieces).strip("…")
    assert which == 1 or shown in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("收到商品破损", ["收到", "到商", "商品", "品破", "破损", "损"]),
        ("商品，品质", ["商品", "品", "品质", "质"]),
        ("退", ["退"]),
        ("iPhone 15Pro壳", ["iphone", "15pro", "壳"]),
        ("订单６０２１０", ["订单", "单", "60210"]),
        ("SR260303-01_2", ["sr260303", "01", "2"]),
        ("😀\0\ud800 …!", []),
        ("ガッツ", ["ガッ", "ッツ", "ツ"]),
        ("", []),
    ],
)
def test_words_of_texts(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("question", "text", "is_found"),
    [
        ("破损", "收到商品破损", True),
        ("商品破损", "商品没有破损", False),
        ("商品 破损", "商品没有破损", True),
        ("商品质", "商品，品质", False),
        ("3天", "等了3天", True),
        ("3天", "等了3年，天天", True),
        ("3天", "等了3年", False),
        ("iphone", "坏的IPHONE手机", True),
        ("phone", "坏的iPhone手机", False),
        ("退款 refund", "Refund：退款", True),
    ],
)
def test_what_is_found(question, text, is_found):
    assert fits(text, question) is is_found


@pytest.mark.parametrize(
    ("question", "has_words"),
    [("退", False), ("退款", True), ("a", False), ("ab", True), ("3天", True), ("退 换", False)],
)
def test_one_character_alone_is_too_short(question, has_words):
    assert asked(question).has_words is has_words


@pytest.mark.parametrize(("question", "number"), [("SR26-1.a_b", True), ("a b", False), ("退款", False), ("-1", False)])
def test_what_may_be_a_number(question, number):
    assert bool(asked(question).number) is number


@pytest.mark.parametrize(("many", "is_too_long"), [(LONGEST_ASKED, False), (LONGEST_ASKED + 1, True)])
def test_a_question_has_a_longest_length(many, is_too_long):
    assert asked("退" * many).is_too_long is is_too_long
    assert bool(asked("退" * many).tokens) is not is_too_long


def test_what_is_very_long_is_bounded():
    assert len(words("退款" * 1_000_000)) == MOST_WORDS
    assert words("x" * 1_000_000) == ["x" * LONGEST_WORD]
    assert fits("y" * 70, "y" * 70)


def test_the_snippet_is_of_the_text_with_the_most_of_what_was_asked():
    pieces, which = snippet(["要求退款", "已退款，并补发新品"], asked("退款 补发").parts)
    assert which == 1
    assert [piece for piece, is_asked in pieces if is_asked] == ["退款", "补发"]


def test_a_long_text_is_cut_around_the_place():
    pieces, _which = snippet(["前" * 300 + "破损" + "后" * 300], asked("破损").parts)
    assert pieces[0] == ("…", False) and pieces[-1] == ("…", False)
    assert ("破损", True) in pieces
    assert sum(len(piece) for piece, _is_asked in pieces) < 200
