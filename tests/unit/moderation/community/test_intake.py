"""Every text is rendered and screened before it is stored."""

from dataclasses import replace
from datetime import timedelta

from moderation.community.intake import Intake, Taken
from moderation.community.markup import render
from moderation.community.member import WarningIssued
from moderation.community.recent import Recent
from moderation.detection.facts import AuthorFacts, BoardPolicy, Facts, Strictness
from moderation.detection.signal import Span
from tests.support.community import BOARD, FLAGGED, MEMBER, NOTHING, NOW, FakeScreen

TITLE = "Ein Titel"


def _take(screen: FakeScreen, title: str | None = None, language: str | None = None) -> Taken:
    house = Facts(operator_names=("Nordwind",))
    intake = Intake(render=render, screen=screen, facts=house)
    return intake.take(
        board=BOARD.slug, title=title, body="Text", language=language, author=MEMBER, now=NOW
    )


def test_a_text_comes_back_as_html_with_what_was_found() -> None:
    """The language is that of the author if given, else what the screen found out."""
    assert _take(FakeScreen()) == Taken("<p>Text</p>\n", "de", NOTHING)
    assert _take(FakeScreen(), language="en").language == "en"


def test_title_and_body_are_screened_as_one_text_in_view_of_house_and_author() -> None:
    """The screen knows who runs the forum, the language told, and how old the account is."""
    screen = FakeScreen()
    _take(screen, TITLE, "de")
    facts = Facts("de", operator_names=("Nordwind",), author=AuthorFacts(30, posts_this_hour=1))

    assert screen.asked == [("Ein Titel\n\nText", facts)]


def test_an_account_from_the_future_is_new() -> None:
    """Clocks differ; an age is never negative."""
    screen = FakeScreen()
    born = replace(MEMBER, created_at=NOW + timedelta(seconds=5), staff=True)
    Intake(render=render, screen=screen).take(
        board=BOARD.slug, title=None, body="a", language=None, author=born, now=NOW
    )

    assert screen.asked[0][1].author == AuthorFacts(0, posts_this_hour=1, staff=True)


def test_the_screen_knows_what_the_author_wrote_lately_and_what_was_decided() -> None:
    """This text is no other one; warnings and a suspension of the last 90 days count."""
    screen = FakeScreen()
    warned = [
        WarningIssued(at=NOW - timedelta(days=days), case_id="c", category="INSULT")
        for days in (3, 90, 91)
    ]
    author = replace(MEMBER, warnings=tuple(warned), suspended_at=NOW - timedelta(days=10))
    intake = Intake(render=render, screen=screen).knowing(Recent(writes=7, same_text=3))
    intake.take(board=BOARD.slug, title=None, body="a", language=None, author=author, now=NOW)

    expected = AuthorFacts(30, posts_this_hour=7, same_text_elsewhere=2, reports_upheld=3)
    assert expected == screen.asked[0][1].author


def test_a_text_is_screened_by_the_policy_of_its_board() -> None:
    """The policy is looked up by the board's slug."""
    screen = FakeScreen()
    strict = BoardPolicy(Strictness.STRICT)
    Intake(render=render, screen=screen, policy={BOARD.slug: strict}.__getitem__).take(
        board=BOARD.slug, title=None, body="a", language=None, author=MEMBER, now=NOW
    )

    assert screen.asked[0][1].board == strict


def test_what_no_detector_has_checked_is_marked() -> None:
    """Whether or not a scorer is at work."""
    assert not _take(FakeScreen()).unchecked
    assert _take(FakeScreen(replace(NOTHING, checked_by=()))).unchecked


def test_spans_point_into_the_body() -> None:
    """What was found in the body stands where it stands there; the title has no place in it."""
    signal = FLAGGED.signals[0]
    everywhere = replace(
        FLAGGED,
        signals=(
            replace(signal, span=Span(11, 15)),
            replace(signal, span=Span(4, 9)),
            replace(signal, span=Span(9, 15)),
            replace(signal, span=None),
        ),
    )

    taken = _take(FakeScreen(everywhere), TITLE)

    assert [s.span for s in taken.verdict.signals] == [Span(0, 4), None, None, None]
    assert _take(FakeScreen(FLAGGED)).verdict.signals == FLAGGED.signals
