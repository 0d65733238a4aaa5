"""Which of the robot's answers a text comes from: by the bigrams of Chinese and the other words that both have. [1]"""

from dataclasses import dataclass

from ..searching.words import runs

# Below this nothing is said to be similar. Assumed.
LEAST = 0.3
MOST = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer of the robot's, how much of it is in the text (0 to 1), and whether its question is what fits."""

    record: object
    share: float
    by_question: bool

    @property
    def percent(self):
        return round(100 * self.share)


def grams(text):
    """What a text is compared by: each two neighbouring Chinese characters, a lone one, and whole other words."""
    found = set()
    for run, is_chinese in runs(text):
        if is_chinese and len(run) > 1:
            found |= {run[place : place + 2] for place in range(len(run) - 1)}
        else:
            found.add(run)
    return found


def closeness(one, other):
    """How alike two sets of grams are: 1 only for equal ones, 0 for such that have nothing in common.

    The mean of what they share of both and of the shorter: a part of a long answer finds it, and so does a keyword.
    """
    if not (common := len(one & other)):
        return 0.0
    return (2 * common / (len(one) + len(other)) + common / min(len(one), len(other))) / 2


def candidates(text, records, *, most=MOST):
    """The robot's answers that a text may come from, the likeliest first; none where nothing is similar.

    `records` have a `question` and an `answer`; `text` is an automatic answer, or what a consumer asked.
    """
    asked, said = grams(text), list(runs(text))
    found = []
    for record in records:
        by_answer = closeness(asked, grams(record.answer))
        by_question = closeness(asked, grams(record.question))
        share = max(by_answer, by_question)
        if share >= LEAST:
            # Of those with the same grams the very words come first.
            exact = said in (list(runs(record.answer)), list(runs(record.question)))
            found.append((not exact, -share, Candidate(record, share, by_question > by_answer)))
    return [candidate for *_rank, candidate in sorted(found, key=lambda one: one[:2])][:most]
