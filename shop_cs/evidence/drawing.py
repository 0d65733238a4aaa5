"""Schematic pictures as SVG, from a few primitives. Pure: numbers and words in, text out; all words are escaped.

A picture is WIDTH × HEIGHT units on a ground of its own, so that it reads alike on a light and a dark page.
"""

from xml.sax.saxutils import escape, quoteattr

WIDTH, HEIGHT = 320, 240
# The strip at the bottom that says in words what the picture is an example of.
STRIP = 36
INK, FAINT, LINE, PAPER, GROUND = "#111827", "#6b7280", "#d1d5db", "#ffffff", "#94a3b8"
BLUE, GREEN, RED, SOFT, BOX = "#1d4ed8", "#15803d", "#b91c1c", "#e5e7eb", "#c8a272"
FONT = "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"


class Pen:
    """Collects the parts of one picture, from back to front."""

    def __init__(self):
        self.parts = []

    def box(self, x, y, width, height, fill=PAPER, *, round_=0, line="none", dash=""):
        """A rectangle; `dash` makes its outline a broken one."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_:g}" fill="{fill}"'
            f' stroke="{line}" stroke-width="{3 if dash else 1.5}"{dashed}/>'
        )

    def disc(self, x, y, radius, fill=PAPER, *, line="none"):
        """A circle around (x, y)."""
        self.parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{line}" stroke-width="3"/>'
        )

    def path(self, points, *, line=INK, width=3, fill="none"):
        """A line through the points, which are (x, y)."""
        along = " ".join(f"{x:g},{y:g}" for x, y in points)
        self.parts.append(
            f'<polyline points="{along}" fill="{fill}" stroke="{line}" stroke-width="{width:g}"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def text(self, x, y, words, size=20, fill=INK, *, room=None, anchor="start", bold=False):
        """Words on the line y; made smaller where they would be wider than `room`."""
        words = str(words)
        size = size if room is None else min(size, room / max(_ems(words, bold), 1))
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:.1f}" fill="{fill}" text-anchor="{anchor}"{weight}>'
            f"{escape(words)}</text>"
        )

    def lines(self, x, y, *widths, fill=LINE, step=14):
        """Grey bars: words that need not be read."""
        for row, width in enumerate(widths):
            self.box(x, y + row * step, width, 7, fill, round_=3)

    def barcode(self, x, y, width, height):
        """Bars of changing width."""
        at, turn = 0, 0
        while at < width:
            thick = (2, 4, 2, 6, 3)[turn % 5]
            if turn % 2 == 0:
                self.box(x + at, y, min(thick, width - at), height, INK)
            at, turn = at + thick + 1, turn + 1

    def flag(self, x, y, width, height):
        """Marks in red where the flaw is; on a pale edge, so that it is seen on a dark ground too."""
        self.box(x, y, width, height, "none", round_=8, line=PAPER, dash="1 0")
        self.box(x, y, width, height, "none", round_=8, line=RED, dash="8 5")

    def strip(self, words, *, is_good):
        """The last line of the picture: a tick or a cross, and the words."""
        top, colour = HEIGHT - STRIP, GREEN if is_good else RED
        self.box(0, top, WIDTH, STRIP, colour)
        middle = top + STRIP / 2
        if is_good:
            self.path([(14, middle), (21, middle + 7), (34, middle - 8)], line=PAPER, width=4)
        else:
            self.path([(15, middle - 8), (31, middle + 8)], line=PAPER, width=4)
            self.path([(31, middle - 8), (15, middle + 8)], line=PAPER, width=4)
        self.text(46, middle + 7, words, 21, PAPER, room=WIDTH - 56, bold=True)

    def svg(self, *, title, language):
        """The whole picture; `title` is read out, `language` is its tag ("zh-hans")."""
        label, tag = quoteattr(str(title)), quoteattr(language)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label={label}'
            f' xml:lang={tag} font-family="{FONT}">'
            f"<title>{escape(str(title))}</title>"
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>{"".join(self.parts)}</svg>'
        )


def _ems(words, bold):
    """About how many times its size a text is wide; Chinese characters are as wide as high."""
    return sum(1 if ord(character) > 0x2E7F else 0.66 if bold else 0.58 for character in words)
