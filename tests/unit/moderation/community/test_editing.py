"""An edit keeps what was said before, is screened again, and undoes no measure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, Content, Guard, Opener
from moderation.cases.opening import open_by_detection
from moderation.change import Change, More
from moderation.community.editing import EditPost
from moderation.community.member import Member
from moderation.community.post import Post, PostState, Restriction, RestrictionKind, Revision
from moderation.detection.signal import Span
from moderation.detection.verdict import Verdict
from moderation.errors import Conflict, DomainError, Forbidden, NotFound, Stale
from tests.support.community import (
    ALEX,
    FLAGGED,
    HELD,
    KIM,
    MEMBER,
    NOTHING,
    NOW,
    OPENING,
    RULES,
    FakeScreen,
    context,
    intake,
    seen,
)

LATER = NOW + timedelta(minutes=5)
EDITED = replace(
    OPENING,
    body="Kennt jemand den Filter?",
    html="<p>Kennt jemand den Filter?</p>\n",
    revision=2,
    edited_at=LATER,
)
FIRST = Revision(
    post_id=OPENING.id,
    revision=1,
    body=OPENING.body,
    html=OPENING.html,
    title="Filter",
    written_at=NOW,
)


def _edit(verdict: Verdict = NOTHING, **fields: Any) -> EditPost:
    asked: dict[str, Any] = {
        "actor": KIM,
        "post_id": OPENING.id,
        "body": EDITED.body,
        "expected": 1,
        "intake": intake(verdict),
        "rules": RULES,
    }
    return EditPost(**asked | fields)


def _guarded(verdict: Verdict = FLAGGED) -> tuple[Post, Case, Guard]:
    opened = open_by_detection(OPENING, verdict, Opener.RULE, context(), RULES)
    return opened.post, opened.case, Guard(post_id=OPENING.id, case_id=opened.case.id)


def _changed(command: EditPost, *records: Any) -> Change[Post]:
    known = seen(command, MEMBER, *records)
    change = command.decide(known, context(LATER, 6001))
    if isinstance(change, More):
        change = command.decide(
            seen(command, MEMBER, *records, more=change.refs), context(LATER, 6001)
        )
    assert isinstance(change, Change)
    return change


def test_a_plain_edit_writes_the_post_and_what_it_said_before() -> None:
    """It is no audited act, and holds only while nobody has opened a case."""
    assert _changed(_edit(), OPENING) == Change(
        answer=EDITED,
        puts=(EDITED, FIRST),
        checks=(Guard.at(OPENING.id),),
        reference=OPENING.ref,
    )


LABEL = Restriction(kind=RestrictionKind.LABEL, since=NOW)


@pytest.mark.parametrize("verdict", [NOTHING, FLAGGED, HELD])
def test_an_edit_of_what_a_measure_touched_is_an_audited_act(verdict: Verdict) -> None:
    """Once, whatever the screen says: held, the post has the act of being held."""
    labelled = replace(OPENING, restrictions=(LABEL,))
    change = _changed(_edit(verdict), labelled)

    (act,) = [act for act in change.acts if act.subject == OPENING.ref]
    expected = Action.POST_HOLD if verdict is HELD else Action.POST_EDIT
    assert (expected, 2) == (act.action, act.content)
    plain = [act for act in _changed(_edit(verdict), OPENING).acts if act.subject == OPENING.ref]
    assert (verdict is HELD) == bool(plain)


def test_an_edit_reads_post_guard_and_editor() -> None:
    """And nothing else, unless there is a case."""
    assert _edit().reads() == (OPENING.ref, Guard.at(OPENING.id), Member.at(KIM.id))


def test_a_second_revision_was_written_when_it_was_edited() -> None:
    """The history of a post has the time of each of its words."""
    change = _changed(_edit(body="Nochmal", expected=2), EDITED)

    assert change.puts[1] == replace(
        FIRST, revision=2, body=EDITED.body, html=EDITED.html, written_at=LATER
    )


def test_the_same_words_again_are_no_edit() -> None:
    """Nothing is written, and the post is answered as it is."""
    assert _changed(_edit(body=OPENING.body), OPENING) == Change(
        answer=OPENING, reference=OPENING.ref
    )


def test_an_edit_keeps_the_language_told_and_finds_out_the_one_not_known() -> None:
    """What the author said once is the hint for the screen."""
    screen = FakeScreen(replace(NOTHING, language="en"))
    reader = replace(intake(), screen=screen)
    told = _changed(_edit(intake=reader), OPENING)
    unknown = _changed(_edit(intake=reader), replace(OPENING, language="und"))

    assert (told.answer.language, unknown.answer.language) == ("de", "en")
    assert [facts.language for _, facts in screen.asked] == ["de", None]


def test_an_edit_that_is_found_opens_a_case() -> None:
    """The guard is put if it is absent, so two findings are one case."""
    change = _changed(_edit(HELD), OPENING)

    assert [type(put) for put in change.puts][:4] == [Post, Revision, Case, Guard]
    assert (change.answer.state, change.answer.revision) == (PostState.HELD, 2)
    assert change.checks == ()
    assert Action.POST_HOLD in {act.action for act in change.acts}


def test_an_edit_under_review_takes_its_case_along() -> None:
    """The case holds the new words and the frozen old ones, and both acts are in the log."""
    post, case, guard = _guarded()
    change = _changed(_edit(), post, case, guard)

    _, _, followed = change.puts
    assert isinstance(followed, Case)
    assert followed.post == change.answer == EDITED
    assert followed.frozen == Content(revision=1, body=OPENING.body, title="Filter", language="de")
    assert change.checks == (guard.ref,)
    assert {(act.subject, act.action, act.actor.id) for act in change.acts} == {
        (post.ref, Action.POST_EDIT, KIM.id),
        (case.ref, Action.CASE_UPDATE, KIM.id),
    }


def test_a_held_post_stays_held_whatever_its_author_writes() -> None:
    """Only a person or the stated hour lets it through."""
    post, case, guard = _guarded(HELD)
    change = _changed(_edit(), post, case, guard)

    assert (change.answer.state, change.answer.restrictions) == (
        PostState.HELD,
        post.restrictions,
    )


def test_a_label_outlives_an_edit() -> None:
    """What moderation has put on a post is not the author's to take off."""
    label = Restriction(kind=RestrictionKind.LABEL, since=NOW)
    change = _changed(_edit(), replace(OPENING, restrictions=(label,)))

    assert change.answer.restrictions == (label,)


