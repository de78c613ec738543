"""Which writes owe an entry, and what a state commitment covers."""

import json
from dataclasses import replace

import pytest

from moderation.cases.case import CaseState
from moderation.community.member import Member, WarningIssued
from moderation.community.post import Post, PostState, Restriction, RestrictionKind
from moderation.ids import StatementId
from moderation.stores.duty import owes_entry, state_json
from moderation.stores.kinds import Storable
from tests.support.samples import (
    APPEAL,
    AT,
    BOARD_RECORD,
    CASE,
    DISCLOSURE,
    ERASURE,
    EXPORT,
    GUARD,
    HOLD,
    LATER,
    MEMBER,
    MESSAGE,
    NOTICE,
    POST,
    PULSE,
    REVISION,
    SETTINGS,
    STATEMENT,
    THREAD,
    THREAD_ROW,
    ulid,
)

PLAIN = replace(POST, state=PostState.PUBLISHED, restrictions=(), statement_id=None)
NEWCOMER = Member(id=MEMBER.id, name="Erika", created_at=AT)


@pytest.mark.parametrize("record", [THREAD, THREAD_ROW, REVISION, GUARD, MESSAGE])
def test_what_is_no_subject_owes_nothing(record: Storable) -> None:
    """Heads, rows, revisions, guards and messages have no entries."""
    assert not owes_entry(None, record)


@pytest.mark.parametrize(
    "record",
    [
        *(APPEAL, BOARD_RECORD, CASE, DISCLOSURE, ERASURE, EXPORT),
        *(HOLD, NOTICE, PULSE, SETTINGS, STATEMENT),
    ],
)
def test_every_other_subject_owes_one_when_it_appears(record: Storable) -> None:
    """It cannot come into the world by plain authoring."""
    assert owes_entry(None, record)


def test_a_subject_that_stays_as_it_is_owes_nothing() -> None:
    """A write that changes nothing, a new display name, or progress, is no act."""
    assert not owes_entry(CASE, CASE)
    renamed = replace(CASE.post, author=replace(CASE.post.author, name="E. M."))
    assert not owes_entry(CASE, replace(CASE, post=renamed))
    assert not owes_entry(EXPORT, replace(EXPORT, progress=40))
    assert owes_entry(CASE, replace(CASE, state=CaseState.DECIDED))
    assert owes_entry(EXPORT, replace(EXPORT, state="failed"))


def test_plain_authoring_owes_nothing() -> None:
    """A post that is published, edited, scored, or deleted by its author while it was published."""
    assert not owes_entry(None, PLAIN)
    assert not owes_entry(PLAIN, replace(PLAIN, body="anders", revision=3, unchecked=False))
    assert not owes_entry(PLAIN, replace(PLAIN, state=PostState.DELETED))


HELD = replace(PLAIN, state=PostState.HELD)
LABEL = Restriction(kind=RestrictionKind.LABEL, since=AT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, HELD),
        (None, replace(PLAIN, restrictions=(LABEL,))),
        (None, replace(PLAIN, statement_id=StatementId(ulid(5)))),
        (PLAIN, HELD),
        (HELD, PLAIN),
        (HELD, replace(HELD, state=PostState.DELETED)),
        (PLAIN, replace(PLAIN, restrictions=(LABEL,))),
        (PLAIN, replace(PLAIN, statement_id=StatementId(ulid(5)))),
        (replace(PLAIN, state=PostState.DELETED), PLAIN),
        (
            replace(PLAIN, restrictions=(LABEL,)),
            replace(PLAIN, state=PostState.DELETED, restrictions=()),
        ),
    ],
)
def test_moderating_a_post_owes_an_entry(before: Post | None, after: Post) -> None:
    """Whoever changes who may see it, or what its author was told, leaves an entry."""
    assert owes_entry(before, after)


def test_a_member_owes_an_entry_for_sanctions_only() -> None:
    """Writing for the first time and a new name are none."""
    assert not owes_entry(None, NEWCOMER)
    assert not owes_entry(NEWCOMER, replace(NEWCOMER, name="E. M.", unit="x"))
    warned = (WarningIssued(at=AT, case_id=CASE.id, category="SPAM"),)
    for sanctioned in (
        replace(NEWCOMER, warnings=warned),
        replace(NEWCOMER, suspended_at=AT),
        replace(NEWCOMER, suspended_until=LATER),
    ):
        assert owes_entry(NEWCOMER, sanctioned)
        assert owes_entry(None, sanctioned)


def test_a_state_is_canonical_and_leaves_the_name_out() -> None:
    """What a commitment covers holds every field but the display name."""
    state = json.loads(state_json(POST))
    assert {"id": POST.author.id, "staff": True, "unit": "service"} == state["author"]
    assert b"M\xc3\xbcller" not in state_json(POST)
    assert "name" not in json.loads(state_json(MEMBER))
    assert "name" not in json.loads(state_json(CASE))["post"]["author"]
    assert list(state) == sorted(state)
    assert POST.body == state["body"]
