"""Daily figures."""

from datetime import date

from tickets.models import DailyFigure, FigureDay

from .ways import again

DAY = date(2025, 1, 1)


def second_of_the_platform():
    """The platform's row has no shop, which the other promise does not see."""
    DailyFigure.everything.create(day=DAY, category="product", created=2)


BREACHES = {
    "figure_once_a_day": again(DailyFigure),
    "figure_once_the_platform": second_of_the_platform,
    "figure_day_once": again(FigureDay),
}
NOBODYS = {}
UNTRACKED = {"DailyFigure": "derived", "FigureDay": "work to do"}


def make(cast):
    for shop in (cast.shop, None):
        DailyFigure.everything.create(shop=shop, day=DAY, category="product", created=1)
    FigureDay.everything.create(shop=cast.shop, day=DAY)
