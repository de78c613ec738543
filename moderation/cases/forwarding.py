"""A report of a dangerous product is passed on to whoever answers for product safety.

The report itself is lawful and stays (law: General Product Safety Regulation (EU) 2023/988; the
day in which it is passed on is the operator's own limit). Whoever writes it, or decides that a post
is one, leaves a message in the outbox; the message takes its place in the log when it has been
sent, so that an entry says what happened and not what was meant to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, Guard
from moderation.cases.message import Message, MessageKind
from moderation.cases.opening import in_step
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.post import Post
from moderation.detection.signal import Signal
from moderation.detection.taxonomy import Category, Flag, facts_of
from moderation.ids import PostId
from moderation.records import Ref


def reports_danger(signals: Iterable[Signal]) -> bool:
    """Whether detection takes a text for a report of a dangerous product."""
    return any(goes_to_product_safety(s.category) for s in signals if not s.advisory)


def goes_to_product_safety(category: Category) -> bool:
    """Whether what is of a category is passed on."""
    return Flag.FORWARD_PRODUCT_SAFETY in facts_of(category).flags


def passed_on(post_id: PostId, context: Context) -> Message:
    """The message that passes a post on; it names the post and nothing else."""
    return Message(
        id=context.new_id(),
        kind=MessageKind.PRODUCT_SAFETY,
        about=post_id,
        created_at=context.now,
    )


@dataclass(frozen=True, slots=True)
class RecordForwarding:
    """Write down that a report has been passed on, and end its message.

    `to` is `watch` where no mail server took it for a day and somebody was woken instead. A post
    under review is written with its case. Nothing is done where the message has ended.
    """

    message: Message
    to: Literal["safety", "watch"] = "safety"

    def reads(self) -> tuple[Ref[Any], ...]:
        """The message, its post, and whether that is under review."""
        post_id = self.message.about
        return (self.message.ref, Post.at(post_id), Guard.at(post_id))

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:
        """The act on the post, in the transaction that takes the message out of the outbox."""
        if seen.get(self.message.ref) is None:
            return Change(answer=None)
        post = seen.need(Post.at(self.message.about))
        guard = seen.get(Guard.at(post.id))
        case_ref = None if guard is None else Case.at(guard.case_id)
        if case_ref is not None and not seen.knows(case_ref):
            return More((case_ref,))
        case = None if case_ref is None else seen.need(case_ref)
        change = in_step(post, case, "forward", context, SYSTEM)
        act = Act(post.ref, Action.POST_FORWARD, SYSTEM, via=Via.JOB, reason=f"forward:{self.to}")
        return replace(
            change,
            acts=(*change.acts, replace(act, content=post.revision)),
            deletes=(self.message.ref,),
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""
