"""Which robot answer a text comes from: the very one first, a similar one found, nothing made up."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tickets.quality.locating import candidates, closeness, grams


@dataclass(frozen=True)
class Said:
    question: str
    answer: str


SHIPPING = Said("什么时候发货", "亲，48 小时内为您发货，请耐心等待哦")
RETURNS = Said("怎么退货", "七天无理由退货，请保持吊牌完好")
INVOICE = Said("发票", "发票随货寄出，也可以联系客服补开电子发票")
ALL = [SHIPPING, RETURNS, INVOICE]
TEXT = st.text(alphabet="发货退款您好亲请稍等七天运费abc 12，。！", max_size=24)


def found(text, records=ALL):
    return [one.record for one in candidates(text, records)]


def test_what_a_text_is_compared_by():
    assert grams("退货 7天 OK！") == {"退货", "7", "天", "ok"}
    assert grams("，。！") == set()


def test_a_wrong_automatic_answer_leads_to_its_source():
    assert found("亲，48 小时内为您发货，请耐心等待哦")[0] == SHIPPING
    assert found("48小时内为您发货")[0] == SHIPPING


def test_a_consumers_question_leads_to_the_answer_he_would_get():
    first = candidates("我想问一下怎么退货呀", ALL)[0]
    assert (first.record, first.by_question) == (RETURNS, True)
    assert found("请问可以开发票吗")[0] == INVOICE


def test_nothing_similar_is_said_to_be_similar():
    assert found("宠物可以洗澡吗") == []
    assert found("，。！") == found("") == []


@given(TEXT, TEXT)
def test_closeness_is_even_handed_between_0_and_1_and_1_for_equals_alone(one, other):
    first, second = grams(one), grams(other)
    close = closeness(first, second)
    assert close == closeness(second, first)
    assert 0 <= close <= 1
    assert (close == 1) == (first == second and bool(first))


@given(TEXT.filter(grams), st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_the_very_answer_always_comes_first(answer, others):
    records = [Said(*other) for other in others] + [Said("别的问题", answer)]
    first = candidates(answer, records)[0]
    assert first.share == 1
    assert grams(answer) in (grams(first.record.answer), grams(first.record.question))


def test_of_answers_with_the_same_words_the_very_text_comes_first():
    turned, very = Said("一", "好的 亲 好的"), Said("二", "亲 好的")
    assert found("亲，好的", [turned, very])[0] == very
