"""Filing a notice: anybody tells the operator of content (DSA Art. 16); ten notices are one case.

What is hidden or gone is taken like what is visible, and the answer is the same: a notice must not
be a way to find out what lies behind a decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, Guard, NoticeLink, Opener
from moderation.cases.clocks import earliest, law_clocks, legal_end, merged, product_clocks
from moderation.cases.history import noted
from moderation.cases.house_rules import HouseRules
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice, NoticeItem, Notifier
from moderation.cases.places import Place, post_of
from moderation.cases.urgency import alarms, raised
from moderation.cases.wording import of_notice
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.post import Post
from moderation.detection.taxonomy import Category, facts_of
from moderation.errors import Fault, Forbidden, Invalid
from moderation.ids import CaseId, MemberId, NoticeId, PostId
from moderation.records import Record, Ref

PLACES_LIMIT = 10
NOTICES_ON_CASE = 20
PUBLIC = Actor(MemberId("PUBLIC"), "")
"""Who acts where nobody has logged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotice:
    """A notice is filed. Answers the notice; its secret is made outside, from its id.

    `actor` is None for the public. Forbidden: a notice about the terms needs a login. Invalid: no
    place, more than ten, no reasons, or no statement of good faith for what is said to be illegal.
    A notice without a name is taken; the receipt says what follows from it.
    """

    places: tuple[Place, ...]
    reasons: str
    rules: HouseRules
    kind: Literal["illegal", "terms"] = "illegal"
    category: Category | None = None
    notifier: Notifier | None = None
    good_faith: bool = False
    language: str = "und"
    actor: Actor | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """Each post once, and with it the guard that says whether a case is open on it."""
        return tuple(
            ref for post_id in self._post_ids() for ref in (Post.at(post_id), Guard.at(post_id))
        )

    def decide(self, seen: Seen, context: Context) -> Change[Notice] | More:
        """Open a case for each post that has none, join the one that is open on each other."""
        self._check()
        guards = [guard for p in self._post_ids() if (guard := seen.get(Guard.at(p))) is not None]
        more = More.unless_seen(seen, (Case.at(guard.case_id) for guard in guards))
        if more is not None:
            return more
        filing = _Filing(NoticeId(context.new_id()), self, context)
        cases: dict[PostId, CaseId] = {}
        for post_id in self._post_ids():
            post, guard = seen.get(Post.at(post_id)), seen.get(Guard.at(post_id))
            if guard is not None:
                cases[post_id] = filing.join(seen.need(Case.at(guard.case_id)))
            elif post is not None:
                cases[post_id] = filing.open(post)
        return filing.change(cases)

    def recall(self, reference: Ref[Notice], seen: Seen) -> Notice | More:
        """The notice."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)

    def post_at(self, place: Place) -> PostId | None:
        """The post a place is about, by what the place says."""
        return post_of(place, self.rules.public_url)

    def _post_ids(self) -> tuple[PostId, ...]:
        """The posts the notice is about, each once, in the order of the notice."""
        found: Iterator[PostId | None] = (self.post_at(place) for place in self.places)
        return tuple(dict.fromkeys(post_id for post_id in found if post_id is not None))

    def _check(self) -> None:
        if self.kind == "terms" and self.actor is None:
            raise Forbidden("A notice about the terms needs a login.", code="login-required")
        faults = []
        if not 1 <= len(self.places) <= PLACES_LIMIT:
            faults.append(Fault("/items", f"A notice is about 1 to {PLACES_LIMIT} places."))
        if not self.reasons.strip():
            faults.append(Fault("/reasons", "Say why."))
        if self.kind == "illegal" and not self.good_faith:
            faults.append(Fault("/good_faith", "State that the notice is made in good faith."))
        if faults:
            raise Invalid("The notice cannot be taken like this.", faults=tuple(faults))


@dataclass(slots=True)
class _Filing:
    """What one notice writes, gathered place by place.

    A case names the notice and never who filed it, with an account or without: whoever works on it,
    and whoever is given its records, need not know, and the notice's erasure leaves nothing behind.
    """

    notice_id: NoticeId
    command: FileNotice
    context: Context
    records: list[Record] = field(default_factory=list)
    checks: list[Ref[Any]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return self.command.actor or PUBLIC

    @property
    def category(self) -> Category:
        return self.command.category or Category.UNSPEC

    def open(self, post: Post) -> CaseId:
        """Open a case about a post; the post must still be as it was read."""
        now, facts = self.context.now, facts_of(self.category)
        case = Case(
            id=CaseId(self.context.new_id()),
            post=post,
            category=self.category,
            severity=facts.severity,
            queue=facts.queue,
            opened_by=Opener.NOTICE,
            created_at=now,
            due_at=earliest(product_clocks(self.category, now)),
            about_operator=post.operator,
        )
        case = noted(case, now, Action.CASE_OPEN, PUBLIC, self.notice_id)
        self.records.append(Guard(post_id=post.id, case_id=case.id))
        self.checks.append(post.ref)
        self._add(case, None, Action.CASE_OPEN)
        return case.id

    def join(self, before: Case) -> CaseId:
        """Join the case that is open; beyond the first notices only their number is kept on it."""
        case = before
        if before.notice_count < NOTICES_ON_CASE:
            case = noted(before, self.context.now, Action.CASE_JOIN, PUBLIC, self.notice_id)
        self._add(case, before, Action.CASE_JOIN)
        return case.id

    def _add(self, case: Case, before: Case | None, action: Action) -> None:
        now = self.context.now
        link = NoticeLink(
            case_id=case.id, notice_id=self.notice_id, received_at=now, category=self.category
        )
        case = raised(case, self.category, now)
        case = replace(
            case,
            notices=(*case.notices, link)[:NOTICES_ON_CASE],
            notice_count=case.notice_count + 1,
        )
        if self.command.kind == "illegal":
            case = self._known(case)
        self.records += [case, link, *alarms(case, before, self.context)]
        self.acts.append(self._act(case.ref, action, case.post.revision))

    def _known(self, case: Case) -> Case:
        """A notice of illegal content gives knowledge (DSA Art. 16(3)) and starts clocks of law."""
        now = self.context.now
        limits = law_clocks(self.category, now, self.command.rules.profile)
        clocks = merged(case.clocks, limits)
        return replace(
            case,
            knowledge_at=case.knowledge_at or now,
            clocks=clocks,
            due_at=earliest(clocks),
            legal_due_at=legal_end(clocks),
        )

    def change(self, cases: dict[PostId, CaseId]) -> Change[Notice]:
        """Everything in one change: the notice first, as its receipt is what the caller gets."""
        command, actor = self.command, self.command.actor
        notice = Notice(
            id=self.notice_id,
            items=tuple(self._item(place, cases) for place in command.places),
            reasons=command.reasons,
            received_at=self.context.now,
            kind=command.kind,
            category=self.category,
            notifier=command.notifier,
            good_faith=command.good_faith,
            language=command.language,
            member_id=None if actor is None else actor.id,
            self_interested=actor is not None and actor.is_staff,
        )
        receive = self._act(notice.ref, Action.NOTICE_RECEIVE, None)
        receive = replace(receive, payload=of_notice(notice))
        return Change(
            answer=notice,
            puts=(notice, *self.records, *self._receipt(notice)),
            checks=tuple(self.checks),
            acts=(receive, *self.acts),
            reference=notice.ref,
        )

    def _item(self, place: Place, cases: dict[PostId, CaseId]) -> NoticeItem:
        post_id = self.command.post_at(place)
        case_id = None if post_id is None else cases.get(post_id)
        return NoticeItem(url=place.url, post_id=post_id, excerpt=place.excerpt, case_id=case_id)

    def _receipt(self, notice: Notice) -> tuple[Message, ...]:
        """The receipt (DSA Art. 16(4)), where there is somebody to send it to."""
        if notice.notifier is None and notice.member_id is None:
            return ()
        return (
            Message(
                id=self.context.new_id(),
                kind=MessageKind.RECEIPT,
                about=notice.id,
                created_at=self.context.now,
                to=notice.member_id,
            ),
        )

    def _act(self, subject: Ref[Any], action: Action, content: int | None) -> Act:
        reason = f"notice:{self.category.value}"
        return Act(subject, action, self.actor, reason=reason, content=content)
