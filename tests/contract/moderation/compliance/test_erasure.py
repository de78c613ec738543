"""An erasure leaves nothing personal and keeps what must be kept; the log holds throughout."""

import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from functions.workers.sequence import BUDGET
from moderation.audit import verify
from moderation.audit.export import Exporter
from moderation.audit.order import Built
from moderation.cases.appealing import AppealNotice
from moderation.cases.case import Case
from moderation.cases.decision import Outcome
from moderation.cases.notice import Notice
from moderation.cases.places import Place
from moderation.change import Change, Context, Seen
from moderation.community.post import Post, PostState, Revision
from moderation.compliance.erasure import Erasure
from moderation.compliance.erasure_request import RequestErasure
from moderation.compliance.erasure_saga import Eraser
from moderation.compliance.holding_back import PlaceHold, ReleaseHold
from moderation.compliance.legal_hold import HoldMark, LegalHold
from moderation.compliance.redaction import order_of
from moderation.errors import Invalid, NotFound
from moderation.ids import HoldId, NoticeId
from moderation.ports import Page
from moderation.stores.holdings import TableHoldings
from moderation.stores.lists import TableLists
from tests.support.audit_fakes import CrashError, FaultPlan, Faulty
from tests.support.community import RULES
from tests.support.erasable import MARKS, NAME, OFFICER, OTHER, PERSON, WORDS, Erasable, people_hear
from tests.support.samples import INBOX_ITEM
from tests.support.stack import Stack


@pytest.fixture
def erasable(stack: Stack) -> Erasable:
    """Somebody who left traces everywhere."""
    return Erasable(stack)


def bundle_holds(erasable: Erasable, folder: Path, **asked: Any) -> bool:
    """Export everything so far; say whether it verifies."""
    audited = erasable.audited
    job = audited.request(**asked)
    audited.sequencer().run(BUDGET)
    exporter: Exporter = audited.exporter()
    built = exporter.build(order_of(job))
    assert isinstance(built, Built)
    path = folder / "bundle.zip"
    path.write_bytes(audited.bundles.bundles[built.path])
    return verify.check(path, verify.parse_key(str(audited.signer.key)), [], 0)[0] == []


def test_the_traces_are_everywhere(erasable: Erasable) -> None:
    """Else nothing would be shown by their absence."""
    assert len(erasable.found()) >= 15
    for mark in MARKS:
        assert erasable.found(mark)
    kinds = {place.partition("#")[0] for place in erasable.found()}
    assert {"APPEAL", "CASE", "MEMBER", "NOTICE", "POST", "STATEMENT", "THREAD"} <= kinds


def test_nothing_personal_is_left(erasable: Erasable, tmp_path: Path) -> None:
    """In no item, no object and no bundle; the log verifies before and after."""
    assert bundle_holds(erasable, tmp_path, case=erasable.case_id, profile="full")
    assert erasable.found(WORDS)
    assert bundle_holds(erasable, tmp_path)
    erasable.ask()
    erasure = erasable.erase()

    assert (erasure.state, erasure.kept, erasure.due_at) == ("done", (), None)
    assert erasable.found() == []
    assert erasable.found(f"IDEM#{PERSON.id}") == []
    assert bundle_holds(erasable, tmp_path)


def test_each_subject_has_its_entry(erasable: Erasable) -> None:
    """`payload:erase`, under a new salt; asking and ending are entries, too."""
    erasable.ask()
    before = len(erasable.stack.entries())
    erasable.erase()
    written = erasable.stack.entries()[before:]
    erased = {entry["subject"] for entry in written if entry["action"] == "payload:erase"}

    kinds = {subject.partition(":")[0] for subject in erased}
    assert kinds == {"appeal", "case", "member", "notice", "post", "statement"}
    assert [entry["action"] for entry in written if entry["subject"] not in erased] == [
        "erasure:complete"
    ]
    assert len(erased) == len([e for e in written if e["action"] == "payload:erase"])


