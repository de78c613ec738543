"""A disclosure takes a reason and a second officer, and is repeated without doing it twice."""

from dataclasses import replace

import pytest

from moderation.audit.actions import Action
from moderation.change import Seen
from moderation.compliance.disclosure import (
    DecideDisclosure,
    Disclosure,
    LookAtDisclosure,
    RequestDisclosure,
)
from moderation.errors import Conflict, Invalid
from tests.support.apply_change import Office
from tests.support.casework import APP, MO, refusal

ASK = RequestDisclosure(kind="pseudonym", about="0" * 32, reason="Beschwerde", actor=MO)


def test_a_repeated_request_is_answered_from_what_there_is() -> None:
    """Asking, deciding and looking each find the disclosure as it is now."""
    at = Office()
    asked = at.run(ASK)
    decide = DecideDisclosure(disclosure_id=asked.id, approve=True, actor=APP)
    look = LookAtDisclosure(disclosure_id=asked.id, actor=MO)
    decided = at.run(decide)
    looked = at.run(look)

    seen = Seen({asked.ref: looked})
    for command in (ASK, decide, look):
        assert looked == command.recall(asked.ref, seen)
    assert ("approved", (MO.id,)) == (decided.state, looked.seen_by)
    assert [
        Action.DISCLOSURE_REQUEST,
        Action.DISCLOSURE_APPROVE,
        Action.DISCLOSURE_READ,
    ] == [act.action for act in at.acts]
    assert isinstance(at.get(asked.ref), Disclosure)


def test_without_a_reason_it_is_not_asked() -> None:
    """Blanks are none."""
    with pytest.raises(Invalid) as refused:
        Office().run(replace(ASK, reason="  "))
    assert ("invalid", ["/reason"]) == refusal(refused)


def test_nobody_decides_in_a_matter_of_his_own() -> None:
    """Neither who asked nor whom it is about."""
    at = Office()
    asked = at.run(replace(ASK, kind="person", about=APP.id))
    for actor in (MO, APP):
        with pytest.raises(Conflict):
            at.run(DecideDisclosure(disclosure_id=asked.id, approve=True, actor=actor))
