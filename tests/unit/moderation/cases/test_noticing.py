"""Anybody may file a notice; ten are one case; nothing is revealed by filing one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, Guard, NoticeLink, Opener
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import NoticeItem
from moderation.cases.noticing import PUBLIC, FileNotice
from moderation.cases.places import Place
from moderation.community.post import PostState, Restriction, RestrictionKind
from moderation.detection.taxonomy import Category, Severity
from moderation.errors import Forbidden, Invalid
from moderation.ids import PostId
from tests.support.casework import (
    MO,
    NOTIFIER,
    POST,
    case_on,
    claimed,
    detected,
    noticed,
    office,
    refusal,
)
from tests.support.community import ALEX, FLAGGED, NOW, RULES, SASCHA, ulid

POSTS = tuple(replace(POST, id=PostId(ulid(3100 + number))) for number in range(10))


def test_a_notice_opens_a_case_and_gives_knowledge() -> None:
    """Notice, case, guard and link come together; receipt and acts too."""
    at = office()
    notice = noticed(at, category=Category.INSULT)
    case = case_on(at)

    assert (NoticeItem(post_id=POST.id, case_id=case.id),) == notice.items
    assert (Opener.NOTICE, NOW, 1) == (case.opened_by, case.knowledge_at, case.notice_count)
    link = NoticeLink(
        case_id=case.id, notice_id=notice.id, received_at=NOW, category=Category.INSULT
    )
    assert ((link,), [link]) == (case.notices, at.all(NoticeLink))
    assert [
        (Action.NOTICE_RECEIVE, PUBLIC, None),
        (Action.CASE_OPEN, PUBLIC, 1),
    ] == [(act.action, act.actor, act.content) for act in at.acts]
    assert [(MessageKind.RECEIPT, notice.id, None)] == [
        (m.kind, m.about, m.to) for m in at.all(Message)
    ]
    assert POST == at.get(POST.ref)


def test_nobody_has_to_know_the_codes() -> None:
    """Without a category a notice is unspecified, to be triaged within a day."""
    at = office()
    noticed(at)
    case = case_on(at)
    assert (Category.UNSPEC, "triage", NOW + timedelta(days=1)) == (
        case.category,
        case.queue,
        case.due_at,
    )


def test_a_legal_number_runs_from_the_notice_and_stands_apart() -> None:
    """PRIVACY: one month by GDPR Art. 12(3), beside the operator's own seven days."""
    at = office()
    noticed(at, category=Category.PRIVACY)
    case = case_on(at)
    assert (NOW + timedelta(days=28), NOW + timedelta(days=7)) == (case.legal_due_at, case.due_at)
    assert ["product", "law"] == [clock.kind for clock in case.clocks]


def test_notices_on_one_post_are_one_case() -> None:
    """The second joins; its author's category raises the case, a vaguer one does not lower it."""
    at = office()
    noticed(at, category=Category.INSULT)
    noticed(at, category=Category.HATE)
    noticed(at)

    case = case_on(at)
    assert [3] == [c.notice_count for c in at.all(Case)]
    assert (Category.HATE, Severity.S3) == (case.category, case.severity)
    assert [Action.CASE_OPEN, Action.CASE_JOIN, Action.CASE_JOIN] == [
        act.action for act in at.acts if act.subject == case.ref
    ]


def test_a_notice_joins_a_case_that_detection_opened() -> None:
    """From then on the operator knows; the claim that somebody holds stays."""
    at = office()
    claimed(at, detected(at, FLAGGED))
    at.later(minutes=1)
    noticed(at, category=Category.PRIVACY)
    case = case_on(at)
    assert (Opener.RULE, NOW, 1) == (case.opened_by, case.knowledge_at, case.notice_count)
    assert case.claim is not None
    assert NOW + timedelta(minutes=1, days=28) == case.legal_due_at


def test_beyond_twenty_only_the_number_grows_on_the_case() -> None:
    """Every notice has its link beside the case; the case itself stays small."""
    at = office()
    for _ in range(22):
        noticed(at)
    case = case_on(at)
    assert (22, 20, 22) == (case.notice_count, len(case.notices), len(at.all(NoticeLink)))
    assert 20 == len(case.history)


def test_ten_places_are_ten_cases_in_one_change() -> None:
    """Ten grave places with urgent messages fit into one transaction, a place named twice once."""
    at = office(*POSTS)
    notice = noticed(at, *POSTS[:9], POSTS[0], category=Category.CSAM)
    assert 9 == len(at.all(Case))
    assert notice.items[0].case_id == notice.items[9].case_id
    noticed(office(*POSTS), *POSTS, category=Category.CSAM)


