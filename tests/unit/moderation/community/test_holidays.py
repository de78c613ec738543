"""German holidays, held against a library's Easter and against a printed year."""

from datetime import date

from dateutil.easter import easter

from moderation.community.holidays.calendar import easter_sunday, holidays_in


def test_easter_is_where_a_library_has_it() -> None:
    """In every year of the Gregorian calendar that the library knows."""
    assert [easter(year) for year in range(1583, 4100)] == [
        easter_sunday(year) for year in range(1583, 4100)
    ]


def test_the_holidays_of_a_year_are_those_of_the_calendar_on_the_wall() -> None:
    """2027: nine days that all sixteen Länder keep."""
    days = [(1, 1), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (10, 3), (12, 25), (12, 26)]

    assert {date(2027, month, day) for month, day in days} == holidays_in("de", 2027)


def test_a_board_may_know_no_holidays() -> None:
    """Somebody is always on duty there."""
    assert frozenset() == holidays_in("none", 2027)
