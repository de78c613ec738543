"""Who was erased is not to be found by what others wrote, nor by an id beside a pseudonym."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from moderation.audit.pseudonym import pseudonym, year_key
from moderation.cases.case import Case, Guard
from moderation.cases.notice import Notice
from moderation.compliance.disclosure import Disclosure, RequestDisclosure
from moderation.compliance.erasure_request import RequestErasure
from moderation.compliance.holding_back import PlaceHold, ReleaseHold
from moderation.compliance.legal_hold import LegalHold
from moderation.ids import ERASED_MEMBER
from tests.contract.moderation.compliance.test_erasure import bundle_holds, hold
from tests.support.erasable import NAME, OFFICER, OTHER, PERSON, Erasable
from tests.support.stack import ROOT_SECRET, Stack

MARKED = f"In Sachen {NAME}"


@pytest.fixture
def erasable(stack: Stack) -> Erasable:
    """Somebody who left traces everywhere."""
    return Erasable(stack)


def disclosed(erasable: Erasable, about: str, kind: Any = "person") -> Disclosure:
    """An officer asks by whom somebody is in the log."""
    ask = RequestDisclosure(kind=kind, about=about, reason=MARKED, actor=OFFICER)
    asked: Disclosure = erasable.forum.run(ask)
    return asked


def once_held(erasable: Erasable, subject: str) -> LegalHold:
    """A hold that was released before anybody asked to be erased."""
    placed = hold(erasable, subject, MARKED)
    released: LegalHold = erasable.forum.run(ReleaseHold(hold_id=placed.id, actor=OFFICER))
    erasable.stack.clock.forward(seconds=1)
    return released


def her_name(erasable: Erasable) -> str:
    """Her name in the log of this year."""
    return pseudonym(year_key(ROOT_SECRET, erasable.stack.clock().year), PERSON.id)


def entries_on_her(erasable: Erasable) -> list[dict[str, Any]]:
    """The entries whose subject has her id in its name."""
    return [entry for entry in erasable.stack.entries() if PERSON.id in entry["subject"]]


def test_the_id_is_left_as_a_name_of_what_is_empty(erasable: Erasable, tmp_path: Path) -> None:
    """In the keys of the erasure and of the blank member, and in the log's entries on them."""
    erasable.ask()
    erasable.erase()
    assert bundle_holds(erasable, tmp_path, profile="full")
    of_log = ("S#", "P#", "exports/", "staging/", "tile/entries/")
    export = next(iter(erasable.audited.bundles.bundles))
    places = [p for p in erasable.found(PERSON.id) if not p.startswith((*of_log, export))]

    assert [f"ERASURE#{PERSON.id} | META", f"MEMBER#{PERSON.id} | META"] == sorted(places)
    assert {"erasure:request", "erasure:complete", "payload:erase"} == {
        entry["action"] for entry in entries_on_her(erasable)
    }


def test_no_entry_puts_her_id_beside_her_pseudonym(erasable: Erasable) -> None:
    """She asked herself, and what is kept is hidden for her; the system does both."""
    post = erasable._run(erasable.forum.reply("Noch eine Antwort."))
    hold(erasable, post.ref.subject)
    before = len(erasable.stack.entries())
    erasable.ask()
    assert "waiting" == erasable.erase().state
    written = erasable.stack.entries()[before:]

    assert "erase:self" == entries_on_her(erasable)[0]["reason"]
    assert her_name(erasable) in {entry["actor"] for entry in erasable.stack.entries()[:before]}
    assert her_name(erasable) not in {entry["actor"] for entry in written}


def test_what_is_hidden_under_review_is_not_hidden_by_her(erasable: Erasable) -> None:
    """Neither by the log nor by the history of the case that is open on it."""
    other = type(erasable.forum).__new__(type(erasable.forum))
    other.stack, other.thread_id = erasable.stack, erasable.forum.thread_id
    other.post = erasable._run(erasable.forum.reply("Noch eine Antwort."))
    erasable.forum.run(other.notice())
    case = erasable.stack.get(Guard.at(other.post.id)).case_id
    erasable.ask()
    erasable.erase()
    (deleted,) = [e for e in erasable.stack.entries() if e["reason"] == "delete:erasure"]

    assert ("post:delete", other.post.ref.subject) == (deleted["action"], deleted["subject"])
    assert ("job", True) == (deleted["via"], deleted["actor"] != her_name(erasable))
    assert "SYSTEM" == erasable.stack.get(Case.at(case)).history[-1].by