def test_an_erased_subject_has_another_salt(erasable: Erasable) -> None:
    """What the old one keyed can be checked by nobody any more."""
    item = erasable.stack.engine.tables["forum"].items
    post = f"POST#{erasable.forum.post.id}"
    old = {i["salt"]["B"] for i in item() if i["pk"]["S"] == post and "salt" in i}
    erasable.ask()
    erasable.erase()
    new = {i["salt"]["B"] for i in item() if i["pk"]["S"] == post and "salt" in i}

    assert len(old) == len(new) == 1
    assert old.isdisjoint(new)


def test_what_the_operator_did_stays(erasable: Erasable) -> None:
    """Outcome, category and norm of a decision, without its words."""
    erasable.ask()
    erasable.erase()
    case = erasable.stack.get(Case.at(erasable.case_id))

    assert case.decision is not None
    assert (case.decision.outcome, case.decision.facts) == ("remove", "")
    assert case.decision.ground is not None
    assert case.decision.ground.explanation == ""


def test_others_are_left_alone(erasable: Erasable) -> None:
    """The post she complained of, and the complaint about hers, are not hers."""
    erasable.ask()
    erasable.erase()

    assert erasable.found("Von Otto.") != []
    assert erasable.found("Das ist eine Beleidigung.") != []


def count_calls() -> int:
    """How many calls of ports an erasure makes."""
    plan = FaultPlan()
    erasable = Erasable(Stack.fresh())
    erasable.ask()
    walk_through(erasable.eraser(partial(Faulty, plan=plan)))
    return plan.calls


def walk_through(eraser: Eraser) -> None:
    """Walk until it is over."""
    while eraser.walk(PERSON.id):
        pass


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_crash_anywhere_is_made_up_for(side: str) -> None:
    """Before and after each call; one more walk finds the rest."""
    blank = Erasable(Stack.fresh())
    tables = blank.stack.engine.tables
    blank.ask()
    kept = copy.deepcopy(tables)
    for at in range(count_calls()):
        tables.clear()
        tables.update(copy.deepcopy(kept))
        plan = FaultPlan(at, side)
        eraser = blank.eraser(partial(Faulty, plan=plan))
        with pytest.raises(CrashError):
            walk_through(eraser)
        assert blank.erase().state == "done"
        assert blank.found() == [], at


def test_an_open_case_is_not_ended_by_it(erasable: Erasable) -> None:
    """Its post is hidden and kept until it is decided; then it goes by itself."""
    forum = erasable.forum
    open_post = erasable._run(forum.reply(f"Böse {WORDS}"))
    other = type(forum).__new__(type(forum))
    other.stack, other.post, other.thread_id = erasable.stack, open_post, forum.thread_id
    erasable._run(other.notice())
    erasable.stack.clock.forward(minutes=1)
    erasable.ask()
    waiting = erasable.erase()

    assert waiting.state == "waiting"
    assert {(each.subject.partition(":")[0], each.why) for each in waiting.kept} == {
        ("case", "open-case"),
        ("post", "open-case"),
    }
    assert erasable.stack.get(open_post.ref).state is PostState.DELETED
    assert {place.partition(" ")[0] for place in erasable.found()} == {
        f"POST#{open_post.id}",
        f"CASE#{other.case.id}",
    }
    erasable._run(other.claim())
    erasable._run(other.decide(facts=f"Sagt {WORDS}."))
    erasable.stack.clock.forward(days=1)
    assert [PERSON.id] == [ref.id for ref in erasable.stack.work_list.erasures(
        erasable.stack.clock.now, 10)]  # fmt: skip
    assert erasable.erase().state == "done"
    assert [place for place in erasable.found() if not place.startswith("OUTBOX")] == []


