"""A post's state follows from its restrictions, and readers never get a hidden passage."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.cases.visibility import (
    lifted,
    masked,
    visible_body,
    with_restrictions,
    without,
)
from moderation.community.post import PostState, Restriction, RestrictionKind
from moderation.detection.signal import Span
from tests.support.casework import POST
from tests.support.community import NOW


def _restriction(
    kind: RestrictionKind, *spans: Span, territory: tuple[str, ...] = ()
) -> Restriction:
    return Restriction(kind=kind, since=NOW, spans=spans, territory=territory)


HOLD = _restriction(RestrictionKind.HOLD)
REMOVAL = _restriction(RestrictionKind.REMOVAL)
LABEL = _restriction(RestrictionKind.LABEL)
ABROAD = _restriction(RestrictionKind.DISABLING, territory=("AT",))
EVERYWHERE = _restriction(RestrictionKind.DISABLING)


def _shout(text: str) -> str:
    return f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("restrictions", "state"),
    [
        ((), PostState.PUBLISHED),
        ((LABEL, ABROAD), PostState.PUBLISHED),
        ((LABEL, HOLD), PostState.HELD),
        ((HOLD, REMOVAL), PostState.REMOVED),
        ((EVERYWHERE,), PostState.REMOVED),
    ],
)
def test_the_state_is_what_the_restrictions_say(
    restrictions: tuple[Restriction, ...], state: PostState
) -> None:
    """From the strongest down; whatever the post was before."""
    for before in (PostState.PUBLISHED, PostState.HELD, PostState.REMOVED):
        after = with_restrictions(replace(POST, state=before), restrictions, _shout)
        assert (state, restrictions, POST.html) == (after.state, after.restrictions, after.html)


def test_what_its_author_deleted_stays_deleted() -> None:
    """No restriction and no lifting of one brings it back."""
    gone = replace(POST, state=PostState.DELETED, restrictions=(HOLD,))
    assert PostState.DELETED is with_restrictions(gone, (REMOVAL,), _shout).state
    assert (PostState.DELETED, ()) == (lifted(gone).state, lifted(gone).restrictions)


def test_lifting_takes_the_hold_alone() -> None:
    """Other restrictions stay, and with them the state they ask for."""
    post = replace(POST, restrictions=(LABEL, HOLD, REMOVAL), state=PostState.REMOVED)
    assert (PostState.REMOVED, (LABEL, REMOVAL)) == (lifted(post).state, lifted(post).restrictions)


def test_a_redaction_is_rendered_for_readers_and_undone_again() -> None:
    """The stored HTML is made of what is visible; the words themselves never change."""
    cover = _restriction(RestrictionKind.REDACTION, Span(0, 2), Span(3, 6))
    post = with_restrictions(replace(POST, body="ab cde\nf"), (cover,), _shout)
    assert ("ab cde\nf", "██ ███\nf") == (post.body, visible_body(post))
    assert "<p>██ ███\nf</p>" == post.html
    assert "<p>ab cde\nf</p>" == with_restrictions(post, (), _shout).html


def test_masking_keeps_length_and_lines() -> None:
    """So that other spans still fit; a span that reaches beyond the text ends with it."""
    assert "█\n█d" == masked("a\nbd", [Span(0, 3)])
    assert "ab██" == masked("abcd", [Span(2, 9), Span(3, 4)])


def test_a_restriction_is_known_by_kind_and_hour() -> None:
    """Two of a kind are told apart by when they were imposed."""
    later = replace(LABEL, since=NOW + timedelta(hours=1))
    post = replace(POST, restrictions=(LABEL, HOLD, later))
    assert [HOLD, later] == without(post, RestrictionKind.LABEL, NOW)
    assert [HOLD] == without(post, RestrictionKind.LABEL)