REDACTION = Restriction(kind=RestrictionKind.REDACTION, since=NOW, spans=(Span(0, 3),))


@pytest.mark.parametrize(
    ("post", "fields", "refusal", "code"),
    [
        (None, {}, NotFound, "not-found"),
        (OPENING, {"actor": ALEX}, Forbidden, "forbidden"),
        (replace(OPENING, state=PostState.HELD), {"actor": ALEX}, NotFound, "not-found"),
        (OPENING, {"expected": 2}, Stale, "stale"),
        (replace(OPENING, state=PostState.REMOVED), {}, Conflict, "post-removed"),
        (replace(OPENING, state=PostState.DELETED), {}, Conflict, "post-deleted"),
        (replace(OPENING, restrictions=(REDACTION,)), {}, Conflict, "post-redacted"),
    ],
)
def test_what_cannot_be_edited_is_refused_by_name(
    post: Post | None, fields: dict[str, Any], refusal: type[DomainError], code: str
) -> None:
    """Each refusal has its own code, and who may not see a post learns nothing of it."""
    with pytest.raises(refusal) as refused:
        _changed(_edit(**fields), *([] if post is None else [post]))

    assert refused.value.code == code


def test_a_stale_edit_is_told_the_revision_there_is() -> None:
    """The author can read it and try again."""
    with pytest.raises(Stale) as refused:
        _changed(_edit(expected=7), OPENING)

    assert refused.value.data == {"revision": 1}


def test_a_suspended_member_edits_nothing() -> None:
    """Editing is writing."""
    command = _edit()

    with pytest.raises(Forbidden):
        command.decide(seen(command, OPENING, replace(MEMBER, suspended_at=NOW)), context())


def test_a_repeated_request_gets_the_post_again() -> None:
    """Once more, as it is now."""
    command = _edit()

    assert command.recall(EDITED.ref, seen(command, EDITED)) == EDITED


def test_a_revision_lies_with_its_post_in_order() -> None:
    """Its number has six digits, so that text sorts as time does."""
    assert FIRST.ref == Revision.at(OPENING.id, 1)
    assert FIRST.ref.part == "REV#000001"
