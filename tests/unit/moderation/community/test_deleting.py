"""An author takes a post away; what is open on it goes on."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, Content, Guard, Opener
from moderation.cases.opening import open_by_detection
from moderation.change import Act, Change, More
from moderation.community.deleting import DeletePost, is_moderated
from moderation.community.post import Post, PostState, Restriction, RestrictionKind
from moderation.errors import Forbidden, NotFound
from moderation.ids import StatementId
from tests.support.community import (
    ALEX,
    FLAGGED,
    HELD,
    KIM,
    NOW,
    OPENING,
    RULES,
    context,
    seen,
    ulid,
)

DELETED = replace(OPENING, state=PostState.DELETED)
DELETE = DeletePost(actor=KIM, post_id=OPENING.id)


def _changed(*records: Any) -> Change[None]:
    change = DELETE.decide(seen(DELETE, *records), context())
    if isinstance(change, More):
        change = DELETE.decide(seen(DELETE, *records, more=change.refs), context())
    assert isinstance(change, Change)
    return change


def test_a_plain_deletion_hides_the_post_and_is_no_audited_act() -> None:
    """The words stay for as long as somebody may object; nobody but the author sees them."""
    assert _changed(replace(OPENING, unchecked=True)) == Change(
        answer=None, puts=(DELETED,), checks=(Guard.at(OPENING.id),), reference=OPENING.ref
    )


@pytest.mark.parametrize("verdict", [FLAGGED, HELD])
def test_deleting_under_review_closes_no_case(verdict: Any) -> None:
    """The case goes on with the words it was opened about, and both acts are in the log."""
    opened = open_by_detection(OPENING, verdict, Opener.RULE, context(), RULES)
    guard = Guard(post_id=OPENING.id, case_id=opened.case.id)

    change = _changed(opened.post, opened.case, guard)

    post, case = change.puts
    assert isinstance(case, Case)
    assert case.post == post == replace(opened.post, state=PostState.DELETED)
    assert (case.state, case.frozen) == (
        opened.case.state,
        Content(revision=1, body=OPENING.body, title="Filter", language="de"),
    )
    assert change.checks == (guard.ref,)
    assert [(act.subject, act.action) for act in change.acts] == [
        (post.ref, Action.POST_DELETE),
        (case.ref, Action.CASE_UPDATE),
    ]


@pytest.mark.parametrize(
    "post",
    [
        replace(OPENING, state=PostState.REMOVED),
        replace(OPENING, statement_id=StatementId(ulid(9))),
        replace(OPENING, restrictions=(Restriction(kind=RestrictionKind.LABEL, since=NOW),)),
    ],
)
def test_deleting_what_moderation_has_touched_is_in_the_log(post: Post) -> None:
    """So that nobody can take away a measure's object without a trace."""
    act = Act(OPENING.ref, Action.POST_DELETE, KIM, reason="delete:author", content=1)

    assert is_moderated(post)
    assert _changed(post).acts == (act,)


def test_deleting_twice_changes_nothing() -> None:
    """The second time there is nothing left to do."""
    assert _changed(DELETED) == Change(answer=None, reference=OPENING.ref)
    assert DELETE.recall(OPENING.ref, seen(DELETE)) is None


def test_only_the_author_deletes() -> None:
    """Others are refused, and learn nothing of a post they cannot see."""
    command = replace(DELETE, actor=ALEX)

    with pytest.raises(Forbidden):
        command.decide(seen(command, OPENING), context())
    with pytest.raises(NotFound):
        command.decide(seen(command, DELETED), context())
    with pytest.raises(NotFound):
        command.decide(seen(command), context())
