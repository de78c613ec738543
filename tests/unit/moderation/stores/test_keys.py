"""Keys and places in the lists."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.cases.case import CaseState, NoticeLink
from moderation.community.board import Board
from moderation.community.post import Post, PostState, Restriction, RestrictionKind, Revision
from moderation.detection.taxonomy import Severity
from moderation.errors import NotFound
from moderation.ids import CaseId
from moderation.records import Kind, Ref
from moderation.stores import keys
from moderation.stores.keys import IndexKeys, Key
from tests.support.samples import (
    ALL,
    ANSWER_STATE,
    APPEAL,
    AT,
    BOARD_RECORD,
    CASE,
    LATER,
    MESSAGE,
    POST,
    STATEMENT,
    THREAD_ROW,
    ulid,
)

HOSTILE = ("", "a#b", "a/b", "META", "../x", " ", "a b", "ä", "a\n", "#", "x" * 65, "-a", "a\x00")


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (Post.at("01A"), ("POST#01A", "META")),
        (Revision.at("01A", 7), ("POST#01A", "REV#000007")),
        (NoticeLink.at("01A", "01B"), ("CASE#01A", "NOTICE#01B")),
        (Board.at("neue-produkte"), ("BOARD#neue-produkte", "META")),
    ],
)
def test_a_record_has_one_key(ref: Ref[Any], expected: tuple[str, str]) -> None:
    """The kind and the id are the partition, the part is the sort key."""
    assert expected == keys.key_of(ref)
    assert str(keys.key_of(Post.at("01A"))) == "POST#01A | META"


@pytest.mark.parametrize("record", ALL, ids=lambda record: type(record).__name__)
def test_a_key_leads_back_to_its_record(record: Any) -> None:
    """Every record's key is read back as its address."""
    assert record.ref == keys.ref_of(keys.key_of(record.ref))


def test_no_two_records_share_a_key() -> None:
    """All kinds together have as many keys as records."""
    assert len(ALL) == len({keys.key_of(record.ref) for record in ALL})


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if text != "META"])
def test_an_id_never_breaks_out_of_its_part(hostile: str) -> None:
    """An id with a separator, a blank or a control character is nobody's."""
    with pytest.raises(NotFound, match="There is no such post"):
        keys.key_of(Post.at(hostile))
    with pytest.raises(NotFound):
        keys.key_of(NoticeLink.at("01A", hostile))
    for make in (
        keys.threads_of,
        keys.posts_in,
        keys.posts_of,
        keys.statements_to,
        keys.cases_in,
        keys.appeals_in,
    ):
        with pytest.raises(NotFound):
            make(hostile)
    with pytest.raises(NotFound):
        keys.remembered_key("scope", hostile)
    with pytest.raises(NotFound):
        keys.rate_key(hostile, "post", AT)


@given(st.text(max_size=80), st.sampled_from(list(Kind)))
def test_a_key_has_as_many_separators_as_it_was_given(text: str, kind: Kind) -> None:
    """Whatever the id, a key that is made has exactly the parts that it names."""
    try:
        key = keys.key_of(Ref(kind, text))
    except NotFound:
        return
    assert (kind.value, text, "META") == (*key.pk.split("#"), key.sk)


def test_a_part_is_one_of_those_there_are() -> None:
    """A part made of anything else is refused, in a ref as in a stored key."""
    with pytest.raises(NotFound):
        keys.key_of(Ref(Kind.POST, "01A", "OPENCASE#x"))
    for pk, sk in (("POST#01A", "PAYLOAD#01B"), ("IDEM#a", "b"), ("RATE#a#b", "META")):
        with pytest.raises(ValueError, match=r"no record|not a valid Kind"):
            keys.ref_of(Key(pk, sk))


def test_what_belongs_to_no_record_has_its_own_keys() -> None:
    """Answered requests and counts lie apart."""
    assert keys.remembered_key("01M", "6f1c-2e") == ("IDEM#01M", "6f1c-2e")
    assert keys.rate_key("01M", "post", AT) == ("RATE#01M#post", "2026-11-23T09:00:00.123Z")


def test_moments_sort_as_text() -> None:
    """The zone does not matter, the milliseconds do."""
    elsewhere = AT.astimezone(timezone(timedelta(hours=9)))
    assert keys.moment(AT) == keys.moment(elsewhere) == "2026-11-23T09:00:00.123Z"
    assert keys.moment(AT) < keys.moment(AT + timedelta(milliseconds=1))


def test_a_board_a_row_and_a_message_have_their_place() -> None:
    """Boards by slug, open threads by last activity, the outbox by id."""
    assert IndexKeys(list=Key("BOARDS", "produkte")) == keys.index_keys(BOARD_RECORD)
    listed = keys.index_keys(replace(THREAD_ROW, state="open"))
    place = f"{keys.moment(LATER)}#{THREAD_ROW.id}"
    assert IndexKeys(list=Key("BOARD#produkte", place)) == listed
    assert IndexKeys() == keys.index_keys(THREAD_ROW)
    assert IndexKeys(work=Key("OUTBOX", MESSAGE.id)) == keys.index_keys(MESSAGE)