def test_an_order_stays_the_officers(erasable: Erasable) -> None:
    """Whoever orders somebody's erasure stands there for it."""
    order = RequestErasure(target="member", target_id=PERSON.id, actor=OFFICER)
    erasable.forum.run(order)
    (entry,) = entries_on_her(erasable)

    officer = pseudonym(year_key(ROOT_SECRET, erasable.stack.clock().year), OFFICER.id)
    assert ("erase:member", officer) == (entry["reason"], entry["actor"])


def test_her_part_in_a_case_about_her_is_nobodys(erasable: Erasable) -> None:
    """An edit under review; the moderators' part is the operator's and stays."""
    post = erasable._run(erasable.forum.reply("Eine Antwort."))
    other = type(erasable.forum).__new__(type(erasable.forum))
    other.stack, other.post, other.thread_id = erasable.stack, post, erasable.forum.thread_id
    erasable.forum.run(other.notice())
    erasable._run(other.edit("Eine andere Antwort."))
    erasable.forum.run(other.claim())
    case = other.case.id
    erasable.forum.run(other.decide(revision=2))
    assert PERSON.id in {event.by for event in erasable.stack.get(Case.at(case)).history}
    erasable.stack.clock.forward(seconds=10)
    erasable.ask()
    assert "done" == erasable.erase().state
    by = [event.by for event in erasable.stack.get(Case.at(case)).history]

    assert ["PUBLIC", ERASED_MEMBER] == by[:2]
    assert PERSON.id not in by
    assert len(set(by)) > 2


@pytest.mark.parametrize("what", ["member", "post", "case", "notice"])
def test_what_officers_wrote_of_her_goes_too(erasable: Erasable, what: str) -> None:
    """The matter of a hold that was released, on whatever was hers, and why she was looked for."""
    subject = {
        "member": f"member:{PERSON.id}",
        "post": erasable.plain.ref.subject,
        "case": f"case:{erasable.case_id}",
        "notice": erasable.notice.ref.subject,
    }[what]
    released, asked = once_held(erasable, subject), disclosed(erasable, PERSON.id)
    erasable.ask()
    erasure = erasable.erase()

    assert ("done", ()) == (erasure.state, erasure.kept)
    assert [] == erasable.found()
    assert replace(released, matter="") == erasable.stack.get(released.ref)
    assert replace(asked, reason="") == erasable.stack.get(asked.ref)
    erased = {e["subject"] for e in erasable.stack.entries() if e["action"] == "payload:erase"}
    assert {released.ref.subject, asked.ref.subject} <= erased


def test_it_is_kept_with_what_it_is_about_and_not_named(erasable: Erasable) -> None:
    """Else she would read in her own erasure who had looked for her."""
    asked = disclosed(erasable, PERSON.id)
    earlier = once_held(erasable, f"member:{PERSON.id}")
    hold(erasable, f"member:{PERSON.id}")
    erasable.ask()
    kept = {each.subject.partition(":")[0] for each in erasable.erase().kept}

    assert "member" in kept
    assert {"disclosure", "hold"}.isdisjoint(kept)
    assert (earlier, asked) == tuple(map(erasable.stack.get, (earlier.ref, asked.ref)))


def test_what_officers_wrote_of_others_stays(erasable: Erasable) -> None:
    """A hold on somebody else's post, a search for somebody else, and a hold in force."""
    theirs = next(each for each in erasable.forum.records(Notice) if each.member_id is None)
    released, asked = once_held(erasable, theirs.ref.subject), disclosed(erasable, OTHER.id)
    by_name = disclosed(erasable, "0" * 32, "pseudonym")
    placed: LegalHold = erasable.forum.run(
        PlaceHold(
            subject=theirs.ref.subject,
            matter="Az. 9",
            basis="order",
            review_at=erasable.stack.clock() + timedelta(days=9),
            actor=OFFICER,
        )
    )
    erasable.ask()
    erasable.erase()
    lists = erasable.stack.lists

    assert (released,) == lists.released_holds(10, None).items
    assert (asked,) == lists.disclosures(10, None).items
    assert (by_name, placed) == tuple(map(erasable.stack.get, (by_name.ref, placed.ref)))
