"""Acts on different subjects never wait for each other."""

from itertools import combinations

from tests.perf.moderation.stores.contention import HELD_MS, conflicts, touched


def test_transactions_of_two_subjects_share_no_item() -> None:
    """Not even where thread, board and author are the same."""
    stories = touched(8)

    assert all(len(story) > 10 for story in stories)
    assert [] == [one & two for one, two in combinations(stories, 2) if one & two]


def test_a_thousand_acts_a_second_hardly_ever_meet() -> None:
    """Over 10,000 subjects at most one in a thousand finds its subject held.

    With one head for the whole log instead, seven of eight would.
    """
    assert conflicts(lambda subject: subject) <= 0.001
    assert conflicts(lambda _: 0) > 0.85


def test_the_share_grows_with_the_time_an_item_is_held() -> None:
    """It is acts a second and subject times that time: what it is on AWS can be put in here."""
    share = conflicts(lambda subject: subject, 5 * HELD_MS)

    assert 0.7 < share / (0.1 * 5 * HELD_MS / 1000) < 1.3
