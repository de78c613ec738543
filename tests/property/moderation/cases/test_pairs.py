"""Every pair of what can happen to a case at once: both read, then both write, in either order."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.claiming import ClaimCase
from moderation.cases.deciding import DecideCase
from moderation.cases.noticing import FileNotice
from moderation.cases.places import Place
from moderation.cases.scoring import RecordScore
from moderation.change import Command
from moderation.community.deleting import DeletePost
from moderation.community.editing import EditPost
from moderation.community.markup import render
from moderation.community.post import PostState
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict, DomainError
from moderation.ids import MemberId
from tests.property.moderation.cases.test_workflow import check_all
from tests.support.apply_change import Office
from tests.support.casework import MO, NOA, POST, case_on, claimed, detected, proposal
from tests.support.community import FLAGGED, KIM, MEMBER, RULES, intake

SUBJECT = replace(POST, unchecked=True, html=render(POST.body))


def _edit(_: Office) -> Command[Any]:
    return EditPost(
        actor=KIM, post_id=POST.id, body="Neu.", expected=1, intake=intake(), rules=RULES
    )


def _delete(_: Office) -> Command[Any]:
    return DeletePost(actor=KIM, post_id=POST.id)


def _notice(_: Office) -> Command[Any]:
    return FileNotice(
        places=(Place(post_id=POST.id),),
        reasons="Weg.",
        rules=RULES,
        category=Category.HATE,
        good_faith=True,
    )


def _score(_: Office) -> Command[Any]:
    return RecordScore(post_id=POST.id, revision=1, verdict=FLAGGED, rules=RULES)


def _claim(at: Office) -> Command[Any]:
    return ClaimCase(case_id=at.all(Case)[0].id, actor=MO, rules=RULES)


def _lease_expires(at: Office) -> Command[Any]:
    """The lease runs out, and another takes the case."""
    at.later(minutes=10)
    return ClaimCase(case_id=at.all(Case)[0].id, actor=NOA, rules=RULES)


def _decide(at: Office) -> Command[Any]:
    return DecideCase(
        case_id=at.all(Case)[0].id, actor=MO, proposal=proposal(), rules=RULES, render=render
    )


DOINGS: tuple[Callable[[Office], Command[Any]], ...] = (
    _edit,
    _delete,
    _notice,
    _score,
    _claim,
    _lease_expires,
    _decide,
)


def _office() -> Office:
    at = Office(watch=check_all)
    at.put(MEMBER, SUBJECT)
    claimed(at, detected(at, FLAGGED, SUBJECT))
    return at


def _begun(at: Office, command: Command[Any]) -> Any:
    try:
        return at.begin(command)
    except DomainError as refused:
        return refused.code


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param(a, b, id=f"{a.__name__}-{b.__name__}") for a, b in product(DOINGS, repeat=2)],
)
def test_nothing_is_lost_and_nothing_half_done(
    first: Callable[[Office], Command[Any]], second: Callable[[Office], Command[Any]]
) -> None:
    """One case; what was written first is not overwritten; no decision on unseen words."""
    at = _office()
    commands = first(at), second(at)
    begun = [_begun(at, command) for command in commands]
    if not isinstance(begun[0], str):
        assert at.commit(begun[0])
    middle = dict(at.records)
    if not isinstance(begun[1], str) and not at.commit(begun[1]):
        assert middle == at.records
        again = _begun(at, commands[1])
        assert isinstance(again, str) or at.commit(again)

    cases = [case for case in at.all(Case) if case.state is CaseState.OPEN]
    assert len(at.all(Guard)) == len(cases) <= 1
    post = at.get(POST.ref)
    decided = [case.decision for case in at.all(Case) if case.decision is not None]
    assert all(decision.revision == 1 for decision in decided)
    if {first, second} == {_edit, _decide}:
        assert (PostState.REMOVED, 1) == (post.state, post.revision) or (
            (PostState.PUBLISHED, 2) == (post.state, post.revision) and not decided
        )
    if {first, second} == {_edit, _delete}:
        assert PostState.DELETED is post.state
    if _notice in (first, second) and cases:
        assert case_on(at).notice_count == [first, second].count(_notice)
    if _lease_expires in (first, second):
        assert all(decision.decided_by == NOA.id for decision in decided)


def test_of_fifty_moderators_one_claims_and_one_decides() -> None:
    """Forty-nine read before anybody writes, and each is told clearly that he came too late."""
    at = Office(watch=check_all)
    at.put(MEMBER, SUBJECT)
    case = detected(at, FLAGGED, SUBJECT)
    crowd = [replace(MO, id=MemberId(f"{MO.id[:-2]}{number:02d}")) for number in range(50)]
    for make in (
        lambda who: ClaimCase(case_id=case.id, actor=who, rules=RULES),
        lambda who: DecideCase(
            case_id=case.id, actor=who, proposal=proposal(), rules=RULES, render=render
        ),
    ):
        begun = {who.id: _begun(at, make(who)) for who in crowd}
        done, refused = [], []
        for who in crowd:
            one = begun[who.id]
            if not isinstance(one, str) and at.commit(one):
                done.append(who.id)
                continue
            with pytest.raises(Conflict) as late:
                at.begin(make(who))
            refused.append(late.value.code)
        assert (1, 49) == (len(done), len(refused))
        assert set(refused) <= {"claimed", "case-not-open"}
