"""Public holidays: rules as data in a dated file, one file a calendar; Easter is computed."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

Calendar = Literal["de", "none"]
"""`de`: what all sixteen Länder keep. `none`: no holiday at all."""

_FILES = {"de": "de-2026-11-23.json"}


@cache
def holidays_in(calendar: Calendar, year: int) -> frozenset[date]:
    """The holidays of a year."""
    if calendar == "none":
        return frozenset()
    document = json.loads((Path(__file__).parent / _FILES[calendar]).read_text(encoding="utf-8"))
    fixed = {date(year, day["month"], day["day"]) for day in document["fixed"]}
    easter = easter_sunday(year)
    moving = {easter + timedelta(days=day["days"]) for day in document["after_easter_sunday"]}
    return frozenset(fixed | moving)


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, ch. 8)."""
    century, of_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    moon = (century - (century - (century + 8) // 25 + 1) // 3 - leap_centuries) + 15
    epact = (19 * (year % 19) + moon) % 30
    leap_years, of_leap = divmod(of_century, 4)
    to_sunday = (32 + 2 * rest + 2 * leap_years - epact - of_leap) % 7
    correction = (year % 19 + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
