"""Many false alarms are closed at once, all or none; what a person is owed a decision on is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState, Claim, Guard, Opener
from moderation.cases.closing import CASES_MOST, CloseCases, Looked
from moderation.cases.opening import open_by_detection
from moderation.change import Act, Change, More, Seen
from moderation.community.post import Post
from moderation.detection.taxonomy import Category, Severity
from moderation.detection.verdict import Action as Screened
from moderation.errors import Conflict, Invalid, NotFound
from moderation.ids import PostId
from moderation.records import Record
from tests.support.casework import MO
from tests.support.community import NOW, OPENING, RULES, context, found, ulid

SPAM = found(Category.SPAM, Screened.FLAG)


def alarm(number: int) -> Case:
    """A case that a rule opened over nothing grave."""
    post: Post = replace(OPENING, id=PostId(ulid(3200 + number)))
    return open_by_detection(
        post, SPAM, Opener.RULE, context(first_id=6000 + 10 * number), RULES
    ).case


ALARMS = tuple(alarm(number) for number in range(3))


def closing(cases: tuple[Case, ...] = ALARMS, reason: str = "Fehlalarme.") -> CloseCases:
    """A moderator closes these as he saw them."""
    looked = tuple(Looked(case.id, case.post.revision) for case in cases)
    return CloseCases(looked=looked, actor=MO, reason=reason)


def known(*cases: Case, guarded: bool = True) -> Seen:
    """The cases, and the guards that they carry."""
    records: list[Record] = [*cases]
    if guarded:
        records += [Guard(post_id=case.post.id, case_id=case.id) for case in cases]
    return Seen({record.ref: record for record in records})


def closed(cases: tuple[Case, ...]) -> Change[tuple[Case, ...]]:
    """What closing them changes."""
    change = closing(cases).decide(known(*cases), context())
    assert isinstance(change, Change)
    return change


def test_cases_are_closed_as_one_act_of_many_parts() -> None:
    """Each off its list with why, each post free again, and the moderator gets them all."""
    change = closed(ALARMS)

    assert {CaseState.CLOSED} == {case.state for case in change.answer}
    assert change.answer == change.puts
    assert tuple(Guard.at(case.post.id) for case in ALARMS) == change.deletes
    assert [
        Act(case.ref, Action.CASE_CLOSE, MO, reason="close:false-alarm", content=1)
        for case in ALARMS
    ] == list(change.acts)
    assert ("case:close", "Fehlalarme.") == (
        change.answer[0].history[-1].action,
        change.answer[0].history[-1].note,
    )


def test_guards_that_are_not_known_are_read() -> None:
    """After a lost race nothing is taken for granted."""
    guards = tuple(Guard.at(case.post.id) for case in ALARMS)

    assert More(guards) == closing().decide(known(*ALARMS, guarded=False), context())


CASE = ALARMS[0]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (replace(CASE, state=CaseState.DECIDED), "case-not-open"),
        (replace(CASE, claim=Claim(by=OPENING.author.id, until=NOW + timedelta(1))), "claimed"),
        (replace(CASE, post=replace(CASE.post, revision=2)), "content-changed"),
        (replace(CASE, excluded=(MO.id,)), "conflict-of-interest"),
        (replace(CASE, opened_by=Opener.NOTICE), "takes-decision"),
        (replace(CASE, notice_count=1), "takes-decision"),
        (replace(CASE, escalated=True), "takes-decision"),
        (replace(CASE, severity=Severity.S1), "takes-decision"),
    ],
)
def test_one_that_cannot_be_closed_leaves_all_open(case: Case, code: str) -> None:
    """Decided, another's, moved on, one's own decision, asked about by a person, or grave."""
    command = replace(closing(), looked=(Looked(ALARMS[1].id, 1), Looked(case.id, 1)))

    with pytest.raises(Conflict) as refusal:
        command.decide(known(ALARMS[1], case), context())
    assert code == refusal.value.code


def test_what_is_held_takes_a_decision() -> None:
    """Its author is waiting for it."""
    held = open_by_detection(
        OPENING, found(Category.SPAM, Screened.HOLD), Opener.RULE, context(), RULES
    ).case

    with pytest.raises(Conflict) as refusal:
        closed((held,))
    assert "takes-decision" == refusal.value.code


def test_a_case_that_is_not_there_closes_nothing() -> None:
    """The others stay open."""
    with pytest.raises(NotFound):
        closing().decide(Seen({case.ref: None for case in ALARMS}), context())


@pytest.mark.parametrize(
    "command",
    [
        closing(()),
        closing(ALARMS[:1] * 2),
        closing(tuple(alarm(number) for number in range(CASES_MOST + 1))),
        closing(reason=" "),
    ],
)
def test_a_closing_must_name_cases_once_and_say_why(command: CloseCases) -> None:
    """Before anything is read."""
    with pytest.raises(Invalid):
        command.reads()


def test_a_repeated_request_gets_the_cases_as_they_are() -> None:
    """Read once more where they were not."""
    refs = tuple(case.ref for case in ALARMS)

    assert More(refs) == closing().recall(refs[0], Seen({}))
    assert ALARMS == closing().recall(refs[0], known(*ALARMS))
