"""The lists on any DynamoDB: in order, page by page, each record once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import CaseState
from moderation.change import Act
from moderation.community.post import PostState
from moderation.detection.taxonomy import Severity
from moderation.errors import Invalid, NotFound
from moderation.ids import (
    AppealId,
    BoardSlug,
    CaseId,
    NoticeId,
    PostId,
    RuleSetId,
    StatementId,
    ThreadId,
)
from moderation.ports import Lists, Page
from moderation.stores.kinds import Storable
from tests.support.commands import MODERATOR, put
from tests.support.samples import (
    ANSWER_STATE,
    APPEAL,
    AT,
    BOARD_RECORD,
    CASE,
    EDITION,
    INBOX_ITEM,
    NOTICE_LINK,
    POST,
    STATEMENT,
    THREAD_ROW,
    ulid,
)
from tests.support.stack import Stack

NUMBERS = range(7)
PLAIN = replace(POST, state=PostState.PUBLISHED, restrictions=(), statement_id=None)
OWED = (type(CASE), type(APPEAL), type(BOARD_RECORD), type(EDITION), type(STATEMENT))


def write(stack: Stack, *records: Storable) -> None:
    """Write new records, with an act where one is owed."""
    acts = tuple(Act(r.ref, Action.CASE_OPEN, MODERATOR) for r in records if isinstance(r, OWED))
    stack.unit_of_work.run(put(*records, acts=acts))


def hours(number: int) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


BOARDS = [replace(BOARD_RECORD, slug=BoardSlug(f"brett-{number}")) for number in NUMBERS]
ROWS = [
    replace(THREAD_ROW, id=ThreadId(ulid(number)), state="open", last_post_at=AT - hours(number))
    for number in NUMBERS
]
WAITING = [
    replace(ANSWER_STATE, thread_id=ThreadId(ulid(number)), waiting_since=AT + hours(number))
    for number in NUMBERS
]
ANSWERED = [
    replace(ANSWER_STATE, thread_id=ThreadId(ulid(number)), answered_at=AT - hours(number))
    for number in NUMBERS
]
EDITIONS = [replace(EDITION, id=RuleSetId(ulid(number))) for number in NUMBERS]
POSTS = [replace(PLAIN, id=PostId(ulid(number))) for number in NUMBERS]
CASES = [
    replace(CASE, id=CaseId(ulid(number)), state=CaseState.OPEN, severity=severity, due_at=due_at)
    for number, (severity, due_at) in enumerate(
        [
            (Severity.S4, AT + hours(9)),
            (Severity.S3, AT - hours(9)),
            (Severity.S3, AT),
            (Severity.S2, AT - hours(30)),
            (Severity.S1, AT - hours(40)),
            (Severity.S0, AT - hours(50)),
            (Severity.S0, AT - hours(50)),
        ]
    )
]
STATEMENTS = [replace(STATEMENT, id=StatementId(ulid(number))) for number in NUMBERS]
APPEALS = [
    replace(APPEAL, id=AppealId(ulid(50 - number)), state="open", due_at=AT + hours(number))
    for number in NUMBERS
]
LINKS = [replace(NOTICE_LINK, notice_id=NoticeId(ulid(number))) for number in NUMBERS]
INBOX = [replace(INBOX_ITEM, id=ulid(number)) for number in NUMBERS]

type Fetch = Callable[[Lists, int, str | None], Page[Any]]
EVERY_LIST: dict[str, tuple[list[Any], Fetch]] = {
    "boards": (BOARDS, lambda lists, limit, after: lists.boards(limit, after)),
    "rulesets": (EDITIONS[::-1], lambda lists, limit, after: lists.rulesets(limit, after)),
    "threads": (ROWS, lambda lists, limit, after: lists.threads(POST.board, limit, after)),
    "waiting": (WAITING, lambda lists, limit, after: lists.waiting(POST.board, limit, after)),
    "answered": (ANSWERED, lambda lists, limit, after: lists.answered(POST.board, limit, after)),
    "posts": (POSTS, lambda lists, limit, after: lists.posts(POST.thread_id, limit, after)),
    "posts_by": (
        POSTS[::-1],
        lambda lists, limit, after: lists.posts_by(POST.author.id, limit, after),
    ),
    "cases": (CASES, lambda lists, limit, after: lists.cases(CaseState.OPEN, None, limit, after)),
    "queue": (
        CASES,
        lambda lists, limit, after: lists.cases(CaseState.OPEN, "speech", limit, after),
    ),
    "statements": (
        STATEMENTS[::-1],
        lambda lists, limit, after: lists.statements(STATEMENT.addressee, limit, after),
    ),
    "appeals": (APPEALS, lambda lists, limit, after: lists.appeals("open", limit, after)),
    "notices_of": (LINKS, lambda lists, limit, after: lists.notices_of(CASE.id, limit, after)),
    "inbox": (INBOX[::-1], lambda lists, limit, after: lists.inbox(POST.author.id, limit, after)),
}


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
@pytest.mark.parametrize("name", EVERY_LIST)
def test_a_list_is_in_order_and_each_record_comes_once(
    anywhere: Stack, name: str, limit: int
) -> None:
    """Page by page until the position is None, whatever the size of the page."""
    expected, fetch = EVERY_LIST[name]
    write(anywhere, *reversed(expected))
    found: list[Any] = []
    position: str | None = None
    for _ in range(len(expected) + 2):
        page = fetch(anywhere.lists, limit, position)
        assert len(page.items) <= limit
        found += page.items
        position = page.next
        if position is None:
            break
    assert expected == found
    assert position is None


@pytest.mark.parametrize("name", EVERY_LIST)
def test_a_list_of_nothing_has_ended(anywhere: Stack, name: str) -> None:
    """No items, no position."""
    _, fetch = EVERY_LIST[name]
    assert Page((), None) == fetch(anywhere.lists, 25, None)


def test_what_is_not_listed_is_not_read(anywhere: Stack) -> None:
    """Hidden threads, held posts, other queues and other states are on no list of readers."""
    write(
        anywhere,
        POSTS[0],
        replace(ROWS[0], state="hidden"),
        replace(WAITING[0], is_open=False),
        replace(WAITING[1], waiting_since=None, answered_at=None, board=BoardSlug("still")),
        replace(CASES[0], queue="spam"),
        replace(CASES[1], state=CaseState.DECIDED),
        APPEAL,
    )
    lists = anywhere.lists
    assert () == lists.threads(POST.board, 25, None).items
    for board in (POST.board, "still"):
        assert () == lists.waiting(board, 25, None).items + lists.answered(board, 25, None).items
    assert (replace(CASES[0], queue="spam"),) == lists.cases(CaseState.OPEN, None, 25, None).items
    assert () == lists.cases(CaseState.OPEN, "speech", 25, None).items
    assert 1 == len(lists.cases(CaseState.DECIDED, "speech", 25, None).items)
    assert () == lists.appeals("open", 25, None).items
    assert () == lists.posts(ulid(77), 25, None).items


@pytest.mark.parametrize("position", ["x", "[]", '["a"]', "[1,2,3]", '{"a":1}', "null", "", "[["])
def test_a_position_that_is_none_is_refused(anywhere: Stack, position: str) -> None:
    """Whatever its form."""
    with pytest.raises(Invalid):
        anywhere.lists.boards(25, position)


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_page_has_1_to_100_items(anywhere: Stack, limit: int) -> None:
    """Other sizes are refused."""
    with pytest.raises(Invalid):
        anywhere.lists.boards(limit, None)


def test_a_list_of_what_cannot_be_is_not_found(anywhere: Stack) -> None:
    """An id with a separator is nobody's."""
    with pytest.raises(NotFound):
        anywhere.lists.posts("a#b", 25, None)
    with pytest.raises(NotFound):
        anywhere.lists.inbox("a/b", 25, None)
