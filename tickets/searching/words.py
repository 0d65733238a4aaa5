"""Which words a text has: made by one function, for what is indexed and for what is asked. Pure."""

import re
import unicodedata
from dataclasses import dataclass

# Written without blanks between the words: Chinese characters, and what stands among them; Japanese, Korean.
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"
    "\u3040-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
# A run of such characters, or of other letters and digits. Nothing else is ever in a word.
_RUN = re.compile(f"([{_CJK}]+)|((?:(?![{_CJK}])[^\\W_])+)")
# A longer word is known by its beginning. PostgreSQL takes 2046 bytes.
LONGEST_WORD = 64
# So many words of a text are read; far more than the longest claim that is taken has.
MOST_WORDS = 20_000
# What is asked for, in characters.
LONGEST_ASKED = 100
# What a number of a record looks like, and from how many signs on its beginning finds it.
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SHORTEST_BEGINNING = 4


def folded(text):
    """One shape for what reads alike: full and half width, capitals, ligatures."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def runs(text):
    """(characters, whether they are Chinese) of each piece of a text that has words in it."""
    for match in _RUN.finditer(folded(text[: MOST_WORDS * 4])):
        yield match[0], match[1] is not None


def words(text):
    """The words of a text in their order: each two Chinese characters that stand side by side, other words whole.

    Behind a run of Chinese characters stands its last one alone. So two words side by side are characters side by
    side: 商品，品质 is 商品 品 品质 质, where 商品质 is not found.
    """
    found = []
    for run, is_chinese in runs(text):
        if is_chinese:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
            found.append(run[-1])
        else:
            found.append(run[:LONGEST_WORD])
        if len(found) >= MOST_WORDS:
            return found[:MOST_WORDS]
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, read: a text fits that has all `tokens` and, in its words, each of the `sequences`.

    `parts` are the runs themselves, to be marked where they are found.
    """

    text: str
    parts: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()

    @property
    def is_empty(self):
        return not self.text

    @property
    def is_too_long(self):
        return len(self.text) > LONGEST_ASKED

    @property
    def has_words(self):
        """Whether words can be looked for: a Chinese character alone is in too many texts."""
        return bool(self.tokens) and len("".join(self.parts)) > 1

    @property
    def number(self):
        """What was typed as a record's number, "" when it cannot be one."""
        return self.text if _NUMBER.fullmatch(self.text) else ""


def asked(text):
    """Reads what was typed."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_ASKED:
        return Asked(text)
    parts, tokens, sequences = [], [], []
    for run, is_chinese in runs(text):
        parts.append(run)
        if not is_chinese:
            tokens.append(run[:LONGEST_WORD])
            continue
        pairs = [run[at : at + 2] for at in range(len(run) - 1)]
        tokens += pairs
        # Side by side, not anywhere; and of a character alone, a word that begins with it.
        if len(pairs) != 1:
            sequences.append(" " + " ".join(pairs or [run]))
    return Asked(text, *(tuple(dict.fromkeys(found)) for found in (parts, tokens, sequences)))


# Signs shown before and behind the first place that is found.
AROUND = 40


def snippet(texts, parts):
    """Where most of the parts are found: ([(piece, whether it was asked for)], which of the texts).

    The first of the texts with the most parts is shown, around its first place; where none has any, the first's
    beginning.
    """
    found = [_places(text, parts) for text in texts]
    which = max(range(len(texts)), key=lambda at: (len({part for _begin, _end, part in found[at]}), -at))
    return _around(texts[which], found[which]), which


def _around(text, places):
    first = places[0] if places else (0, AROUND, "")
    begin, end = max(0, first[0] - AROUND), min(len(text), first[1] + 2 * AROUND)
    pieces, at = [("…" if begin else "", False)], begin
    for place, behind, _part in places:
        if at <= place and behind <= end:
            pieces += [(text[at:place], False), (text[place:behind], True)]
            at = behind
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [(piece, is_asked) for piece, is_asked in pieces if piece]


def _places(text, parts):
    """(begin, end, part) of each place of a part in the text as it was written, in their order."""
    shape, origin = [], []
    for at, sign in enumerate(text):
        same = folded(sign)
        shape.append(same)
        origin += [at] * len(same)
    found = []
    for run in _RUN.finditer("".join(shape)):
        for part in parts:
            found += [(origin[first], origin[first + many - 1] + 1, part) for first, many in _in_run(run, part)]
    return sorted(found)


def _in_run(run, part):
    """(begin, length) of each place of a part in a run: anywhere among Chinese characters, else the whole of it."""
    if run[1] is not None:
        return [(run.start() + one.start(), len(part)) for one in re.finditer(re.escape(part), run[0])]
    return [(run.start(), len(run[0]))] if run[0][:LONGEST_WORD] == part[:LONGEST_WORD] else []
