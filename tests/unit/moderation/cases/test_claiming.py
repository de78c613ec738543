"""A claim is a lease: one moderator at a time, with a visible end."""

from datetime import timedelta

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, Claim
from moderation.cases.claiming import ClaimCase, EscalateCase, ReleaseCase, claim_at
from moderation.cases.message import Message, MessageKind
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict, DomainError, NotFound
from moderation.ids import CaseId
from tests.support.apply_change import Office
from tests.support.casework import (
    INSIDER,
    MO,
    NOA,
    claimed,
    detected,
    noticed,
    office,
    settled,
)
from tests.support.community import FLAGGED, KIM, NOW, RULES, found, ulid


def _opened() -> tuple[Office, Case]:
    at = office()
    return at, detected(at, FLAGGED)


def test_a_claim_lasts_ten_minutes() -> None:
    """Whoever claims holds the case for ten minutes, by one read and one act."""
    at, case = _opened()

    held = claimed(at, case)

    assert Claim(by=MO.id, until=NOW + timedelta(minutes=10)) == held.claim
    assert 1 == at.reads
    assert (Action.CASE_CLAIM, "claim:new") == (at.acts[-1].action, at.acts[-1].reason)


def test_claiming_is_knowing() -> None:
    """A detector's hit is no knowledge; a moderator's look is, and the first moment counts."""
    at, case = _opened()
    assert case.knowledge_at is None

    at.later(minutes=3)
    assert at.now == claimed(at, case).knowledge_at
    at.later(minutes=3)
    assert NOW + timedelta(minutes=3) == claimed(at, case).knowledge_at


def test_a_claim_is_renewed_by_its_holder() -> None:
    """Claiming again moves the end and adds no line to the history."""
    at, case = _opened()
    first = claimed(at, case)
    at.later(minutes=9)

    renewed = claimed(at, case)

    assert Claim(by=MO.id, until=at.now + timedelta(minutes=10)) == renewed.claim
    assert first.history == renewed.history
    assert "claim:renew" == at.acts[-1].reason


def test_another_is_told_who_and_until_when() -> None:
    """A second moderator is refused with the holder and the end of the lease."""
    at, case = _opened()
    claimed(at, case)

    with pytest.raises(Conflict) as refused:
        claimed(at, case, NOA)

    assert "claimed" == refused.value.code
    assert {"by": MO.id, "until": "2026-11-23T10:10:00.000Z"} == refused.value.data


def test_a_claim_that_ran_out_is_free() -> None:
    """At the very end of the lease another may take the case."""
    at, case = _opened()
    held = claimed(at, case)
    at.later(minutes=10)

    assert claim_at(held, at.now) is None
    taken = claimed(at, case, NOA).claim
    assert taken is not None
    assert NOA.id == taken.by


def test_a_decided_case_cannot_be_claimed() -> None:
    """What is decided is refused with its state."""
    at, case = _opened()
    settled(at, case)

    with pytest.raises(Conflict) as refused:
        claimed(at, case)

    assert ("case-not-open", {"state": "decided"}) == (refused.value.code, refused.value.data)


def test_an_unknown_case_is_not_found() -> None:
    """A case that is not there is said not to be."""
    with pytest.raises(NotFound):
        office().run(ClaimCase(case_id=CaseId(ulid(7)), actor=MO, rules=RULES))


def test_nobody_claims_a_case_on_his_own_post() -> None:
    """The author is refused, whatever his role."""
    at, case = _opened()
    with pytest.raises(Conflict) as refused:
        claimed(at, case, KIM)
    assert "conflict-of-interest" == refused.value.code


def test_the_criticised_unit_keeps_its_hands_off() -> None:
    """Content about the operator is not for people of the board's own unit; other content is."""
    at = office()
    about = detected(at, found(Category.INSULT, verdict.Action.FLAG, about_operator=True))
    with pytest.raises(Conflict) as refused:
        claimed(at, about, INSIDER)
    assert "conflict-of-interest" == refused.value.code

    other, case = _opened()
    assert claimed(other, case, INSIDER).claim is not None


def test_a_claim_is_released_by_its_holder() -> None:
    """Given back, the case is free for anybody."""
    at, case = _opened()
    claimed(at, case)

    freed = at.run(ReleaseCase(case_id=case.id, actor=MO))

    assert freed.claim is None
    assert Action.CASE_RELEASE == at.acts[-1].action
    assert claimed(at, case, NOA).claim is not None


def test_what_is_not_held_cannot_be_released() -> None:
    """Neither a free case nor another's."""
    at, case = _opened()
    with pytest.raises(Conflict) as free:
        at.run(ReleaseCase(case_id=case.id, actor=MO))
    claimed(at, case)
    with pytest.raises(Conflict) as others:
        at.run(ReleaseCase(case_id=case.id, actor=NOA))
    assert ("not-claimed", "claimed") == (free.value.code, others.value.code)


def test_escalation_moves_the_case_and_wakes_somebody() -> None:
    """The case goes to the higher queue, without its claim, and an urgent message goes out."""
    at, case = _opened()
    claimed(at, case)

    higher = at.run(EscalateCase(case_id=case.id, actor=MO, reason="Rechtsfrage."))

    assert ("escalation", True, None) == (higher.queue, higher.escalated, higher.claim)
    assert ("case:escalate", "Rechtsfrage.") == (higher.history[-1].action, higher.history[-1].note)
    assert [MessageKind.URGENT] == [m.kind for m in at.all(Message)]
    assert Action.CASE_ESCALATE == at.acts[-1].action


def test_escalating_twice_or_without_a_reason_is_refused() -> None:
    """One escalation by people, and never without saying why."""
    at, case = _opened()
    errors: list[tuple[str, list[str]]] = []
    for reason in (" ", "Rechtsfrage.", "Noch einmal."):
        try:
            at.run(EscalateCase(case_id=case.id, actor=MO, reason=reason))
        except DomainError as error:
            errors.append((error.code, [fault.pointer for fault in error.faults]))
    assert [("invalid", ["/reason"]), ("escalated", [])] == errors


def test_a_later_notice_leaves_an_escalated_case_in_its_queue() -> None:
    """A graver notice raises the category, and the higher queue keeps the case."""
    at, case = _opened()
    at.run(EscalateCase(case_id=case.id, actor=MO, reason="Rechtsfrage."))

    noticed(at, category=Category.HATE)

    raised = at.get(Case.at(case.id))
    assert (Category.HATE, "escalation") == (raised.category, raised.queue)