def test_a_thread_that_waits_has_its_place() -> None:
    """Answered by its first answer, waiting by since when, and by when its unit is to be told."""
    thread_id = ANSWER_STATE.thread_id
    alarm_at = LATER + timedelta(hours=5)

    assert keys.index_keys(ANSWER_STATE) == IndexKeys(
        list=Key("BOARD#produkte#ANSWERED", f"{keys.moment(AT)}#{thread_id}"),
        owner=Key("BOARD#produkte#WAITING", f"{keys.moment(LATER)}#{thread_id}"),
        work=Key("UNANSWERED", f"{keys.moment(alarm_at)}#{thread_id}"),
    )
    quiet = replace(ANSWER_STATE, answered_at=None, waiting_since=None, alarm_at=None)
    assert IndexKeys() == keys.index_keys(quiet)
    assert IndexKeys() == keys.index_keys(replace(ANSWER_STATE, is_open=False))


PUBLISHED = replace(POST, state=PostState.PUBLISHED, restrictions=(), unchecked=False)


def test_a_published_post_is_listed_in_its_thread_and_among_its_authors() -> None:
    """The thread lists it by id, and so does its author's list."""
    expected = IndexKeys(
        list=Key(f"THREAD#{POST.thread_id}", POST.id),
        owner=Key(f"MEMBER#{POST.author.id}#POSTS", POST.id),
    )
    assert expected == keys.index_keys(PUBLISHED)


@pytest.mark.parametrize("state", [PostState.HELD, PostState.REMOVED, PostState.DELETED])
def test_a_post_nobody_may_see_is_off_its_threads_list(state: PostState) -> None:
    """Its author's list keeps it."""
    places = keys.index_keys(replace(PUBLISHED, state=state))
    assert (places.list, places.owner is not None) == (None, True)


def test_a_post_disabled_everywhere_is_off_the_list_and_elsewhere_on_it() -> None:
    """A disabling without a territory holds everywhere."""
    everywhere = Restriction(kind=RestrictionKind.DISABLING, since=AT)
    somewhere = replace(everywhere, territory=("DE",))
    assert keys.index_keys(replace(PUBLISHED, restrictions=(everywhere,))).list is None
    assert keys.index_keys(replace(PUBLISHED, restrictions=(somewhere,))).list is not None


def test_an_unchecked_post_is_work() -> None:
    """Whatever its state, until it is scored."""
    assert Key("UNCHECKED", POST.id) == keys.index_keys(POST).work


OPEN = replace(CASE, state=CaseState.OPEN)


def test_a_case_is_ranked_in_the_list_of_its_state_and_in_its_queue() -> None:
    """Both lists have one order; an undecided case with a hold is work at the hour it lapses."""
    place = f"2#{keys.moment(LATER)}#{CASE.id}"
    expected = IndexKeys(
        list=Key("CASES#open", place),
        owner=Key("QUEUE#speech#open", place),
        work=Key("LAPSE", f"{keys.moment(LATER)}#{CASE.id}"),
    )
    assert expected == keys.index_keys(OPEN)


def test_a_measure_for_a_time_is_work_at_the_hour_it_ends() -> None:
    """A decided case is listed while it has something to end."""
    decided = replace(CASE, state=CaseState.DECIDED, hold=None)
    timed = replace(decided, measure_ends_at=LATER)
    assert Key("LAPSE", f"{keys.moment(LATER)}#{CASE.id}") == keys.index_keys(timed).work
    assert keys.index_keys(decided).work is None


def test_a_case_without_anything_to_end_is_no_work() -> None:
    """A closed case ends nothing, and an open one without a hold neither."""
    assert keys.index_keys(replace(CASE, state=CaseState.CLOSED)).work is None
    assert keys.index_keys(replace(OPEN, hold=None)).work is None


def test_rank_is_s4_then_severity_then_due_then_id() -> None:
    """A fresh threat to life comes before 39 overdue cases of S0 to S2."""
    overdue = [
        replace(
            OPEN,
            id=CaseId(ulid(100 + number)),
            severity=[Severity.S0, Severity.S1, Severity.S2][number % 3],
            due_at=AT - timedelta(days=number),
        )
        for number in range(39)
    ]
    threat = replace(OPEN, id=CaseId(ulid(999)), severity=Severity.S4, due_at=LATER)
    ordered = sorted([*overdue, threat], key=keys.rank)
    assert threat == ordered[0]
    expected = sorted(overdue, key=lambda case: (-int(case.severity[1]), case.due_at, case.id))
    assert expected == ordered[1:]


def test_lapsed_holds_stand_in_front_of_the_hour() -> None:
    """A hold that lapses at that very moment is among them, one a millisecond later is not."""
    place = keys.place_behind(AT)
    assert f"{keys.moment(AT)}#{ulid(1)}" < place < keys.moment(AT + timedelta(milliseconds=1))


def test_statements_and_appeals_have_their_place() -> None:
    """Statements with their addressee, appeals by state and `due_at`."""
    owner = Key(f"MEMBER#{STATEMENT.addressee}#STATEMENTS", STATEMENT.id)
    assert IndexKeys(owner=owner) == keys.index_keys(STATEMENT)
    place = Key("APPEALS#decided", f"{keys.moment(LATER)}#{APPEAL.id}")
    assert IndexKeys(list=place) == keys.index_keys(APPEAL)


def test_ranks_do_not_depend_on_the_zone() -> None:
    """Two spellings of one instant rank alike."""
    elsewhere = replace(OPEN, due_at=AT.astimezone(timezone(timedelta(hours=-5))))
    assert keys.rank(replace(OPEN, due_at=AT)) == keys.rank(elsewhere)
