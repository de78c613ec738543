"""A forum lived through at random, with a fault here and there: what must hold, always holds."""

import json
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from moderation.audit.entry import decode, leaf_hash, state_commitment
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.decision import Outcome
from moderation.cases.hearing import DecideAppeal
from moderation.community.markup import render
from moderation.community.post import Post, PostState
from moderation.detection.verdict import Verdict
from moderation.errors import DomainError, Unavailable
from moderation.stores.documents import decode as document
from moderation.stores.duty import state_json
from tests.support.community import NOTHING, RULES
from tests.support.faults import POSSIBLE, CrashError, FaultAt
from tests.support.forum import APPROVER, FLAGGED, HELD, MO, Forum, key, moderator
from tests.support.stack import Stack

FAULTS = st.none() | st.tuples(st.sampled_from(POSSIBLE), st.integers(1, 3))
VERDICTS = st.sampled_from([NOTHING, FLAGGED, HELD])
OTHER = moderator(1)


class ForumMachine(RuleBasedStateMachine):
    """One thread, its posts and the cases about them; every command may run into one fault."""

    def __init__(self) -> None:
        super().__init__()
        self.forum = Forum(Stack.fresh())
        self.posts: list[Post] = [self.forum.post]
        self.keys = 0

    def act(self, command: Any, fault: Any) -> None:
        """Run a command into a fault, and then, as its sender would, run it again."""
        self.keys += 1
        if fault is not None:
            (trouble, when), call = fault
            with self.forum.stack.engine.hooked(FaultAt(trouble, when, call)):
                try:
                    self.forum.run(command, key(self.keys))
                except (CrashError, Unavailable):
                    pass
                except DomainError:
                    return
        try:
            self.forum.run(command, key(self.keys))
        except Unavailable:
            raise
        except DomainError:
            return

    def turn_to(self, number: int) -> None:
        """Have the forum's commands be about one of the posts, as it is now."""
        post = self.posts[number % len(self.posts)]
        self.forum.post = self.forum.stack.get(post.ref)

    def under_review(self) -> bool:
        """Whether a case is open on any post."""
        return bool(self.forum.records(Guard))

    def turn_to_case(self, number: int) -> None:
        """Have the forum's commands be about a post under review."""
        guards = self.forum.records(Guard)
        self.forum.post = self.forum.stack.get(Post.at(guards[number % len(guards)].post_id))

    @precondition(lambda self: len(self.posts) < 4)
    @rule(verdict=VERDICTS, fault=FAULTS)
    def reply(self, verdict: Verdict, fault: Any) -> None:
        """Somebody replies."""
        self.act(self.forum.reply(verdict=verdict), fault)
        self.posts = self.forum.records(Post)

    @rule(number=st.integers(0, 9), verdict=VERDICTS, fault=FAULTS)
    def edit(self, number: int, verdict: Verdict, fault: Any) -> None:
        """The author edits."""
        self.turn_to(number)
        self.act(self.forum.edit(f"Neue Worte {self.keys}.", verdict), fault)

    @rule(number=st.integers(0, 9), fault=FAULTS)
    def delete(self, number: int, fault: Any) -> None:
        """The author deletes."""
        self.turn_to(number)
        self.act(self.forum.delete(), fault)

    @rule(number=st.integers(0, 9), fault=FAULTS)
    def notice(self, number: int, fault: Any) -> None:
        """Somebody files a notice."""
        self.turn_to(number)
        self.act(self.forum.notice(), fault)

    @precondition(under_review)
    @rule(number=st.integers(0, 9), actor=st.sampled_from([MO, OTHER]), fault=FAULTS)
    def claim(self, number: int, actor: Any, fault: Any) -> None:
        """A moderator claims."""
        self.turn_to_case(number)
        self.act(self.forum.claim(actor), fault)

    @precondition(under_review)
    @rule(
        number=st.integers(0, 9),
        outcome=st.sampled_from([Outcome.KEEP, Outcome.REMOVE]),
        about_operator=st.booleans(),
        fault=FAULTS,
    )
    def decide(self, number: int, outcome: Outcome, about_operator: bool, fault: Any) -> None:
        """Whoever holds the claim decides."""
        self.turn_to_case(number)
        case = self.forum.case
        actor = MO if case.claim is None or case.claim.by == MO.id else OTHER
        self.act(self.forum.decide(outcome, actor, about_operator=about_operator), fault)

    @precondition(under_review)
    @rule(number=st.integers(0, 9), agreed=st.booleans(), fault=FAULTS)
    def approve(self, number: int, agreed: bool, fault: Any) -> None:
        """A second person says yes or no."""
        self.turn_to_case(number)
        self.act(self.forum.approve(agreed=agreed), fault)

    @rule(number=st.integers(0, 9), fault=FAULTS)
    def appeal(self, number: int, fault: Any) -> None:
        """The author objects, where there is something to object to."""
        self.turn_to(number)
        if self.forum.post.statement_id is not None:
            self.act(self.forum.appeal(), fault)

    @rule(fault=FAULTS)
    def reverse(self, fault: Any) -> None:
        """Somebody new decides on the oldest appeal."""
        for appeal in self.forum.stack.lists.appeals("open", 1, None).items:
            command = DecideAppeal(
                appeal_id=appeal.id,
                actor=APPROVER,
                outcome="reversed",
                reasons="Der Beitrag ist zulässig.",
                rules=RULES,
                render=render,
            )
            self.act(command, fault)

    @rule(minutes=st.sampled_from([1, 11, 24 * 60]))
    def wait(self, minutes: int) -> None:
        """Time passes, and the clock rings for what lapses."""
        now = self.forum.stack.clock.forward(minutes=minutes)
        for case in self.forum.stack.work_list.lapsing(now, 10):
            self.forum.post = self.forum.stack.get(self.forum.stack.get(case).post.ref)
            self.forum.run(self.forum.lapse())

    @invariant()
    def cases_are_guarded(self) -> None:
        """Each undecided case has the guard of its post, and shows the post as it is."""
        undecided = [
            case
            for case in self.forum.records(Case)
            if case.state in (CaseState.OPEN, CaseState.AWAITING_APPROVAL)
        ]
        guards = {guard.post_id: guard.case_id for guard in self.forum.records(Guard)}
        assert {case.post.id: case.id for case in undecided} == guards
        assert len(undecided) == len(guards)
        for case in undecided:
            assert case.post == self.forum.stack.get(case.post.ref)

    @invariant()
    def lists_show_what_there_is(self) -> None:
        """The thread lists what readers may find, its author everything, the moderators cases."""
        lists = self.forum.stack.lists
        posts = self.forum.records(Post)
        listed = tuple(post for post in posts if post.is_listed)
        assert listed == lists.posts(self.forum.thread_id, 100, None).items
        assert tuple(posts[::-1]) == lists.posts_by(posts[0].author.id, 100, None).items
        assert all(post.state is PostState.PUBLISHED for post in listed)
        for state in CaseState:
            held = {case.id for case in self.forum.records(Case) if case.state is state}
            assert held == {case.id for case in lists.cases(state, None, 100, None).items}

    @invariant()
    def the_log_tells_the_whole_story(self) -> None:
        """Each subject's entries form one chain that ends in its head and its state."""
        tables = self.forum.stack.engine.tables
        parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        told = 0
        for item in tables["forum"].items():
            rev = int(item.get("audit_rev", {"N": "0"})["N"])
            if rev == 0 or item["sk"]["S"] != "META":
                continue
            name = item["pk"]["S"].split("#")
            partition = tables["audit"].partitions[f"S#{name[0].lower()}#{name[1]}"]
            bodies = [partition[sk]["body"]["S"].encode() for sk in sorted(partition)]
            told += len(bodies)
            entries = [decode(body) for body in bodies]
            assert list(range(1, rev + 1)) == [entry.rev for entry in entries]
            for before, after in zip(bodies, entries[1:], strict=False):
                assert leaf_hash(before).hex() == after.prev
            assert leaf_hash(bodies[-1]) == item["audit_head"]["B"]
            record = document(item["kind"]["S"], item["doc"]["S"])
            if not isinstance(record, Post):
                state = state_commitment(item["salt"]["B"], state_json(record))
                assert state == entries[-1].after
            for entry in entries:
                parts[entry.cause].append(entry.part)
        assert told == len(self.forum.stack.entries())
        for some in parts.values():
            assert [(number, len(some)) for number in range(1, len(some) + 1)] == sorted(some)
        waiting = [item for item in tables["audit"].items() if item["pk"]["S"].startswith("PEND")]
        assert told == len({json.loads(item["body"]["S"])["id"] for item in waiting})


TestForum = ForumMachine.TestCase
TestForum.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