def test_hidden_content_is_taken_like_visible() -> None:
    """A removed or deleted post opens a case as any other; the answer is of the same form."""
    removal = Restriction(kind=RestrictionKind.REMOVAL, since=NOW)
    removed = replace(POST, state=PostState.REMOVED, restrictions=(removal,))
    for post in (removed, replace(POST, state=PostState.DELETED)):
        at = office(post)
        notice = noticed(at, post)
        assert notice.items[0].case_id == case_on(at).id
        assert post == at.get(POST.ref)


def test_an_unknown_place_is_kept_without_a_case() -> None:
    """What is none of ours is part of the notice and opens nothing."""
    at = office()
    notice = at.run(
        FileNotice(
            places=(
                Place(url="https://elsewhere.example/posts/" + POST.id),
                Place(post_id=PostId(ulid(77)), excerpt="das"),
            ),
            reasons="Weg damit.",
            rules=RULES,
            good_faith=True,
        )
    )
    assert (
        NoticeItem(url="https://elsewhere.example/posts/" + POST.id),
        NoticeItem(post_id=PostId(ulid(77)), excerpt="das"),
    ) == notice.items
    assert ([], []) == (at.all(Case), at.all(Guard))


def test_an_address_of_ours_is_resolved() -> None:
    """The address as a reader copies it leads to the post."""
    at = office()
    place = Place(url=f"https://forum.example/threads/x#post-{POST.id}")
    notice = noticed(at, places=(place,))
    assert NoticeItem(url=place.url, post_id=POST.id, case_id=case_on(at).id) == notice.items[0]


def test_no_name_is_no_obstacle_and_gets_no_receipt() -> None:
    """An anonymous notice is taken; there is nobody to write to."""
    at = office()
    notice = noticed(at, notifier=None, category=Category.CSAM)
    assert (None, None) == (notice.notifier, notice.member_id)
    assert [MessageKind.URGENT] == [m.kind for m in at.all(Message)]


def test_a_member_gets_the_receipt_into_his_inbox() -> None:
    """Logged in, the notifier is known and answered where he reads."""
    at = office()
    notice = noticed(at, actor=ALEX, notifier=None)
    assert (ALEX.id, False) == (notice.member_id, notice.self_interested)
    assert [ALEX.id] == [m.to for m in at.all(Message)]
    assert {ALEX} == {act.actor for act in at.acts}


@pytest.mark.parametrize(("actor", "marked"), [(SASCHA, True), (MO, True), (ALEX, False)])
def test_a_notice_by_our_own_people_is_marked(actor: Actor, marked: bool) -> None:
    """Whoever works for the operator has an interest of his own."""
    assert marked == noticed(office(), actor=actor).self_interested


def test_terms_need_a_login_and_give_no_knowledge_of_illegality() -> None:
    """A breach of the terms is reported by members only, without a statement of good faith."""
    with pytest.raises(Forbidden) as refused:
        noticed(office(), kind="terms")
    assert "login-required" == refused.value.code

    at = office()
    noticed(at, kind="terms", actor=ALEX, good_faith=False, category=Category.PRIVACY)
    case = case_on(at)
    assert (None, None) == (case.knowledge_at, case.legal_due_at)


def test_all_that_is_wrong_is_said_at_once() -> None:
    """No places, no reasons, no good faith: three faults."""
    with pytest.raises(Invalid) as refused:
        office().run(FileNotice(places=(), reasons=" ", rules=RULES, notifier=NOTIFIER))
    assert ("invalid", ["/items", "/reasons", "/good_faith"]) == refusal(refused)


def test_eleven_places_are_too_many() -> None:
    """Ten is the limit."""
    with pytest.raises(Invalid) as refused:
        noticed(office(), places=(Place(post_id=POST.id),) * 11)
    assert ("invalid", ["/items"]) == refusal(refused)


def test_a_case_joined_beyond_the_lane_wakes_once() -> None:
    """The first grave notice wakes somebody, the second does not."""
    at = office()
    noticed(at, notifier=None)
    noticed(at, notifier=None, category=Category.LIFE_THREAT)
    noticed(at, notifier=None, category=Category.LIFE_THREAT)
    noticed(at, notifier=None, category=Category.SELF_HARM)
    assert [MessageKind.URGENT] == [m.kind for m in at.all(Message)]