def test_an_open_appeal_is_not_ended_by_it(stack: Stack) -> None:
    """What is appealed against stays until somebody has heard it."""
    erasable = Erasable(stack)
    post = erasable._run(erasable.forum.reply(f"Noch {WORDS}"))
    other = type(erasable.forum).__new__(type(erasable.forum))
    other.stack, other.post, other.thread_id = stack, post, erasable.forum.thread_id
    erasable._run(other.notice())
    erasable._run(other.claim())
    case_id = other.case.id
    erasable._run(other.decide())
    erasable._run(other.appeal())
    stack.clock.forward(minutes=1)
    erasable.ask()
    waiting = erasable.erase()

    assert {each.why for each in waiting.kept} == {"open-appeal"}
    assert {each.subject.partition(":")[0] for each in waiting.kept} == {
        "appeal",
        "case",
        "post",
        "statement",
    }
    assert stack.get(Case.at(case_id)).post.body != ""


def test_a_notice_about_an_open_case_waits_for_it(erasable: Erasable) -> None:
    """Her own complaint of somebody else is kept until it is decided, and heard."""
    forum = erasable.forum
    theirs = forum.run(replace(forum.reply("Wieder Otto."), actor=OTHER))
    notice = replace(forum.notice(f"{WORDS}!"), places=(Place(post_id=theirs.id),), actor=PERSON)
    filed = forum.run(notice)
    erasable.ask()
    waiting = erasable.erase()
    assert [(filed.ref.subject, "open-case")] == [(k.subject, k.why) for k in waiting.kept]
    other = type(forum).__new__(type(forum))
    other.stack, other.post, other.thread_id = erasable.stack, theirs, forum.thread_id
    forum.run(other.claim())
    forum.run(other.decide(Outcome.KEEP))
    forum.run(AppealNotice(notice_id=filed.id, reasons=f"Doch {WORDS}", rules=RULES, actor=PERSON))
    waiting = erasable.erase()
    assert {each.why for each in waiting.kept} == {"open-appeal"}
    appeal = erasable.stack.get(filed.ref).appeals[0]
    forum.run(people_hear(appeal))
    assert erasable.erase().state == "done"
    assert [place for place in erasable.found() if not place.startswith("OUTBOX")] == []


def hold(erasable: Erasable, subject: str, matter: str = "Az. 7 O 12/26") -> LegalHold:
    """Compliance holds a subject."""
    placed: LegalHold = erasable.forum.run(
        PlaceHold(
            subject=subject,
            matter=matter,
            basis="claims",
            review_at=erasable.stack.clock.now + timedelta(days=60),
            actor=OFFICER,
        )
    )
    return placed


def release(erasable: Erasable, placed: LegalHold) -> LegalHold:
    """Compliance releases a hold."""
    released: LegalHold = erasable.forum.run(ReleaseHold(hold_id=placed.id, actor=OFFICER))
    erasable.stack.clock.forward(seconds=10)
    return released


@pytest.mark.parametrize("what", ["post", "case", "member", "notice", "plain"])
def test_a_hold_keeps_and_its_release_erases(erasable: Erasable, what: str) -> None:
    """Content is hidden, not destroyed; at the release of the last hold it goes by itself."""
    subject = {
        "post": erasable.forum.post.ref.subject,
        "plain": erasable.plain.ref.subject,
        "case": f"case:{erasable.case_id}",
        "member": f"member:{PERSON.id}",
        "notice": erasable.notice.ref.subject,
    }[what]
    first, second = hold(erasable, subject), hold(erasable, subject, "Az. 8")
    erasable.ask()
    waiting = erasable.erase()
    kept = erasable.found()

    assert waiting.state == "waiting"
    assert {(each.why, each.holds) for each in waiting.kept} == {("hold", (first.id, second.id))}
    assert kept
    if what == "plain":
        assert erasable.stack.get(erasable.plain.ref).state is PostState.DELETED
        assert erasable.stack.lists.posts(erasable.forum.thread_id, 10, None).items[0].body
        assert {place.partition(" ")[0] for place in kept} == {f"POST#{erasable.plain.id}"}
    assert erasable.erase().state == "waiting"
    release(erasable, first)
    assert erasable.stack.get(Erasure.at(PERSON.id)).state == "waiting"
    release(erasable, second)
    assert erasable.stack.get(Erasure.at(PERSON.id)).state == "running"
    assert erasable.erase().state == "done"
    assert erasable.found() == []
    assert erasable.found("Az. 7 O 12/26", "Az. 8") == []


@dataclass(slots=True)
class HeldBefore:
    """A unit of work before whose n-th command compliance holds the judged post."""

    erasable: Erasable
    at: int

    def __getattr__(self, name: str) -> Any:
        """As the unit of work."""
        return getattr(self.erasable.stack.unit_of_work, name)

    def run(self, command: Any) -> Any:
        """Count, and hold when it is time."""
        self.at -= 1
        if self.at == 0:
            hold(self.erasable, self.erasable.forum.post.ref.subject)
        return self.erasable.stack.unit_of_work.run(command)


def test_a_hold_at_any_moment_keeps_a_post_with_its_revisions_or_comes_too_late() -> None:
    """There is no moment at which the words are kept and what they were before is gone."""
    erasable = Erasable(Stack.fresh())
    tables = erasable.stack.engine.tables
    erasable.ask()
    before, outcomes = copy.deepcopy(tables), set()
    for at in range(1, count_calls()):
        tables.clear()
        tables.update(copy.deepcopy(before))
        work = HeldBefore(erasable, at)
        walk_through(replace(erasable.eraser(), work=work))
        if work.at > 0:
            break
        family = TableHoldings(erasable.stack.forum).family(erasable.forum.post.ref)
        words = [each.record.body for each in family if isinstance(each.record, Post | Revision)]
        outcomes.add(tuple(bool(body) for body in words))

    assert {(True, True), (False,)} == outcomes


@dataclass(frozen=True, slots=True)
class Lagging:
    """Lists that still show what was hers before, and a notice that is nowhere."""

    within: TableLists
    posts: tuple[Post, ...]
    notices: tuple[Notice, ...]

    def __getattr__(self, name: str) -> Any:
        """As within."""
        return getattr(self.within, name)

    def posts_by(self, member_id: str, limit: int, after: str | None) -> Page[Post]:  # noqa: ARG002
        """As they were."""
        return Page(self.posts, None)

    def notices_by(self, member_id: str, limit: int, after: str | None) -> Page[Notice]:  # noqa: ARG002
        """As they were."""
        return Page(self.notices, None)


def test_a_list_that_lags_behind_does_no_harm(erasable: Erasable) -> None:
    """What is erased already, or is not there, is passed over."""
    lists = erasable.stack.lists
    ghost = replace(erasable.notice, id=NoticeId("01KJM6MRBQ0PQB1NT7P0ABATVB"))
    lagging = Lagging(lists, lists.posts_by(PERSON.id, 100, None).items, (erasable.notice, ghost))
    erasable.ask()
    walk_through(replace(erasable.eraser(), lists=lagging))

    assert erasable.stack.get(Erasure.at(PERSON.id)).state == "done"
    assert erasable.found() == []


@dataclass(frozen=True, slots=True)
class Receive:
    """So many notifications reach her."""

    count: int

    def reads(self) -> tuple[Any, ...]:
        """Nothing."""
        return ()

    def decide(self, seen: Seen, context: Context) -> Change[None]:  # noqa: ARG002
        """Put them."""
        item = replace(INBOX_ITEM, member_id=PERSON.id, text=WORDS)
        ids = (context.new_id() for _ in range(self.count))
        return Change(answer=None, puts=tuple(replace(item, id=each) for each in ids))

    def recall(self, reference: Any, seen: Seen) -> None:
        """Nothing is told."""


def test_what_no_transaction_can_take_goes_in_several(erasable: Erasable) -> None:
    """A long inbox, before the member; neither while there is a hold."""
    erasable.forum.run(Receive(90))
    placed = hold(erasable, f"member:{PERSON.id}")
    erasable.ask()
    assert erasable.erase().state == "waiting"
    assert len(erasable.stack.lists.inbox(PERSON.id, 100, None).items) >= 90
    release(erasable, placed)

    assert erasable.erase().state == "done"
    assert erasable.found() == []


def test_holds_are_listed_by_their_review(erasable: Erasable) -> None:
    """Until they are released; releasing them again changes nothing."""
    placed = hold(erasable, erasable.plain.ref.subject)
    assert erasable.stack.lists.holds(10, None).items == (placed,)
    released = release(erasable, placed)

    assert released.released_by == OFFICER.id
    assert erasable.stack.lists.holds(10, None).items == ()
    assert erasable.stack.find(HoldMark.on(erasable.plain.ref)) is None
    assert release(erasable, placed) == released


@pytest.mark.parametrize("subject", ["board:produkte", "nothing:x", "post"])
def test_what_is_no_evidence_is_not_held(erasable: Erasable, subject: str) -> None:
    """Members, posts, cases and notices are."""
    with pytest.raises((Invalid, NotFound)):
        hold(erasable, subject)


def test_a_hold_needs_a_review_to_come(erasable: Erasable) -> None:
    """Not one that is over."""
    place = PlaceHold(
        subject=erasable.plain.ref.subject,
        matter="x",
        basis="order",
        review_at=erasable.stack.clock.now,
        actor=OFFICER,
    )
    with pytest.raises(Invalid):
        erasable.forum.run(place)


def test_a_hold_on_what_is_not_there_is_refused(erasable: Erasable) -> None:
    """There is no such post."""
    with pytest.raises(NotFound):
        hold(erasable, "post:01KJM6MRBQ0PQB1NT7P0ABATVB")


def test_a_repeated_request_is_answered_alike(erasable: Erasable) -> None:
    """While it is under way; once it is done, what came since is erased by another one."""
    first = erasable.ask()
    assert erasable.ask() == first
    done = erasable.erase()
    assert done.state == "done"
    assert not erasable.eraser().walk(PERSON.id)
    assert erasable.ask().state == "running"
    request = RequestErasure(target="member", target_id=PERSON.id, actor=PERSON)
    assert request.recall(first.ref, Seen({first.ref: first})) == first


def test_an_order_names_what_is_there(erasable: Erasable) -> None:
    """A notice is erased with its notifier; neither nobody nor nothing is."""
    ask = RequestErasure(target="notice", target_id=erasable.notice.id, actor=OFFICER)
    erasable.forum.run(ask)
    erasable.stack.clock.forward(seconds=10)
    for _ in range(3):
        erasable.eraser().walk(erasable.notice.id)

    assert erasable.stack.get(Erasure.at(erasable.notice.id)).state == "done"
    assert not any(place.startswith("NOTICE#") for place in erasable.found(NAME))
    assert not erasable.eraser().walk("01KJM6MRBQ0PQB1NT7P0ABATVB")
    for target in ("member", "notice"):
        with pytest.raises(NotFound):
            erasable.forum.run(
                RequestErasure(
                    target=target,  # type: ignore[arg-type]
                    target_id="01KJM6MRBQ0PQB1NT7P0ABATVB",
                    actor=OFFICER,
                )
            )


def test_somebody_who_never_wrote_can_be_erased(stack: Stack) -> None:
    """There is nothing, and the log says that it was destroyed."""
    erasable = Erasable(stack)
    ghost = PERSON.__class__(HoldId("01KJM6MRBQ0PQB1NT7P0ABATVB"), "Ghost")  # type: ignore[arg-type]
    erasable.forum.run(RequestErasure(target="member", target_id=ghost.id, actor=ghost))
    stack.clock.forward(seconds=10)
    eraser = erasable.eraser()
    while eraser.walk(ghost.id):
        pass

    assert stack.get(Erasure.at(ghost.id)).state == "done"
    assert erasable.found() != []
